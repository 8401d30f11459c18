"""What the kit says: sentences from keyed catalogues, figures in the reader's language.

**Arguments** are ``findings.Arg`` or ``{"value", "unit"}``. In a sentence a name ending in ``_s`` carries its
sign; the names of ``LEVELS`` (values and ends of ranges) keep a minus; every other name is a magnitude,
because the sentence itself says up or down.

**Choosing an entry.** ``sentence(key, args)`` walks from the key to a more special entry as long as the
catalogue has one; analyses register nothing:

1. ``.up``, ``.down``, ``.flat`` by the sign, after rounding, of the first argument among ``DECIDES``;
2. ``.times`` when that argument is a growth of 200% or more: it is then printed as a multiple (3.4 times);
3. ``.zero`` when the count (the first argument among ``COUNTS``) is none;
4. ``.<code>`` for each argument of unit ``code``, in their order.

So ``m.conc`` may stand as ``m.conc.up.low``; what has no special entry stays where it is. English entries
with ``msgid_plural`` take their form by the count shown; Chinese has one form.

**Units**: those of ``kit.numbers``; ``count.people`` and the like add a Chinese measure word (``num.people``;
in English the noun belongs to the sentence); date, day, month, quarter, year, week, period (``2024-11``, or
start, end, kind), dates and month-range (start, end), base (``{"of": "2024-11", "month": "2023-11"}``: the
period compared with); band (low, high: edges of which the upper is not in the band); text, or text.creator and
the like for a name with what it is (entry ``text.creator``); label and code (a catalogue key); report (its
name); a list is an enumeration. None and NaN are written —.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kit import catalogue, dates, numbers
from kit.errors import KitError, Problem, problem
from kit.faults import faults as faults
from kit.numbers import agreeing as agreeing
from kit.numbers import largest_remainder as largest_remainder

LOCALES = ("zh", "en")
MISSING = "—"
DECIDES = ("dir", "chg", "chg_s", "gap", "gap_s")
COUNTS = ("n", "k")
LEVELS = ("value", "mid", "lo", "hi", "from", "to", "old", "new", "actual")
TIMES_FROM = Decimal(2)
ENDS = ("lo", "hi", "lo_s", "hi_s", "lift_s", "diff_s")
"""Ends of ranges, and the estimate between them: zero is a number there."""
FOR_TEMPLATES = ("page.page_of", "page.at_page")
NAMED = ("column", "table", "tool", "hit")
"""What a problem speaks of by our name, in an argument ``of_column`` and so on; it is shown by its label."""
Given = Mapping[str, Any]


def _pair(arg: Any) -> tuple[Any, str]:
    """Value and unit of an ``Arg`` or of its payload."""
    return (arg["value"], arg["unit"]) if isinstance(arg, Mapping) else (arg.value, arg.unit)


def _arg(value: Any, unit: str) -> Given:
    return {"value": value, "unit": unit}


def _is_payload(value: Any) -> bool:
    return isinstance(value, Mapping) and "unit" in value


def _absent(value: Any) -> bool:
    return value is None or value == "" or value != value


def _line(value: Any) -> str:
    """Text from data as one line: a cell's line breaks and runs of blanks are no part of a sentence."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", str(value)).strip()


def _single(args: Given) -> list[Any]:
    """The arguments that are one value, not a list of them."""
    return [arg for arg in args.values() if not isinstance(arg, (list, tuple))]


class Words:
    """The wording of one language. An unknown locale, key, argument or unit is a ``KitError``."""

    def __init__(self, locale: str, currency: str = "CNY", folder: Path = catalogue.FOLDER) -> None:
        if locale not in LOCALES:
            raise KitError(problem("e.locale", given=locale, allowed=", ".join(LOCALES)))
        self.locale, self.currency, self.folder = locale, currency, folder
        self._entries, self._starts = catalogue.keyed(folder, locale)

    def has(self, key: str) -> bool:
        return key in self._entries

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin so, in catalogue order: ``keys("g.")``."""
        return [key for key in self._entries if key.startswith(prefix)]

    def sentence(self, key: str, args: Given) -> str:
        """The sentence of ``key`` for these numbers: its most special entry (see the module), filled."""
        chosen = key
        for suffix in self._suffixes(args):
            if f"{chosen}.{suffix}" in self._starts:
                chosen = f"{chosen}.{suffix}"
        if chosen.endswith(".times"):
            name = next(n for n in DECIDES if n in args)
            args = {**args, name: _arg((self._amount(args[name]) or 0) + 1, "times")}
        form = catalogue.form(self._entries, chosen, self._count(args))
        opens = catalogue.PLACEHOLDER.match(form) if self.locale == "en" else None
        first, text = args.get(opens[1]) if opens else None, self.fill(form, args)
        # Words of ours open a sentence with a capital; a brand is written as it is.
        ours = first is not None and not isinstance(first, (list, tuple)) and _pair(first)[1] in ("band", "label")
        return text[:1].upper() + text[1:] if ours else text

    def fill(self, text: str, args: Given) -> str:
        """``text`` with its placeholders filled; a consultant's rewording comes this way, too."""
        return catalogue.filled(text, {k: functools.partial(self._inline, k, arg) for k, arg in args.items()})

    def label(self, key: str, /, **args: Any) -> str:
        """The entry of ``key`` filled with plain strings and numbers.

        Entries of ``FOR_TEMPLATES`` keep theirs: the page fills them.
        """
        text = catalogue.form(self._entries, key, next((args[n] for n in COUNTS if n in args), None))
        if key in FOR_TEMPLATES:
            return text
        return catalogue.filled(text, {k: functools.partial(self._plain, k, v) for k, v in args.items()})

    def problem(self, fault: Problem) -> str:
        """One fault as a sentence; an argument ``code`` may choose a more special entry.

        What has no entry is shown by its id and arguments: whoever reads an error needs it more than style.
        """
        special, args = f"{fault.id}.{fault.args.get('code')}", dict(fault.args)
        for kind in NAMED:
            if self.has(name := f"{kind}.{args.get(f'of_{kind}')}"):
                args[f"of_{kind}"] = self.label(name)
        if "section" in args:
            args["section"] = catalogue.heading(self.folder, self.locale, args["section"])
        try:
            return self.label(special if self.has(special) else fault.id, **args)
        except KitError:
            return f"{fault.id}: " + ", ".join(f"{k}={v}" for k, v in fault.args.items())

    def listing(self, items: Iterable[str]) -> str:
        """An enumeration: 甲、乙、丙 / A, B and C."""
        *most, last = list(items) or [""]
        if self.locale == "zh":
            return "、".join([*most, last])
        return f"{', '.join(most)} and {last}" if most else last

    def join(self, parts: Iterable[str]) -> str:
        """Sentences as one line; in English one that begins small continues the one before."""
        line = ""
        for part in filter(None, parts):
            stop = "；" if self.locale == "zh" else "; " if part[0].islower() else ". "
            line = f"{line}{stop}{part}" if line else part
        return line

    def translates(self, msgid: str) -> bool:
        return self.locale == "en" or msgid in catalogue.prose(self.folder, self.locale)

    def translate(self, msgid: str) -> str:
        """A prose cell of our notebooks in this language; English is what it is written in."""
        found = catalogue.prose(self.folder, self.locale).get(msgid)
        if found is None and self.locale != "en":
            raise KitError(problem("e.untranslated", text=msgid[:80], locale=self.locale))
        return found[0] if found else msgid

    def _suffixes(self, args: Given) -> Iterator[str]:
        """What these numbers ask for, in the order in which a key is made more special."""
        name = next((n for n in DECIDES if n in args), None)
        amount = self._amount(args[name]) if name else None
        if name and amount is not None:
            yield self.direction(args[name])
            unit = _pair(args[name])[1]
            if numbers.family(unit) == "growth" and numbers.rounded(amount, unit) >= TIMES_FROM:
                yield "times"
        if self._count(args) == 0:
            yield "zero"
        yield from (str(value) for value, unit in map(_pair, _single(args)) if unit == "code")

    def _amount(self, arg: Any) -> Decimal | None:
        value, unit = _pair(arg)
        return numbers.exact(value) if numbers.family(unit) in numbers.LADDERS else None

    def _count(self, args: Given) -> Decimal | None:
        """The count as shown that decides between one and many."""
        amount = next((self._amount(args[name]) for name in COUNTS if name in args), None)
        return None if amount is None else numbers.rounded(amount, "count")

    def _plain(self, name: str, value: Any) -> str:
        """A plain argument: counts with thousands separators, every other number (a row, a line) as it is."""
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.listing(map(_line, sorted(value) if isinstance(value, (set, frozenset)) else value))
        return f"{value:,}" if name in COUNTS and isinstance(value, int) else _line(value)

    # ---- values ----------------------------------------------------------------------------------------

    def value(self, arg: Any, sign: bool = False) -> str:
        """One value by itself: a minus always shows, a plus only with ``sign``."""
        value, unit = _pair(arg)
        if isinstance(value, (list, tuple)):
            args = [v if hasattr(v, "unit") or _is_payload(v) else _arg(v, unit) for v in value]
            return self.listing(self.value(arg, sign) for arg in args)
        if _absent(value):
            return MISSING
        if numbers.family(unit) in numbers.LADDERS:
            return self._number(numbers.exact(value), unit, sign)
        if unit == "report":  # a client's own has no entry
            return self.label(f"report.{value}") if self.has(f"report.{value}") else _line(value)
        if unit in ("label", "code"):
            return self.label(str(value))
        if unit.partition(".")[0] == "text":
            text = _line(value[self.locale] if isinstance(value, Mapping) else value)
            return text if unit == "text" else self.label(unit, x=text)
        if unit in dates.UNITS:
            return dates.written(value, unit, self.locale, self.label)
        if unit == "band":
            return self._band(value)
        raise KitError(problem("e.unit", unit=unit))

    def direction(self, arg: Any) -> str:
        """``up``, ``down`` or ``flat``: the sign of a change as displayed; what is missing is flat."""
        amount = self._amount(arg)
        shown = numbers.rounded(amount, _pair(arg)[1]) if amount is not None else 0
        return "up" if shown > 0 else "down" if shown < 0 else "flat"

    def column(self, values: Sequence[Any], unit: str) -> tuple[list[str], str]:
        """A table column in one form: its cells, and the unit for its heading (empty: cells carry theirs)."""
        length = {"date": 10, "month": 7}.get(unit)
        if length:  # as in file names: a table is for looking up
            return [MISSING if _absent(v) else str(dates.day(v))[:length] for v in values], ""
        if unit == "figure":  # each cell in its own unit
            return [MISSING if v is None else self._cell(*_pair(v)) for v in values], ""
        rule = numbers.family(unit)
        if rule not in numbers.LADDERS:
            return [self.value(_arg(v, unit)) for v in values], ""
        cells, letter = numbers.column(values, unit, self.locale)
        money = numbers.symbol(self.currency, self.locale).strip() if rule in numbers.CURRENCY else ""
        if rule == "points":
            cells = [cell and self.label("num.pp", x=cell) for cell in cells]
        return [cell or MISSING for cell in cells], money + letter

    def _cell(self, value: Any, unit: str) -> str:
        """A figure of a unit of its own in a table: changes with their sign, differences of percentages as +0.6 pp."""
        if numbers.family(unit) == "points":
            return self.column([value], unit)[0][0]
        return self.value(_arg(value, unit), numbers.family(unit) in numbers.SIGNED)

    def _number(self, amount: Decimal | None, unit: str, plus: bool) -> str:
        """A figure with sign, currency and measure word; what rounds to zero is said in words."""
        if amount is None:
            return MISSING
        shown = numbers.rounded(amount, unit)
        if shown == 0 and plus:
            return self.label("num.unchanged")
        if shown == 0 and amount != 0:
            return self.label("num.under", x=self._figure(numbers.step(shown, unit), unit, False))
        return self._figure(shown, unit, plus)

    def _figure(self, shown: Decimal, unit: str, plus: bool) -> str:
        text = numbers.digits(shown, unit, self.locale)
        if numbers.family(unit) in numbers.CURRENCY:
            text = numbers.symbol(self.currency, self.locale) + text
        text = numbers.signed(shown, text, plus)
        thing = "points" if numbers.family(unit) == "points" else unit.partition("+")[0].partition(".")[2]
        return self.label(f"num.{thing}", x=text) if self.has(f"num.{thing}") else text

    def _inline(self, name: str, arg: Any) -> str:
        """An argument inside a sentence, its sign as its name says."""
        if isinstance(arg, (list, tuple)):
            return self.listing(self.value(a) for a in arg)
        value, unit = _pair(arg)
        if numbers.family(unit) not in numbers.LADDERS or isinstance(value, (list, tuple)):
            return self.value(arg)
        amount, plus = numbers.exact(value), name.endswith("_s")
        if amount is None:
            return MISSING
        if name in ENDS:
            return self._end(amount, unit, plus)
        return self._number(amount if plus or name in LEVELS else abs(amount), unit, plus)

    def _end(self, amount: Decimal, unit: str, plus: bool) -> str:
        """The end of a range: as many decimals as show on which side of zero it lies; zero itself is 0."""
        units = (numbers.finer(unit, more) for more in range(3))
        finer = next((u for u in units if numbers.rounded(amount, u) != 0), unit)
        return self._figure(numbers.rounded(amount, finer), finer, plus)

    def _band(self, value: Given) -> str:
        """A price band: ￥100–199, ￥500以上, 不到￥50. The upper edge is the first price not in it."""
        low, high, step = (numbers.exact(value.get(k)) for k in ("low", "high", "step"))
        mark = numbers.symbol(self.currency, self.locale)
        if low is None:
            return MISSING if high is None else self.label("num.band.below", high=mark + numbers.bare(high))
        if high is None:
            return self.label("num.band.from", low=mark + numbers.bare(low))
        top = high - (step or numbers.finest(low, high))
        return self.label("num.band", low=mark + numbers.bare(low), high=numbers.bare(top))


def words_here() -> Words:
    """The words of whoever sits at this terminal: Chinese, unless ``KIT_LOCALE`` says English."""
    return Words("en" if os.environ.get("KIT_LOCALE", "").lower().startswith("en") else "zh")
