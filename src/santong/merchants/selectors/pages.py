"""Lists that may grow long, page by page, newest first: each gives one row more than `limit`."""

from __future__ import annotations

from typing import Any

from santong.merchants import contracts
from santong.merchants.models import ApiToken, Brand, Dealer, StaffUser, Storefront
from santong.merchants.selectors.parts import contact_of


def brands_page(*, merchant_id: int, before: int, limit: int) -> list[contracts.Brand]:
    """Brands below an id."""
    rows = _cut(Brand.objects.of_merchant(merchant_id), before, limit)
    return [row.as_contract() for row in rows]


def dealers_page(*, merchant_id: int, before: int, limit: int) -> list[contracts.Dealer]:
    """Dealers below an id."""
    rows = _cut(Dealer.objects.of_merchant(merchant_id), before, limit)
    return [row.as_contract(contact=contact_of(row)) for row in rows]


def storefronts_page(*, merchant_id: int, before: int, limit: int) -> list[contracts.Storefront]:
    """Storefronts below an id."""
    rows = _cut(Storefront.objects.of_merchant(merchant_id), before, limit)
    return [row.as_contract() for row in rows]


def staff_page(
    *, merchant_id: int, location_ids: frozenset[int] | None, before: int, limit: int
) -> list[contracts.Staff]:
    """Staff below an id: everybody, or those who were given a role at one of some places."""
    rows = StaffUser.objects.of_merchant(merchant_id)
    if location_ids is not None:
        rows = rows.filter(grants__location_id__in=location_ids).distinct()
    return [row.as_contract() for row in _cut(rows, before, limit)]


def tokens_page(*, merchant_id: int, before: int, limit: int) -> list[contracts.ApiToken]:
    """Tokens below an id, revoked ones too."""
    rows = _cut(ApiToken.objects.of_merchant(merchant_id), before, limit)
    return [row.as_contract() for row in rows]


def _cut(rows: Any, before: int, limit: int) -> Any:
    return rows.filter(id__lt=before).order_by("-id")[: limit + 1]
