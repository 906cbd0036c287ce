"""Suppliers, their codes and their invoices over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import AfterValidator, Field

from santong.benefits.api.fields import (
    MOST_MINOR,
    Body,
    Code,
    Id,
    Key,
    Limit,
    Minor,
    Moment,
    Name,
    written,
)
from santong.benefits.api.routes import router
from santong.benefits.contracts.supplies import ChargedWhen, InvoiceState, SupplyKind
from santong.benefits.rules.fields import LONGEST_CONTRACT, LONGEST_REASON, MOST_ALARM
from santong.benefits.selectors.supplies import supplier_statement, supplies_page
from santong.benefits.services.change_supply import change_supply
from santong.benefits.services.create_supplier import create_supplier
from santong.benefits.services.create_supply import create_supply
from santong.benefits.services.import_codes import import_codes
from santong.benefits.services.record_invoice import record_invoice
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of

LONGEST_FILE = 20_000_000
SUPPLIER = "supplier"


def _of_this_age(day: date) -> date:
    if not date(2000, 1, 1) <= day < date(2200, 1, 1):
        raise ValueError("between 2000 and 2200")
    return day


Month = Annotated[date, AfterValidator(_of_this_age)]
Currency = Annotated[str, Field(min_length=3, max_length=3)]
ContractNumber = Annotated[str, Field(max_length=LONGEST_CONTRACT)]
Alarm = Annotated[int, Field(strict=True, ge=0, le=MOST_ALARM)]


class SupplierIn(Body):
    code: Code
    name: Name


class SupplierOut(Schema):
    id: str
    code: str
    name: str


class SupplyIn(Body):
    """Our own, codes from files, or a supplier that is asked for each coupon by an adapter."""

    code: Code
    name: Name
    kind: SupplyKind
    supplier_id: Id | None = None
    product: Annotated[str, Field(max_length=100)] = ""
    adapter: Annotated[str, Field(max_length=40)] = ""
    contract_number: ContractNumber = ""
    contract_until: Moment | None = None
    cost_minor: Minor = 0
    currency: Currency = "CNY"
    charged_when: ChargedWhen = "granted"
    alarm_below: Alarm = 0


class SupplyChangeIn(Body):
    """What a supply is called and how long its contract holds; its price stands."""

    name: Name
    contract_number: ContractNumber = ""
    contract_until: Moment | None = None
    alarm_below: Alarm = 0
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class SupplyOut(Schema):
    id: str
    code: str
    name: str
    kind: SupplyKind
    supplier_id: str | None
    product: str
    cost_minor: int
    currency: str
    charged_when: ChargedWhen
    contract_number: str
    contract_until: datetime | None
    alarm_below: int
    imported: int
    committed: int


class CodesIn(Body):
    """A CSV file with a column `code`, and perhaps `expires_on`. The same key is the same file."""

    file_name: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[str, Field(min_length=1, max_length=LONGEST_FILE)]
    key: Key


class RejectOut(Schema):
    line: int
    column: int
    reason: str


class ImportOut(Schema):
    """What became of a file of codes."""

    import_id: str
    supply_id: str
    taken: int
    duplicates: int
    rejects: list[RejectOut]
    is_new: bool


class StatementLineOut(Schema):
    supply_id: str
    supply_code: str
    charged: int
    returned: int
    amount_minor: int


class SupplierStatementOut(Schema):
    """What a supplier is owed for a month."""

    supplier_id: str
    month: date
    currency: str
    lines: list[StatementLineOut]
    amount_minor: int


class InvoiceIn(Body):
    number: Annotated[str, Field(min_length=1, max_length=60)]
    month: Month
    amount_minor: Annotated[int, Field(strict=True, ge=-MOST_MINOR, le=MOST_MINOR)]
    currency: Currency = "CNY"


class InvoiceOut(Schema):
    """An invoice beside what was counted."""

    id: str
    supplier_id: str
    number: str
    month: date
    amount_minor: int
    counted_minor: int
    currency: str
    state: InvoiceState
    is_new: bool


_supplier = written("id", "code", "name")
_supply = written(
    *("id", "code", "name", "kind", "supplier_id", "product", "cost_minor", "currency"),
    *("charged_when", "contract_number", "contract_until", "alarm_below", "imported", "committed"),
)
_report = written("import_id", "supply_id", "taken", "duplicates", "is_new")
_reject = written("line", "column", "reason")
_statement = written("supplier_id", "month", "currency", "amount_minor")
_line = written("supply_id", "supply_code", "charged", "returned", "amount_minor")
_invoice = written(
    *("id", "supplier_id", "number", "month", "amount_minor", "counted_minor", "currency"),
    *("state", "is_new"),
)


@router.post("/benefit-suppliers", response={201: SupplierOut}, auth=requires("benefits.edit"))
def post_supplier(request: MerchantRequest, body: SupplierIn) -> Any:
    """Name a supplier."""
    made = create_supplier(
        merchant_id=request.merchant_id, code=body.code, name=body.name, now=datetime.now(UTC)
    )
    return Status(201, _supplier(made))


@router.get("/benefit-supplies", response=Page[SupplyOut], auth=requires("benefits.view"))
def list_supplies(request: MerchantRequest, cursor: str | None = None, limit: Limit = 50) -> Any:
    """Where benefits come from, newest first."""
    rows = supplies_page(
        merchant_id=request.merchant_id, before_id=before_id(cursor), limit=limit + 1
    )
    return page_of([_supply(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/benefit-supplies", response={201: SupplyOut}, auth=requires("benefits.edit"))
def post_supply(request: MerchantRequest, body: SupplyIn) -> Any:
    """Say where something comes from, and what it costs."""
    made = create_supply(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        kind=body.kind,
        supplier_id=id_of(body.supplier_id, kind=SUPPLIER) if body.supplier_id else None,
        product=body.product,
        adapter=body.adapter,
        contract_number=body.contract_number,
        contract_until=body.contract_until,
        cost_minor=body.cost_minor,
        currency=body.currency,
        charged_when=body.charged_when,
        alarm_below=body.alarm_below,
        now=datetime.now(UTC),
    )
    return Status(201, _supply(made))


@router.post(
    "/benefit-supplies/{supply_id}/change", response=SupplyOut, auth=requires("benefits.edit")
)
def post_change(request: MerchantRequest, supply_id: str, body: SupplyChangeIn) -> Any:
    """Call a supply otherwise, renew or end its contract, ring its alarm earlier or later."""
    changed = change_supply(
        merchant_id=request.merchant_id,
        supply_id=id_of(supply_id, kind="supply"),
        now=datetime.now(UTC),
        **body.model_dump(),
    )
    return _supply(changed)


@router.post(
    "/benefit-supplies/{supply_id}/imports", response=ImportOut, auth=requires("benefits.edit")
)
def post_import(request: MerchantRequest, supply_id: str, body: CodesIn) -> Any:
    """Take a file of codes; what is wrong is told by line and column."""
    report = import_codes(
        merchant_id=request.merchant_id,
        supply_id=id_of(supply_id, kind="supply"),
        content=body.content.encode(),
        file_name=body.file_name,
        key=body.key,
        now=datetime.now(UTC),
    )
    return {**_report(report), "rejects": [_reject(each) for each in report.rejects]}


@router.get(
    "/benefit-suppliers/{supplier_id}/statement",
    response=SupplierStatementOut,
    auth=requires("settlements.view"),
)
def get_statement(
    request: MerchantRequest,
    supplier_id: str,
    month: Month | None = None,
    currency: Currency = "CNY",
) -> Any:
    """What a supplier is owed for a month, this one unless another is named, by supply."""
    row = supplier_statement(
        merchant_id=request.merchant_id,
        supplier_id=id_of(supplier_id, kind=SUPPLIER),
        month=month or datetime.now(UTC).date(),
        currency=currency,
    )
    return {**_statement(row), "lines": [_line(line) for line in row.lines]}


@router.post(
    "/benefit-suppliers/{supplier_id}/invoices",
    response=InvoiceOut,
    auth=requires("benefits.approve"),
)
def post_invoice(request: MerchantRequest, supplier_id: str, body: InvoiceIn) -> Any:
    """Put an invoice beside what was counted."""
    row = record_invoice(
        merchant_id=request.merchant_id,
        supplier_id=id_of(supplier_id, kind=SUPPLIER),
        number=body.number,
        month=body.month,
        amount_minor=body.amount_minor,
        currency=body.currency,
        now=datetime.now(UTC),
    )
    return _invoice(row)
