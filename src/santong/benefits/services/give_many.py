"""Many coupons of one batch with a few statements; the batch's slots are locked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.benefits.models import Batch
from santong.benefits.models.codes import new_code
from santong.benefits.rules.validity import Span
from santong.benefits.selectors.statements import array, octet_arrays, run
from santong.benefits.services.count_members import count_members
from santong.benefits.services.owe_issued import owe_issued
from santong.kernel.wire import Statement

_CODES = Statement("""
SELECT id FROM benefits_supplycode
WHERE merchant_id = %(merchant)s::bigint AND supply_id = %(supply)s::bigint AND state = 'available'
  AND (expires_at IS NULL OR expires_at > %(now)s::timestamptz)
ORDER BY id LIMIT %(limit)s::int FOR NO KEY UPDATE SKIP LOCKED
""")
_GIVE = Statement("""
WITH given AS (
  INSERT INTO benefits_coupon (merchant_id, batch_id, member_id, state, nonce, code_index, key,
    channel, cause, valid_from, valid_until, created_at, issued_at, changed_at)
  SELECT %(merchant)s::bigint, %(batch)s::bigint, w.member_id, 'issued', w.nonce, w.code_index,
    'issue/' || %(run)s::text || '/' || w.member_id, %(channel)s::text, %(cause)s::text,
    %(valid_from)s::timestamptz, %(valid_until)s::timestamptz, %(now)s::timestamptz,
    %(now)s::timestamptz, %(now)s::timestamptz
  FROM unnest(%(members)s::bigint[], %(nonces)s::bytea[], %(indexes)s::bytea[])
    WITH ORDINALITY AS w(member_id, nonce, code_index, place)
  ORDER BY w.place
  RETURNING id, member_id
), written AS (
  INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
    channel, at, actor)
  SELECT %(merchant)s::bigint, id, 'issued', '', 'issued', '', %(channel)s::text,
    %(now)s::timestamptz, %(actor)s::text
  FROM given
), numbered AS (
  SELECT id, row_number() OVER (ORDER BY id) AS place FROM given
), coded AS (
  UPDATE benefits_supplycode k SET state = 'granted', coupon_id = numbered.id
  FROM numbered, unnest(%(codes)s::bigint[]) WITH ORDINALITY AS w(code_id, place)
  WHERE k.id = w.code_id AND numbered.place = w.place
), asked AS (
  INSERT INTO benefits_supplyrequest (merchant_id, supply_id, coupon_id, state, next_at, error,
    created_at)
  SELECT %(merchant)s::bigint, u.id, given.id, 'pending', %(now)s::timestamptz, '',
    %(now)s::timestamptz
  FROM given, benefits_supply u WHERE u.id = %(supply)s::bigint AND u.kind = 'api'
), charged AS (
  INSERT INTO benefits_supplycharge (merchant_id, supply_id, supplier_id, coupon_id, attempt, kind,
    amount_minor, currency, month, at)
  SELECT %(merchant)s::bigint, u.id, u.supplier_id, given.id, 0, 'granted', u.cost_minor,
    u.currency,
    date_trunc('month', %(now)s::timestamptz AT TIME ZONE %(timezone)s::text)::date,
    %(now)s::timestamptz
  FROM given, benefits_supply u
  WHERE u.id = %(supply)s::bigint AND u.charged_when = 'granted' AND u.cost_minor > 0
    AND u.supplier_id IS NOT NULL
)
SELECT id, member_id FROM given ORDER BY id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Members who are given a coupon each, if their own limit lets them."""

    merchant_id: int
    batch: Batch
    members: Sequence[int]
    run_id: int
    channel: str
    span: Span
    actor: str


@dataclass(frozen=True, slots=True)
class ManyGiven:
    """Who was given one, and what stopped the others."""

    portion: Portion
    member_ids: Sequence[int]
    why: str


def give_many(portion: Portion, *, now: datetime) -> ManyGiven:
    """Give each of these members a coupon whom neither their limit nor the supply stops.

    Locks suppliers' codes, then members' counts, then accounts for red packets.
    """
    batch, members, why = portion.batch, list(portion.members), "member"
    codes: list[int] = []
    if batch.supply is not None and batch.supply.kind == "codes":
        codes = _codes(portion, now)
        if len(codes) < len(members):
            members, why = members[: len(codes)], "supply"
    if batch.limit_per_member is not None and members:
        members = _within_their_limit(portion, members)
    if not members:
        return ManyGiven(portion, (), why)
    new = [new_code(merchant_id=portion.merchant_id) for _ in members]
    rows = run(
        _GIVE,
        {
            "merchant": portion.merchant_id,
            "batch": batch.id,
            "run": str(portion.run_id),
            "channel": portion.channel,
            "cause": f"issue:{portion.run_id}",
            "valid_from": portion.span.valid_from,
            "valid_until": portion.span.valid_until,
            "timezone": batch.timezone,
            "supply": batch.supply_id,
            "members": array(members),
            "nonces": octet_arrays(code.nonce for code in new),
            "indexes": octet_arrays(code.index for code in new),
            "codes": array(codes[: len(members)]),
            "actor": portion.actor,
            "now": now,
        },
    )
    owe_issued(dict(rows), merchant_id=portion.merchant_id, batch_id=batch.id, now=now)
    return ManyGiven(portion, [member_id for _, member_id in rows], why)


def _codes(portion: Portion, now: datetime) -> list[int]:
    rows = run(
        _CODES,
        {
            "merchant": portion.merchant_id,
            "supply": portion.batch.supply_id,
            "limit": len(portion.members),
            "now": now,
        },
    )
    return [code_id for (code_id,) in rows]


def _within_their_limit(portion: Portion, members: Sequence[int]) -> list[int]:
    assert portion.batch.limit_per_member is not None
    allowed = count_members(
        merchant_id=portion.merchant_id,
        batch_id=portion.batch.id,
        most=portion.batch.limit_per_member,
        member_ids=members,
    )
    return [member for member in members if member in allowed]
