"""A red packet is owed from its issue on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.benefits.contracts import Batch
from santong.benefits.rules.terms import OWED_IN_MONEY
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.services import books

# Which kind a batch is never changes; it is asked with every claim.
_owed: dict[tuple[int, int], bool] = {}
_MOST_REMEMBERED = 100_000


def owe_issued(
    member_by_coupon: Mapping[int, int], *, merchant_id: int, batch_id: int, now: datetime
) -> None:
    """Owe members what these coupons of a batch hold, if it is money. Locks accounts."""
    if not member_by_coupon or not is_owed(merchant_id=merchant_id, batch_id=batch_id):
        return
    batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id).as_contract()
    packets = [
        packet(batch, coupon_id=coupon_id, member_id=member_id)
        for coupon_id, member_id in sorted(member_by_coupon.items())
    ]
    books.owe(packets, merchant_id=merchant_id, now=now)


def end_owed(
    ended: Mapping[int, tuple[int, int]], *, merchant_id: int, batch_id: int, now: datetime
) -> None:
    """Owe nothing more for coupons of a batch whose time was over: member and uses by coupon.

    Locks accounts.
    """
    if not is_owed(merchant_id=merchant_id, batch_id=batch_id):
        return
    batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id).as_contract()
    books.end(
        [
            books.Ending(
                packet(batch, coupon_id=coupon_id, member_id=member_id), attempt, "expired"
            )
            for coupon_id, (member_id, attempt) in sorted(ended.items())
        ],
        merchant_id=merchant_id,
        now=now,
    )


def is_owed(*, merchant_id: int, batch_id: int) -> bool:
    """Whether coupons of a batch are owed in money."""
    place = (merchant_id, batch_id)
    if place not in _owed:
        batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
        if len(_owed) >= _MOST_REMEMBERED:
            _owed.clear()
        _owed[place] = batch.kind in OWED_IN_MONEY
    return _owed[place]


def packet(batch: Batch, *, coupon_id: int, member_id: int) -> books.Packet:
    """What one coupon of a batch holds, for the books."""
    assert batch.currency is not None, "money has a currency"
    return books.Packet(
        coupon_id=coupon_id,
        batch_id=batch.id,
        member_id=member_id,
        value_minor=int(batch.terms["value_minor"]),
        currency=batch.currency,
    )
