"""Sellers and rates."""

from __future__ import annotations

import json
from typing import Any

from santong.invoicing import contracts
from santong.invoicing.models import Seller, TaxRate
from santong.invoicing.models.sellers import settings_place
from santong.kernel import crypto
from santong.kernel.errors import NoSuch


def sellers(*, merchant_id: int) -> list[contracts.Seller]:
    """Everybody who issues invoices, or did."""
    rows = Seller.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]


def seller_by_code(*, merchant_id: int, code: str) -> contracts.Seller:
    """One seller. Raises NoSuch."""
    row = Seller.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="seller", key=code)
    return row.as_contract()


def tax_rates(*, merchant_id: int) -> list[contracts.TaxRate]:
    """Every rate that was ever said, oldest first."""
    rows = TaxRate.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]


def access_of(row: Seller) -> contracts.Access:
    """Everything needed to speak for a seller, its secrets in clear text."""
    opened = crypto.decrypt(
        merchant_id=row.merchant_id,
        sealed=bytes(row.settings_sealed),
        place=settings_place(code=row.code),
    )
    kept: dict[str, Any] = json.loads(opened)
    return contracts.Access(
        merchant_id=row.merchant_id,
        seller_code=row.code,
        seller_name=row.name,
        taxpayer_number=row.taxpayer_number,
        address=row.address,
        phone=row.phone,
        bank=row.bank,
        account=row.account,
        settings=kept["settings"],
        secrets=kept["secrets"],
    )
