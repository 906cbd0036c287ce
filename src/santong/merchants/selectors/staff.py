"""Staff and the keys of programs."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.merchants import contracts
from santong.merchants.models import ApiToken, StaffUser


def staff(*, merchant_id: int) -> list[contracts.Staff]:
    """Everybody who works with the merchant's Santong, oldest first."""
    rows = StaffUser.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]


def staff_by_id(*, merchant_id: int, staff_id: int) -> contracts.Staff:
    """One of the staff. Raises NoSuch."""
    row = StaffUser.objects.of_merchant(merchant_id).filter(id=staff_id).first()
    if row is None:
        raise NoSuch(kind="staff", key=str(staff_id))
    contract: contracts.Staff = row.as_contract()
    return contract


def tokens(*, merchant_id: int) -> list[contracts.ApiToken]:
    """Every token, revoked ones too, oldest first."""
    rows = ApiToken.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]
