from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Brand, Dealer, Merchant, RoleGrant, StaffUser
from santong.merchants.rules.permissions import ROLES
from santong.merchants.selectors.tokens import forget_tokens
from santong.merchants.services.insert import refusing
from santong.merchants.services.refuse_excess import refuse_excess


@all_or_nothing
def grant_role(
    *,
    merchant_id: int,
    staff_id: int,
    role: str,
    brand_id: int | None = None,
    dealer_id: int | None = None,
    location_id: int | None = None,
    now: datetime,
) -> contracts.Grant:
    """Give somebody a role: for one brand, dealer or place, or for all of the merchant.

    Nobody gives what they do not have, at the places where they have it. Granting it again gives
    back the first grant. Raises NoSuch, FieldInvalid, MoreThanOwnPermissions. Locks the merchant.
    """
    if role not in ROLES:
        raise FieldInvalid(pointer="/role", reason=f"one of {', '.join(ROLES)}")
    if sum(part is not None for part in (brand_id, dealer_id, location_id)) > 1:
        raise FieldInvalid(pointer="", reason="a grant is for one brand, one dealer or one place")
    Merchant.objects.of_merchant(merchant_id).lock().first()
    _refuse_strangers(merchant_id, staff_id, brand_id, dealer_id)
    wanted = contracts.Grant(
        id=0, role=role, brand_id=brand_id, dealer_id=dealer_id, location_id=location_id
    )
    refuse_excess(merchant_id=merchant_id, wanted=wanted)
    part: dict[str, Any] = {
        "brand_id": brand_id,
        "dealer_id": dealer_id,
        "location_id": location_id,
    }
    nowhere = NoSuch(kind="location", key=str(location_id))
    with refusing(nowhere, constraint="a_grant_names_a_real_place"):
        grant, is_new = RoleGrant.objects.get_or_create(
            merchant_id=merchant_id,
            staff_id=staff_id,
            role=role,
            **part,
            defaults={"granted_at": now},
        )
    if is_new:
        forget_tokens()
        audit.record(
            audit.Change(
                action="merchants.grant_role",
                subject="staff",
                subject_id=staff_id,
                reason="granted",
                after={"role": role, **part},
            ),
            now=now,
        )
    return grant.as_contract()


def _refuse_strangers(
    merchant_id: int, staff_id: int, brand_id: int | None, dealer_id: int | None
) -> None:
    for kind, rows, key in (
        ("staff", StaffUser.objects.of_merchant(merchant_id), staff_id),
        ("brand", Brand.objects.of_merchant(merchant_id), brand_id),
        ("dealer", Dealer.objects.of_merchant(merchant_id), dealer_id),
    ):
        if key is not None and not rows.filter(id=key).exists():
            raise NoSuch(kind=kind, key=str(key))
