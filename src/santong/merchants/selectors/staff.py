"""Staff and the keys of programs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from santong.kernel.errors import NoSuch
from santong.merchants import contracts
from santong.merchants.models import ApiToken, StaffUser

# In digits: no row has a longer one, and the database takes none that is much longer.
LONGEST_NUMBER: Final = 18


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


def names_by_signature(*, merchant_id: int, signatures: Collection[str]) -> dict[str, str]:
    """What people and programs are called that signed `staff:17` and `token:5`.

    At most one query for each kind. Whoever else signed, or is not known, is left out.
    """
    people = _signed(signatures, "staff")
    programs = _signed(signatures, "token")
    names: dict[str, str] = {}
    if people:
        rows = StaffUser.objects.of_merchant(merchant_id).filter(id__in=people)
        names |= {f"staff:{number}": name for number, name in rows.values_list("id", "name")}
    if programs:
        rows = ApiToken.objects.of_merchant(merchant_id).filter(id__in=programs)
        names |= {f"token:{number}": name for number, name in rows.values_list("id", "name")}
    return names


def _signed(signatures: Collection[str], kind: str) -> set[int]:
    """The numbers of all of a kind that signed."""
    parts = [signature.partition(":") for signature in signatures]
    return {
        int(number)
        for signer, _, number in parts
        if signer == kind and number.isdecimal() and len(number) <= LONGEST_NUMBER
    }


def tokens(*, merchant_id: int) -> list[contracts.ApiToken]:
    """Every token, revoked ones too, oldest first."""
    rows = ApiToken.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]
