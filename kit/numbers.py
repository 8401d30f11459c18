"""Figures for people: one rounding rule per unit, written for each language with the same significant digits.

Values are exact decimals and round half away from zero, so that a figure never depends on how a float is
stored. The unit of magnitude (万, 亿, k, M, bn) is chosen after rounding: 99,996,000 is 1.00亿, not 10,000万.
A unit may ask for more decimals than it has (``ratio+1``), where two shown ends must give the shown
difference (``agreeing``). Signs, zeros and words around a figure are ``kit.text``'s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

MINUS, PLUS = "\u2212", "+"

# From which amount upwards which step is shown; percentages are fractions.
_SMALL = (("0", "1"), ("1e4", "1e2"), ("1e5", "1e3"), ("1e6", "1e4"))
_AMOUNT = (*_SMALL, ("1e8", "1e6"), ("1e9", "1e7"), ("1e10", "1e8"))
_LADDERS = {
    "money": _AMOUNT,
    "count": _AMOUNT,
    "price": (("0", "0.01"),),
    "ratio": (("0", "0.001"),),
    "rate": (("0", "0.0001"),),
    "growth": (("0", "0.001"), ("1", "0.01")),
    "points": (("0", "0.001"),),
    "level": (("0", "0.001"),),
    "index": (("0", "0.01"), ("100", "1")),
    "times": (("0", "0.1"), ("100", "1")),
    "rank": (("0", "1"),),
}
LADDERS = {name: tuple((Decimal(a), Decimal(s)) for a, s in ladder) for name, ladder in _LADDERS.items()}
"""Every numeric unit, with the step it is rounded to by size."""

PERCENT = ("ratio", "rate", "growth", "points", "level")
SIGNED = ("growth", "points")
"""Changes: in tables they always carry their sign."""
CURRENCY = ("money", "price")
TRIMMED = ("price", "level")
"""Units whose whole values show no decimals: ￥129 beside ￥129.90, 95% beside 99.5%."""

# From which amount, divided by what, with which letter.
SCALES: dict[str, tuple[tuple[int, int, str], ...]] = {
    "zh": ((10**8, 10**8, "亿"), (10**4, 10**4, "万")),
    "en": ((10**9, 10**9, "bn"), (10**6, 10**6, "M"), (10**4, 10**3, "k")),
}
# A table column has one scale for all its rows: from which largest amount, step, divisor and letter.
COLUMNS: dict[str, tuple[tuple[int, int, int, str], ...]] = {
    "zh": ((10**8, 10**6, 10**8, "亿"), (10**6, 10**3, 10**4, "万"), (0, 1, 1, "")),
    "en": ((10**8, 10**6, 10**6, "M"), (10**6, 10**3, 10**3, "k"), (0, 1, 1, "")),
}


def exact(value: Any) -> Decimal | None:
    """``value`` as the decimal a reader would type for it; None for None, NaN and infinity."""
    if value is None or isinstance(value, Decimal):
        return value if value is not None and value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    number = float(value)
    return Decimal(repr(number)) if math.isfinite(number) else None


def family(unit: str) -> str:
    """The rule a unit follows: ``count.people`` and ``count`` are one, ``ratio+1`` is ``ratio``."""
    return unit.partition("+")[0].partition(".")[0]


def finer(unit: str, more: int) -> str:
    """The same unit with ``more`` further decimals."""
    name, _, already = unit.partition("+")
    total = int(already or 0) + more
    return f"{name}+{total}" if total else name


def step(amount: Decimal, unit: str) -> Decimal:
    """What one unit of the last digit shown is worth, in the value's own unit."""
    found = next(s for least, s in reversed(LADDERS[family(unit)]) if abs(amount) >= least)
    return found.scaleb(-int(unit.partition("+")[2] or 0))


def to_step(amount: Decimal, size: Decimal) -> Decimal:
    """``amount`` rounded to a multiple of ``size``, half away from zero."""
    return (amount / size).to_integral_value(ROUND_HALF_UP) * size


def rounded(amount: Decimal, unit: str) -> Decimal:
    """``amount`` as it is displayed: never −0, and never in doubt whether it is a rise or a fall."""
    return to_step(amount, step(amount, unit)) + Decimal(0)


def digits(shown: Decimal, unit: str, locale: str) -> str:
    """A rounded amount's magnitude: digits, separators, letter or percent sign; no sign, no currency."""
    rule, size = family(unit), step(shown, unit)
    divisor, letter = Decimal(1), ""
    if rule in PERCENT:
        divisor, letter = Decimal("0.01"), "" if rule == "points" else "%"
    elif rule in ("money", "count"):
        scale = next(((d, text) for least, d, text in SCALES[locale] if abs(shown) >= least), None)
        divisor, letter = (Decimal(scale[0]), scale[1]) if scale else (divisor, letter)
    scaled = abs(shown) / divisor
    bare = shown == 0 or (rule in TRIMMED and scaled == scaled.to_integral_value())
    return _written(scaled, Decimal(1) if bare else size / divisor) + letter


def _written(scaled: Decimal, last: Decimal) -> str:
    """Thousands separators, and the decimals that a last digit worth ``last`` (a power of ten) needs."""
    return f"{scaled:,.{max(0, -last.adjusted())}f}"


def signed(shown: Decimal, text: str, plus: bool) -> str:
    """The sign before everything else, currency included; a plus only where asked."""
    return (MINUS if shown < 0 else PLUS if plus and shown > 0 else "") + text


def symbol(currency: str, locale: str) -> str:
    """The currency's sign: ￥ in Chinese and ¥ in English for the yuan, Babel's for every other."""
    if currency == "CNY":
        return {"zh": "￥", "en": "¥"}[locale]
    from babel.numbers import get_currency_symbol

    sign = get_currency_symbol(currency, {"zh": "zh_Hans_CN", "en": "en_GB"}[locale])
    return sign + "\u00a0" if sign[-1].isalpha() else sign


def bare(amount: Decimal) -> str:
    """An edge or a limit as it was given: no rounding, no trailing zeros."""
    return f"{amount.normalize():,f}"


def finest(*amounts: Decimal) -> Decimal:
    """The last decimal that any of ``amounts`` uses; 1 when all are whole."""
    return Decimal(1).scaleb(min(0, *(int(a.normalize().as_tuple().exponent) for a in amounts)))


def column(values: Sequence[Any], unit: str, locale: str) -> tuple[list[str | None], str]:
    """A table column in one form: its cells without currency (None where there is no number), and its letter.

    Money and counts share the scale of the largest; prices show decimals when any of them has some. A small
    amount that would read as zero is written ``<1``: zero is only for a true zero.
    """
    amounts, rule = [exact(v) for v in values], family(unit)
    top = max((abs(a) for a in amounts if a is not None), default=Decimal(0))
    size, divisor, letter, percent = step(top, unit), Decimal(1), "", ""
    if rule in ("money", "count"):
        scale = next(s for s in COLUMNS[locale] if top >= s[0])
        size, divisor, letter = Decimal(scale[1]), Decimal(scale[2]), scale[3]
    elif rule in PERCENT:
        size, divisor = step(Decimal(0), unit), Decimal("0.01")
        percent = "" if rule == "points" else "%"
    elif rule in TRIMMED and all(a is None or a == a.to_integral_value() for a in amounts):
        size = Decimal(1)
    cells: list[str | None] = []
    for amount in amounts:
        if amount is None:
            cells.append(None)
            continue
        shown = to_step(amount, size) + Decimal(0)
        text = _written(abs(shown) / divisor, size / divisor) + percent
        if shown == 0 and amount != 0:
            text = ("<" if amount > 0 else f">{MINUS}") + _written(size / divisor, size / divisor) + percent
        cells.append(signed(shown, text, rule in SIGNED))
    return cells, letter


def largest_remainder(values: Iterable[Any], decimals: int) -> list[float]:
    """Parts as displayed, to ``decimals`` places (negative for 万 and the like), so that they add up to their
    total.

    The total is rounded; each part is cut down to its step, and the steps that are missing go to the parts
    that lost most. Store what this returns and quote it everywhere. Shares in percent with one decimal are
    three decimals of a fraction. Raises ValueError for a part that is no number.
    """
    parts = [exact(v) for v in values]
    if any(p is None for p in parts):
        raise ValueError("every part must be a number")
    size = Decimal(1).scaleb(-decimals)
    steps = [p / size for p in parts if p is not None]
    whole = [s.to_integral_value(ROUND_FLOOR) for s in steps]
    missing = int(sum(steps, Decimal(0)).to_integral_value(ROUND_HALF_UP) - sum(whole))
    for i in sorted(range(len(steps)), key=lambda i: whole[i] - steps[i])[:missing]:
        whole[i] += 1
    return [float(w * size) for w in whole]


def agreeing(start: Any, end: Any, unit: str) -> tuple[str, str]:
    """The units in which two percentages and their difference agree: 3.4% to 4.1% is not shown beside +0.6
    points.

    ``unit`` is ``ratio``, ``rate`` or ``growth``. Returns the ends' unit and the difference's, each with one more
    decimal where the rounded ends don't give the rounded difference.
    """
    first, last = exact(start), exact(end)
    points = finer("points", {"ratio": 0, "growth": 0, "rate": 1}[unit])
    if first is not None and last is not None:
        apart = rounded(last, unit) - rounded(first, unit)
        if apart != rounded(last - first, points):
            return finer(unit, 1), finer(points, 1)
    return unit, points
