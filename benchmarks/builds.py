"""How long reports take: by kit, and by the plain chain of the same notebooks, as ratios in one run.

``python benchmarks/builds.py [CLIENTS]``. The plain chain is what everybody would write: papermill's command, then
``jupyter nbconvert --to html --no-input``, then Chromium's print to PDF; it makes one language of what kit makes, and
no JSON, slides or workbook. Both find the client's data read already. With ``KIT_FORKS=no`` kit does as where nothing
can be forked: processes and kernels load for themselves, while the one before is at work. Copies of the demo client, as
many as CLIENTS (4), show what a second worker brings. Peak memory is that of all processes together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
REPORTS = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))


class Bench:
    """A project of copies of the demo client, their data read."""

    def __init__(self, folder: Path, clients: int) -> None:
        self.root = folder
        self.clients = [f"client{n:02d}" for n in range(clients)]
        for name in ("notebooks", "templates"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(
            ROOT / "data" / "demo", folder / "data" / self.clients[0], ignore=shutil.ignore_patterns(".cache")
        )
        for other in self.clients[1:]:
            shutil.copytree(folder / "data" / self.clients[0], folder / "data" / other)
        for client in self.clients:
            self.run(sys.executable, "-m", "kit", "check", client)

    def run(self, *command: str, **more: str) -> None:
        kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "KIT_CLIENT", "KIT_PERIOD")}
        ours = {"KIT_ROOT": str(self.root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1"}
        done = subprocess.run(command, env={**kept, **ours, **more}, cwd=self.root, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")

    def kit(self, workers: int, *clients: str, reports: str = ",".join(REPORTS), **more: str) -> None:
        chosen = ("--clients", ",".join(clients or self.clients), "--report", reports, "--workers", str(workers))
        self.run(sys.executable, "-m", "kit", "reports", *chosen, **more)

    def made(self) -> dict[str, bytes]:
        """What kit has built, but for how long it took."""
        files = (p for p in (self.root / "output").rglob("*") if p.is_file() and not p.name.startswith("."))
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in files}

    def plain(self, client: str) -> None:
        """The same notebooks as everybody would build them."""
        folder = self.root / "plain" / client
        folder.mkdir(parents=True, exist_ok=True)
        for report in REPORTS:
            source, made = self.root / "notebooks" / f"{report}.ipynb", folder / f"{report}.ipynb"
            called = (sys.executable, "-m", "papermill", str(source), str(made), "-p", "client", client)
            self.run(*called, "-p", "period", "", "--no-progress-bar", "-k", "python3", "--cwd", str(self.root))
            self.run(sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--no-input", str(made))
            if CHROMIUM:
                page = made.with_suffix(".html")
                printed = f"--print-to-pdf={made.with_suffix('.pdf')}"
                profile = f"--user-data-dir={folder / 'profile'}"
                self.run(CHROMIUM, *QUIET, profile, printed, page.as_uri())


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds that ``work`` takes, and the most memory (MB) that this process's children hold meanwhile."""
    most, done = [0.0], threading.Event()

    def watch() -> None:
        me = psutil.Process()
        while not done.wait(0.05):
            held = 0
            for child in me.children(recursive=True):
                try:
                    held += child.memory_info().rss
                except psutil.Error:  # it has just ended
                    continue
            most[0] = max(most[0], held / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    work()
    taken = time.perf_counter() - start
    done.set()
    watcher.join()
    return taken, most[0]


def main() -> None:
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), clients)
        first = bench.clients[0]
        plain, held = measured(lambda: bench.plain(first))
        print(
            f"plain chain, one client      {plain:7.2f} s  {held:6.0f} MB"
            + ("" if CHROMIUM else "  (no PDF: no Chromium)")
        )

        def told(name: str, work: Callable[[], None], beside: float, of: str) -> float:
            taken, held = measured(work)
            print(f"{name:28} {taken:7.2f} s  {held:6.0f} MB  {beside / taken:6.1f} times as fast as {of}")
            return taken

        told("kit, nothing forked, cold", lambda: bench.kit(1, first, KIT_FORKS="no"), plain, "the plain chain")
        expected = bench.made()
        shutil.rmtree(Path(folder, "output"))
        told("kit, one client, cold", lambda: bench.kit(1, first), plain, "the plain chain")
        print("the same bytes, forked or not:", bench.made() == expected)
        told("kit, one client, unchanged", lambda: bench.kit(1, first), plain, "the plain chain")
        for report in REPORTS:
            Path(folder, "data", first, "notes", f"{report}.zh.md").write_text("先补货。", encoding="utf-8")
        told("kit, one client, set again", lambda: bench.kit(1, first), plain, "the plain chain")
        told("kit, one client, its pack", lambda: bench.kit(1, first, reports="pack"), plain, "the plain chain")
        shutil.rmtree(Path(folder, "output"))
        one = told(f"kit, {clients} clients, 1 worker", lambda: bench.kit(1), plain * clients, "the plain chain")
        shutil.rmtree(Path(folder, "output"))
        told(f"kit, {clients} clients, 2 workers", lambda: bench.kit(2), one, "1 worker")
        told(f"kit, {clients} clients, unchanged", lambda: bench.kit(2), one, "a cold build")


if __name__ == "__main__":
    main()
