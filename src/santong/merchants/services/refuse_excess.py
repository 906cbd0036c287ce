from __future__ import annotations

from santong.kernel import tenancy
from santong.merchants import contracts
from santong.merchants.errors import MoreThanOwnPermissions
from santong.merchants.rules.access import Access, exceeds
from santong.merchants.selectors.access import access_of_grants, access_of_staff


def refuse_excess(*, merchant_id: int, wanted: contracts.Grant) -> None:
    """Refuse a grant of what the actor of the open scope does not have.

    Raises MoreThanOwnPermissions.
    """
    own = _own()
    if own is None:
        return
    over = exceeds(access_of_grants(merchant_id=merchant_id, grants=[wanted]), own)
    # A brand without places today may have some tomorrow: it is given away only by who has all.
    if not over and wanted.location_id is None:
        over = tuple(sorted(p for p, at in own.places_by_permission.items() if at is not None))
    if over:
        raise MoreThanOwnPermissions(permissions=over)


def refuse_superiors(*, merchant_id: int, staff_id: int) -> None:
    """Refuse a change of somebody who may do more than the actor of the open scope.

    Otherwise whoever may reset passwords could become anybody. Raises MoreThanOwnPermissions.
    """
    own = _own()
    if own is None:
        return
    if over := exceeds(access_of_staff(merchant_id=merchant_id, staff_id=staff_id), own):
        raise MoreThanOwnPermissions(permissions=over)


def _own() -> Access | None:
    actor = tenancy.current().actor
    if actor.kind == "system":
        return None
    if actor.location_ids_by_permission is not None:
        return Access(actor.location_ids_by_permission)
    return Access(dict.fromkeys(actor.permissions, actor.location_ids))
