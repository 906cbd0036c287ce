"""How places answer and where parcels are, for screens."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db.models import Count

from santong.fulfilment import contracts
from santong.fulfilment.models import Offer, Parcel

ARRIVED = ("delivered", "returned")


def answers_by_place(
    *, merchant_id: int, location_ids: frozenset[int] | None = None, newest: int = 1_000
) -> list[contracts.PlaceAnswers]:
    """What places answered to offers of the newest work, the busiest place first."""
    rows = Offer.objects.of_merchant(merchant_id)
    if location_ids is not None:
        rows = rows.filter(location_id__in=sorted(location_ids))
    answers: dict[int, Counter[str]] = defaultdict(Counter)
    asked = rows.order_by("-fulfilment_order_id").values_list("location_id", "answer")[:newest]
    for location_id, answer in asked:
        answers[location_id][answer] += 1
    busiest = sorted(answers.items(), key=lambda known: (-known[1].total(), known[0]))
    return [
        contracts.PlaceAnswers(
            location_id=location_id,
            accepted=counts["accepted"],
            declined=counts["declined"],
            timed_out=counts["timed_out"],
            waiting=counts["open"],
        )
        for location_id, counts in busiest
    ]


def parcels_under_way(*, merchant_id: int) -> dict[str, int]:
    """How many parcels are in each state before they arrive."""
    rows = Parcel.objects.of_merchant(merchant_id).exclude(state__in=ARRIVED)
    return dict(rows.values_list("state").annotate(Count("id")).order_by())
