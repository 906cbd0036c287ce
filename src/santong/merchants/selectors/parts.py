"""A merchant and its parts: brands, dealers, storefronts."""

from __future__ import annotations

from collections.abc import Iterable

from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.kernel.remembered import Remembered
from santong.merchants import contracts
from santong.merchants.models import Brand, Dealer, LocationOwner, Merchant, Storefront

# Orders name their storefront by code, so it is read with every order. Another process's change is
# seen after this many seconds at the latest.
STOREFRONT_SECONDS = 5.0

_storefronts: Remembered[tuple[int, str], contracts.Storefront] = Remembered(
    seconds=STOREFRONT_SECONDS
)


def merchant(*, merchant_id: int) -> contracts.Merchant:
    """The merchant itself. Raises NoSuch."""
    row = Merchant.objects.of_merchant(merchant_id).first()
    if row is None:
        raise NoSuch(kind="merchant", key=str(merchant_id))
    contract: contracts.Merchant = row.as_contract()
    return contract


def brands(*, merchant_id: int) -> list[contracts.Brand]:
    """Every brand, oldest first."""
    rows = Brand.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]


def brand_by_id(*, merchant_id: int, brand_id: int) -> contracts.Brand:
    """One brand. Raises NoSuch."""
    row = Brand.objects.of_merchant(merchant_id).filter(id=brand_id).first()
    if row is None:
        raise NoSuch(kind="brand", key=str(brand_id))
    contract: contracts.Brand = row.as_contract()
    return contract


def places_of_brands(*, merchant_id: int, brand_ids: Iterable[int]) -> frozenset[int]:
    """The places that some brands have now."""
    rows = LocationOwner.objects.of_merchant(merchant_id).filter(brand_id__in=list(brand_ids))
    return frozenset(rows.values_list("location_id", flat=True))


def dealers(*, merchant_id: int) -> list[contracts.Dealer]:
    """Every dealer, oldest first."""
    rows = Dealer.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract(contact=contact_of(row)) for row in rows]


def dealer_by_id(*, merchant_id: int, dealer_id: int) -> contracts.Dealer:
    """One dealer. Raises NoSuch."""
    row = Dealer.objects.of_merchant(merchant_id).filter(id=dealer_id).first()
    if row is None:
        raise NoSuch(kind="dealer", key=str(dealer_id))
    contract: contracts.Dealer = row.as_contract(contact=contact_of(row))
    return contract


def contact_of(dealer: Dealer) -> str:
    """Whom to call at a dealer's; sealed at rest."""
    if not dealer.contact_sealed:
        return ""
    return crypto.decrypt(
        merchant_id=dealer.merchant_id,
        sealed=bytes(dealer.contact_sealed),
        place=contact_place(dealer.code),
    ).decode()


def contact_place(code: str) -> str:
    """Where a dealer's contact belongs; its ciphertext opens nowhere else."""
    return f"merchants.dealer:{code}"


def storefronts(*, merchant_id: int) -> list[contracts.Storefront]:
    """Every storefront, oldest first."""
    rows = Storefront.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]


def storefront_by_id(*, merchant_id: int, storefront_id: int) -> contracts.Storefront:
    """One storefront. Raises NoSuch."""
    row = Storefront.objects.of_merchant(merchant_id).filter(id=storefront_id).first()
    if row is None:
        raise NoSuch(kind="storefront", key=str(storefront_id))
    contract: contracts.Storefront = row.as_contract()
    return contract


def storefront_by_code(*, merchant_id: int, code: str) -> contracts.Storefront:
    """One storefront, as it was at most five seconds ago. Raises NoSuch."""

    def read() -> contracts.Storefront:
        row = Storefront.objects.of_merchant(merchant_id).filter(code=code).first()
        if row is None:
            raise NoSuch(kind="storefront", key=code)
        contract: contracts.Storefront = row.as_contract()
        return contract

    return _storefronts.get((merchant_id, code), read)


def forget_storefronts() -> None:
    """Read storefronts again: one has changed in this transaction."""
    _storefronts.forget()
