from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants.models import Merchant, RoleGrant
from santong.merchants.selectors.tokens import forget_tokens
from santong.merchants.services.keep_head_office import keep_head_office, manages_all
from santong.merchants.services.refuse_excess import refuse_excess


@all_or_nothing
def revoke_role(*, merchant_id: int, grant_id: int, reason: str, now: datetime) -> None:
    """Take a role away again, with the next request; from tokens within five seconds.

    Raises NoSuch, LastHeadOffice, MoreThanOwnPermissions. Locks the merchant.
    """
    Merchant.objects.of_merchant(merchant_id).lock().first()
    grant: RoleGrant | None = RoleGrant.objects.of_merchant(merchant_id).filter(id=grant_id).first()
    if grant is None:
        raise NoSuch(kind="grant", key=str(grant_id))
    refuse_excess(merchant_id=merchant_id, wanted=grant.as_contract())
    staff_id = grant.staff_id
    before = {
        "role": grant.role,
        "brand_id": grant.brand_id,
        "dealer_id": grant.dealer_id,
        "location_id": grant.location_id,
    }
    managed_all = manages_all(merchant_id=merchant_id, staff_id=staff_id)
    grant.delete()
    if managed_all:
        keep_head_office(merchant_id=merchant_id)
    forget_tokens()
    audit.record(
        audit.Change(
            action="merchants.revoke_role",
            subject="staff",
            subject_id=staff_id,
            reason=reason,
            before=before,
        ),
        now=now,
    )
