"""Contracts with ERPs and WMSs over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import ConfigDict, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import id_of
from santong.kernel.signing import SignMethod
from santong.qimen import contracts
from santong.qimen.selectors import systems as reading
from santong.qimen.services import create_contract as creating
from santong.qimen.services import pause_contract as pausing
from santong.qimen.services import update_contract as changing

router = Router(tags=["qimen"])

CREATED = 201
Code = Annotated[str, Field(max_length=60)]
Codes = Annotated[dict[str, str], Field(max_length=contracts.MOST_CODES)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class WarehouseIn(Body):
    """What the other system calls a place of ours, and whether it sends that place's orders."""

    code: Code
    location_code: Code
    is_told_of_orders: bool = False


class QuirksIn(Body):
    """What a system does in its own way."""

    sign_method: SignMethod = "md5"
    version_number: Literal["1.0", "2.0"] = "2.0"
    success_code: Annotated[str, Field(max_length=10)] = "0"
    flag_rule: contracts.FlagRule = "always"
    signs_empty: bool = False
    confirms: contracts.ConfirmRule = "several"
    item_sync: contracts.ItemRule = "single"
    counts: contracts.CountRule = "difference"
    answers_within_ms: Annotated[int, Field(strict=True, ge=100, le=30_000)] = 5_000


class ContractIn(Body):
    """An ERP or a WMS: its application, its customer id, and what it calls our things."""

    code: Code
    name: Annotated[str, Field(max_length=contracts.LONGEST_NAME)]
    side: contracts.Side
    app_key: Code
    customer_id: Code
    url: Annotated[str, Field(max_length=contracts.LONGEST_URL)] = ""
    owner_code: Code = ""
    warehouses: Annotated[list[WarehouseIn], Field(max_length=contracts.MOST_CODES)] = Field(
        default_factory=list[WarehouseIn]
    )
    storefront_by_shop: Codes = Field(default_factory=dict[str, str])
    carrier_by_code: Codes = Field(default_factory=dict[str, str])
    is_told_of_stock: bool = False
    quirks: QuirksIn = QuirksIn()


class ContractChangeIn(Body):
    """What is to become otherwise; what is left out stays."""

    name: Annotated[str, Field(max_length=contracts.LONGEST_NAME)] | None = None
    url: Annotated[str, Field(max_length=contracts.LONGEST_URL)] | None = None
    owner_code: Code | None = None
    warehouses: Annotated[list[WarehouseIn], Field(max_length=contracts.MOST_CODES)] | None = None
    storefront_by_shop: Codes | None = None
    carrier_by_code: Codes | None = None
    is_told_of_stock: bool | None = None
    quirks: QuirksIn | None = None


class QimenReasonIn(Body):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class ContractOut(Schema):
    """An ERP or a WMS with which we speak."""

    id: str
    code: str
    name: str
    side: contracts.Side
    app_key: str
    customer_id: str
    url: str
    state: contracts.ContractState
    owner_code: str
    warehouses: list[WarehouseIn]
    storefront_by_shop: dict[str, str]
    carrier_by_code: dict[str, str]
    is_told_of_stock: bool
    quirks: QuirksIn
    created_at: datetime
    version: int


class ContractListOut(Schema):
    """Every contract, oldest first."""

    items: list[ContractOut]


@router.get("/qimen-contracts", response=ContractListOut, auth=requires("qimen.view"))
def list_contracts(request: MerchantRequest) -> Any:
    """Every ERP and WMS with which we speak, oldest first."""
    rows = reading.contracts_of(merchant_id=request.merchant_id)
    return {"items": [_plain(row) for row in rows]}


@router.post("/qimen-contracts", response={CREATED: ContractOut}, auth=requires("qimen.edit"))
def create_contract(request: MerchantRequest, body: ContractIn) -> Status[Any]:
    """Connect an ERP or a WMS. What it says is signed with its application's secret."""
    made = creating.create_contract(
        merchant_id=request.merchant_id,
        wanted=contracts.NewContract(
            **{
                **body.model_dump(exclude={"warehouses", "quirks"}),
                "warehouses": _warehouses(body.warehouses),
                "quirks": contracts.Quirks(**body.quirks.model_dump()),
            }
        ),
        now=datetime.now(UTC),
    )
    return Status(CREATED, _plain(made))


@router.get("/qimen-contracts/{contract_id}", response=ContractOut, auth=requires("qimen.view"))
def read_contract(request: MerchantRequest, contract_id: str, response: HttpResponse) -> Any:
    """One contract."""
    found = reading.contract_by_id(merchant_id=request.merchant_id, contract_id=_id(contract_id))
    set_etag(response, version=found.version)
    return _plain(found)


@router.patch("/qimen-contracts/{contract_id}", response=ContractOut, auth=requires("qimen.edit"))
def update_contract(
    request: MerchantRequest, contract_id: str, body: ContractChangeIn, response: HttpResponse
) -> Any:
    """Change a contract that is still as you saw it (If-Match)."""
    changed = changing.update_contract(
        merchant_id=request.merchant_id,
        contract_id=_id(contract_id),
        change=contracts.ContractChange(
            **{
                **body.model_dump(exclude={"warehouses", "quirks"}),
                "warehouses": None if body.warehouses is None else _warehouses(body.warehouses),
                "quirks": None
                if body.quirks is None
                else contracts.Quirks(**body.quirks.model_dump()),
            }
        ),
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=changed.version)
    return _plain(changed)


@router.post(
    "/qimen-contracts/{contract_id}/pause", response=ContractOut, auth=requires("qimen.edit")
)
def pause_contract(request: MerchantRequest, contract_id: str, body: QimenReasonIn) -> Any:
    """Let nothing in or out; what waits keeps waiting."""
    return _plain(
        pausing.pause_contract(
            merchant_id=request.merchant_id,
            contract_id=_id(contract_id),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/qimen-contracts/{contract_id}/resume", response=ContractOut, auth=requires("qimen.edit")
)
def resume_contract(request: MerchantRequest, contract_id: str, body: QimenReasonIn) -> Any:
    """Let messages in and out again; what waited is sent."""
    return _plain(
        pausing.resume_contract(
            merchant_id=request.merchant_id,
            contract_id=_id(contract_id),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


def _warehouses(given: list[WarehouseIn]) -> tuple[contracts.Warehouse, ...]:
    return tuple(contracts.Warehouse(**each.model_dump()) for each in given)


def _id(text: str) -> int:
    return id_of(text, kind="qimen_contract")


def _plain(row: contracts.Contract) -> dict[str, Any]:
    """A contract as JSON says it: ids are texts."""
    return {**asdict(row), "id": str(row.id)}
