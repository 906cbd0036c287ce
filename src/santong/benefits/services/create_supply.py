"""Suppliers, and the ways in which they deliver."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.supplies import ChargedWhen, Supply, SupplyKind
from santong.benefits.errors import CodeTaken
from santong.benefits.models import Supplier as SupplierRow
from santong.benefits.models import Supply as SupplyRow
from santong.benefits.rules.fields import check_contract, clean_code, clean_currency, clean_name
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing

MOST_COST = 10**12


@all_or_nothing
def create_supply(
    *,
    merchant_id: int,
    code: str,
    name: str,
    kind: SupplyKind,
    supplier_id: int | None = None,
    product: str = "",
    adapter: str = "",
    contract_number: str = "",
    contract_until: datetime | None = None,
    cost_minor: int = 0,
    currency: str = "CNY",
    charged_when: ChargedWhen = "granted",
    alarm_below: int = 0,
    now: datetime,
) -> Supply:
    """Say where something comes from and what it costs. Raises CodeTaken, FieldInvalid, NoSuch."""
    if kind != "own" and supplier_id is None:
        raise FieldInvalid(pointer="/supplier_id", reason="is missing")
    if kind == "api" and not adapter:
        raise FieldInvalid(pointer="/adapter", reason="is missing")
    for pointer, text, longest in (
        ("/product", product, 100),
        ("/adapter", adapter, 40),
    ):
        if len(text) > longest:
            raise FieldInvalid(pointer=pointer, reason=f"at most {longest} characters")
    if not 0 <= cost_minor <= MOST_COST:
        raise FieldInvalid(pointer="/cost_minor", reason=f"0 to {MOST_COST}")
    check_contract(contract_number=contract_number, alarm_below=alarm_below)
    suppliers = SupplierRow.objects.of_merchant(merchant_id)
    if supplier_id is not None and not suppliers.filter(id=supplier_id).exists():
        raise NoSuch(kind="supplier", key=str(supplier_id))
    row = SupplyRow(
        merchant_id=merchant_id,
        supplier_id=supplier_id,
        code=clean_code(code),
        name=clean_name(name),
        kind=kind,
        product=product,
        adapter=adapter,
        contract_number=contract_number,
        contract_until=contract_until,
        cost_minor=cost_minor,
        currency=clean_currency(currency),
        charged_when=charged_when,
        alarm_below=alarm_below,
        created_at=now,
    )
    insert(row, taken=CodeTaken(kind="supply", key=code), constraint="a_supply_has_its_own_code")
    audit.record(
        audit.Change(
            action="benefits.create_supply",
            subject="benefit_supply",
            subject_id=row.id,
            reason="created",
            after={"code": row.code, "kind": kind, "cost_minor": cost_minor},
        ),
        now=now,
    )
    return row.as_contract()
