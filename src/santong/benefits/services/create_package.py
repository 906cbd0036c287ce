"""Several benefits are put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.benefits.contracts.events import Package
from santong.benefits.errors import CodeTaken
from santong.benefits.models import Batch, PackageItem
from santong.benefits.models import Package as PackageRow
from santong.benefits.rules.fields import clean_code, clean_name
from santong.benefits.selectors.packages import package_by_id
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing

MOST_ITEMS = 20
MOST_OF_EACH = 20


@all_or_nothing
def create_package(
    *, merchant_id: int, code: str, name: str, quantity_by_batch: Mapping[int, int], now: datetime
) -> Package:
    """Say which batches are given together, and how many of each.

    Raises CodeTaken, FieldInvalid, NoSuch.
    """
    if not 0 < len(quantity_by_batch) <= MOST_ITEMS:
        raise FieldInvalid(pointer="/quantity_by_batch", reason=f"1 to {MOST_ITEMS} batches")
    if any(not 0 < quantity <= MOST_OF_EACH for quantity in quantity_by_batch.values()):
        raise FieldInvalid(pointer="/quantity_by_batch", reason=f"1 to {MOST_OF_EACH} of each")
    known = set(
        Batch.objects.of_merchant(merchant_id)
        .filter(id__in=quantity_by_batch)
        .values_list("id", flat=True)
    )
    for batch_id in quantity_by_batch:
        if batch_id not in known:
            raise NoSuch(kind="batch", key=str(batch_id))
    row = PackageRow(
        merchant_id=merchant_id, code=clean_code(code), name=clean_name(name), created_at=now
    )
    insert(row, taken=CodeTaken(kind="package", key=code), constraint="a_package_has_its_own_code")
    PackageItem.objects.bulk_create(
        PackageItem(merchant_id=merchant_id, package=row, batch_id=batch_id, quantity=quantity)
        for batch_id, quantity in sorted(quantity_by_batch.items())
    )
    audit.record(
        audit.Change(
            action="benefits.create_package",
            subject="benefit_package",
            subject_id=row.id,
            reason="created",
            after={"code": row.code},
        ),
        now=now,
    )
    return package_by_id(merchant_id=merchant_id, package_id=row.id)
