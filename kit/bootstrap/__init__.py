"""From a bare Python to the project's own environment, once; standard library only.

``start`` is what ``python -m kit`` calls. In a checkout it makes ``.venv`` from the lock file and re-executes
there; inside that environment, or in an active conda environment made from environment.yml, it goes straight
to the command line. A kit installed as a wheel has no lock file beside it and needs no set-up.
"""

from __future__ import annotations

import os
import sys

from kit.bootstrap import environment
from kit.bootstrap.words import SetupError, say, speak_utf8

INSIDE = "KIT_INSIDE"
"""Set for the re-executed process only: its environment has just been seen to be right."""
DEV_COMMANDS = ("test", "lint", "lock")
FAILED = 3
INTERRUPTED = 130


def start(arguments: list[str]) -> int:
    """Run the command in the right environment, making it first if need be; the exit code."""
    speak_utf8()
    root = checkout()
    command = arguments[0] if arguments else ""
    if os.environ.pop(INSIDE, None) or root is None:
        return _run(root, arguments)
    dev = command in DEV_COMMANDS
    if _in_conda(root, dev):
        return _run(root, arguments)
    if os.path.realpath(sys.prefix) == os.path.realpath(environment.folder(root)):
        if environment.missing(root, dev):
            # An environment cannot replace itself while it runs; the Python that made it can.
            return _execute(sys._base_executable, arguments)  # type: ignore[attr-defined]
        return _run(root, arguments)
    try:
        environment.prepare(root, dev)
    except SetupError as error:
        say(error.key, **error.values)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    os.environ[INSIDE] = "1"
    # Its packages are compiled as they are first imported; where that is switched off (as images for containers
    # do), every command would compile them all again: half a second each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return _execute(environment.python(root), arguments)


def checkout() -> str | None:
    """The folder of the checkout this file lies in; None for an installed wheel."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return root if os.path.isfile(os.path.join(root, environment.LOCK)) else None


def _in_conda(root: str, dev: bool) -> bool:
    """Whether this is an active conda environment that holds the project and all it needs.

    Anaconda activates its ``base`` by default; that one lacks most of it and is left alone.
    """
    prefix = os.environ.get("CONDA_PREFIX")
    if not prefix or os.path.realpath(prefix) != os.path.realpath(sys.prefix):
        return False
    from kit.bootstrap import pip

    return pip.has_all(root, dev)


def _run(root: str | None, arguments: list[str]) -> int:
    if root is not None and arguments[:1] and arguments[0] in DEV_COMMANDS:
        from kit.bootstrap import develop

        return develop.run(root, arguments[0], arguments[1:])
    import gc

    gc.set_threshold(100_000)  # to start makes many things and drops few, which would be looked for again and again
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look for some in every package there is
    from kit.cli import main

    main(args=arguments, prog_name="python -m kit")
    return 0


def _execute(python: str, arguments: list[str]) -> int:
    command = [python, "-m", "kit", *arguments]
    if os.name == "nt":
        import subprocess

        return subprocess.call(command)
    os.execv(python, command)
