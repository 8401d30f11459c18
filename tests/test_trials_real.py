"""Real tests that nobody here ran, read as a consultant would drop their files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from making import client, ids, reading
from scipy.stats import chisquare

from kit import store, trials

DATA = Path(__file__).parents[2] / "shared" / "data"
COOKIES = DATA / "cookie_cats" / "cookie_cats.csv"
ASOS = DATA / "asos_experiments" / "asos_digital_experiments_dataset.csv"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")


@pytest.fixture(scope="module")
def cookies(tmp_path_factory):
    """The game's file under its own name: five columns, of which none names the test."""
    made = client(tmp_path_factory.mktemp("cookies"), {"exports/tmall/cookie_cats.csv": COOKIES.read_bytes()})
    data = store.load(made)
    (trial,) = trials.found(data)
    return trial, trials.read(data, trial, share=0.9999), pd.read_csv(COOKIES)


def whole(frame):
    """Counts and sums of the whole by metric and variant."""
    rows = frame[frame["segment"].eq("") & frame["date"].isna() & frame["denominator"].eq("")]
    return {(r.metric, r.variant): (r.units, r.total, r.squares) for r in rows.itertuples()}


def test_the_file_of_a_game_is_read_without_a_word_of_ours(tmp_path):
    made = reading(tmp_path, {"exports/tmall/cookie_cats.csv": COOKIES.read_bytes()})
    (line,) = made.ledger
    assert ids(made) == []
    assert (line["table"], line["rows_read"], line["rows_kept"]) == ("experiment_units", 90_189, 90_189)
    assert (line["ignored_columns"], line["dropped_columns"], line["flagged"]) == ([], [], {})


def test_its_sums_are_those_of_a_second_reading(cookies):
    trial, read, rows = cookies
    assert (trial.name, trial.variants) == ("cookie_cats", ("gate_30", "gate_40"))
    assert trial.binary == {"retention_1", "retention_7"}
    expected = {}
    for variant, part in rows.groupby("version"):
        expected["", variant] = (len(part), len(part), len(part))
        for metric in ("sum_gamerounds", "retention_1", "retention_7"):
            values = part[metric].astype(float)
            expected[metric, variant] = (len(part), values.sum(), (values**2).sum())
    assert whole(read.sums) == expected


def test_its_published_shares_are_found(cookies):
    sums = whole(cookies[1].sums)
    week = {v: sums["retention_7", v][1] / sums["retention_7", v][0] for v in ("gate_30", "gate_40")}
    assert week == pytest.approx({"gate_30": 0.1902, "gate_40": 0.1820}, abs=5e-5)


def test_its_one_player_of_fifty_thousand_rounds_is_seen_and_taken_off(cookies):
    _, read, rows = cookies
    most = rows.loc[rows["sum_gamerounds"].idxmax()]
    own = rows[rows["version"] == most["version"]]["sum_gamerounds"]
    assert most["sum_gamerounds"] == 49_854
    assert read.health.heaviest["sum_gamerounds", most["version"]] == most["sum_gamerounds"] / own.sum()
    cut = read.trimmed.set_index("variant").loc[most["version"]]
    highest = np.quantile(rows["sum_gamerounds"], 0.9999, method="inverted_cdf")
    assert (cut["cut"], cut["total"]) == (highest, own.clip(upper=highest).sum())
    assert (read.health.units, read.health.several, read.health.both) == (90_189, 0, 0)


# ---- seventy-eight tests of a shop, of which there are summaries over time --------------------------------------


@pytest.fixture(scope="module")
def snapshots():
    """The published rows with a moment; a test of several variants has the control beside each."""
    rows = pd.read_csv(ASOS, dtype={"experiment_id": str})
    rows["until"] = pd.Timestamp(2019, 1, 1) + pd.to_timedelta((rows["time_since_start"] * 1440).round(), unit="min")
    return rows


@pytest.fixture(scope="module")
def shop(tmp_path_factory, snapshots):
    """The plain sheet that a consultant makes of them: a row per version, metric and moment."""
    lines = ["测试,版本,指标,截至,样本量,均值,方差"]
    for r in snapshots.itertuples():
        at = f"m{r.metric_id},{r.until:%Y-%m-%d %H:%M:%S}"
        name = f"{r.experiment_id}x{r.variant_id}"
        lines.append(f"{name},control,{at},{r.count_c:.0f},{r.mean_c!r},{_said(r.variance_c)}")
        lines.append(f"{name},variant,{at},{r.count_t:.0f},{r.mean_t!r},{_said(r.variance_t)}")
    made = client(tmp_path_factory.mktemp("shop"), {"exports/tmall/asos.csv": "\n".join(lines) + "\n"})
    return store.inspect(made)


def _said(value):
    return "" if value != value else repr(value)


def test_summaries_of_many_tests_are_read(shop, snapshots):
    assert [p.id for p in shop.problems] == ["e.warn.trial_spread"]
    found = trials.found(shop)
    assert len(found) == 99
    assert {t.binary for t in found} == {frozenset({"m1"})}
    assert sum(t.rows for t in found) == 2 * len(snapshots)


def test_the_last_look_is_the_whole_and_days_add_up_to_it(shop, snapshots):
    rows = snapshots.dropna(subset=["variance_c", "variance_t"]).sort_values("until")
    last = rows.groupby(["experiment_id", "variant_id", "metric_id"]).last()
    for trial in trials.found(shop)[::9]:
        frame = trials.read(shop, trial).sums
        test, _, variant = trial.name.partition("x")
        sums = whole(frame)
        for metric in (1, 2, 3, 4):
            look = last.loc[(test, int(variant), metric)]
            for arm, side in (("control", "c"), ("variant", "t")):
                units, total, squares = sums[f"m{metric}", arm]
                assert (units, total / units) == pytest.approx((look[f"count_{side}"], look[f"mean_{side}"]), rel=1e-9)
                spread = (squares - total**2 / units) / (units - 1)
                assert spread == pytest.approx(look[f"variance_{side}"], rel=1e-4)
        days = frame[frame["date"].notna()].groupby(["metric", "variant"])[["units", "total", "squares"]].sum()
        assert {k: pytest.approx(v) for k, v in sums.items()} == {
            k: tuple(v) for k, v in zip(days.index, days.values, strict=True)
        }


def test_seventeen_of_ninety_nine_split_unlike_their_plan(shop):
    """At p < 0.01 and one to one, by the units of the first metric, as the set's description counts them."""
    broken = 0
    for trial in trials.found(shop):
        sums = whole(trials.read(shop, trial).sums)
        broken += chisquare([sums["m1", arm][0] for arm in ("control", "variant")]).pvalue < 0.01
    assert broken == 17
