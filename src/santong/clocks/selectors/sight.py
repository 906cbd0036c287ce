"""Whose clocks somebody may see over HTTP: everybody's, or nobody's.

Places and providers have owners above us; pages, which know these, narrow by them.
"""

from __future__ import annotations

from typing import Final

from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import Actor
from santong.merchants import public as merchants

VIEW: Final = "clocks.view"
# Who works for somebody else sees what is theirs.
OUTSIDE: Final = frozenset({"provider", "technician"})


def check_everywhere(*, merchant_id: int, actor: Actor) -> None:
    """Refuse whoever may see clocks of some places, or of a provider, only.

    Raises PermissionMissing.
    """
    if actor.location_ids is not None or is_outside(merchant_id=merchant_id, actor=actor):
        raise PermissionMissing(permission=VIEW)


def is_outside(*, merchant_id: int, actor: Actor) -> bool:
    """Whether somebody may see clocks only because they work for a provider."""
    if actor.kind != "staff":
        return False
    grants = merchants.grants_of(merchant_id=merchant_id, staff_id=int(actor.id))
    roles = {each.role for each in grants if VIEW in merchants.PERMISSIONS_BY_ROLE[each.role]}
    return bool(roles) and roles <= OUTSIDE
