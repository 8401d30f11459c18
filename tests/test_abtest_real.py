"""Real tests through the whole analysis: a game's retention test, and a shop's seventy-eight with looks over time."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from making import client
from trialled import PLAN

from kit import store, trials
from kit.analyses import abtest
from kit.analyses.verdicts import AbtestVerdict as Verdict

DATA = Path(__file__).parents[2] / "shared" / "data"
COOKIES = DATA / "cookie_cats" / "cookie_cats.csv"
ASOS = DATA / "asos_experiments" / "asos_digital_experiments_dataset.csv"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")

LONG = dt.date(2019, 1, 1), dt.date(2019, 12, 31)
GAME = PLAN | {
    "experiment": "cookie_cats", "key": "cookie_cats", "control": "gate_30", "unit": "user", "mde": 0.02,
    "planned_start": None, "planned_end": None, "primary_metric": "retention_7",
}  # fmt: skip


def read_from(folder, files):
    """What is to be read of the tests in a client's files."""
    data = store.inspect(client(folder, files))
    return [trials.read(data, trial) for trial in trials.found(data)]


def judged(read, rows):
    """The tests under these plans."""
    none = pd.DataFrame({"a": [], "b": [], "units": [], "share": []})
    return abtest.analyse(pd.DataFrame(rows), read, none, *LONG, None).tests


@pytest.fixture(scope="module")
def game(tmp_path_factory):
    files = {"exports/tmall/cookie_cats.csv": COOKIES.read_bytes()}
    plans = [GAME, GAME | {"key": "rounds", "primary_metric": "sum_gamerounds"}]
    return judged(read_from(tmp_path_factory.mktemp("game"), files), plans)


def test_the_gate_moved_later_keeps_fewer_players_and_the_split_is_warned_of(game):
    test = next(t for t in game if t.plan.key == "cookie_cats")
    (one,) = test.variants
    found = one.effect.comparison
    assert found.p == pytest.approx(0.00155, abs=5e-6)
    assert (round(found.control, 4), round(found.variant, 4)) == (0.1902, 0.1820)
    assert (one.decision.verdict, one.decision.reason) == (Verdict.DONT_SHIP, "worse")
    assert {c.code: c.light for c in test.checks}["srm"] == "warn", "p 0.0086"


def test_one_player_of_fifty_thousand_rounds_does_not_move_the_verdict(game):
    test = next(t for t in game if t.plan.key == "rounds")
    lights = {c.code: c.light for c in test.checks}
    assert lights["trimmed"] == "ok", "the same with extremes cut"
    assert not test.variants[0].effect.comparison.differs


def lines(rows):
    made = ["测试,版本,指标,截至,样本量,均值,方差"]
    for r in rows.itertuples():
        name, at = f"{r.experiment_id}x{r.variant_id}", f"conversion,{r.until:%Y-%m-%d %H:%M:%S}"
        for arm, n, mean, var in (("A", r.count_c, r.mean_c, r.variance_c), ("B", r.count_t, r.mean_t, r.variance_t)):
            made.append(f"{name},{arm},{at},{n:.0f},{mean!r},{var!r}")
    return "\n".join(made) + "\n"


@pytest.fixture(scope="module")
def snapshots():
    """The binary metric of all tests with its moments."""
    rows = pd.read_csv(ASOS, dtype={"experiment_id": str})
    rows = rows[(rows["metric_id"] == 1)].dropna()
    at = pd.to_timedelta((rows["time_since_start"] * 1440).round(), unit="min")
    return rows.assign(until=pd.Timestamp(2019, 1, 1) + at)


@pytest.fixture(scope="module")
def shop(tmp_path_factory, snapshots):
    """Every test twice: read once at its end, and by the sequence; nothing says which difference matters."""
    names = (snapshots["experiment_id"] + "x" + snapshots["variant_id"].astype(str)).unique()
    common = {"control": "A", "primary_metric": "conversion", "mde": None, "planned_start": None, "planned_end": None}
    plans = [PLAN | common | {"experiment": n, "key": n} for n in names]
    read = read_from(tmp_path_factory.mktemp("shop"), {"exports/tmall/asos.csv": lines(snapshots)})
    return judged(read, plans), judged(read, [plan | {"analysis": "sequential"} for plan in plans])


def called(tests):
    """Tests whose final reading calls a difference, whatever the gates say of it."""
    return {t.plan.key for t in tests for v in t.variants if v.effect and v.effect.comparison.differs}


def test_final_looks_and_broken_splits_are_those_of_the_set(shop):
    fixed, _ = shop
    lights = [next((c.light for c in t.checks if c.code == "srm"), "none") for t in fixed]
    assert len(fixed) == 99 and sum(light in ("warn", "fail") for light in lights) == 17
    assert len(called(fixed)) == 26, "p < 0.05 at the end, as the set's description counts them"
    assert all(t.verdict == Verdict.FIX for t, light in zip(fixed, lights, strict=True) if light == "fail")


def test_reading_every_snapshot_as_a_test_calls_many_more_than_the_sequence_allows(shop, snapshots):
    from kit.stats.experiment import proportions
    from kit.stats.experiment.sums import Counts

    naive = set()
    for r in snapshots[snapshots[["count_c", "count_t"]].min(axis=1) > 1].itertuples():
        arms = [Counts(int(n), round(n * m)) for n, m in ((r.count_c, r.mean_c), (r.count_t, r.mean_t))]
        if proportions.p_value(*arms) < 0.05:
            naive.add(f"{r.experiment_id}x{r.variant_id}")
    fixed, sequential = (called(tests) for tests in shop)
    assert len(naive) > 1.5 * len(fixed) and len(sequential) < len(fixed)
    assert sequential <= naive
