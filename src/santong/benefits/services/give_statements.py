"""The guarded statements that give one coupon to one member: of one slot, of any, in order."""

from __future__ import annotations

from santong.benefits.rules.slots import SLOTS
from santong.benefits.selectors.statements import MICROSECONDS

# What is written of a coupon that was given.
_TAIL = """
written AS (
  INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
    channel, at, actor)
  SELECT %(merchant)s::bigint, id, 'issued', '', 'issued', '', %(channel)s::text,
    %(now)s::timestamptz, %(actor)s::text
  FROM given
), told AS (
  INSERT INTO kernel_outboxevent
    (merchant_id, name, aggregate, body, actor, request_id, occurred_at)
  SELECT %(merchant)s::bigint, %(fact_name)s::text, %(fact_aggregate)s::text,
    %(fact_body)s::jsonb || jsonb_build_object('coupon_id', id), %(actor)s::text, %(request)s::text,
    %(now)s::timestamptz
  FROM given
)
"""

# `slot` takes a slot with room, and asks again of the newest version of the row whether there is
# room; a row that has none any more stays locked until the try is undone. So a statement that may
# come by several rows either waits for none of them, or takes them in their order. A supplier's
# code comes after the day's slot in every form. `given` writes the row that names the command:
# where its key is taken, nothing below happens.
STATEMENT = """
WITH batch AS MATERIALIZED (
  SELECT b.id, b.limit_per_member, b.limit_per_day, b.supply_id, u.kind AS supply_kind,
    u.supplier_id, u.cost_minor, u.currency, u.charged_when,
    greatest(b.valid_from, %(now)s::timestamptz) AS valid_from,
    CASE WHEN b.valid_days IS NULL THEN b.valid_until
         ELSE greatest(b.valid_from, %(now)s::timestamptz) + make_interval(days => b.valid_days)
    END AS valid_until,
    to_char(%(now)s::timestamptz AT TIME ZONE b.timezone, 'YYYY-MM-DD') AS day
  FROM benefits_batch b
  LEFT JOIN benefits_supply u ON u.id = b.supply_id AND u.merchant_id = b.merchant_id
  WHERE b.merchant_id = %(merchant)s::bigint AND b.id = %(batch)s::bigint AND b.state = 'active'
    AND b.opens_at <= %(now)s::timestamptz
    AND (b.closes_at IS NULL OR b.closes_at > %(now)s::timestamptz)
    AND (b.valid_until IS NULL OR b.valid_until > %(now)s::timestamptz)
    AND (b.budget_minor IS NULL OR b.spent_minor < b.budget_minor)
    AND NOT EXISTS (
      SELECT FROM benefits_membercount m
      WHERE m.merchant_id = %(merchant)s::bigint AND m.batch_id = %(batch)s::bigint
        AND m.member_id = %(member)s::bigint AND m.given >= m.most)
), {slots}), code AS MATERIALIZED (
  SELECT k.id FROM batch, slot, benefits_supplycode k
  WHERE batch.supply_kind = 'codes' AND k.supply_id = batch.supply_id AND k.state = 'available'
    AND (batch.limit_per_day IS NULL OR EXISTS (SELECT FROM day_slot))
    AND (k.expires_at IS NULL OR k.expires_at > %(now)s::timestamptz)
  ORDER BY k.id LIMIT 1 FOR NO KEY UPDATE OF k {others}
), ready AS MATERIALIZED (
  SELECT batch.*, slot.id AS slot_id, day_slot.id AS day_id, code.id AS code_id
  FROM batch JOIN slot ON true LEFT JOIN day_slot ON true LEFT JOIN code ON true
  WHERE (batch.limit_per_day IS NULL OR day_slot.id IS NOT NULL)
    AND (batch.supply_kind IS DISTINCT FROM 'codes' OR code.id IS NOT NULL)
), given AS (
  INSERT INTO benefits_coupon (merchant_id, batch_id, member_id, state, nonce, code_index, key,
    channel, cause, valid_from, valid_until, created_at, issued_at, changed_at)
  SELECT %(merchant)s::bigint, id, %(member)s::bigint, 'issued', %(nonce)s::bytea,
    %(code_index)s::bytea,
    %(key)s::text, %(channel)s::text, %(cause)s::text, valid_from, valid_until,
    %(now)s::timestamptz,
    %(now)s::timestamptz, %(now)s::timestamptz
  FROM ready
  ON CONFLICT (merchant_id, key) DO NOTHING
  RETURNING id, valid_from, valid_until
), taken AS (
  UPDATE benefits_batchslot s SET used = s.used + 1
  FROM ready, given WHERE s.id = ANY(ARRAY[ready.slot_id, ready.day_id])
), counted AS (
  INSERT INTO benefits_membercount AS m (merchant_id, batch_id, member_id, given, most)
  SELECT %(merchant)s::bigint, ready.id, %(member)s::bigint, 1, ready.limit_per_member
  FROM ready, given WHERE ready.limit_per_member IS NOT NULL
  ON CONFLICT (merchant_id, batch_id, member_id)
  DO UPDATE SET given = m.given + 1 WHERE m.given + 1 <= m.most
  RETURNING 1
), coded AS (
  UPDATE benefits_supplycode k SET state = 'granted', coupon_id = given.id
  FROM ready, given WHERE k.id = ready.code_id
), asked AS (
  INSERT INTO benefits_supplyrequest (merchant_id, supply_id, coupon_id, state, next_at, error,
    created_at)
  SELECT %(merchant)s::bigint, ready.supply_id, given.id, 'pending', %(now)s::timestamptz, '',
    %(now)s::timestamptz
  FROM ready, given WHERE ready.supply_kind = 'api'
), charged AS (
  INSERT INTO benefits_supplycharge (merchant_id, supply_id, supplier_id, coupon_id, attempt, kind,
    amount_minor, currency, month, at)
  SELECT %(merchant)s::bigint, ready.supply_id, ready.supplier_id, given.id, 0, 'granted',
    ready.cost_minor, ready.currency, date_trunc('month', ready.day::date)::date,
    %(now)s::timestamptz
  FROM ready, given
  WHERE ready.charged_when = 'granted' AND ready.cost_minor > 0 AND ready.supplier_id IS NOT NULL
), {tail}
SELECT given.id, {valid_from}, {valid_until},
  ready.limit_per_member IS NULL OR EXISTS (SELECT FROM counted),
  CASE WHEN ready.limit_per_day IS NULL AND ready.supply_id IS NULL THEN (
    SELECT count(*)::int FROM benefits_batchslot s
    WHERE s.merchant_id = %(merchant)s::bigint AND s.batch_id = ready.id AND s.span = ''
      AND s.quota > 0) END
FROM given, ready
"""


# A slot of one limit: one that nobody holds at this moment. It may come by several that have become
# full, and waits for none.
_SLOT_AT_ONCE = """
{name} AS MATERIALIZED (
  SELECT s.id FROM {among}, benefits_batchslot s
  WHERE s.merchant_id = %(merchant)s::bigint AND s.batch_id = batch.id AND s.span = {span}
    AND s.used < s.quota {only}
  ORDER BY (s.slot + %(first)s::int) %% {count} LIMIT 1 FOR NO KEY UPDATE OF s SKIP LOCKED
"""
# One by chance, for which it waits. That is a single row, whatever has become of it meanwhile.
_SLOT_AWAITED = """
{name} AS MATERIALIZED (
  SELECT s.id FROM benefits_batchslot s
  WHERE s.id = (
    SELECT s.id FROM {among}, benefits_batchslot s
    WHERE s.merchant_id = %(merchant)s::bigint AND s.batch_id = batch.id AND s.span = {span}
      AND s.used < s.quota {only}
    ORDER BY (s.slot + %(first)s::int) %% {count} LIMIT 1
  ) AND s.used < s.quota
  FOR NO KEY UPDATE
"""
# The first of all that have room, for which it waits, as for those before it that have become full.
_SLOT_IN_ORDER = """
{name} AS MATERIALIZED (
  SELECT s.id FROM {among}, benefits_batchslot s
  WHERE s.merchant_id = %(merchant)s::bigint AND s.batch_id = batch.id AND s.span = {span}
    AND s.used < s.quota {only}
  ORDER BY s.slot + 0 * %(first)s::int LIMIT 1 FOR NO KEY UPDATE OF s
"""


def _statement(*, slot: str, others: str) -> str:
    whole = slot.format(name="slot", among="batch", span="''", only="", count=SLOTS)
    by_day = slot.format(
        name="day_slot",
        among="batch, slot",
        span="batch.day",
        only="AND batch.limit_per_day IS NOT NULL",
        count=SLOTS,
    )
    return STATEMENT.format(
        slots=f"{whole}), {by_day}",
        others=others,
        tail=_TAIL.strip(),
        valid_from=MICROSECONDS.format("given.valid_from"),
        valid_until=MICROSECONDS.format("given.valid_until"),
    )


AT_ONCE = _statement(slot=_SLOT_AT_ONCE, others="SKIP LOCKED")
AWAITED = _statement(slot=_SLOT_AWAITED, others="SKIP LOCKED")
IN_ORDER = _statement(slot=_SLOT_IN_ORDER, others="")

# The same for a batch without a limit by day and without a supply, which is most of them: one slot,
# by chance, for which it waits if it must. Whoever finds it full looks through the others. Where
# the key is taken, the slot has been counted all the same, and whoever asked must undo that.
_ONE_SLOT = """
WITH taken AS MATERIALIZED (
  UPDATE benefits_batchslot s SET used = s.used + 1
  FROM benefits_batch b
  WHERE s.merchant_id = %(merchant)s::bigint AND s.batch_id = %(batch)s::bigint AND s.span = ''
    AND s.slot = %(first)s::int AND s.used < s.quota
    AND b.merchant_id = %(merchant)s::bigint AND b.id = %(batch)s::bigint AND b.state = 'active'
    AND b.limit_per_day IS NULL AND b.supply_id IS NULL
    AND b.opens_at <= %(now)s::timestamptz
    AND (b.closes_at IS NULL OR b.closes_at > %(now)s::timestamptz)
    AND (b.valid_until IS NULL OR b.valid_until > %(now)s::timestamptz)
    AND (b.budget_minor IS NULL OR b.spent_minor < b.budget_minor)
  RETURNING b.limit_per_member, b.valid_from, b.valid_until, b.valid_days
), given AS (
  INSERT INTO benefits_coupon (merchant_id, batch_id, member_id, state, nonce, code_index, key,
    channel, cause, valid_from, valid_until, created_at, issued_at, changed_at)
  SELECT %(merchant)s::bigint, %(batch)s::bigint, %(member)s::bigint, 'issued',
    %(nonce)s::bytea, %(code_index)s::bytea, %(key)s::text, %(channel)s::text, %(cause)s::text,
    greatest(valid_from, %(now)s::timestamptz),
    CASE WHEN valid_days IS NULL THEN valid_until
         ELSE greatest(valid_from, %(now)s::timestamptz) + make_interval(days => valid_days) END,
    %(now)s::timestamptz, %(now)s::timestamptz, %(now)s::timestamptz
  FROM taken
  ON CONFLICT (merchant_id, key) DO NOTHING
  RETURNING id, valid_from, valid_until
), counted AS (
  INSERT INTO benefits_membercount AS m (merchant_id, batch_id, member_id, given, most)
  SELECT %(merchant)s::bigint, %(batch)s::bigint, %(member)s::bigint, 1, taken.limit_per_member
  FROM taken, given WHERE taken.limit_per_member IS NOT NULL
  ON CONFLICT (merchant_id, batch_id, member_id)
  DO UPDATE SET given = m.given + 1 WHERE m.given + 1 <= m.most
  RETURNING 1
), {tail}
SELECT given.id, {valid_from}, {valid_until},
  taken.limit_per_member IS NULL OR EXISTS (SELECT FROM counted), NULL::int
FROM given, taken
"""
ONE_SLOT = _ONE_SLOT.format(
    tail=_TAIL.strip(),
    valid_from=MICROSECONDS.format("given.valid_from"),
    valid_until=MICROSECONDS.format("given.valid_until"),
)
