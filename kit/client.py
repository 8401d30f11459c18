"""Who the client is: ``client.toml`` checked whole, and the period a report is about."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from kit import project
from kit.errors import WRONG_CALL, KitError, Problem, problem

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
PLATFORMS = ("tmall", "taobao", "jd", "pinduoduo", "douyin", "kuaishou", "xiaohongshu", "wechat", "other")


Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Strict(BaseModel):
    """Unknown keys are refused: a misspelt setting that silently does nothing is the worst kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


Text = Annotated[Bilingual, BeforeValidator(_both)]


class Shop(Strict):
    platform: Literal[PLATFORMS]  # type: ignore[valid-type]
    kind: Literal["flagship", "outlet", "self-run", "supermarket", "distributor"] = "flagship"
    name: Text
    key: str = ""


def _rising(edges: tuple[float, ...]) -> tuple[float, ...]:
    """Where price bands begin: finite, rising, with one above zero at least."""
    if not all(math.isfinite(e) and e >= 0 for e in edges) or list(edges) != sorted(set(edges)) or not any(edges):
        raise ValueError("0, 50, 100, …")
    return edges


class Market(Strict):
    """The category a client competes in, and how listings name the client's own brand."""

    category: Text
    brand: tuple[Filled, ...] = Field(min_length=1)
    price_edges: Annotated[tuple[float, ...], AfterValidator(_rising)] | None = None
    price_kind: Literal["list", "page", "coupon", "final", "live"] = "page"


class Thresholds(Strict):
    """Defaults of the trade; each can be overridden in ``[thresholds]``.

    ``price_cut``: a rival's median cut, as a fraction, from which it is reported. ``min_listings`` and
    ``min_band_listings``: below these a price-band statement is withheld. ``listing_drop``: the fall in the
    number of listings between two snapshots, as a fraction, from which it is reported.
    """

    price_cut: float = Field(0.05, gt=0, lt=1)
    min_listings: int = Field(50, ge=1)
    min_band_listings: int = Field(10, ge=1)
    listing_drop: float = Field(0.2, gt=0, lt=1)


class FileStatement(Strict):
    """What a file does not say itself: its table, its first and last day."""

    table: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None


class Client(Strict):
    """One client folder. ``slug`` and ``folder`` are where it lies; everything else is ``client.toml``."""

    slug: str
    folder: Path
    name: Text
    agency: Text
    locale: Literal["zh", "en"] = "zh"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    up_color: Literal["red", "green"] = "red"
    report_date: dt.date | None = None
    confidentiality: Text | None = None
    shops: dict[Annotated[str, StringConstraints(pattern=f"^{SLUG.pattern}$")], Shop] = Field(min_length=1)
    market: Market | None = None
    thresholds: Thresholds = Thresholds()  # type: ignore[call-arg]
    files: dict[str, FileStatement] = {}

    @classmethod
    def load(cls, slug: str) -> Client:
        """The client of that name, or a ``KitError`` with every fault of its ``client.toml`` at once."""
        folder = find(slug)
        path = folder / "client.toml"
        if not path.is_file():
            raise KitError(problem("e.config.missing", client=slug, file=f"data/{slug}/client.toml"))
        shown = f"data/{slug}/client.toml"
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError as error:
            raise KitError(problem("e.config.encoding", file=shown)) from error
        except tomllib.TOMLDecodeError as error:
            raise KitError(problem("e.config.syntax", file=shown, **_place(str(error)))) from error
        reserved = [key for key in ("slug", "folder") if key in raw]
        if reserved:
            raise KitError([problem("e.config.unknown", file=shown, key=key) for key in reserved])
        shops = raw.get("shops")
        if isinstance(shops, dict):
            raw["shops"] = {k: {**v, "key": k} if isinstance(v, dict) else v for k, v in shops.items()}
        try:
            return cls.model_validate({**raw, "slug": slug, "folder": folder})
        except ValidationError as error:
            raise KitError(list(_faults(error, shown))) from error

    def platforms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(shop.platform for shop in self.shops.values()))


def names() -> list[str]:
    """Every client folder under ``data/``, sorted."""
    data = project.data()
    return sorted(p.name for p in data.iterdir() if p.is_dir() and SLUG.fullmatch(p.name)) if data.is_dir() else []


def find(slug: str) -> Path:
    """The folder of a client; a name that is no slug or no client is a wrong call, with the nearest name."""
    if not slug:
        raise KitError(problem("e.client.none", near=(names() or ["demo"])[0], known=", ".join(names())), WRONG_CALL)
    if slug.casefold() in names() and slug not in names():
        raise KitError(problem("e.client.near", given=slug, near=slug.casefold(), known=", ".join(names())), WRONG_CALL)
    if not SLUG.fullmatch(slug):
        raise KitError(problem("e.client.slug", given=slug), WRONG_CALL)
    folder = project.data() / slug
    if slug not in names():
        near = difflib.get_close_matches(slug, names(), 1, 0.5)
        raise KitError(_near("e.client", near, given=slug, known=", ".join(names())), WRONG_CALL)
    return folder


def _near(id: str, near: list[str], /, **args: Any) -> Problem:
    """The problem with "did you mean" when something is near, else its entry without the question."""
    return problem(f"{id}.near", near=near[0], **args) if near else problem(id, **args)


def _place(message: str) -> dict[str, int]:
    found = re.search(r"line (\d+), column (\d+)", message)
    return {"line": int(found[1]), "column": int(found[2])} if found else {"line": 0, "column": 0}


def _faults(error: ValidationError, file: str) -> Iterable[Problem]:
    """Pydantic's findings as problems, unknown keys with the nearest known one."""
    for fault in error.errors():
        where = [str(part) for part in fault["loc"]]
        key = ".".join(where)
        if fault["type"] == "extra_forbidden":
            near = difflib.get_close_matches(where[-1], _keys(where[:-1]), 1, 0.6)
            yield _near("e.config.unknown", near, file=file, key=key)
        elif fault["type"] == "missing":
            yield problem("e.config.required", file=file, key=key)
        else:
            context = fault.get("ctx", {})
            allowed = context.get("expected") or context.get("pattern") or fault["msg"]
            yield problem("e.config.value", file=file, key=key, value=str(fault["input"])[:60], allowed=str(allowed))


def _keys(where: list[str]) -> list[str]:
    """The known keys of a section of client.toml."""
    sections: dict[str, type[BaseModel]] = {
        "shops": Shop,
        "market": Market,
        "thresholds": Thresholds,
        "files": FileStatement,
    }
    model = sections.get(where[0] if where else "", Client)
    return [name for name in model.model_fields if name not in ("slug", "folder", "key")]


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included. ``kind``: month, quarter, year, week, day or span; ``text`` names folders."""

    start: dt.date
    end: dt.date
    kind: str
    text: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """``2024-06``, ``2024-Q2``, ``2024``, ``2024-W45``, ``2024-11-11`` or ``2024-06-01..2024-06-20``."""
        try:
            return _parse(text.strip())
        except ValueError as error:
            raise KitError(problem("e.period.form", given=text), WRONG_CALL) from error

    @classmethod
    def choose(cls, text: str, span: tuple[dt.date, dt.date] | None, months: Sequence[str] = ()) -> Period:
        """The period asked for, or the default over the data's span; it must touch the data.

        ``months``: those with any row (``2024-11``); the default is one of them.
        """
        if span is None:
            raise KitError(problem("e.period.nodata"))
        if not text:
            return cls.default(*span, months)
        period = cls.parse(text)
        if period.end < span[0] or period.start > span[1]:
            facts = {"given": text, "start": span[0].isoformat(), "end": span[1].isoformat()}
            raise KitError(problem("e.period.outside", **facts), WRONG_CALL)
        return period

    @classmethod
    def default(cls, first: dt.date, last: dt.date, months: Sequence[str] = ()) -> Period:
        """The last whole month of the data (of ``months``, if given); if there is none, the data's span.

        A single row with a mistyped year must not move the report into an empty month, hence ``months``.
        """
        there = [_parse(month) for month in months] or [_month(d.year, d.month) for d in (last, _before(last))]
        whole = [month for month in there if first <= month.start and month.end <= last]
        return max(whole, key=lambda m: m.start) if whole else cls(first, last, "span", f"{first}..{last}")


def _before(day: dt.date) -> dt.date:
    """The last day of the month before."""
    return day.replace(day=1) - dt.timedelta(1)


def _month(year: int, month: int) -> Period:
    start = dt.date(year, month, 1)
    return Period(start, _month_end(year, month), "month", f"{year:04d}-{month:02d}")


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1)


def _parse(text: str) -> Period:
    if not text.isascii():  # full-width digits are digits to a pattern, but no folder is to be named by them
        raise ValueError(text)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        year, last = int(found[1]), 3 * int(found[2])
        return Period(dt.date(year, last - 2, 1), _month_end(year, last), "quarter", text)
    if re.fullmatch(r"\d{4}", text):
        return Period(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31), "year", text)
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        start = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period(start, start + dt.timedelta(6), "week", text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = dt.date.fromisoformat(text)
        return Period(day, day, "day", text)
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text):
        start, end = dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2])
        if start <= end:
            return Period(start, end, "span", text)
    raise ValueError(text)
