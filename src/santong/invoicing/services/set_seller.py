"""Who issues invoices is set up, or changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from santong.invoicing import contracts
from santong.invoicing.errors import SellerTaken
from santong.invoicing.models import Seller
from santong.invoicing.models.sellers import settings_place
from santong.invoicing.rules.fields import (
    checked_code,
    checked_rated,
    checked_seller_number,
    checked_text,
)
from santong.kernel import audit, crypto
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants

LONGEST_SETTINGS = 20_000
MOST_RETURN_DAYS = 366


@all_or_nothing
def set_seller(
    *,
    merchant_id: int,
    code: str,
    name: str,
    taxpayer_number: str,
    default_rate: contracts.RatedAs,
    address: str = "",
    phone: str = "",
    bank: str = "",
    account: str = "",
    brand_id: int | None = None,
    dealer_id: int | None = None,
    issuer: str = "simulated",
    settings: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    red_policy: contracts.RedPolicy = "automatic",
    return_days: int = 0,
    is_open: bool = True,
    now: datetime,
) -> contracts.Seller:
    """Say who issues invoices under a code, for a brand, a dealer, or the house.

    Settings that are not given stay as they are. Invoices keep the seller that they have.

    Raises FieldInvalid, NoSuch (brand, dealer), SellerTaken. Locks the seller.
    """
    code = checked_code(code)
    row = Seller.objects.of_merchant(merchant_id).filter(code=code).lock().first()
    row = row or Seller(merchant_id=merchant_id, code=code, version=0)
    before = {"is_open": row.is_open, "version": row.version}
    row.name = _named(name)
    row.taxpayer_number = checked_seller_number(taxpayer_number)
    row.address = checked_text(address, pointer="/address")
    row.phone = checked_text(phone, pointer="/phone")
    row.bank = checked_text(bank, pointer="/bank")
    row.account = checked_text(account, pointer="/account")
    row.brand_id, row.dealer_id = _stands_for(merchant_id, brand_id, dealer_id)
    row.issuer = checked_code(issuer)
    rated = checked_rated(default_rate)
    row.default_tax_code, row.default_tax_name = rated.tax_code, rated.tax_name
    row.default_rate_basis_points = rated.rate_basis_points
    if red_policy not in contracts.RED_POLICIES:
        raise FieldInvalid(pointer="/red_policy", reason="automatic or held")
    if not 0 <= return_days <= MOST_RETURN_DAYS:
        raise FieldInvalid(pointer="/return_days", reason=f"0 to {MOST_RETURN_DAYS}")
    row.return_days = return_days
    row.red_policy, row.is_open, row.changed_at = red_policy, is_open, now
    if row.version == 0 or settings is not None or secrets is not None:
        row.settings_sealed = _sealed(merchant_id, code, settings, secrets)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise SellerTaken(seller=code) from None
    audit.record(
        audit.Change(
            action="invoicing.set_seller",
            subject="seller",
            subject_id=row.id,
            reason="set up",
            before=before,
            after={"code": code, "is_open": is_open, "version": row.version},
        ),
        now=now,
    )
    return row.as_contract()


def _named(name: str) -> str:
    clean = checked_text(name, pointer="/name")
    if not clean:
        raise FieldInvalid(pointer="/name", reason="whose name?")
    return clean


def _stands_for(
    merchant_id: int, brand_id: int | None, dealer_id: int | None
) -> tuple[int | None, int | None]:
    if brand_id is not None and dealer_id is not None:
        raise FieldInvalid(pointer="/dealer_id", reason="a brand or a dealer")
    if brand_id is not None and all(
        each.id != brand_id for each in merchants.brands(merchant_id=merchant_id)
    ):
        raise NoSuch(kind="brand", key=str(brand_id))
    if dealer_id is not None and all(
        each.id != dealer_id for each in merchants.dealers(merchant_id=merchant_id)
    ):
        raise NoSuch(kind="dealer", key=str(dealer_id))
    return brand_id, dealer_id


def _sealed(
    merchant_id: int,
    code: str,
    settings: Mapping[str, str] | None,
    secrets: Mapping[str, str] | None,
) -> bytes:
    plain = json.dumps({"settings": dict(settings or {}), "secrets": dict(secrets or {})}).encode()
    if len(plain) > LONGEST_SETTINGS:
        raise FieldInvalid(pointer="/settings", reason=f"at most {LONGEST_SETTINGS} bytes")
    return crypto.encrypt(merchant_id=merchant_id, plain=plain, place=settings_place(code=code))
