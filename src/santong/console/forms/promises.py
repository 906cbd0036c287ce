"""What people type of policies and calendars, read into what clocks understand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, cast

from santong.clocks import public as clocks
from santong.kernel.errors import FieldInvalid

ROWS: Final = 4
MOST_HOURS: Final = 87_600
MOST_MINUTES: Final = 525_600
_INTERVAL = re.compile(r"\d{1,2}:\d{2}[-–—~]\d{1,2}:\d{2}", re.ASCII)

Sent = Mapping[str, str]


def promise_of(sent: Sent) -> clocks.Promise:
    """What a policy's form promises. Raises FieldInvalid."""
    seconds = _number(sent, "hours", most=MOST_HOURS) * 3_600
    seconds += _number(sent, "minutes", most=59) * 60
    if not seconds:
        raise FieldInvalid(pointer="/hours", reason="some time")
    return clocks.Promise(
        target_seconds=seconds,
        warn_percent=_number(sent, "warn", most=99),
        steps=tuple(
            _step(sent, row) for row in range(clocks.MOST_STEPS) if sent.get(f"basis_{row}")
        ),
    )


def form_of(policy: clocks.Policy) -> dict[str, str]:
    """A policy as its form shows it."""
    promise = policy.promise
    shown = {
        "name": policy.name,
        "calendar": policy.calendar_code,
        "tell_calendar": policy.tell_calendar_code,
        "hours": str(promise.target_seconds // 3_600),
        "minutes": str(promise.target_seconds % 3_600 // 60),
        "warn": str(promise.warn_percent),
        "is_in_use": "yes" if policy.is_in_use else "",
    }
    for row, step in enumerate(promise.steps):
        shown |= {
            f"basis_{row}": step.basis,
            f"value_{row}": str(step.value if step.basis == "share" else step.value // 60),
            f"role_{row}": step.role,
            f"place_{row}": step.place,
            f"at_once_{row}": "yes" if step.is_at_once else "",
        }
    return shown


def rows_of(sent: Sent) -> list[dict[str, str]]:
    """Rows of steps as the form shows them, with room for one more."""
    filled = [row for row in range(clocks.MOST_STEPS) if sent.get(f"basis_{row}")]
    count = min(max(ROWS, len(filled) + 1), clocks.MOST_STEPS)
    names = ("basis", "value", "role", "place", "at_once")
    return [
        {"row": str(row), **{name: sent.get(f"{name}_{row}", "") for name in names}}
        for row in range(count)
    ]


def terms_of(sent: Sent) -> clocks.Terms:
    """What a calendar's form says. Raises FieldInvalid."""
    weekly = tuple(
        clocks.read_hours(text=sent.get(f"day_{day}", ""), pointer=f"/day_{day}")
        for day in range(7)
    )
    return clocks.Terms(
        time_zone=sent.get("time_zone", "").strip(),
        weekly=cast("clocks.Week", weekly),
        makeup_hours=clocks.read_hours(text=sent.get("makeup", ""), pointer="/makeup"),
        holiday_hours=clocks.read_hours(text=sent.get("holiday", ""), pointer="/holiday"),
        region=sent.get("region", "").strip().upper(),
        own_days=tuple(read_own_days(sent.get("own_days", ""))),
        is_always_open=bool(sent.get("always")),
    )


def calendar_form(named: clocks.NamedCalendar) -> dict[str, str]:
    """A calendar as its form shows it."""
    terms = named.calendar.terms
    days = {
        f"day_{day}": clocks.written_hours(hours=hours) for day, hours in enumerate(terms.weekly)
    }
    own = [
        " ".join(filter(None, (f"{day.on}", clocks.written_hours(hours=day.hours), day.name)))
        for day in terms.own_days
    ]
    return {
        "name": named.name,
        "time_zone": terms.time_zone,
        "makeup": clocks.written_hours(hours=terms.makeup_hours),
        "holiday": clocks.written_hours(hours=terms.holiday_hours),
        "region": terms.region,
        "own_days": "\n".join(own),
        "always": "yes" if terms.is_always_open else "",
        **days,
    }


def read_own_days(text: str) -> list[clocks.OwnDay]:
    """Days that somebody wrote, one a line: `2026-11-12 09:00-12:00 stocktaking`.

    Raises FieldInvalid with the line.
    """
    found: list[clocks.OwnDay] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        pointer = f"/own_days/{number}"
        try:
            on = date.fromisoformat(words[0])
        except ValueError:
            raise FieldInvalid(pointer=pointer, reason="a day such as 2026-11-12") from None
        hours = [word for word in words[1:] if _INTERVAL.fullmatch(word)]
        name = " ".join(word for word in words[1:] if word not in hours)
        found.append(
            clocks.OwnDay(
                on=on, hours=clocks.read_hours(text=" ".join(hours), pointer=pointer), name=name
            )
        )
    return sorted(found, key=lambda day: day.on)


def _step(sent: Sent, row: int) -> clocks.Step:
    basis = sent.get(f"basis_{row}", "")
    if basis not in clocks.STEP_BASES:
        raise FieldInvalid(pointer=f"/basis_{row}", reason="not one of the choices")
    place = sent.get(f"place_{row}", "")
    if place not in clocks.STEP_PLACES:
        raise FieldInvalid(pointer=f"/place_{row}", reason="not one of the choices")
    most = 100 if basis == "share" else MOST_MINUTES
    value = _number(sent, f"value_{row}", most=most)
    return clocks.Step(
        basis=basis,
        value=value if basis == "share" else value * 60,
        role=sent.get(f"role_{row}", ""),
        place=place,
        is_at_once=bool(sent.get(f"at_once_{row}")),
    )


def _number(sent: Sent, name: str, *, most: int) -> int:
    text = sent.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most):  # noqa: PLR2004  digits
        raise FieldInvalid(pointer=f"/{name}", reason=f"0 to {most}")
    return int(text)
