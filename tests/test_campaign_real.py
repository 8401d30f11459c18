"""What a campaign added, on sales that nobody here made: holiday weeks of stores, and a month that stood still."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from test_campaign import FREE, NONE, sheet

from kit.analyses import campaign
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import plain
from kit.stats.counterfactual import counterfactual
from kit.tables import TABLES, frame
from kit.text import Words

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")
CHRISTMAS = pd.to_datetime(["2010-12-17", "2010-12-24", "2010-12-31", "2011-12-16", "2011-12-23", "2011-12-30"])


@pytest.fixture(scope="module")
def weeks():
    """Sales of 45 stores together by week, and whether a holiday is in it."""
    table = pd.read_csv(DATA / "walmart_weekly" / "Walmart_Store_sales.csv").rename(columns=str.strip)
    day = pd.to_datetime(table["Date"].str.split(", ", n=1).str[1])
    money = table["Weekly_Sales"].str.replace(r"[$, ]", "", regex=True).astype(float)
    return pd.DataFrame({"sales": money.groupby(day).sum(), "holiday": table["Holiday_Flag"].groupby(day).max() == 1})


def lift(weeks, day):
    """Of one week against the ordinary weeks before it, as a fraction with its range."""
    usable = ~weeks["holiday"].to_numpy() & ~weeks.index.isin(CHRISTMAS)
    at = weeks.index.get_loc(pd.Timestamp(day))
    found = counterfactual(weeks["sales"].to_numpy(), [(at, at)], usable=usable, weekdays=False)
    part = found.parts[0]
    return tuple(value / part.expected for value in (part.effect, part.low, part.high)), found


@pytest.mark.parametrize("day", ["2010-11-26", "2011-11-25"])
def test_thanksgiving_weeks_stand_out_by_two_fifths(weeks, day):
    (value, low, _), found = lift(weeks, day)
    assert 0.3 < value < 0.6 and low > 0.2 and found.larger == 0 and len(found.placebos) >= 10


@pytest.mark.parametrize("day", ["2011-09-09", "2012-09-07"])
def test_labor_day_weeks_do_not_stand_out(weeks, day):
    (value, low, high), found = lift(weeks, day)
    assert low < 0 < high and abs(value) < 0.05 and found.larger > 0.1


def test_orders_of_one_month_that_stood_still_cannot_tell_what_a_campaign_added():
    table = pd.read_csv(DATA / "tmall_order_report" / "tmall_order_report.csv").rename(columns=str.strip)
    paid = table[table["订单付款时间"].notna()]
    rows = {
        "platform": ["tmall"] * len(paid),
        "shop": ["a"] * len(paid),
        "order_id": paid["订单编号"].astype(str).tolist(),
    }
    rows |= {"paid_at": paid["订单付款时间"].tolist(), "paid_amount": paid["买家实际支付金额"].tolist()}
    orders = frame(TABLES["orders"], rows | {"counted": [True] * len(paid)})
    february = dt.date(2020, 2, 1), dt.date(2020, 2, 29)
    given = sheet(start="2020-02-20", end="2020-02-26")
    result = campaign.analyse(given, {"orders": orders}, NONE, FREE, *february, {"a": "a"})
    increment = result.reviews[0].increment
    assert increment.verdict == Verdict.TOO_LITTLE and increment.reasons == ("days",)
    # and that the shop was shut before it, so that no campaign is what moved the line
    (said,) = [f for f in campaign.findings(result.reviews[0]) if f.key.endswith(".increment")]
    assert said.evidence.sentence == "cp.shutev"
    assert "2月10日至16日" in Words("zh").sentence(said.evidence.sentence, plain(said.evidence.args))
