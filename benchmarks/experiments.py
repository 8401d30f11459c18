"""How fast a large test becomes sums, against tea-tasting over Ibis and DuckDB on the same file in the same run.

    .venv/bin/python benchmarks/experiments.py [rows] [a Python that has tea-tasting and ibis-framework[duckdb]]

Five metrics, one of them with what it was before, four segments, fourteen days; ids as the reader writes them. Each
side runs in a process of its own, whose peak memory is shown; of three runs the fastest counts, by the clock and in
seconds of all cores (a busy machine stretches the clock alone). Ours: ``found``, the comparison of ``ids``, ``sums``
(the whole, every day, every segment, a ratio), ``health``, ``trimmed``. tea-tasting: four metrics and the sample ratio,
of the whole and then of each value of each segment.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
SEGMENTS = {"kind": ("new", "old"), "device": ("ios", "android", "pc"), "city": tuple("abcde"), "source": ("x", "y")}

TIMED = """
import json, resource, sys, time
taken = {}
def timed(name, run):
    before = time.perf_counter(), time.process_time()
    made = run()
    taken[name] = time.perf_counter() - before[0], time.process_time() - before[1]
    return made
def finish():
    print(json.dumps(taken | {"MB": [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024] * 2}))
"""
OURS = f"""{TIMED}
from contextlib import ExitStack
from pathlib import Path
from kit import trials
from kit.store import Store
from kit.trials.facts import health
from kit.trials.made import sums
from kit.trials.rows import opened
from kit.trials.trimmed import trimmed

empty = {{k: [] for k in ("ledger", "coverage", "excluded", "open", "meanings", "funnel", "problems")}}
data = Store(Path(sys.argv[1]), {{**empty, "absent": {{}}, "tables": {{"experiment_units": "x"}}}})
trial, = timed("found", lambda: trials.found(data))
with ExitStack() as stack:
    con = timed("ids", lambda: stack.enter_context(opened(data, trial)))
    timed("sums", lambda: sums(con, trial, [("revenue", "orders")]))
    timed("health", lambda: health(con, trial))
    timed("trimmed", lambda: trimmed(con, trial, trials.EXTREME))
finish()
"""
THEIRS = f"""{TIMED}
import ibis
import tea_tasting as tt

segments = json.loads(sys.argv[2])
rows = ibis.duckdb.connect().read_parquet(sys.argv[1] + "/experiment_units.parquet")
test = tt.Experiment(
    carted=tt.Mean("carted"), orders=tt.Mean("orders"), revenue=tt.Mean("revenue", "pre_revenue"),
    value=tt.RatioOfMeans("revenue", "orders"), split=tt.SampleRatio(),
)
timed("whole", lambda: test.analyze(rows, control="A"))
parts = [(name, value) for name, values in segments.items() for value in values]
timed("segments", lambda: [test.analyze(rows.filter(rows[name] == value), control="A") for name, value in parts])
finish()
"""


def generate(folder: Path, rows: int) -> None:
    """A file as the reader would have written it, of so many units."""
    import duckdb

    segments = ", ".join(f"{list(v)}[1 + floor(random() * {len(v)})::INT] AS {k}" for k, v in SEGMENTS.items())
    con = duckdb.connect()
    con.execute("SELECT setseed(0.5)")
    con.execute(f"""
        COPY (SELECT 'tmall' AS platform, 'tmall' AS shop, 'test' AS experiment,
            CASE WHEN random() < 0.5 THEN 'A' ELSE 'B' END AS variant,
            printf('%016x', hash(n)) AS unit_id, '' AS record,
            TIMESTAMP '2024-11-01' + to_seconds(floor(random() * 14 * 86400)::BIGINT) AS exposed_at,
            floor(random() * 5) AS exposures, (random() < 0.10)::DOUBLE AS carted, (random() < 0.03)::DOUBLE AS bought,
            floor(random() * 1.05) AS orders,
            CASE WHEN random() < 0.03 THEN round(exp(5 + random() * 2), 2) ELSE 0 END AS revenue,
            round(exp(random() * 4), 2) AS pre_revenue, {segments}
        FROM range({rows}) AS t(n))
        TO '{folder / "experiment_units.parquet"}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2)""")


def fastest(python: str, code: str, *arguments: str) -> dict[str, list[float]]:
    """Of several runs, the least of each figure: seconds by the clock and of all cores."""
    runs = []
    for _ in range(RUNS):
        done = subprocess.run([python, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return {name: [min(run[name][n] for run in runs) for n in (0, 1)] for name in runs[0]}


def told(who: str, taken: dict[str, list[float]]) -> None:
    memory = taken.pop("MB")[0]
    taken = taken | {"together": [sum(v[n] for v in taken.values()) for n in (0, 1)]}
    parts = [f"{name} {clock:.2f} s ({cores:.2f} s of cores)" for name, (clock, cores) in taken.items()]
    print(f"{who}: {', '.join(parts)}, peak {memory:.0f} MB")


def main(rows: int, python: str | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data" / "acme" / ".cache" / "key"
        folder.mkdir(parents=True)
        generate(folder, rows)
        print(f"{rows:,} units, {(folder / 'experiment_units.parquet').stat().st_size / 1e6:.0f} MB")
        told("ours", ours := fastest(sys.executable, OURS, str(folder)))
        if python:
            told("tea-tasting", theirs := fastest(python, THEIRS, str(folder), json.dumps(SEGMENTS)))
            parts = [ours["sums"][n] / (theirs["whole"][n] + theirs["segments"][n]) for n in (0, 1)]
            print(f"our sums ÷ theirs, whole and segments: {parts[0]:.2f} by the clock, {parts[1]:.2f} of cores")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000, sys.argv[2] if len(sys.argv) > 2 else None)
