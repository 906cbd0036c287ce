"""One step of one coupon: the guarded statement behind hold, redeem, give back, void and freeze."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.benefits.contracts import LONGEST_KEY, Batch, Coupon, CouponState, EventKind
from santong.benefits.errors import (
    CouponFrozen,
    CouponStatePassed,
    KeyTaken,
    LimitReached,
    NotValidNow,
)
from santong.benefits.selectors.coupons import coupon_by_id, row_by_id
from santong.benefits.selectors.statements import Values, run, signature, texts
from santong.benefits.selectors.steps import step_by_key
from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.wire import Statement

TRIES = 5

# `before` waits for the row and asks the condition again of its newest version. `written` names
# the command: where its key is taken, nothing moves. What a step is worth goes on and off the
# batch's budget, where it has one, in the same statement.
_STEP = Statement("""
WITH before AS MATERIALIZED (
  SELECT c.id, c.batch_id, c.member_id, c.state, c.holder, c.amount_minor, c.attempt
  FROM benefits_coupon c
  WHERE c.merchant_id = %(merchant)s::bigint AND c.id = %(coupon)s::bigint
    AND c.state = ANY(%(from)s::text[])
    AND (%(frozen_too)s::bool OR NOT c.is_frozen)
    AND (%(is_frozen)s::bool IS NULL OR c.is_frozen <> %(is_frozen)s::bool)
    AND (%(valid_at)s::timestamptz IS NULL OR (c.valid_from <= %(valid_at)s::timestamptz
      AND (c.valid_until IS NULL OR c.valid_until > %(valid_at)s::timestamptz)))
    AND (%(of_holder)s::text IS NULL OR c.state <> 'held' OR c.holder = %(of_holder)s::text)
  FOR NO KEY UPDATE
), written AS (
  INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
    amount_minor, channel, location_id, key, reason, at, actor)
  SELECT %(merchant)s::bigint, id, %(kind)s::text, state, coalesce(%(to)s::text, state),
    coalesce(nullif(%(holder)s::text, ''), holder), coalesce(%(amount)s::bigint, amount_minor),
    %(channel)s::text,
    %(location)s::bigint, %(key)s::text, %(reason)s::text, %(now)s::timestamptz, %(actor)s::text
  FROM before
  ON CONFLICT (merchant_id, key) WHERE key IS NOT NULL DO NOTHING
  RETURNING id
), moved AS (
  UPDATE benefits_coupon c SET
    state = coalesce(%(to)s::text, c.state),
    is_frozen = coalesce(%(is_frozen)s::bool, c.is_frozen),
    holder = coalesce(%(holder)s::text, c.holder),
    held_until = CASE WHEN coalesce(%(to)s::text, c.state) <> 'held' THEN NULL
                      ELSE coalesce(%(held_until)s::timestamptz, c.held_until) END,
    amount_minor = coalesce(%(amount)s::bigint, c.amount_minor),
    valid_until = coalesce(%(valid_until)s::timestamptz, c.valid_until),
    attempt = c.attempt + (%(kind)s::text = 'redeemed')::int,
    redeemed_at = CASE WHEN %(kind)s::text = 'redeemed' THEN %(redeemed_at)s::timestamptz
                       ELSE c.redeemed_at END,
    redeemed_channel = CASE WHEN %(kind)s::text = 'redeemed' THEN %(channel)s::text
                            ELSE c.redeemed_channel END,
    redeemed_location_id = CASE WHEN %(kind)s::text = 'redeemed' THEN %(location)s::bigint
                                ELSE c.redeemed_location_id END,
    changed_at = %(now)s::timestamptz
  FROM before, written WHERE c.id = before.id
  RETURNING c.id, c.batch_id, c.member_id, c.state, c.attempt, c.amount_minor, before.state AS was,
    c.amount_minor * (c.state IN ('held', 'redeemed'))::int
      - before.amount_minor * (before.state IN ('held', 'redeemed'))::int AS spends
), spent AS (
  UPDATE benefits_batch b SET spent_minor = b.spent_minor + moved.spends
  FROM moved
  WHERE b.id = moved.batch_id AND b.budget_minor IS NOT NULL AND moved.spends <> 0
    AND b.spent_minor + moved.spends <= b.budget_minor
  RETURNING b.id
)
SELECT (SELECT count(*) FROM before), moved.id, moved.attempt, moved.was,
  moved.spends <= 0 OR b.budget_minor IS NULL OR EXISTS (SELECT FROM spent)
FROM (SELECT 1) one
LEFT JOIN moved ON true
LEFT JOIN benefits_batch b ON b.id = moved.batch_id AND b.merchant_id = %(merchant)s::bigint
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a coupon goes from where, and what is written with it. None leaves what is there."""

    coupon_id: int
    kind: EventKind
    start: Sequence[CouponState]
    to: CouponState | None
    key: str | None
    valid_at: datetime | None = None
    of_holder: str | None = None
    holder: str | None = None
    held_until: datetime | None = None
    amount_minor: int | None = None
    channel: str = ""
    location_id: int | None = None
    is_frozen: bool | None = None
    frozen_too: bool = False
    valid_until: datetime | None = None
    redeemed_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stepped:
    """The coupon after the step, and whether it was taken now or by the same command before.

    `was` is where a step that was taken now began, `redeemed_at` when the coupon was last used.
    """

    coupon: Coupon
    batch: Batch
    attempt: int
    is_new: bool
    was: str = ""
    redeemed_at: datetime | None = None


def take_step(step: Step, *, merchant_id: int, now: datetime) -> Stepped:
    """Take a step, once for its key.

    Raises CouponStatePassed, CouponFrozen, NotValidNow, LimitReached, KeyTaken, NoSuch, Busy.
    Locks the coupon, then its batch where a budget is spent.
    """
    if step.key is not None and not 0 < len(step.key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    for _ in range(TRIES):
        ((found, moved, attempt, was, is_within_budget),) = run(
            _STEP, _values(step, merchant_id=merchant_id, now=now)
        )
        if moved is not None:
            row = row_by_id(merchant_id=merchant_id, coupon_id=step.coupon_id)
            if not is_within_budget:
                raise LimitReached(batch_id=row.batch_id, limit="budget")
            return Stepped(
                row.as_contract(),
                row.batch.as_contract(),
                attempt,
                is_new=True,
                was=was,
                redeemed_at=row.redeemed_at,
            )
        if step.key is not None and (before := _before(step, merchant_id=merchant_id)):
            return before
        if not found:
            _refuse(step, merchant_id=merchant_id)
    raise Busy


def _values(step: Step, *, merchant_id: int, now: datetime) -> Values:
    return {
        "merchant": merchant_id,
        "coupon": step.coupon_id,
        "kind": step.kind,
        "from": texts(step.start),
        "to": step.to,
        "frozen_too": step.frozen_too,
        "is_frozen": step.is_frozen,
        "valid_at": step.valid_at,
        "of_holder": step.of_holder,
        "holder": step.holder,
        "held_until": step.held_until,
        "amount": step.amount_minor,
        "channel": step.channel,
        "location": step.location_id,
        "key": step.key,
        "reason": step.reason,
        "valid_until": step.valid_until,
        "redeemed_at": step.redeemed_at or now,
        "now": now,
        "actor": signature(),
    }


def _before(step: Step, *, merchant_id: int) -> Stepped | None:
    """What the same command did before."""
    assert step.key is not None
    done = step_by_key(merchant_id=merchant_id, key=step.key)
    if done is None:
        return None
    if (done.coupon_id, done.kind) != (step.coupon_id, step.kind):
        raise KeyTaken(key=step.key)
    row = row_by_id(merchant_id=merchant_id, coupon_id=step.coupon_id)
    return Stepped(row.as_contract(), row.batch.as_contract(), done.attempt, is_new=False)


def _refuse(step: Step, *, merchant_id: int) -> None:
    """Say why, if a fresh look finds a reason; else it may be tried again."""
    coupon = coupon_by_id(merchant_id=merchant_id, coupon_id=step.coupon_id)
    if coupon.state not in step.start:
        raise CouponStatePassed(
            coupon_id=coupon.id, state=coupon.state, wanted=step.to or step.kind
        )
    if coupon.is_frozen and not step.frozen_too:
        raise CouponFrozen(coupon_id=coupon.id)
    if step.is_frozen is not None and coupon.is_frozen == step.is_frozen:
        raise CouponStatePassed(coupon_id=coupon.id, state=coupon.state, wanted=step.kind)
    if step.of_holder is not None and coupon.state == "held" and coupon.holder != step.of_holder:
        raise CouponStatePassed(coupon_id=coupon.id, state="held", wanted=step.to or step.kind)
    at = step.valid_at
    if at is not None and (
        at < coupon.valid_from or (coupon.valid_until is not None and coupon.valid_until <= at)
    ):
        raise NotValidNow(
            coupon_id=coupon.id, valid_from=coupon.valid_from, valid_until=coupon.valid_until
        )
