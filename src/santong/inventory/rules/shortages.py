"""What is missing, and who gets what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from santong.inventory.contracts import Claim, Shortage
from santong.inventory.rules.lines import Place, asked_by_place


def shortages(*, asked: Mapping[Place, int], atp_by_place: Mapping[Place, int]) -> list[Shortage]:
    """Every level that cannot give what is asked of it. A level that is not there has nothing."""
    return [
        Shortage(
            location_id=place[0],
            sku_id=place[1],
            wanted=quantity,
            available=atp_by_place.get(place, 0),
        )
        for place, quantity in asked.items()
        if atp_by_place.get(place, 0) < quantity
    ]


@dataclass(frozen=True, slots=True)
class SharedOut:
    """Who gets all they asked for, and what was short for the others, by position of the claim."""

    accepted: list[int]
    short_by_claim: dict[int, tuple[Shortage, ...]]


def share_out(claims: Sequence[Claim], *, atp_by_place: Mapping[Place, int]) -> SharedOut:
    """Serve claims in their order; one that cannot be served whole takes nothing."""
    left = dict(atp_by_place)
    shared = SharedOut([], {})
    for position, claim in enumerate(claims):
        asked = asked_by_place(claim.lines)
        short = shortages(asked=asked, atp_by_place=left)
        if short:
            shared.short_by_claim[position] = tuple(short)
            continue
        for place, quantity in asked.items():
            left[place] -= quantity
        shared.accepted.append(position)
    return shared
