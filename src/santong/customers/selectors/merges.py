"""The ledger of merges."""

from __future__ import annotations

from django.db.models import Q

from santong.customers import contracts
from santong.customers.models import Merge, MergeUndo
from santong.customers.selectors.persons import rows_of


def merges_of(*, merchant_id: int, person_id: int) -> list[contracts.Merge]:
    """Every merge of whoever a person is now, undone ones too, newest first. Raises NoSuch."""
    ids = [row.id for row in rows_of(merchant_id=merchant_id, person_id=person_id)]
    rows = Merge.objects.of_merchant(merchant_id).filter(Q(kept_id__in=ids) | Q(gone_id__in=ids))
    found = list(rows.order_by("-id"))
    undone = MergeUndo.objects.of_merchant(merchant_id).filter(
        merge_id__in=[row.id for row in found]
    )
    undone_at = dict(undone.values_list("merge_id", "undone_at"))
    return [row.as_contract(undone_at=undone_at.get(row.id)) for row in found]
