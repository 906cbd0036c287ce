"""Somebody delivers for us."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.supplies import Supplier
from santong.benefits.errors import CodeTaken
from santong.benefits.models import Supplier as SupplierRow
from santong.benefits.rules.fields import clean_code, clean_name
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def create_supplier(*, merchant_id: int, code: str, name: str, now: datetime) -> Supplier:
    """Name a supplier. Raises CodeTaken, FieldInvalid."""
    row = SupplierRow(
        merchant_id=merchant_id, code=clean_code(code), name=clean_name(name), created_at=now
    )
    taken = CodeTaken(kind="supplier", key=code)
    insert(row, taken=taken, constraint="a_supplier_has_its_own_code")
    audit.record(
        audit.Change(
            action="benefits.create_supplier",
            subject="benefit_supplier",
            subject_id=row.id,
            reason="created",
            after={"code": row.code},
        ),
        now=now,
    )
    return Supplier(id=row.id, code=row.code, name=row.name)
