"""Damaged exports by the thousand, until one of them breaks a promise of the reader.

    .venv/bin/python benchmarks/fuzz.py FOLDER [CASES] [SEED]

Makes CASES files (10,000) from SEED (at first one of its own choice, which it prints) and reads each. FOLDER holds how
far it came, so the next call goes on from there; another SEED starts anew. At the first file that breaks something it
stops and leaves the file there with what happened to it. A file that hangs the reader or ends the process is named by
the next call. What is promised stands in ``tests/mutating.py``.
"""

from __future__ import annotations

import faulthandler
import json
import random
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
HANGS = 120
"""Seconds after which the process is ended, with a traceback."""
STORED = 25
"""Every how manieth file also goes through the store."""


class State:
    """How far the work in a folder has come: ``seed``, ``done``, and the number of the file that is ``running``."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.path = folder / "state.json"
        self.facts: dict[str, Any] = json.loads(self.path.read_text()) if self.path.is_file() else {}
        if seed and seed != self.facts.get("seed"):
            self.facts = {}
        self.facts = {"seed": seed or secrets.token_hex(4), "done": 0, "running": None} | self.facts

    def write(self, **facts: Any) -> None:
        self.facts |= facts
        self.path.write_text(json.dumps(self.facts))


def made(seed: str, number: int) -> Any:
    import mutating

    return mutating.case(random.Random(f"{seed}:{number}"))


def saved(folder: Path, case: Any, number: int, told: list[str]) -> Path:
    """Leave the file and its story in the folder."""
    path = folder / f"{number}_{Path(case.name).name}"
    path.write_bytes(case.content)
    story = {"sample": case.sample, "name": case.name, "steps": case.steps, "broken": told}
    path.with_suffix(".json").write_text(json.dumps(story, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def promises(case: Any, number: int) -> list[str]:
    """What the file breaks; an exception that escapes is broken, too."""
    import mutating

    with tempfile.TemporaryDirectory() as folder:
        try:
            return mutating.broken(case, Path(folder), stored=number % STORED == 0)
        except Exception as error:
            return [f"{type(error).__name__} escaped: {error}"]


def main(folder: Path, cases: int, seed: str) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    state = State(folder, seed)
    seed, done, running = (state.facts[name] for name in ("seed", "done", "running"))
    print(f"seed {seed}, from file {done}")
    if running is not None:
        path = saved(folder, made(seed, running), running, ["hung the reader or ended the process"])
        state.write(done=running + 1, running=None)
        print(f"file {running} hung the reader or ended the process: {path}")
        return 1
    start = time.perf_counter()
    for number in range(done, done + cases):
        case = made(seed, number)
        state.write(running=number)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        told = promises(case, number)
        faulthandler.cancel_dump_traceback_later()
        state.write(done=number + 1, running=None)
        if told:
            print(f"file {number}: {saved(folder, case, number, told)}", *told, sep="\n  ")
            return 1
    print(f"{cases:,} files, {(time.perf_counter() - start) / cases * 1000:.0f} ms each; nothing broken")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), int((sys.argv[2:] or ["10000"])[0]), (sys.argv[3:] or [""])[0]))
