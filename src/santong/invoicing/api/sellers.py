"""Who issues, and what goods are for the tax office."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from santong.invoicing import contracts
from santong.invoicing.api.routes import (
    Body,
    Code,
    Id,
    Moment,
    RatedAsShape,
    Settings,
    Text,
    router,
)
from santong.invoicing.selectors.sellers import sellers, tax_rates
from santong.invoicing.services.set_seller import set_seller
from santong.invoicing.services.set_tax_rate import set_tax_rate
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of


class InvoiceSellerIn(Body):
    """A legal entity that issues. `settings` and `secrets` are for its issuer, and not shown."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=100)]
    taxpayer_number: Annotated[str, Field(min_length=18, max_length=40)]
    default_rate: RatedAsShape
    address: Text = ""
    phone: Text = ""
    bank: Text = ""
    account: Text = ""
    brand_id: Id | None = None
    dealer_id: Id | None = None
    issuer: Code = "simulated"
    settings: Annotated[Settings | None, Field(max_length=40)] = None
    secrets: Annotated[Settings | None, Field(max_length=40)] = None
    red_policy: contracts.RedPolicy = "automatic"
    return_days: Annotated[int, Field(strict=True, ge=0, le=366)] = 0
    is_open: bool = True


class InvoiceSellerOut(Schema):
    id: str
    code: str
    name: str
    taxpayer_number: str
    default_rate: RatedAsShape
    address: str
    phone: str
    bank: str
    account: str
    brand_id: str | None
    dealer_id: str | None
    issuer: str
    red_policy: contracts.RedPolicy
    return_days: int
    is_open: bool
    version: int


class TaxRateIn(Body):
    """What an SKU (its code), a category (its path) or the freight (no key) is from a moment on."""

    subject: contracts.RateSubject
    key: Annotated[str, Field(max_length=320)] = ""
    rated: RatedAsShape
    valid_from: Moment


class TaxRateOut(Schema):
    id: str
    subject: contracts.RateSubject
    key: str
    rated: RatedAsShape
    valid_from: datetime


@router.get("/invoice-sellers", response=list[InvoiceSellerOut], auth=requires("invoices.view"))
def list_sellers(request: MerchantRequest) -> Any:
    """Everybody who issues invoices, or did."""
    return [_seller(each) for each in sellers(merchant_id=request.merchant_id)]


@router.post("/invoice-sellers", response={201: InvoiceSellerOut}, auth=requires("invoices.edit"))
def post_seller(request: MerchantRequest, body: InvoiceSellerIn) -> Any:
    """Say who issues under a code; what was said of it before is replaced."""
    made = set_seller(
        merchant_id=request.merchant_id,
        **body.dict(exclude={"default_rate", "brand_id", "dealer_id"}),
        default_rate=body.default_rate.rated(),
        brand_id=id_of(body.brand_id, kind="brand") if body.brand_id else None,
        dealer_id=id_of(body.dealer_id, kind="dealer") if body.dealer_id else None,
        now=datetime.now(UTC),
    )
    return Status(201, _seller(made))


@router.get("/invoice-tax-rates", response=list[TaxRateOut], auth=requires("invoices.view"))
def list_rates(request: MerchantRequest) -> Any:
    """Every rate that was ever said, oldest first."""
    return [_rate(each) for each in tax_rates(merchant_id=request.merchant_id)]


@router.post("/invoice-tax-rates", response={201: TaxRateOut}, auth=requires("invoices.edit"))
def post_rate(request: MerchantRequest, body: TaxRateIn) -> Any:
    """Say which rate goods have from a moment on."""
    made = set_tax_rate(
        merchant_id=request.merchant_id,
        subject=body.subject,
        key=body.key,
        rated=body.rated.rated(),
        valid_from=body.valid_from,
        now=datetime.now(UTC),
    )
    return Status(201, _rate(made))


def _seller(row: contracts.Seller) -> dict[str, Any]:
    shown = asdict(row)
    return {
        **shown,
        "id": str(row.id),
        "brand_id": None if row.brand_id is None else str(row.brand_id),
        "dealer_id": None if row.dealer_id is None else str(row.dealer_id),
    }


def _rate(row: contracts.TaxRate) -> dict[str, Any]:
    return {**asdict(row), "id": str(row.id)}
