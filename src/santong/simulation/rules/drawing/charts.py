"""The charts of a report: bars, shares below a value, histograms, a line over days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from santong.simulation.rules.drawing import svg
from santong.simulation.rules.drawing.svg import Scale

INK, MUTED, GRID, PAPER = "#1f2933", "#66727f", "#e4e8ec", "#ffffff"
OURS, THEIRS, THIRD = "#0f766e", "#c2410c", "#94a3b8"
WIDTH = 640.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 18.0, 16.0, 48.0
BOLD = 1.15  # times as wide as the same words in plain type

Numbers = npt.NDArray[np.float64] | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how long it is, the words at its end."""

    label: str
    value: float
    words: str
    colour: str = THIRD


@dataclass(frozen=True, slots=True)
class Curve:
    """One sample of numbers under a name."""

    name: str
    values: Numbers
    colour: str
    is_dashed: bool = False


def bars(*, rows: Sequence[Bar], label: str, from_zero: bool = True) -> str:
    """Horizontal bars with their words at the end, so that none covers another."""
    row_height = 38.0
    words = max((svg.width_of(row.words) for row in rows), default=0.0)
    words_width = max(96.0, 24.0 + BOLD * words)
    label_width = 20.0 + max((svg.width_of(row.label) for row in rows), default=0.0)
    high = max((row.value for row in rows), default=1.0) or 1.0
    low = 0.0 if from_zero else min(row.value for row in rows) * 0.9
    scale = Scale(low, high, label_width, WIDTH - words_width)
    drawn: list[str] = []
    for number, row in enumerate(rows):
        y = number * row_height + 6
        length = max(scale(row.value) - label_width, 1.0)
        drawn += [
            svg.text(row.label, x=label_width - 12, y=y + 18, anchor="end", class_="label"),
            svg.element(
                "rect", x=label_width, y=y + 3, width=length, height=22, rx=3, fill=row.colour
            ),
            svg.text(row.words, x=label_width + length + 8, y=y + 18, class_="value"),
        ]
    return svg.picture(*drawn, width=WIDTH, height=len(rows) * row_height + 8, label=label)


def shares_below(
    *, curves: Sequence[Curve], high: float, unit: str, label: str, height: float = 330.0
) -> str:
    """For every value the share of each sample that lies below it (ECDF)."""
    x = Scale(0, high, LEFT, WIDTH - RIGHT)
    y = Scale(0, 1, height - BOTTOM, TOP)
    drawn = [
        *_x_axis(x, height=height, unit=unit),
        *_y_axis(y, words=lambda value: f"{value:.0%}"),
    ]
    grid = np.linspace(0, high, 181)
    for curve in curves:
        shares = np.searchsorted(np.sort(curve.values), grid, side="right") / len(curve.values)
        points = [(x(at), y(share)) for at, share in zip(grid, shares.tolist(), strict=True)]
        drawn.append(_stroke(points, curve))
    drawn += _legend(curves, y=height - BOTTOM - 22 * len(curves) - 10)
    return svg.picture(*drawn, width=WIDTH, height=height, label=label)


def histogram(
    *,
    curves: Sequence[Curve],
    low: int,
    high: int,
    unit: str,
    label: str,
    height: float = 330.0,
) -> str:
    """How often each whole number comes, as a share; what lies beyond the ends is put there."""
    bins = [number - 0.5 for number in range(low, high + 2)]
    shares = [
        np.histogram(np.clip(curve.values, low, high), bins=bins)[0] / len(curve.values)
        for curve in curves
    ]
    top = max(float(share.max()) for share in shares) * 1.12
    x = Scale(low - 0.5, high + 0.5, LEFT, WIDTH - RIGHT)
    y = Scale(0, top, height - BOTTOM, TOP)
    drawn = [
        *_x_axis(x, height=height, unit=unit),
        *_y_axis(y, words=lambda value: f"{value:.0%}"),
    ]
    for curve, share in zip(curves, shares, strict=True):
        drawn.append(_steps(bins, share.tolist(), x=x, y=y, colour=curve.colour))
    zero = x(0)
    drawn.append(svg.line(x1=zero, x2=zero, y1=TOP, y2=height - BOTTOM, stroke=INK, **DASHED))
    drawn += _legend(curves, y=TOP + 4)
    return svg.picture(*drawn, width=WIDTH, height=height, label=label)


def line_over(
    *,
    names: Sequence[str],
    values: Sequence[float],
    words: Callable[[float], str],
    label: str,
    unit: str = "",
    every: int = 5,
    height: float = 220.0,
) -> str:
    """One value after another, with a name under every few of them."""
    low, high = min(values), max(values)
    margin = (high - low) * 0.15 or 0.1
    x = Scale(0, max(len(values) - 1, 1), LEFT, WIDTH - RIGHT)
    y = Scale(low - margin, high + margin, height - BOTTOM, TOP)
    points = [(x(number), y(value)) for number, value in enumerate(values)]
    named = [
        svg.text(name, x=x(number), y=height - BOTTOM + 20, anchor="middle", class_="tick")
        for number, name in enumerate(names)
        if number % every == 0
    ]
    drawn = [
        *_y_axis(y, words=words),
        *named,
        svg.text(unit, x=WIDTH - RIGHT, y=height - 8, anchor="end", class_="unit"),
        svg.path(points, fill="none", stroke=OURS, stroke_width=2.5, stroke_linejoin="round"),
        *(svg.element("circle", cx=cx, cy=cy, r=2.6, fill=OURS) for cx, cy in points),
    ]
    return svg.picture(*drawn, width=WIDTH, height=height, label=label)


DASHED: dict[str, svg.Value] = {"stroke_dasharray": "3 4", "stroke_width": 1}


def _x_axis(x: Scale, *, height: float, unit: str) -> list[str]:
    base = height - BOTTOM
    values = svg.ticks(low=x.low, high=x.high, about=7)
    decimals = svg.decimals_of(values)
    drawn = [svg.line(x1=LEFT, x2=WIDTH - RIGHT, y1=base, y2=base, stroke=MUTED)]
    for value in values:
        at = x(value)
        drawn += [
            svg.line(x1=at, x2=at, y1=base, y2=base + 5, stroke=MUTED),
            svg.text(
                svg.number_word(value, decimals=decimals),
                x=at,
                y=base + 20,
                anchor="middle",
                class_="tick",
            ),
        ]
    drawn.append(svg.text(unit, x=WIDTH - RIGHT, y=height - 8, anchor="end", class_="unit"))
    return drawn


def _y_axis(y: Scale, *, words: Callable[[float], str]) -> list[str]:
    drawn: list[str] = []
    for value in svg.ticks(low=y.low, high=y.high, about=5):
        at = y(value)
        drawn += [
            svg.line(x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, stroke=GRID),
            svg.text(words(value), x=LEFT - 8, y=at + 4, anchor="end", class_="tick"),
        ]
    return drawn


def _stroke(points: Sequence[tuple[float, float]], curve: Curve) -> str:
    style: dict[str, svg.Value] = {"stroke_dasharray": "6 4"} if curve.is_dashed else {}
    return svg.path(
        points,
        fill="none",
        stroke=curve.colour,
        stroke_width=2.2,
        stroke_linejoin="round",
        **style,
    )


def _steps(
    bins: Sequence[float],
    shares: Sequence[float],
    *,
    x: Scale,
    y: Scale,
    colour: str,
) -> str:
    points = [(x(bins[0]), y(0))]
    for number, share in enumerate(shares):
        points += [(x(bins[number]), y(share)), (x(bins[number + 1]), y(share))]
    points.append((x(bins[-1]), y(0)))
    return svg.path(points, fill=colour, fill_opacity=0.28, stroke=colour, stroke_width=1.6)


def _legend(curves: Sequence[Curve], *, y: float) -> list[str]:
    width = 38 + max(svg.width_of(curve.name) for curve in curves)
    x = WIDTH - RIGHT - width
    drawn = [
        svg.element(
            "rect",
            x=x - 8,
            y=y - 4,
            width=width + 8,
            height=22 * len(curves) + 6,
            rx=4,
            fill=PAPER,
            fill_opacity=0.86,
        )
    ]
    for number, curve in enumerate(curves):
        at = y + 22 * number + 11
        style: dict[str, svg.Value] = {"stroke_dasharray": "6 4"} if curve.is_dashed else {}
        drawn += [
            svg.line(x1=x, x2=x + 22, y1=at, y2=at, stroke=curve.colour, stroke_width=3, **style),
            svg.text(curve.name, x=x + 30, y=at + 4, class_="legend"),
        ]
    return drawn
