"""SVG written by hand: elements, scales, ticks. Nothing is loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, isclose, log10

Value = str | int | float
TICK_STEPS = (1, 2, 2.5, 5, 10)
SLACK = 1e-9
WIDE_FROM = "\u2e80"  # Chinese, Japanese and Korean begin here
LATIN_WIDTH = 0.62


def element(name: str, *children: str, **attributes: Value) -> str:
    """One element. `stroke_width` is written `stroke-width`, `class_` is written `class`."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def text(words: str, *, x: float, y: float, **attributes: Value) -> str:
    """Words at a point; `anchor` is start, middle or end."""
    anchor = attributes.pop("anchor", "start")
    return element("text", escape(words), x=x, y=y, text_anchor=anchor, **attributes)


def line(*, x1: float, y1: float, x2: float, y2: float, **attributes: Value) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def path(points: Iterable[tuple[float, float]], **attributes: Value) -> str:
    """A line through points."""
    joined = "L".join(f"{_written(x)} {_written(y)}" for x, y in points)
    return element("path", d=f"M{joined}", **attributes)


def picture(*children: str, width: float, height: float, label: str) -> str:
    """A whole picture that scales with the page; `label` says what it shows."""
    return element(
        "svg",
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_written(width)} {_written(height)}",
        role="img",
        aria_label=label,
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to pixels, in proportion."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def ticks(*, low: float, high: float, about: int = 5) -> list[float]:
    """Round values between two bounds, about so many."""
    if high <= low:
        return [low]
    rough = (high - low) / about
    magnitude = 10 ** floor(log10(rough))
    step = next(step * magnitude for step in TICK_STEPS if step * magnitude >= rough * 0.999)
    first = ceil(low / step - SLACK)
    last = floor(high / step + SLACK)
    return [round(number * step, 10) for number in range(first, last + 1)]


def width_of(words: str, *, size: float = 13.0) -> float:
    """About how wide words are: a Chinese character is square, a Latin letter two thirds of it."""
    return sum(size if character >= WIDE_FROM else size * LATIN_WIDTH for character in words)


def number_word(value: float, *, decimals: int = 0) -> str:
    """`12,345` or `0.25`."""
    return f"{value:,.{decimals}f}"


def decimals_of(values: Sequence[float]) -> int:
    """As many decimals as the ticks need to be told apart."""
    return next(
        decimals
        for decimals in range(16)
        if all(isclose(value, round(value, decimals), abs_tol=SLACK) for value in values)
    )


def _written(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return escape(str(value), quote=True)
