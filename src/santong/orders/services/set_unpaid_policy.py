"""How long unpaid orders hold their stock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.orders import contracts
from santong.orders.models import UnpaidPolicy
from santong.orders.rules.unpaid import LONGEST_HOLD_MINUTES
from santong.orders.selectors.unpaid import forget_policies


@all_or_nothing
def set_unpaid_policy(
    *,
    merchant_id: int,
    storefront_code: str | None,
    hold_minutes: int,
    grace_minutes: int,
    now: datetime,
) -> contracts.UnpaidPolicy:
    """Say how long new unpaid orders of a storefront, or of all without their own, hold stock.

    Raises NoSuch, FieldInvalid.
    """
    for name, minutes in (("hold_minutes", hold_minutes), ("grace_minutes", grace_minutes)):
        if not 0 <= minutes <= LONGEST_HOLD_MINUTES:
            raise FieldInvalid(pointer=f"/{name}", reason="out_of_range")
    storefront_id = None
    if storefront_code is not None:
        storefront_id = merchants.storefront_by_code(
            merchant_id=merchant_id, code=storefront_code
        ).id
    whose: dict[str, Any] = {"storefront_id": storefront_id}
    row, _ = UnpaidPolicy.objects.of_merchant(merchant_id).update_or_create(
        **whose,
        defaults={
            "merchant_id": merchant_id,
            "hold_minutes": hold_minutes,
            "grace_minutes": grace_minutes,
            "changed_at": now,
        },
    )
    forget_policies()
    policy = row.as_contract()
    audit.record(
        audit.Change(
            action="orders.set_unpaid_policy",
            subject="unpaid_policy",
            subject_id=row.id,
            reason="set",
            after={"hold_minutes": hold_minutes, "grace_minutes": grace_minutes},
        ),
        now=now,
    )
    return policy
