"""The demo's tests: files, plans and what is planted agree."""

import re

import pytest
from demo_tables import DEMO
from making import client

from kit import store, trials

COUNTED = {"pay_cvr": ("bought", ""), "cart_rate": ("carted", ""), "ctr": ("clicks", "visitors")}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The files of tests and the sheets of the demo alone."""
    files = {f"exports/tmall/{p.name}": p.read_bytes() for p in (DEMO / "exports" / "tmall").glob("测试*")}
    book = (DEMO / "inputs.xlsx").read_bytes()
    shops = {"tmall": "tmall", "douyin": "douyin"}
    return store.load(client(tmp_path_factory.mktemp("tests"), files | {"inputs.xlsx": book}, shops))


@pytest.fixture(scope="module")
def plans(shop):
    return {plan["experiment"]: plan for plan in shop.records("experiments")}


def shares(trial, frame, metric):
    """Of each variant, how many there were, and the part of them that did it."""
    top, bottom = COUNTED[metric]
    rows = frame[frame["date"].isna() & (frame["segment"] == "")]
    rows = rows[(rows["metric"] == top) & (rows["denominator"] == bottom)].set_index("variant")
    units = rows["units"] if trial.by_unit else rows["other"]
    return units.astype(int).to_dict(), (rows["total"] / units).to_dict()


def test_every_test_has_a_plan_and_every_plan_its_data(shop, plans):
    assert {t.name for t in trials.found(shop)} == set(plans)
    assert {p["key"] for p in plans.values()} == {"detail_page", "coupon_popup", "free_shipping", "main_image"}


def test_the_files_show_what_is_planted(shop, plans):
    page = (DEMO / "TRUTH.md").read_text(encoding="utf-8")
    planted = dict(re.findall(r"^\| (test\.\S+) \| ([^|]+?) \|", page, re.MULTILINE))
    for trial in trials.found(shop):
        plan = plans[trial.name]
        sizes, rates = shares(trial, trials.read(shop, trial).sums, plan["primary_metric"])
        assert f"{sizes['A']} : {sizes['B']}" == planted[f"test.{plan['key']}.sizes"]
        assert rates["B"] / rates["A"] - 1 == pytest.approx(float(planted[f"test.{plan['key']}.seen"]), abs=5.1e-5)


def test_a_plan_says_how_its_variants_were_given_out(plans):
    for plan in plans.values():
        assert (plan["control"], plan["planned_split"], plan["analysis"]) == ("A", "A:0.5,B:0.5", "fixed")
        assert plan["allocation"] == ("rotation" if plan["unit"] == "day" else "randomised")
        assert plan["mde"] and plan["alpha"] and plan["power"] and plan["hypothesis"]
        assert bool(plan["guardrail_metrics"]) == bool(plan["margin"])


def test_rows_of_the_demo_are_sound_but_for_the_split(shop):
    for trial in trials.found(shop):
        found = trials.read(shop, trial).health
        assert (found.missing, found.blank, found.several or 0, found.both or 0) == ((), {}, 0, 0)
