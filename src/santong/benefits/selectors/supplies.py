"""Supplies, suppliers' codes, and what suppliers are owed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count, Q, Sum

from santong.benefits.contracts.supplies import (
    StatementLine,
    Supplier,
    SupplierStatement,
    Supply,
)
from santong.benefits.models import Supplier as SupplierRow
from santong.benefits.models import Supply as SupplyRow
from santong.benefits.models import SupplyCharge, SupplyCode, SupplyRequest
from santong.benefits.models.sealing import code_place, receipt_place
from santong.kernel import crypto
from santong.kernel.errors import NoSuch

_LARGEST_ID = 2**63 - 1


def supply_by_id(*, merchant_id: int, supply_id: int) -> Supply:
    """Raises NoSuch."""
    row: SupplyRow | None = SupplyRow.objects.of_merchant(merchant_id).filter(id=supply_id).first()
    if row is None:
        raise NoSuch(kind="supply", key=str(supply_id))
    return row.as_contract()


def suppliers_page(
    *, merchant_id: int, before_id: int = _LARGEST_ID, limit: int = 50
) -> list[Supplier]:
    """Suppliers, newest first."""
    rows = SupplierRow.objects.of_merchant(merchant_id).filter(id__lt=before_id).order_by("-id")
    return [Supplier(id=row.id, code=row.code, name=row.name) for row in rows[:limit]]


def supplies_page(
    *, merchant_id: int, before_id: int = _LARGEST_ID, limit: int = 50
) -> list[Supply]:
    """Supplies, newest first."""
    rows = SupplyRow.objects.of_merchant(merchant_id).filter(id__lt=before_id).order_by("-id")
    return [row.as_contract() for row in rows[:limit]]


def supplier_codes(*, merchant_id: int, coupon_ids: Collection[int]) -> dict[int, str]:
    """What suppliers have delivered for coupons that were granted, in clear text, by coupon."""
    found: dict[int, str] = {}
    if not coupon_ids:
        return found
    codes = SupplyCode.objects.of_merchant(merchant_id).filter(coupon_id__in=coupon_ids)
    for code in codes:
        assert code.coupon_id is not None
        place = code_place(supply_id=code.supply_id, index=bytes(code.code_index))
        plain = crypto.decrypt(merchant_id=merchant_id, sealed=bytes(code.sealed), place=place)
        found[code.coupon_id] = plain.decode()
    asked = SupplyRequest.objects.of_merchant(merchant_id).filter(
        coupon_id__in=coupon_ids, state="done", receipt_sealed__isnull=False
    )
    for request in asked:
        assert request.receipt_sealed is not None
        place = receipt_place(coupon_id=request.coupon_id)
        plain = crypto.decrypt(
            merchant_id=merchant_id, sealed=bytes(request.receipt_sealed), place=place
        )
        found[request.coupon_id] = plain.decode()
    return found


def codes_left(*, merchant_id: int, supply_id: int, now: datetime) -> int:
    """Codes that can still be given out."""
    rows = SupplyCode.objects.of_merchant(merchant_id).filter(
        supply_id=supply_id, state="available"
    )
    return rows.exclude(expires_at__lte=now).count()


def supplier_statement(
    *, merchant_id: int, supplier_id: int, month: date, currency: str = "CNY"
) -> SupplierStatement:
    """What a supplier is owed for a month, by supply: charges less returns. Raises NoSuch."""
    if not SupplierRow.objects.of_merchant(merchant_id).filter(id=supplier_id).exists():
        raise NoSuch(kind="supplier", key=str(supplier_id))
    rows = (
        SupplyCharge.objects.of_merchant(merchant_id)
        .filter(supplier_id=supplier_id, month=month.replace(day=1), currency=currency)
        .values("supply_id", "supply__code")
        .annotate(
            charged=Count("id", filter=~Q(kind="returned")),
            returned=Count("id", filter=Q(kind="returned")),
            amount=Sum("amount_minor"),
        )
        .order_by("supply_id")
    )
    lines = tuple(
        StatementLine(
            supply_id=row["supply_id"],
            supply_code=row["supply__code"],
            charged=row["charged"],
            returned=row["returned"],
            amount_minor=row["amount"],
        )
        for row in rows
    )
    return SupplierStatement(
        supplier_id=supplier_id,
        month=month.replace(day=1),
        currency=currency,
        lines=lines,
        amount_minor=sum(line.amount_minor for line in lines),
    )
