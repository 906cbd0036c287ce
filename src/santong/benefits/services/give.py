"""The guarded statement: gives one coupon to one member within every limit, or gives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from santong.benefits.contracts import Channel, Coupon
from santong.benefits.events import CouponIssued
from santong.benefits.models.codes import new_code
from santong.benefits.rules.slots import SLOTS
from santong.benefits.selectors.statements import moment, signature
from santong.benefits.services.give_statements import AT_ONCE, AWAITED, IN_ORDER, ONE_SLOT
from santong.kernel import facts, tenancy
from santong.kernel.wire import Statement, octets

_ONE_SLOT, _AT_ONCE = Statement(ONE_SLOT), Statement(AT_ONCE)
_WAITING = (Statement(AWAITED), Statement(IN_ORDER))

# How many slots batches have for which the shorter statement does: what it asks of a batch never
# changes, and who finds no such slot, or a full one, looks at all of them.
_slots: dict[tuple[int, int], int] = {}
_MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a coupon of which batch, by which way, and why."""

    merchant_id: int
    batch_id: int
    member_id: int
    channel: Channel
    cause: str
    key: str


@dataclass(frozen=True, slots=True)
class Given:
    """The coupon, and whether the member's own limit let it through."""

    coupon: Coupon
    is_within_member_limit: bool


def give(wish: Wish, *, turn: int, is_alone: bool = True, now: datetime) -> Given | None:
    """Give one coupon, or say None: something is short, or the key was used.

    None must be undone, and so must what came back if the member's limit did not let it through.
    The first `turn` tries one slot where that may do, the next any that is free, the one after it
    waits for one by chance, all further ones for all slots in their order. Who is not alone holds
    slots already and takes only what is free at once. Locks one slot of each limit, a supplier's
    code, then the member's count.
    """
    scope = tenancy.current()
    code = new_code(merchant_id=wish.merchant_id)
    fact = CouponIssued(
        coupon_id=0,
        batch_id=wish.batch_id,
        member_id=wish.member_id,
        channel=wish.channel,
        cause=wish.cause,
    )
    place = (wish.merchant_id, wish.batch_id)
    slots = _slots.get(place) if is_alone else None
    ways = [_AT_ONCE] if slots is None else [_ONE_SLOT, _AT_ONCE]
    if is_alone:
        ways += _WAITING
    found = ways[min(turn, len(ways) - 1)].rows(
        {
            "merchant": str(wish.merchant_id),
            "batch": str(wish.batch_id),
            "member": str(wish.member_id),
            "first": str(crc32(code.nonce) % (slots or SLOTS)),
            "nonce": octets(code.nonce),
            "code_index": octets(code.index),
            "key": wish.key,
            "channel": wish.channel,
            "cause": wish.cause,
            "now": now.isoformat(),
            "actor": signature(),
            "request": scope.request_id,
            "fact_name": facts.type_of(fact).name,
            "fact_aggregate": facts.aggregate_of(fact),
            "fact_body": facts.body_of(fact),
        }
    )
    for coupon_id, valid_from, valid_until, is_within, of_slots in found:
        if of_slots and len(_slots) < _MOST_REMEMBERED:
            _slots[place] = of_slots
        begins = moment(valid_from)
        assert begins is not None
        coupon = Coupon(
            id=coupon_id,
            batch_id=wish.batch_id,
            member_id=wish.member_id,
            state="issued",
            is_frozen=False,
            valid_from=begins,
            valid_until=moment(valid_until),
            holder="",
            amount_minor=0,
        )
        return Given(coupon, is_within)
    return None
