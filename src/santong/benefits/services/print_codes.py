"""Codes on paper: coupons that are nobody's yet."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import LONGEST_KEY, Channel
from santong.benefits.errors import KeyTaken, LimitReached
from santong.benefits.models import Coupon
from santong.benefits.models.codes import code_of, new_code
from santong.benefits.rules import codes
from santong.benefits.rules.slots import taken
from santong.benefits.rules.validity import span_of
from santong.benefits.selectors.limits import batch_by_id, refusal_of
from santong.benefits.selectors.statements import octet_arrays, run, signature
from santong.benefits.services.lock_slots import lock_slots, take_slots
from santong.kernel import audit
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

MOST_AT_ONCE = 5_000

_PRINT = Statement("""
WITH printed AS (
  INSERT INTO benefits_coupon (merchant_id, batch_id, state, nonce, code_index, key, channel,
    cause, valid_from, valid_until, created_at, changed_at)
  SELECT %(merchant)s::bigint, %(batch)s::bigint, 'created', w.nonce, w.code_index,
    'print/' || %(key)s::text || '/' || w.place, %(channel)s::text, 'print',
    %(valid_from)s::timestamptz, %(valid_until)s::timestamptz, %(now)s::timestamptz,
    %(now)s::timestamptz
  FROM unnest(%(nonces)s::bytea[], %(indexes)s::bytea[])
    WITH ORDINALITY AS w(nonce, code_index, place)
  ORDER BY w.place
  ON CONFLICT (merchant_id, key) DO NOTHING
  RETURNING id
)
INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
  channel, at, actor)
SELECT %(merchant)s::bigint, id, 'created', '', 'created', '', %(channel)s::text,
  %(now)s::timestamptz, %(actor)s::text
FROM printed
RETURNING coupon_id
""")


@all_or_nothing
def print_codes(
    *,
    merchant_id: int,
    batch_id: int,
    quantity: int,
    channel: Channel,
    key: str,
    now: datetime,
) -> list[str]:
    """Make coupons whose codes are printed; each belongs to whoever takes it first.

    The same key gives the same codes. They count against the batch's limit now.

    Raises LimitReached, BatchNotOpen, OutsideClaimWindow, KeyTaken, FieldInvalid, NoSuch. Locks
    the batch's slots.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    if not 0 < quantity <= MOST_AT_ONCE:
        raise FieldInvalid(pointer="/quantity", reason=f"1 to {MOST_AT_ONCE}")
    batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    if batch.supply_id is not None or batch.limit_per_day is not None:
        raise FieldInvalid(pointer="/batch_id", reason="has a supply or a limit by day")
    slots = lock_slots(merchant_id=merchant_id, batch_id=batch_id)
    if first := _printed(merchant_id, batch_id, key):
        if len(first) != quantity:
            raise KeyTaken(key=key)
        return first
    refused = refusal_of(merchant_id=merchant_id, batch_id=batch_id, member_id=None, now=now)
    if isinstance(refused, DomainError):
        raise refused
    if sum(slot.quota - slot.used for slot in slots) < quantity:
        raise LimitReached(batch_id=batch_id, limit="total")
    span = span_of(batch.as_contract().validity, issued_at=now)
    new = [new_code(merchant_id=merchant_id) for _ in range(quantity)]
    made = run(
        _PRINT,
        {
            "merchant": merchant_id,
            "batch": batch_id,
            "key": key,
            "channel": channel,
            "valid_from": span.valid_from,
            "valid_until": span.valid_until,
            "nonces": octet_arrays(code.nonce for code in new),
            "indexes": octet_arrays(code.index for code in new),
            "actor": signature(),
            "now": now,
        },
    )
    if len(made) != quantity:
        raise KeyTaken(key=key)
    take_slots(
        merchant_id=merchant_id,
        batch_id=batch_id,
        span="",
        taken_by_slot=taken(slots, wanted=quantity),
    )
    audit.record(
        audit.Change(
            action="benefits.print_codes",
            subject="benefit_batch",
            subject_id=batch_id,
            reason=key,
            after={"quantity": quantity},
        ),
        now=now,
    )
    return _printed(merchant_id, batch_id, key)


def _printed(merchant_id: int, batch_id: int, key: str) -> list[str]:
    rows = Coupon.objects.of_merchant(merchant_id).filter(
        batch_id=batch_id, key__startswith=f"print/{key}/", cause="print"
    )
    return [
        codes.grouped(code_of(merchant_id=merchant_id, nonce=bytes(row.nonce)))
        for row in rows.order_by("id")
        if row.key.rpartition("/")[0] == f"print/{key}"
    ]
