"""Parts of a visit: what was used, what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.models import Visit, VisitPart
from santong.fieldservice.services.record import check_state, locked_visit, save
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

MOST_PARTS, MOST_QUANTITY, LONGEST_SKU = 50, 10_000, 60


@all_or_nothing
def note_used_parts(
    *, merchant_id: int, visit_id: int, quantity_by_sku: Mapping[str, int], now: datetime
) -> contracts.Visit:
    """These parts were used, and no others.

    Raises NoSuch, VisitPassed, FieldInvalid. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    check_state(visit, ["arrived", "working", "done"], wanted="working")
    write_parts(visit, "used", quantity_by_sku)
    save(visit, action="note_parts", reason="parts used", before={}, now=now)
    return visit.as_contract()


def write_parts(visit: Visit, kind: contracts.PartKind, quantity_by_sku: Mapping[str, int]) -> None:
    """Write a locked visit's parts of one kind down, and no others. Raises FieldInvalid."""
    if len(quantity_by_sku) > MOST_PARTS:
        raise FieldInvalid(pointer="/parts", reason=f"{MOST_PARTS} at most")
    for sku, quantity in quantity_by_sku.items():
        if not sku.strip() or len(sku) > LONGEST_SKU or not 1 <= quantity <= MOST_QUANTITY:
            raise FieldInvalid(pointer="/parts", reason="a SKU's code, and how many")
    rows = VisitPart.objects.of_merchant(visit.merchant_id).filter(visit=visit, kind=kind)
    rows.delete()
    VisitPart.objects.bulk_create(
        VisitPart(
            merchant_id=visit.merchant_id,
            visit=visit,
            kind=kind,
            sku_code=sku.strip(),
            quantity=quantity,
        )
        for sku, quantity in quantity_by_sku.items()
    )
