"""What is expected: after the last known point of a line the fan of a forecast, beside a line the band of a range."""

from __future__ import annotations

from typing import Any

from kit.brand import WHITE, mix
from kit.charts.canvas import SMALL, write

FORECAST = ("mid", "low80", "high80", "low95", "high95")


def expected(plot: Any) -> None:
    """The expected line, dashed, in its two bands, joined to the last known point; ``plot`` is the line's."""
    if not plot.forecast:
        return
    at, value = plot.series[0].points()[-1]
    rows = [dict.fromkeys(FORECAST, value), *plot.forecast]
    x = [at.toordinal(), *(plot.place(row["at"]).toordinal() for row in plot.forecast)]
    for level, share in ((95, 0.82), (80, 0.66)):
        ends = [[row[f"{end}{level}"] for row in rows] for end in ("low", "high")]
        shade = mix(plot.brand.primary, WHITE, share)
        plot.axes.fill_between(x, *ends, color=shade, linewidth=0, zorder=2)
    plot.axes.plot(x, [row["mid"] for row in rows], color=plot.brand.primary, lw=1.6, ls=(0, (3, 2)), zorder=4)
    _texts(plot, x[-1], rows[-1]["mid"])
    if plot.told:
        at = [plot.place(plot.told["at"]).toordinal()], [plot.told["mid"]]
        style = {"color": plot.brand.highlight, "ms": 6.5, "mec": WHITE, "mew": 1.2, "zorder": 6, "clip_on": False}
        plot.axes.plot(*at, "o", **style)


def between(plot: Any) -> None:
    """The band of the range that two columns of the line's table are the ends of."""
    if len(plot.ends) == 2:
        low, high = ([float("nan") if v is None else v for v in one.values] for one in plot.ends)
        x, shade = [at.toordinal() for at in plot.ends[0].days], mix(plot.brand.ink, WHITE, 0.78)
        plot.axes.fill_between(x, low, high, color=shade, linewidth=0, zorder=2)


def _texts(plot: Any, x: float, y: float) -> None:
    """Behind the fan, where no line runs: the value of the message above the name of the ranges."""
    write(plot.axes, (x, y), plot.forecast_name(), plot.brand.grey, shift=(2, 0), size=SMALL)
    if plot.told:
        write(plot.axes, (x, y), plot.told_text(), plot.brand.highlight_text, shift=(2, 4.2), bold=True)
