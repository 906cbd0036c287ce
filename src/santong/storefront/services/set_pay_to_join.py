"""Whether paying makes a member is switched, for a storefront or one of its places."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.storefront.models import PayToJoin
from santong.stores import public as stores


@all_or_nothing
def set_pay_to_join(
    *,
    merchant_id: int,
    storefront_id: int,
    location_id: int | None,
    programme_code: str,
    is_on: bool,
    now: datetime,
) -> None:
    """Say whether whoever pays there becomes a member of a programme; said anew, it replaces.

    Raises NoSuch (storefront, location, programme). Locks the switch.
    """
    merchants.storefront_by_id(merchant_id=merchant_id, storefront_id=storefront_id)
    membership.programme_by_code(merchant_id=merchant_id, code=programme_code)
    if location_id is not None and not stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[location_id]
    ):
        raise NoSuch(kind="location", key=str(location_id))
    row, _ = PayToJoin.objects.update_or_create(
        merchant_id=merchant_id,
        storefront_id=storefront_id,
        location_id=location_id,
        defaults={"programme_code": programme_code, "is_on": is_on, "changed_at": now},
    )
    audit.record(
        audit.Change(
            action="storefront.set_pay_to_join",
            subject="pay_to_join",
            subject_id=row.id,
            reason="switched",
            after={"programme_code": programme_code, "is_on": is_on},
        ),
        now=now,
    )
