"""What is left of supplies, and what came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from santong.benefits.contracts.supplies import CodesCame, SupplyStock
from santong.benefits.models import CodeImport, Supply, SupplyCode
from santong.kernel.errors import NoSuch

_LARGEST_ID = 2**63 - 1


def supply_stocks(
    *, merchant_id: int, now: datetime, before_id: int = _LARGEST_ID, limit: int = 50
) -> list[SupplyStock]:
    """Supplies with their stock, newest first."""
    rows = Supply.objects.of_merchant(merchant_id).filter(id__lt=before_id)
    return _with_stock(
        merchant_id, list(rows.select_related("supplier").order_by("-id")[:limit]), now
    )


def supply_stock(*, merchant_id: int, supply_id: int, now: datetime) -> SupplyStock:
    """One supply with its stock. Raises NoSuch."""
    rows = Supply.objects.of_merchant(merchant_id).filter(id=supply_id).select_related("supplier")
    if not (found := _with_stock(merchant_id, list(rows), now)):
        raise NoSuch(kind="supply", key=str(supply_id))
    return found[0]


def imports_of(*, merchant_id: int, supply_id: int, limit: int = 50) -> list[CodesCame]:
    """Files that came in for a supply, newest first."""
    rows = CodeImport.objects.of_merchant(merchant_id).filter(supply_id=supply_id)
    return [
        CodesCame(
            file_name=row.file_name,
            taken=row.taken,
            duplicates=row.duplicates,
            at=row.at,
            actor=row.actor,
        )
        for row in rows.order_by("-id")[:limit]
    ]


def _with_stock(merchant_id: int, rows: Sequence[Supply], now: datetime) -> list[SupplyStock]:
    good = Q(state="available") & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    counted = (
        SupplyCode.objects.of_merchant(merchant_id)
        .filter(supply_id__in=[row.id for row in rows])
        .values("supply_id")
        .annotate(left=Count("id", filter=good), given=Count("id", filter=Q(state="granted")))
    )
    by_supply = {each["supply_id"]: (each["left"], each["given"]) for each in counted}
    found = []
    for row in rows:
        left, given = by_supply.get(row.id, (0, 0))
        found.append(
            SupplyStock(
                supply=row.as_contract(),
                supplier_name=row.supplier.name if row.supplier else "",
                left=left,
                given=given,
                is_low=row.kind == "codes" and left < row.alarm_below,
            )
        )
    return found
