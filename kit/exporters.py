"""nbconvert exporters: a run notebook to the client's HTML page and PDF.

They serve JupyterLab's *Save and Export As*; ``make report`` lays the same document out by itself. Which client, report
and period it is stands in the notebook's first output; the language is the client's unless ``locale`` says another.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode, default

from kit import html, outputs, pdf, render, store
from kit.client import Client
from kit.errors import KitError
from kit.outputs import SHARED

DRAWING = threading.Lock()
"""JupyterLab exports in threads, and matplotlib's settings are one for all of them."""


class Refused(KitError):
    """A notebook that cannot be exported. JupyterLab shows the ``str`` of what an exporter raises: the sentences."""

    def __str__(self) -> str:
        return "\n".join(self._render_traceback_())


@contextlib.contextmanager
def _document(nb: Any, locale: str) -> Iterator[dict[str, Any]]:
    """The worded document of a run notebook, its client's data read from the store; a ``KitError`` leaves worded."""
    try:
        with DRAWING:
            pieces = outputs.read(nb)
            client = Client.load(outputs.start(pieces)["client"])
            if SHARED in nb.metadata.get("kit", {}):  # a client's copy, in which a consultant may have written
                outputs.claim(nb, client.locale)
                pieces = outputs.read(nb)
            yield render.document(pieces, client, store.load(client), locale or client.locale)
    except KitError as error:
        raise Refused(error.problems, error.exit_code) from error


class Worded(Exporter):
    """What both have in common: no template of nbconvert's, since the page is laid out from the document."""

    locale = Unicode("", help="zh or en; empty: the client's own").tag(config=True)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        _, resources = super().from_notebook_node(nb, resources, **kw)
        with _document(nb, self.locale) as document:
            return self.laid_out(document), resources

    def laid_out(self, document: dict[str, Any]) -> str | bytes:
        raise NotImplementedError


class ClientHTML(Worded):
    """One self-contained page: no script, nothing fetched."""

    export_from_notebook = "client_html"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def laid_out(self, document: dict[str, Any]) -> str:
        return html.page(document)


class ClientPDF(Worded):
    """A tagged PDF set by Typst in this process: data reach it as values only."""

    export_from_notebook = "client_pdf"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def laid_out(self, document: dict[str, Any]) -> bytes:
        return pdf.compile_pdf(document)
