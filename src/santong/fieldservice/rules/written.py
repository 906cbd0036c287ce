"""What a decision was made from, written down so that it can be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.availability import Day, Stop, Work
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.dispatch import Asked, Candidate, Offer


def asked_to_json(asked: Asked) -> dict[str, Any]:
    return {
        "point": list(asked.point),
        "window": list(asked.window),
        "work": list(asked.work),
        "skills": list(asked.skills),
    }


def asked_from_json(written: Mapping[str, Any]) -> Asked:
    return Asked(
        point=Point(*written["point"]),
        window=Span(*written["window"]),
        work=Work(*written["work"]),
        skills=tuple(written["skills"]),
    )


def candidate_to_json(candidate: Candidate) -> dict[str, Any]:
    day = candidate.day
    return {
        "id": candidate.technician_id,
        "code": candidate.code,
        "skills": list(candidate.skills),
        "is_covered": candidate.is_covered,
        "load_minutes": candidate.load_minutes,
        "home": list(day.home),
        "shifts": [list(each) for each in day.shifts],
        "stops": [[*each.busy, *each.point] for each in day.stops],
        "speed": [
            day.speed.detour_percent,
            day.speed.metres_per_minute,
            day.speed.fixed_minutes,
        ],
    }


def candidate_from_json(written: Mapping[str, Any]) -> Candidate:
    detour, metres, fixed = written["speed"]
    return Candidate(
        technician_id=written["id"],
        code=written["code"],
        skills=tuple(written["skills"]),
        is_covered=written["is_covered"],
        load_minutes=written["load_minutes"],
        day=Day(
            home=Point(*written["home"]),
            shifts=tuple(Span(*each) for each in written["shifts"]),
            stops=tuple(
                Stop(Span(start, end), Point(latitude, longitude))
                for start, end, latitude, longitude in written["stops"]
            ),
            speed=Speed(detour_percent=detour, metres_per_minute=metres, fixed_minutes=fixed),
        ),
    )


def offers_to_json(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.technician_id,
            "code": each.code,
            "refused": each.refused,
            "start": each.start,
            "busy": list(each.busy) if each.busy else None,
            "added_minutes": each.added_minutes,
            "load_minutes": each.load_minutes,
            "cost": each.cost,
        }
        for each in offers
    ]
