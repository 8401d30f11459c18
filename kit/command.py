"""What the commands have in common: their group, the options they share, and how what was typed is read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from kit.errors import WRONG_CALL, KitError, problem
from kit.speaker import Speaker, Told

if TYPE_CHECKING:
    from kit.client import Client

CLIENT = click.argument("client", envvar="KIT_CLIENT", default="")
LOCALE = click.option("--locale", envvar="KIT_LOCALE", default="", help="zh, en or zh,en; default: the client's own.")
PERIOD = click.option(
    "--period", envvar="KIT_PERIOD", default="", help="2024-06, 2024-Q2, 2024, 2024-W45, 2024-11-11, A..B"
)
REPORT = click.option(
    "--report", "reports", envvar="KIT_REPORT", default="", help="Which, e.g. market,review; default: all there are."
)
FORCE = click.option("--force", is_flag=True, envvar="KIT_FORCE", help="Build whether or not anything has changed.")
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1),
    envvar="KIT_WORKERS",
    default=os.cpu_count() or 1,
    help="Reports built at a time; default: one a core.",
)
SCHEDULER = click.option(
    "--scheduler", envvar="KIT_SCHEDULER", default="", help="Let a Dask cluster do it, e.g. tcp://10.0.0.5:8786."
)
NO_BROWSER = click.option("--no-browser", is_flag=True, help="Don't open a browser.")
PORT = click.option("--port", type=int, default=8888, show_default=True)


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Reports for a brand, from its platforms' export files."""


def client_of(speaker: Speaker, slug: str, locale: str) -> Client:
    """The client; from here on messages are in the language asked for, else the client's."""
    from kit.client import Client

    if locale:
        speaker.locale = locales_of(locale, "zh")[0]
    client = Client.load(slug)
    speaker.locale = locales_of(locale, client.locale)[0]
    return client


def locales_of(asked: str, default: str) -> tuple[str, ...]:
    """The languages asked for, each once; ``default`` if none is."""
    locales = tuple(dict.fromkeys(parts(asked))) or (default,)
    for locale in locales:
        if locale not in ("zh", "en"):
            raise KitError(problem("e.locale", given=locale), WRONG_CALL)
    return locales


def parts(text: str) -> tuple[str, ...]:
    """What was listed with commas between."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
