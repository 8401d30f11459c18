"""The sections of ``client.toml``: what may be set, its default, and what no setting may be."""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo
from typing import Annotated, Any, Literal, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

PLATFORMS = (
    "tmall", "taobao", "jd", "pinduoduo", "douyin", "kuaishou", "xiaohongshu", "wechat", "youzan", "erp", "other",
)  # fmt: skip
ERP = "erp"
"""The platform of stock files, and the folder they lie in without being declared: stock belongs to all shops."""
GOAL_METRICS = (
    "pay_amount", "gsv", "orders", "visitors", "pay_cvr", "revenue_per_buyer", "new_buyers", "refund_rate", "spend",
    "spend_ratio", "roas",
)  # fmt: skip
"""What a goal or a clause of the contract may be about; the sheet ``goals`` has the same."""
BENCHMARK_RATES = (
    "bounce_rate", "natural_share", "content_share", "promoted_share", "click_rate", "cart_rate", "pay_cvr",
    "active_share", "new_share", "repurchase_rate", "member_share", "spend_ratio", "shipped_in_time", "refund_rate",
    "refund_rate_paid", "satisfaction",
)  # fmt: skip
BENCHMARKS = (
    *BENCHMARK_RATES, "stay_seconds", "revenue_per_buyer", "order_value", "items_per_order", "whole_return", "cac",
    "stock_days", "response_seconds", "dsr_description", "dsr_service", "dsr_logistics",
)  # fmt: skip
"""Figures of the scorecard that do not grow with the shop, so that others' may stand beside them; first those that are
fractions."""
SWOT_CATEGORIES = ("apparel", "food")
SWOT_RULES = (
    "goal", "conversion", "natural", "repurchase", "refunds", "spend", "response", "ads", "fatigue", "stock_out",
    "bad_reviews", "item_refunds", "creators", "guarantee", "margin", "increment", "winner", "share", "market", "pace",
    "demand", "category", "band", "white_space", "selling_point", "price_war", "exposed",
)  # fmt: skip
"""The kinds of business and the rules of evidence of ``kit/rules/swot.toml``."""
LONGEST_WINDOW = 365
"""Days after a click beyond which no platform credits a sale to it."""

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Place = Annotated[Filled, AfterValidator(lambda text: text.replace("\\", "/"))]
"""A file by its path in a client's folder, with slashes however it is written."""


class Strict(BaseModel):
    """Unknown keys are refused: a misspelt setting that silently does nothing is the worst kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Bilingual(Strict):
    """A text in both languages; written as one string it serves both."""

    zh: Filled
    en: Filled

    def in_(self, locale: str) -> str:
        return self.zh if locale == "zh" else self.en

    @property
    def both(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


def _both(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _day(value: Any) -> Any:
    """A day as TOML or a text states it; pydantic alone would take 20241101 for seconds since 1970."""
    if isinstance(value, str) and _iso(value):
        value = dt.datetime.fromisoformat(value).date()
    if type(value) is not dt.date:
        refuse("2024-11-01")
    return value


def _moment(value: Any) -> Any:
    """A day or a moment by the clock on the wall; a day counts from its beginning."""
    if isinstance(value, str) and _iso(value):
        value = dt.datetime.fromisoformat(value)
    if type(value) is dt.date:
        value = dt.datetime.combine(value, dt.time())
    if not isinstance(value, dt.datetime) or value.tzinfo:
        refuse("2024-12-02, 2024-12-02T09:30:00")
    return value


def _iso(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def refuse(allowed: str) -> NoReturn:
    """The text of such an error says what is allowed, in no language."""
    raise ValueError(allowed)


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is no zone
        raise ValueError("Asia/Shanghai, Asia/Hong_Kong, UTC, …") from None
    return name


def _rising(edges: tuple[float, ...]) -> tuple[float, ...]:
    """Where price bands begin: finite, rising, with one above zero at least."""
    if not all(math.isfinite(e) and e >= 0 for e in edges) or list(edges) != sorted(set(edges)) or not any(edges):
        refuse("[0, 50, 100, …]")
    return edges


def _benchmark(name: str) -> str:
    """A figure that a benchmark may be about, refused as an unknown setting is."""
    if name not in BENCHMARKS:
        raise PydanticCustomError("extra_forbidden", "no figure", {"key": name})
    return name


def _fractions(given: dict[str, float]) -> dict[str, float]:
    """A rate above 1 was meant as a percentage."""
    for name, value in given.items():
        if name in BENCHMARK_RATES and value > 1:
            raise PydanticCustomError("value_error", "a fraction", {"key": f"benchmarks.{name}", "error": "≤ 1"})
    return given


Text = Annotated[Bilingual, BeforeValidator(_both)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
Zone = Annotated[str, AfterValidator(_zone)]
Window = Annotated[int, Field(ge=1, le=LONGEST_WINDOW, strict=True)]
Money = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Benchmarks = Annotated[dict[Annotated[str, AfterValidator(_benchmark)], Money], AfterValidator(_fractions)]

BY_PLATFORM: dict[str, dict[str, Any]] = {
    "kind": {ERP: "warehouse"},
    "presale_counted": {"tmall": "balance", "taobao": "balance"},
    "paid_includes_subsidy": {"douyin": True},
}
"""Defaults that are documented for a platform; for the others nobody knows, and None says so."""


class Shop(Strict):
    """A shop, and what its platform means by its figures; None means unknown.

    ``aliases``: other names under which export files call it. ``presale_counted``: whether a presale order counts on
    the day its balance or its deposit is paid. ``paid_includes_subsidy``: whether the paid amounts of its platform's
    reports (``pay_amount``) include the platform's share; of other columns the tables say it. ``sell``: ``out`` to
    buyers, ``in`` to a platform that sells on.
    """

    key: str = ""
    platform: Literal[PLATFORMS]  # type: ignore[valid-type]
    kind: Literal["flagship", "outlet", "self-run", "supermarket", "distributor", "warehouse"] = "flagship"
    name: Text
    aliases: tuple[Filled, ...] = ()
    presale_counted: Literal["balance", "deposit"] | None = None
    paid_includes_subsidy: Annotated[bool, Field(strict=True)] | None = None
    sell: Literal["in", "out"] = "out"

    @model_validator(mode="before")
    @classmethod
    def _of_platform(cls, said: Any) -> Any:
        platform = said.get("platform") if isinstance(said, dict) else None
        if not isinstance(platform, str):
            return said
        return {name: known[platform] for name, known in BY_PLATFORM.items() if platform in known} | said

    @field_validator("platform")
    @classmethod
    def _reserved(cls, platform: str, info: ValidationInfo) -> str:
        if info.data.get("key") == ERP and platform != ERP:
            refuse(ERP)
        return platform

    @property
    def names(self) -> frozenset[str]:
        """Everything it is called by: its folder, its names, its aliases."""
        return frozenset((self.key, *self.name.both.values(), *self.aliases))


class Market(Strict):
    """The category a client competes in, and how listings name the client's own brand.

    ``needs``: selling points that offers are counted by, as titles write them; left out, they come from the titles.
    ``stop_words``: words of titles that claim nothing. ``breaks``: the first day of each new cut of the category by its
    platform; nothing is compared across it.
    """

    category: Text
    brand: tuple[Filled, ...] = Field(min_length=1)
    price_edges: Annotated[tuple[float, ...], AfterValidator(_rising)] | None = None
    price_kind: Literal["list", "page", "coupon", "final", "live"] = "page"
    breaks: tuple[Day, ...] = ()
    needs: tuple[Filled, ...] = ()
    stop_words: tuple[Filled, ...] = ()


class Thresholds(Strict):
    """Defaults of the trade; each can be overridden in ``[thresholds]``.

    ``price_cut``: a rival's median cut, as a fraction, from which it is reported. ``min_listings`` and
    ``min_band_listings``: below these a price-band statement is withheld. ``listing_drop``: the fall in the
    number of listings between two snapshots, as a fraction, from which it is reported. ``refund_open_days``: for so
    many days after payment refunds are still to come. ``jump_times``: how many times its median day a day must reach
    to be named. ``suspicious_times``: the same for an order, against the shop's median order. ``period_gap`` and
    ``orders_gap``: by which part of the larger a period may differ from the sum of its days, and a month's orders from
    what the platform counts as paid, before it is said. ``war_brands`` that cut lasting prices within ``war_days`` of
    the opener make a price war.
    ``min_word_listings`` and ``min_word_brands``: listings with and without a word, and brands that have both, below
    which nothing is said of it; ``min_cell_listings``: the same for a need in a price band. ``false_discovery``: the
    largest expected share of false claims among the words, or the gaps, that are called.
    """

    price_cut: float = Field(0.05, gt=0, lt=1)
    min_listings: int = Field(50, ge=1)
    min_band_listings: int = Field(10, ge=1)
    min_word_listings: int = Field(20, ge=2)
    min_word_brands: int = Field(5, ge=3)
    min_cell_listings: int = Field(5, ge=2)
    false_discovery: float = Field(0.05, gt=0, lt=0.5)
    listing_drop: float = Field(0.2, gt=0, lt=1)
    refund_open_days: int = Field(30, ge=1, le=LONGEST_WINDOW)
    jump_times: float = Field(10, gt=1)
    suspicious_times: float = Field(20, gt=1)
    period_gap: float = Field(0.01, gt=0, lt=1)
    orders_gap: float = Field(0.05, gt=0, lt=1)
    war_brands: int = Field(2, ge=2)
    war_days: int = Field(30, ge=7, le=92)


class SwotRule(Strict):
    """``least``: the smallest size, in the rule's own measure, that makes an item; ``off``: the rule is not applied."""

    least: float | None = Field(None, ge=0)
    off: Annotated[bool, Field(strict=True)] = False


def _rule(name: str) -> str:
    """A rule of evidence, refused as an unknown setting is."""
    if name not in SWOT_RULES:
        raise PydanticCustomError("extra_forbidden", "no rule", {"key": name})
    return name


class Swot(Strict):
    """How findings become strengths, weaknesses, opportunities and threats. ``category``: a kind of business whose
    limits differ; ``rules``: the client's own limits by rule."""

    category: Literal[SWOT_CATEGORIES] | None = None  # type: ignore[valid-type]
    rules: dict[Annotated[str, AfterValidator(_rule)], SwotRule] = Field(default_factory=dict)


class FileStatement(Strict):
    """What a file does not say itself: its table, its first and last day, its attribution window, and when it was
    downloaded (of two files that overlap the newer is right)."""

    table: str | None = None
    start: Day | None = None
    end: Day | None = None
    window_days: Window | None = None
    downloaded: Moment | None = None

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: dt.date | None, info: ValidationInfo) -> dt.date | None:
        return ends(end, info.data.get("start"))


class Exports(Strict):
    """How export files are read. ``prefer``: files whose figures stand where others differ. ``na``: further literals
    that mean missing. ``not_goods``: ids of items or codes of goods that are neither, such as postage or a link for
    price differences. ``words``: further literals and the words they mean, such as a status that a platform has added.
    ``paid_after_refunds``: whether order files state payments after refunds; None: as the files show."""

    prefer: tuple[Place, ...] = ()
    not_goods: tuple[Filled, ...] = ()
    words: dict[Filled, Filled] = Field(default_factory=dict)
    paid_after_refunds: Annotated[bool, Field(strict=True)] | None = None
    na: tuple[Filled, ...] = ()


def ends(end: dt.date | None, start: dt.date | None) -> dt.date | None:
    """``end``, refused if it comes before ``start``."""
    if end and start and end < start:
        refuse(f"≥ {start}")
    return end
