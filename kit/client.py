"""Who the client is: ``client.toml`` checked whole."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from kit import project
from kit.contract import Contract, Kpi, Tier
from kit.errors import WRONG_CALL, KitError, Problem, problem
from kit.periods import Period
from kit.recipients import Delivery
from kit.settings import (
    BENCHMARKS,
    ERP,
    PLATFORMS,
    Benchmarks,
    Bilingual,
    Day,
    Exports,
    FileStatement,
    Market,
    Place,
    Shop,
    Strict,
    Swot,
    Text,
    Thresholds,
    Window,
    Zone,
    refuse,
)

__all__ = ["PLATFORMS", "SLUG", "Client", "FileStatement", "Market", "Period", "Shop", "Thresholds", "find", "names"]

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))
"""Windows keeps these names for itself: no folder can be called so there."""


def _no_device(slug: str) -> str:
    return refuse("con → con-shop") if slug in DEVICES else slug


Slug = Annotated[str, Field(pattern=f"^{SLUG.pattern}$"), AfterValidator(_no_device)]
STOCK = Shop(key=ERP, platform=ERP, kind="warehouse", name=Bilingual(zh="ERP", en="ERP"))
"""Where ``exports/erp/`` belongs, whether client.toml names it or not."""


class Client(Strict):
    """One client folder. ``slug`` and ``folder`` are where it lies; everything else is ``client.toml``."""

    slug: str
    folder: Path
    name: Text
    agency: Text
    locale: Literal["zh", "en"] = "zh"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    up_color: Literal["red", "green"] = "red"
    timezone: Zone = "Asia/Shanghai"
    report_date: Day | None = None
    confidentiality: Text | None = None
    shops: dict[Slug, Shop] = Field(min_length=1)
    market: Market | None = None
    contract: Contract | None = None
    thresholds: Thresholds = Thresholds()  # type: ignore[call-arg]
    benchmarks: Benchmarks = Field(default_factory=dict)
    swot: Swot = Swot()
    exports: Exports = Exports()
    delivery: Delivery = Delivery()  # type: ignore[call-arg]
    attribution: dict[Slug, Window] = Field(default_factory=dict)
    files: dict[Place, FileStatement] = Field(default_factory=dict)

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
        given = raw.get("shops")
        given = given if isinstance(given, dict) else {}
        shops = {key: shop for key, shop in given.items() if isinstance(shop, dict)}
        reserved: list[str] = [key for key in ("slug", "folder") if key in raw]
        reserved += [f"shops.{key}.key" for key, shop in shops.items() if "key" in shop]
        if reserved:
            raise KitError([problem("e.config.unknown", file=shown, key=key) for key in reserved])
        if shops:
            raw["shops"] = given | {key: {**shop, "key": key} for key, shop in shops.items()}
        try:
            return cls.model_validate({**raw, "slug": slug, "folder": folder})
        except ValidationError as error:
            raise KitError(list(faults(error, shown, _keys))) from error

    def shop_of(self, folder: str) -> Shop | None:
        """The shop whose files lie in ``exports/<folder>``; none named: the only shop there is, if there is one."""
        if not folder:
            return next(iter(self.shops.values())) if len(self.shops) == 1 else None
        return self.shops.get(folder) or (STOCK if folder == ERP else None)

    def shop_words(self) -> dict[str, str]:
        """Every name that means one shop, with that shop's key; a name that two shops share means neither."""
        called = sorted((name, key) for key, shop in self.shops.items() for name in shop.names)
        every = [name for name, _ in called]
        return {name: key for name, key in called if every.count(name) == 1} | {key: key for key in self.shops}

    def platforms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(shop.platform for shop in self.shops.values()))


def names() -> list[str]:
    """Every client folder under ``data/``, sorted."""
    data = project.data()
    return sorted(p.name for p in data.iterdir() if p.is_dir() and SLUG.fullmatch(p.name)) if data.is_dir() else []


def find(slug: str) -> Path:
    """The folder of a client; a name that is no slug or no client is a wrong call, with the nearest name."""
    known = names()
    told = ", ".join(known)
    if not slug:
        raise KitError(problem("e.client.none", near=(known or ["demo"])[0], known=told), WRONG_CALL)
    if slug.casefold() in known and slug not in known:
        raise KitError(problem("e.client.near", given=slug, near=slug.casefold(), known=told), WRONG_CALL)
    refuse_name(slug)
    folder = project.data() / slug
    if slug not in known:
        near = difflib.get_close_matches(slug, known, 1, 0.5)
        raise KitError(_near("e.client", near, given=slug, known=told), WRONG_CALL)
    return folder


def refuse_name(slug: str) -> None:
    """Raise ``KitError`` for a client's name that no folder can have on every system."""
    if not SLUG.fullmatch(slug):
        raise KitError(problem("e.client.slug", given=slug), WRONG_CALL)
    if slug in DEVICES:
        raise KitError(problem("e.client.device", given=slug), WRONG_CALL)


def _near(id: str, near: list[str], /, **args: Any) -> Problem:
    """The problem with "did you mean" when something is near, else its entry without the question."""
    return problem(f"{id}.near", near=near[0], **args) if near else problem(id, **args)


def _place(message: str) -> dict[str, int]:
    found = re.search(r"line (\d+), column (\d+)", message)
    return {"line": int(found[1]), "column": int(found[2])} if found else {"line": 0, "column": 0}


def faults(error: ValidationError, file: str, keys: Callable[[list[str]], list[str]]) -> Iterable[Problem]:
    """Pydantic's findings as problems, unknown keys with the nearest known one; none of its own wording.

    ``keys``: which there are, by where in the file.
    """
    for fault in error.errors():
        where = [str(part) for part in fault["loc"] if part != "[key]"]
        context = fault.get("ctx", {})
        where = [*where[:-1], context["key"]] if "key" in context else where
        key = ".".join(where)
        if fault["type"] == "extra_forbidden":
            near = difflib.get_close_matches(where[-1], keys(where[:-1]), 1, 0.6)
            yield _near("e.config.unknown", near, file=file, key=key)
        elif fault["type"] == "missing":
            yield problem("e.config.required", file=file, key=key)
        else:
            allowed = _allowed(fault["type"], context)
            yield problem("e.config.value", file=file, key=key, value=str(fault["input"])[:60], allowed=allowed)


ALLOWED = {
    "bool": "true, false",
    "int": "30",
    "float": "0.5",
    "finite": "0.5",
    "string": '"…"',
    "tuple": "[…]",
    "too_short": "[…]",
    "dict": "{…}",
    "model": "{…}",
}
"""What a setting of a type looks like, by the beginning of the fault's."""
SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def _allowed(type: str, context: dict[str, Any]) -> str:
    """What may stand there, as it would stand in the file: readable in any language."""
    if "error" in context:
        return str(context["error"])
    if "pattern" in context:
        return str(context["pattern"])
    if "expected" in context:
        return ", ".join(re.findall("'([^']*)'", context["expected"]))
    if context.get("class_name") == "Bilingual":
        return '"…", {zh = "…", en = "…"}'
    bounds = [f"{sign} {context[name]:g}" for name, sign in SIGNS.items() if name in context]
    return bounds[0] if bounds else next(text for start, text in ALLOWED.items() if type.startswith(start))


SECTIONS: dict[tuple[str, ...], type[BaseModel]] = {
    ("shops",): Shop,
    ("market",): Market,
    ("contract",): Contract,
    ("contract", "fee_tiers"): Tier,
    ("contract", "kpis"): Kpi,
    ("thresholds",): Thresholds,
    ("exports",): Exports,
    ("delivery",): Delivery,
    ("files",): FileStatement,
}


def _keys(where: list[str]) -> list[str]:
    """The known keys of a section of client.toml."""
    if where == ["benchmarks"]:
        return list(BENCHMARKS)
    model = SECTIONS.get(tuple(where[:2])) or SECTIONS.get(tuple(where[:1]), Client)
    names = [field.alias or name for name, field in model.model_fields.items()]
    return [name for name in names if name not in ("slug", "folder", "key")]
