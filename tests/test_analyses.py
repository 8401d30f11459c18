"""What every analysis of the market report keeps to, whatever it is given."""

import ast
import datetime as dt
import functools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import titled

from kit import calendar
from kit.analyses import market_size, outlook, position, price_bands, rivals, selling_points, shares, white_space
from kit.findings import Missing, payload
from kit.text import Words

KIT = Path(__file__).parents[1] / "kit"
NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
CALENDAR = pd.DataFrame(
    [
        ("tmall", "double_11", "双11", "Double 11", 2023, "sale", "2023-10-24", "2023-11-11", "one_source"),
        ("tmall", "double_11", "双11", "Double 11", 2024, "sale", "2024-10-14", "2024-11-11", "confirmed"),
    ],
    columns=["platform", "event", "event_zh", "event_en", "year", "kind", "start", "end", "certainty"],
).assign(**{c: lambda t, c=c: pd.to_datetime(t[c]) for c in ("start", "end")})


def market(kind):
    months = pd.date_range("2023-09-01", "2024-11-01", freq="MS")
    value = np.linspace(4e8, 6e8, len(months))
    table = pd.DataFrame({"month": months, "value": value, "low": value * 0.99, "high": value * 1.01})
    metric = "transaction_index" if kind == "index" else "pay_amount"
    about = {"platform": "tmall", "shop": "tmall", "category": "精华", "metric": metric}
    return table.assign(**about, value_kind=kind, source=kind)


def daily():
    days = pd.date_range("2023-09-01", "2024-11-30")
    return pd.DataFrame(
        {"platform": "tmall", "shop": "tmall", "date": days, "pay_amount": 1000.0 + np.arange(len(days))}
    )


def listings(sold=True):
    rng = np.random.default_rng(7)
    frames = []
    price = np.exp(rng.normal(4.8, 0.6, 300)).round()
    lift = np.where((price >= 100) & (price < 200), 4.0, 1.0) * np.exp(rng.normal(6, 0.7, 300))
    for date, cut in (("2024-10-28", 1.0), ("2024-11-11", 0.9), ("2024-11-30", 0.85)):
        table = pd.DataFrame({"item_id": [str(n) for n in range(300)], "brand": [f"品牌{n % 12}" for n in range(300)]})
        touched = (table["brand"] == "品牌3") & (table.index < 120)
        table["price_page"] = np.where(touched, price * cut, price)
        about = {"platform": "tmall", "shop": "tmall", "title": "精华", "sales_kind": "cumulative", "comments": 3.0}
        frames.append(
            table.assign(date=pd.Timestamp(date), price_list=price * 1.4, sales=lift.round() if sold else None, **about)
        )
    late = frames[-1]
    frames[-1] = late[late.index < 200].assign(sales=lambda t: t["sales"] * 0.99 if sold else None)
    return pd.concat(frames, ignore_index=True).astype({"sales": float})


def at_war():
    """Weekly prices of which two brands cut half in turn, and the own brand some."""
    first, frames = listings().query("date == '2024-10-28'"), []
    for date in pd.date_range("2024-09-02", periods=13, freq="7D"):
        table = first.assign(date=date)
        for brand, since, items in (
            ("品牌3", "2024-11-04", 120),
            ("品牌5", "2024-11-11", 120),
            ("品牌0", "2024-11-11", 30),
        ):
            cut = (table["brand"] == brand) & (table["item_id"].astype(int) < items) & (date >= pd.Timestamp(since))
            table["price_page"] = table["price_page"].where(~cut, table["price_page"] * 0.85)
        frames.append(table)
    return pd.concat(frames, ignore_index=True)


def weekly(sold=True):
    """The same listings a month apart under a rolling counter, one brand ahead of the others."""
    table = listings(sold)
    table = table[table["date"].isin([pd.Timestamp("2024-10-28"), pd.Timestamp("2024-11-30")])]
    ahead = (table["brand"] == "品牌0") & (table["date"] == pd.Timestamp("2024-11-30"))
    return table.assign(sales_kind="rolling_30d", sales=table["sales"].where(~ahead, table["sales"] * 2))


def named():
    """Ranges of amounts that the platform states of two shops and one's own."""
    table = pd.DataFrame({"rival": ["甲", "本店", "乙"], "value": [80.0, 60.0, 25.0], "low": [75.0, 60.0, 20.0]})
    about = {"platform": "tmall", "shop": "tmall", "rival_kind": "shop", "category": "", "channel": ""}
    days = {"start": pd.Timestamp(NOV[0]), "end": pd.Timestamp(NOV[1])}
    return table.assign(high=[100.0, 60.0, 30.0], metric="pay_amount", **about, **days)


def held(**more):
    given = {name: None for name in ("listings", "market_monthly", "shop_daily", "rivals_period")}
    return shares, given | {"promotions": CALENDAR, "own_brands": ["品牌0"], "category": "精华", "resamples": 99} | more


def size(kind, **more):
    given = {"promotions": CALENDAR, "category": "精华", "brand": "青禾"} | more
    return market_size, {"market_monthly": market(kind), "shop_daily": daily(), **given}


def claimed(module, sold=True, own_brands=None, **market):
    """Listings whose titles claim things."""
    table = titled.market(1, **{"count": 600, "spread": 0.5} | market)
    about = {"category": "精华", "price_edges": titled.EDGES} | ({"own_brands": own_brands} if own_brands else {})
    return module, {"listings": table if sold else table.assign(sales=None).astype({"sales": float}), **about}


def ahead(kind):
    """Thirty-five months, so that the coming ones hold a festival that moved and no candidate needs fitting."""
    months = pd.date_range("2022-01-01", "2024-11-01", freq="MS")
    wave = 4e8 * (1.2 + np.sin(np.arange(len(months)) / 12 * 2 * np.pi)) * 1.01 ** np.arange(len(months))
    table = market(kind).iloc[:1].drop(columns=["month", "value", "low", "high"])
    amounts = pd.DataFrame({"month": months, "value": wave, "low": wave * 0.99, "high": wave * 1.01})
    holidays = calendar.holidays(dt.date(2021, 1, 1), dt.date(2025, 5, 31))
    given = {"promotions": CALENDAR, "holidays": holidays, "category": "精华"}
    return outlook, {"market_monthly": amounts.merge(table, how="cross"), **given}


CASES = {
    "money": size("money"),
    "interval": size("interval", promotions=CALENDAR[:0]),
    "estimate": size("vendor_estimate"),
    "index": size("index"),
    "outlook": ahead("money"),
    "outlook_of_an_interval": ahead("interval"),
    "outlook_of_an_estimate": ahead("vendor_estimate"),
    "outlook_of_an_index": ahead("index"),
    "bands": (price_bands, {"listings": listings()}),
    "bands_without_sales": (price_bands, {"listings": listings(sold=False)}),
    "rivals": (rivals, {"listings": listings(), "own_brands": ["品牌0"]}),
    "rivals_without_sales": (rivals, {"listings": listings(sold=False), "own_brands": ["品牌0"]}),
    "rivals_without_own": (rivals, {"listings": listings(), "own_brands": ["青禾"]}),
    "rivals_at_war": (rivals, {"listings": at_war(), "own_brands": ["品牌0"], "promotions": CALENDAR}),
    "shares": held(listings=weekly()),
    "shares_of_gains": held(listings=listings()),
    "shares_without_sales": held(listings=weekly(sold=False)),
    "shares_without_own": held(listings=weekly(), own_brands=["青禾"]),
    "shares_of_money": held(market_monthly=market("money"), shop_daily=daily()),
    "shares_of_an_interval": held(market_monthly=market("interval"), shop_daily=daily()),
    "shares_of_an_estimate": held(market_monthly=market("vendor_estimate"), shop_daily=daily()),
    "shares_stated": held(rivals_period=named()),
    "position": (position, {"listings": weekly(), "own_brands": ["品牌0"], "resamples": 99}),
    "position_without_own": (position, {"listings": weekly(), "own_brands": ["青禾"], "resamples": 99}),
    "position_without_sales": (position, {"listings": weekly(sold=False), "own_brands": ["品牌0"]}),
    "selling_points": claimed(selling_points, worth=(0.6, -0.5), own_brands=["品牌甲"]),
    "selling_points_alike": claimed(selling_points, own_brands=["青禾"]),
    "selling_points_without_sales": claimed(selling_points, own_brands=["品牌甲"], sold=False),
    "white_space": claimed(white_space, cell=1.6, rare=0.5),
    "white_space_alike": claimed(white_space),
    "white_space_without_sales": claimed(white_space, sold=False),
}
TABLES = ("market_monthly", "shop_daily", "listings", "rivals_period")


def shown(module, given):
    return module.show(module.analyse(**given, start=NOV[0], end=NOV[1]))


@functools.cache
def page_of(name):
    """What a case shows, found once for all that look at it."""
    return shown(*CASES[name])


@pytest.fixture(params=CASES, ids=list(CASES))
def case(request):
    return request.param


@pytest.fixture
def page(case):
    return page_of(case)


def numbers(value):
    """Every number in a piece of JSON."""
    if isinstance(value, dict):
        return [n for v in value.values() for n in numbers(v)]
    if isinstance(value, list):
        return [n for v in value for n in numbers(v)]
    return [value] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


def test_inputs_are_left_as_they_were(case):
    module, given = CASES[case]
    copies = {name: v.copy(deep=True) for name, v in given.items() if isinstance(v, pd.DataFrame)}
    shown(module, given)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(given[name], copy)


def test_the_same_inputs_give_the_same_result(case, page):
    assert shown(*CASES[case]) == page


def test_everything_shown_is_json_with_finite_numbers(page):
    things = (*page.findings, *page.exhibits, *page.kpis, *page.missing)
    assert things
    text = json.dumps([payload(thing) for thing in things], allow_nan=False)
    assert all(math.isfinite(n) for n in numbers(json.loads(text)))


def test_keys_are_unique_slugs_and_exhibits_and_findings_name_each_other(page):
    keys = [f.key for f in page.findings]
    exhibits = {e.key: e for e in page.exhibits}
    assert len(keys) == len(set(keys)) and len(exhibits) == len(page.exhibits)
    assert all(key.replace(".", "").replace("_", "").isascii() and key.islower() and " " not in key for key in keys)
    for exhibit in page.exhibits:
        assert exhibit.findings and set(exhibit.findings) <= set(keys)
    for finding in page.findings:
        assert finding.exhibit is None or finding.exhibit in exhibits


def test_every_sentence_label_and_method_is_worded_in_both_languages(page):
    for words in (Words("zh"), Words("en")):
        notes = [n for e in page.exhibits for n in e.notes] + [f.evidence for f in page.findings if f.evidence]
        notes += [f.action for f in page.findings if f.action]
        for piece in (*page.findings, *notes):
            assert words.sentence(piece.sentence, piece.args)
        for exhibit in page.exhibits:
            for n, column in enumerate(exhibit.table.columns):
                assert words.label(column.label)
                assert words.column([row[n] for row in exhibit.table.rows], column.unit)
        for finding in page.findings:
            assert finding.method is None or (
                words.label(f"{finding.method}.term") and words.label(f"{finding.method}.text")
            )
        for kpi in page.kpis:
            assert words.label(kpi.label) and all(words.label(label) and words.value(arg) for label, arg in kpi.changes)


# Counts of a whole population, thresholds and levels: said in words beside the numbers, not rows of a table.
POPULATION = {"lvl", "b", "min", "n", "k", "m", "listings", "brands", "rank"}


def test_every_number_of_a_finding_stands_in_the_exhibits_of_its_analysis(page):
    tables = {round(abs(n), 9) for e in page.exhibits for n in numbers(payload(e)["table"]["rows"])}
    tables |= {round(abs(n), 9) for e in page.exhibits for note in e.notes for n in numbers(payload_of(note.args))}
    for finding in page.findings:
        if finding.exhibit is None or str(finding.verdict) in ("none", "limited"):
            continue
        args = {
            k: v for k, v in finding.args.items() if k not in POPULATION and v.unit not in ("band", "base", "label")
        }
        for name, number in [(k, n) for k, v in args.items() for n in numbers(payload_of(v.value))]:
            # The gap of two prices shown, the median over the rows shown, and what only turns a sentence.
            derived = (finding.sentence.split(".")[1], name) in (("price", "gap"), ("best", "price")) or name == "dir"
            assert derived or round(abs(number), 9) in tables, f"{finding.key} {name}={number}"


def payload_of(value):
    from kit.findings import plain

    return plain(value)


@pytest.mark.parametrize("name", list(CASES))
@pytest.mark.parametrize("empty", [None, "no rows"])
def test_a_table_that_is_not_there_is_named_as_missing(name, empty):
    module, given = CASES[name]
    without = {
        k: (v if k not in TABLES or v is None else None if empty is None else v.iloc[:0]) for k, v in given.items()
    }
    page = shown(module, without)
    assert page.findings == () and page.exhibits == () and page.kpis == ()
    (missing,) = page.missing
    assert isinstance(missing, Missing) and missing.tables[0] in TABLES and missing.reason is None
    for words in (Words("zh"), Words("en")):
        assert words.label(missing.question) and words.label(f"bring.{missing.tables[0]}")


MODULES = sorted((KIT / "analyses").rglob("*.py")) + sorted((KIT / "stats").rglob("*.py"))
PURE = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "fnmatch",
    "zlib",
    "enum",
    "itertools",
    "math",
    "calendar",
    "typing",
    "warnings",
    "statsmodels",
    "rjieba",
    "scipy",
    "unicodedata",
    "re",
    "functools",
    "operator",
    "numpy",
    "pandas",
    "kit",
}


def outside(text):
    """What a module uses that an analysis has no need of, and its length if it is too long for one."""
    nodes = list(ast.walk(ast.parse(text)))
    imported = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    sources = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    imported |= {f"kit.{a.name}" for node in sources if node.module == "kit" for a in node.names}
    imported |= {node.module for node in sources} - {"kit"}
    ours = {name for name in imported if name.startswith("kit.")}
    found = {name for name in imported if name.split(".")[0] not in PURE}
    found |= {name for name in ours if name.split(".")[1] not in ("errors", "stats", "findings", "analyses")}
    found |= {n.id for n in nodes if isinstance(n, ast.Name)} & {"open", "print", "eval", "exec"}
    lines = len(text.splitlines())
    return sorted(found) + [f"{lines} lines"] * (lines > 300)


def test_analyses_read_no_files_and_word_or_draw_nothing():
    found = {str(path.relative_to(KIT)): outside(path.read_text(encoding="utf-8")) for path in MODULES}
    assert MODULES and {name: used for name, used in found.items() if used} == {}


@pytest.mark.parametrize("line", ["import os", "from kit import store", "from kit.store import load", "open('a')"])
def test_one_that_does_is_named(line):
    assert outside(line) != []
