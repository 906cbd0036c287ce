"""What routing tells."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("routing.order_routed.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRouted:
    """Lines of an order have been given places, or were left without one.

    `location_ids` has one entry a parcel. `unfilled_line_ids` have no stock anywhere.
    """

    order_id: int
    decision_id: int
    attempt: int
    cause: str
    location_ids: tuple[int, ...]
    released_location_ids: tuple[int, ...]
    unfilled_line_ids: tuple[int, ...]
    cost_milli: int
    day: str
