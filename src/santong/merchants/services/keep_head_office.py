from __future__ import annotations

from typing import Any

from santong.merchants.errors import LastHeadOffice
from santong.merchants.models import Role, RoleGrant


def keep_head_office(*, merchant_id: int) -> None:
    """See that somebody remains who can manage all of the merchant, whose row is locked.

    Called by whoever has just taken such a grant, or its owner, away. Raises LastHeadOffice.
    """
    if not _of_all(merchant_id).filter(staff__is_active=True).exists():
        raise LastHeadOffice


def manages_all(*, merchant_id: int, staff_id: int) -> bool:
    """Whether somebody is head office for all of the merchant."""
    found: bool = _of_all(merchant_id).filter(staff_id=staff_id).exists()
    return found


def _of_all(merchant_id: int) -> Any:
    return RoleGrant.objects.of_merchant(merchant_id).filter(
        role=Role.HEAD_OFFICE, brand=None, dealer=None, location_id=None
    )
