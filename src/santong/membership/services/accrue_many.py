"""Many purchases at once: an import, a day's tills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import PointsKeyTaken
from santong.membership.models import Accrual
from santong.membership.rules.purchases import check_purchase, hash_of, waves
from santong.membership.selectors.accruals import accruals_of_keys, accrued_of
from santong.membership.selectors.programmes import programme_by_code, programme_of_brand
from santong.membership.services.accrue_wave import Placed, accrue_wave
from santong.membership.services.lock_current import lock_current
from santong.merchants import public as merchants


@all_or_nothing
def accrue_many(
    *, merchant_id: int, purchases: Sequence[contracts.Purchase], now: datetime
) -> list[contracts.Accrued]:
    """Give what purchases bring, all or nothing, in their order; each once for its source and key.

    Of several purchases of one member, each is counted with the tier that the one before it left.

    Raises NoSuch, CardMissing, NothingPromised, NotAuthorised, PointsKeyTaken, FieldInvalid, Busy.
    Emits PointsAccrued, TierChanged, MemberWoken. Locks members, then accounts.
    """
    if not purchases:
        return []
    keys = [(purchase.source, purchase.key) for purchase in purchases]
    if len(set(keys)) < len(keys):
        raise FieldInvalid(pointer="/purchases", reason="a purchase stands twice")
    for purchase in purchases:
        check_purchase(purchase)
    programmes = _programmes(merchant_id, purchases)
    current = lock_current(
        merchant_id=merchant_id, member_ids={purchase.member_id for purchase in purchases}
    )
    known = accruals_of_keys(merchant_id=merchant_id, keys=keys)
    _refuse_other_content(purchases, known)
    fresh = [each for each in purchases if (each.source, each.key) not in known]
    made: dict[tuple[str, str], Accrual] = {}
    for wave in waves(fresh, member_by_id=current):
        rows = accrue_wave(
            merchant_id=merchant_id,
            placed=[
                Placed(each, current[each.member_id], programmes[_place(each)]) for each in wave
            ],
            now=now,
        )
        made.update({(row.source, row.key): row for row in rows})
    return [
        accrued_of(merchant_id=merchant_id, row=made.get(key) or known[key], is_new=key in made)
        for key in keys
    ]


def _place(purchase: contracts.Purchase) -> tuple[str, str]:
    return purchase.programme_code, purchase.storefront_code


def _programmes(
    merchant_id: int, purchases: Sequence[contracts.Purchase]
) -> dict[tuple[str, str], contracts.Programme]:
    return {
        place: _programme(merchant_id, *place) for place in {_place(each) for each in purchases}
    }


def _programme(merchant_id: int, code: str, storefront_code: str) -> contracts.Programme:
    if code:
        return programme_by_code(merchant_id=merchant_id, code=code)
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    found = (
        programme_of_brand(merchant_id=merchant_id, brand_id=storefront.brand_id)
        if storefront.brand_id
        else None
    )
    if found is None:
        raise NoSuch(kind="programme", key=storefront_code[:40])
    return found


def _refuse_other_content(
    purchases: Sequence[contracts.Purchase], known: Mapping[tuple[str, str], Accrual]
) -> None:
    for purchase in purchases:
        row = known.get((purchase.source, purchase.key))
        if row is not None and row.request_hash != hash_of(purchase):
            raise PointsKeyTaken(source=purchase.source, key=purchase.key)
