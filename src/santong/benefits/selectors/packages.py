"""What is given together."""

from __future__ import annotations

from santong.benefits.contracts.events import Package
from santong.benefits.models import Package as PackageRow
from santong.benefits.models import PackageItem
from santong.kernel.errors import NoSuch


def package_by_id(*, merchant_id: int, package_id: int) -> Package:
    """A package with what is in it, by batch. Raises NoSuch."""
    row: PackageRow | None = (
        PackageRow.objects.of_merchant(merchant_id).filter(id=package_id).first()
    )
    if row is None:
        raise NoSuch(kind="package", key=str(package_id))
    items = PackageItem.objects.of_merchant(merchant_id).filter(package=row).order_by("batch_id")
    return Package(
        id=row.id,
        code=row.code,
        name=row.name,
        quantity_by_batch=tuple((item.batch_id, item.quantity) for item in items),
    )
