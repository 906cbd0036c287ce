"""Which messages of a batch may be sent at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message for one endpoint; `attempts` counts those before."""

    number: int
    topic: str
    key: str
    subject: str
    content: Any
    at: Any
    attempts: int
    was_parked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of a parcel. `untried`: one of its key, or too many in a row, failed before it."""

    parcel: Parcel
    outcome: Literal["delivered", "failed", "untried"]
    milliseconds: int = 0
    status: int | None = None
    why: str = ""


def lanes(*, parcels: Sequence[Parcel], most: int) -> list[list[Parcel]]:
    """At most so many lines; messages of one key are in one line, in the order of their numbers."""
    found: list[list[Parcel]] = [[] for _ in range(most)]
    lane_of_key: dict[str, list[Parcel]] = {}
    for parcel in sorted(parcels, key=lambda each: each.number):
        lane = lane_of_key.get(parcel.key)
        if lane is None:
            lane = lane_of_key[parcel.key] = min(found, key=len)
        lane.append(parcel)
    return [lane for lane in found if lane]


def failures_at_the_end(*, sent: Sequence[Sent], before: int) -> int:
    """How many failures stand in a row now: none after anything that was taken."""
    if any(each.outcome == "delivered" for each in sent):
        return 0
    return before + sum(each.outcome == "failed" for each in sent)
