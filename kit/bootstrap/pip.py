"""Running venv and pip quietly, and saying in one line what went wrong."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time

from kit.bootstrap.words import SetupError

NO_NETWORK = re.compile(
    r"connection broken|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|getaddrinfo"
    r"|name resolution|network is unreachable|connection (refused|reset|aborted)",
    re.IGNORECASE,
)


def make_venv(folder: str) -> None:
    """A fresh environment with pip in it, from the Python that runs this."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        # Debian splits these off into a package of their own.
        raise SetupError("no_venv", package="python{}.{}-venv".format(*sys.version_info))
    import venv

    try:
        venv.create(folder, with_pip=True, symlinks=os.name != "nt", prompt="kit")
    except subprocess.CalledProcessError as error:
        raise SetupError("failed", reason=last_error((error.output or b"").decode("utf-8", "replace"))) from error


def install_packages(python: str, lock: str, guard: int) -> None:
    """Install what the lock file says and nothing else: no dependency sought, nothing built, hashes checked.

    Modules are compiled when first imported: compiling all of them now would double the time, and most are
    never used.
    """
    options = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-compile")
    _pip(python, (*options, "-r", lock), guard)


def install_project(python: str, root: str, guard: int) -> None:
    """Install the checkout itself, editable, with the build backend the lock brought; needs no network."""
    _pip(python, ("--no-deps", "--no-build-isolation", "--no-compile", "-e", root), guard)


def has_all(root: str, dev: bool) -> bool:
    """Whether the running Python has the project and every package that pyproject.toml asks for."""
    import importlib.metadata
    import tomllib

    with open(os.path.join(root, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)["project"]
    asked = project["dependencies"] + (project["optional-dependencies"]["dev"] if dev else [])
    # A requirement with a marker may not be for this system.
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in asked if ";" not in line]
    try:
        for name in (project["name"], *names):
            importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def last_error(noise: str) -> str:
    """pip's last line that names an error, without addresses."""
    lines = [line.strip() for line in noise.splitlines() if line.strip()]
    named = [line for line in lines if line.lower().startswith("error:")] or lines or ["?"]
    without_urls = re.sub(r"\w+://[^\s'\")]+", "…", re.sub(r"(?i)^error:\s*", "", named[-1]))
    return re.sub(r"host='[^']*'", "host=…", without_urls)


def _pip(python: str, options: tuple[str, ...], guard: int) -> None:
    # Isolated mode: neither PYTHONPATH nor a file in the current folder can stand in for pip's own modules.
    command = [python, "-I", "-X", "utf8", "-m", "pip", "--no-input", "install", "--quiet", *options]
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES", "PIP_DRY_RUN", "PIP_VERBOSE")
    env = {name: value for name, value in os.environ.items() if name not in elsewhere}
    env.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    with tempfile.TemporaryFile() as noise:
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=noise,
            pass_fds=() if os.name == "nt" else (guard,),
        )
        try:
            code = _wait(process)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if code:
            noise.seek(0)
            said = noise.read().decode("utf-8", "replace")
            raise (SetupError("offline") if NO_NETWORK.search(said) else SetupError("failed", reason=last_error(said)))


def _wait(process: subprocess.Popen[bytes]) -> int:
    """The exit code; on a terminal the seconds count up meanwhile, so that nobody takes it for dead."""
    started = time.monotonic()
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if sys.stderr.isatty():
                print(f"\r  {time.monotonic() - started:.0f} s ", end="\r", file=sys.stderr, flush=True)
