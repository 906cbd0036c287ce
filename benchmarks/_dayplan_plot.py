"""A picture of days: the routes of one, greedy beside planned, and what each day saved."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from _dayplan_checker import Made
from _dayplan_days import WorkingDay
from _dayplan_runs import Result

WIDE, TALL, GAP, HEAD = 560, 560, 40, 74
BARS = 250
INK, SOFT, LINE, BAR = "#1d2733", "#5d6b7a", "#d5dce4", "#2f7d5b"


def draw(*, results: Sequence[Result], file: Path) -> None:
    """Write the picture as SVG."""
    shown = sorted(results, key=lambda each: each.saved_percent)[len(results) // 2]
    width, height = 2 * WIDE + 3 * GAP, HEAD + TALL + GAP + BARS + 50
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="system-ui, sans-serif" '
        f'font-size="14" fill="{INK}"><rect width="100%" height="100%" fill="#fff"/>'
    )
    parts = [
        opening,
        _text(
            GAP,
            30,
            f"One day in {shown.day.city}: {len(shown.greedy)} visits by "
            f"{len(shown.day.people)} technicians",
            size=20,
        ),
        *_map(shown.day, shown.greedy, shown.greedy_minutes, "booked one by one", left=GAP),
        *_map(
            shown.day,
            shown.planned,
            shown.planned_minutes,
            f"routed at once, {shown.saved_percent:.0f} % less",
            left=2 * GAP + WIDE,
        ),
        *_bars(results, top=HEAD + TALL + GAP, width=width),
        "</svg>",
    ]
    file.write_text("\n".join(parts), encoding="utf-8")


def _map(
    day: WorkingDay, made: Sequence[Made], minutes: int, about: str, *, left: int
) -> list[str]:
    homes = [each.day.home for each in day.people]
    points = [*homes, *(each.point for each in day.visits)]
    place = _placing([(each.latitude, each.longitude) for each in points], left)
    by_visit = {each.visit_id: each.point for each in day.visits}
    ground = (
        f'<rect x="{left}" y="{HEAD}" width="{WIDE}" height="{TALL}" fill="#f6f8fa" '
        f'stroke="{LINE}" rx="8"/>'
    )
    said = f"{about}: {minutes:,} minutes on the way"
    parts = [_text(left, 58, said, size=15, colour=SOFT), ground]
    for number, person in enumerate(day.people):
        colour = _colour(number, len(day.people))
        route = sorted(
            (each for each in made if each.technician_id == person.technician_id),
            key=lambda each: each.begins,
        )
        spots = [place(person.day.home), *(place(by_visit[each.visit_id]) for each in route)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6" '
            f'stroke-linejoin="round" opacity=".85"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y in spots]
        x, y = spots[0]
        parts.append(
            f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#fff" '
            f'stroke="{colour}" stroke-width="2.4"/>'
        )
    return parts


def _bars(results: Sequence[Result], *, top: int, width: int) -> list[str]:
    ordered = sorted(results, key=lambda each: -each.saved_percent)
    most = max(10.0, *(each.saved_percent for each in results))
    steps = range(0, math.ceil(most) + 1, 5 if most <= 40 else 10)
    base, left, right = top + BARS, GAP + 34, width - GAP
    scale = (BARS - 40) / most
    parts = [_text(GAP, top + 14, "Less time on the way, day by day (percent)", size=15)]
    for step in steps:
        y = base - step * scale
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
        parts.append(_text(left - 8, y + 5, f"{step}", size=12, colour=SOFT, anchor="end"))
    room = (right - left) / len(ordered)
    for number, each in enumerate(ordered):
        tall = each.saved_percent * scale
        x = left + number * room + room * 0.15
        parts.append(
            f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{room * 0.7:.1f}" '
            f'height="{tall:.1f}" fill="{BAR}" rx="2"/>'
        )
        parts.append(
            _text(
                x + room * 0.35,
                base + 18,
                each.day.city.removesuffix("市"),
                size=11,
                colour=SOFT,
                anchor="middle",
            )
        )
    mean = sum(each.saved_percent for each in results) / len(results)
    y = base - mean * scale
    parts.append(
        f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{INK}" '
        'stroke-dasharray="6 4"/>'
    )
    parts.append(_text(right, y - 6, f"mean {mean:.1f} %", size=13, anchor="end"))
    return parts


def _placing(
    points: Sequence[tuple[float, float]], left: int
) -> Callable[[tuple[float, float]], tuple[float, float]]:
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = 0.92 * min(WIDE / ((east - west) * shrink), TALL / (north - south))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            left + WIDE / 2 + (point[1] - (east + west) / 2) * shrink * scale,
            HEAD + TALL / 2 - (point[0] - (north + south) / 2) * scale,
        )

    return place


def _colour(number: int, of: int) -> str:
    """Hues that neighbours do not share."""
    red, green, blue = colorsys.hls_to_rgb((number * 7 % of) / of, 0.42, 0.62)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _text(
    x: float, y: float, said: str, *, size: int, colour: str = INK, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(said)}</text>'
    )
