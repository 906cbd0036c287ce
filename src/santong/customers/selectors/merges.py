"""Who turned out to be whom, and who did not."""

from __future__ import annotations

from django.db.models import Q

from santong.customers import contracts
from santong.customers.models import Merge, MergeUndo, Person


def merges_of(*, merchant_id: int, person_id: int) -> list[contracts.Merge]:
    """Every merge that touched a person or one who leads there, oldest first; undone ones, too."""
    led = Person.objects.of_merchant(merchant_id).filter(current_id=person_id, state="merged")
    ids = [person_id, *led.values_list("id", flat=True)]
    rows = Merge.objects.of_merchant(merchant_id).filter(Q(kept__in=ids) | Q(gone__in=ids))
    merges = list(rows.order_by("id"))
    if not merges:
        return []
    undone_at_by_merge = dict(
        MergeUndo.objects.of_merchant(merchant_id)
        .filter(merge__in=merges)
        .values_list("merge_id", "undone_at")
    )
    return [merge.as_contract(undone_at=undone_at_by_merge.get(merge.id)) for merge in merges]
