"""The guarded statement: gives one coupon to one member within every limit, or gives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from santong.benefits.contracts import Channel, Coupon
from santong.benefits.events import CouponIssued
from santong.benefits.models.codes import new_code
from santong.benefits.selectors.statements import moment, signature
from santong.benefits.services.give_statements import AT_ONCE, IN_ORDER, PLAIN
from santong.kernel import facts, tenancy
from santong.kernel.wire import Statement, octets

_AT_ONCE, _IN_ORDER, _PLAIN = Statement(AT_ONCE), Statement(IN_ORDER), Statement(PLAIN)

# Batches for which the shorter statement does. What it asks of a batch never changes.
_plain: set[tuple[int, int]] = set()
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


def give(wish: Wish, *, is_waiting: bool, now: datetime) -> Given | None:
    """Give one coupon, or say None: something is short, or the key was used.

    What came back must be undone by a refusal if the member's limit did not let it through. Locks
    one slot of each limit, a supplier's code, then the member's count; with `is_waiting` it waits
    for slots, in their order.
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
    at_once = _PLAIN if place in _plain else _AT_ONCE
    found = (_IN_ORDER if is_waiting else at_once).rows(
        {
            "merchant": str(wish.merchant_id),
            "batch": str(wish.batch_id),
            "member": str(wish.member_id),
            "first": str(crc32(code.nonce) % 16),
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
    for coupon_id, valid_from, valid_until, is_within, is_plain in found:
        if is_plain and len(_plain) < _MOST_REMEMBERED:
            _plain.add(place)
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
