"""What SQL makes of the same purchases without a line of the product, beside the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from santong.kernel import tenancy
from santong.simulation.rules.purchases.outcome import Burnt, Proof
from santong.simulation.rules.purchases.plan import Plan
from santong.simulation.rules.purchases.tables import History
from santong.simulation.services.open_purchases_merchant import POOL, PROGRAMME

ROWS_AT_ONCE = 20_000

_STAGE = """
CREATE TEMP TABLE raw_line (basket text, line int, member bigint, bought_at timestamptz,
  quantity bigint, amount bigint) ON COMMIT DROP;
CREATE TEMP TABLE raw_return (seq bigint, basket text, line int, at timestamptz, quantity bigint)
  ON COMMIT DROP;
CREATE TEMP TABLE raw_burn (member bigint, at timestamptz, points bigint) ON COMMIT DROP;
CREATE TEMP TABLE basket (seq bigint, basket text PRIMARY KEY, member bigint, day date,
  points bigint, experience bigint, ripe_at timestamptz, ends_at timestamptz,
  is_ripe boolean DEFAULT false, remaining bigint DEFAULT 0) ON COMMIT DROP;
CREATE INDEX ON basket (member);
CREATE TEMP TABLE back (seq bigint, basket text, member bigint, at timestamptz, day date,
  amount bigint) ON COMMIT DROP;
CREATE TEMP TABLE standing (member bigint PRIMARY KEY, debt bigint DEFAULT 0,
  expired bigint DEFAULT 0) ON COMMIT DROP;
"""

# A basket waits to the end of its last day, and its points end with the day so many months later.
# A line takes back whole shares of what it brought.
_WORK_OUT = (
    """
INSERT INTO basket (seq, basket, member, day, points, experience, ripe_at, ends_at)
SELECT row_number() OVER (ORDER BY bought_at, basket COLLATE "C"), basket, member, day,
  div(amount * %(points)s, %(per_minor)s) + CASE WHEN amount >= %(large)s THEN %(bonus)s ELSE 0 END,
  div(amount * %(experience)s, %(experience_per_minor)s),
  (day + %(pending_days)s + 1)::timestamp AT TIME ZONE %(clock)s,
  ((day + make_interval(months => %(months)s))::date + 1)::timestamp AT TIME ZONE %(clock)s
FROM (
  SELECT basket, member, bought_at, (bought_at AT TIME ZONE %(clock)s)::date AS day,
    sum(amount) AS amount
  FROM raw_line GROUP BY basket, member, bought_at
) b
""",
    """
INSERT INTO back SELECT r.seq, basket, b.member, r.at, (r.at AT TIME ZONE %(clock)s)::date,
  div(l.amount * r.so_far, l.quantity) - div(l.amount * (r.so_far - r.quantity), l.quantity)
FROM (
  SELECT *, sum(quantity) OVER (PARTITION BY basket, line ORDER BY seq) AS so_far FROM raw_return
) r JOIN raw_line l USING (basket, line) JOIN basket b USING (basket)
""",
    "INSERT INTO standing (member) SELECT DISTINCT member FROM basket",
    "ANALYZE basket",
)

# Day by day: what ripens pays what is owed first; what ends is gone; what comes back is taken out
# of its own basket, then of the points that end first, and the rest is owed; what is spent is taken
# out of the points that end first.
_PLAY = """
DO $$
DECLARE
  step record;
  lot record;
  need bigint;
  part bigint;
BEGIN
  FOR step IN
    SELECT ripe_at AS at, 'ripe' AS what, 0 AS rank, seq, basket, member, 0::bigint AS points
    FROM basket
    UNION ALL SELECT ends_at, 'end', 1, seq, basket, member, 0 FROM basket
    UNION ALL SELECT at, 'back', 2, seq, basket, member, amount FROM back
    UNION ALL SELECT at, 'burn', 3, 0, '', member, points FROM raw_burn
    ORDER BY at, rank, seq
  LOOP
    EXIT WHEN step.at > current_setting('proof.until')::timestamptz;
    need := 0;
    CASE step.what
    WHEN 'ripe' THEN
      SELECT least(s.debt, b.points) INTO part FROM standing s JOIN basket b USING (member)
      WHERE b.basket = step.basket;
      UPDATE standing SET debt = debt - part WHERE member = step.member;
      UPDATE basket SET is_ripe = true, remaining = points - part WHERE basket = step.basket;
    WHEN 'end' THEN
      UPDATE standing SET expired = expired
        + (SELECT remaining FROM basket b WHERE b.basket = step.basket)
      WHERE member = step.member;
      UPDATE basket SET remaining = 0 WHERE basket = step.basket;
    WHEN 'back' THEN
      UPDATE basket SET points = points - step.points WHERE basket = step.basket AND NOT is_ripe;
      IF NOT FOUND THEN
        SELECT least(remaining, step.points) INTO part FROM basket WHERE basket = step.basket;
        UPDATE basket SET remaining = remaining - part WHERE basket = step.basket;
        need := step.points - part;
      END IF;
    WHEN 'burn' THEN
      need := step.points;
    END CASE;
    IF need > 0 THEN
      FOR lot IN
        SELECT basket, remaining FROM basket WHERE member = step.member AND remaining > 0
        ORDER BY ends_at, seq
      LOOP
        part := least(need, lot.remaining);
        UPDATE basket SET remaining = remaining - part WHERE basket = lot.basket;
        need := need - part;
        EXIT WHEN need = 0;
      END LOOP;
      UPDATE standing SET debt = debt + need WHERE member = step.member AND need > 0;
    END IF;
  END LOOP;
END $$
"""

_EXPECTED = """
WITH moved AS (
  SELECT member, day, sum(experience) AS more, 0 AS less FROM basket GROUP BY member, day
  UNION ALL SELECT member, day, 0, sum(amount) FROM back GROUP BY member, day
), daily AS (
  SELECT member, day, sum(more) AS more, sum(less) AS less FROM moved GROUP BY member, day
), height AS (
  SELECT member, max(before + more) AS most, sum(more - less) AS experience FROM (
    SELECT *, sum(more - less) OVER (PARTITION BY member ORDER BY day) - more + less AS before
    FROM daily
  ) d GROUP BY member
), whole AS (
  SELECT member, sum(points) FILTER (WHERE NOT is_ripe) AS pending, sum(remaining) AS remaining
  FROM basket GROUP BY member
), burned AS (
  SELECT member, sum(points) AS points FROM raw_burn GROUP BY member
)
SELECT w.member, coalesce(w.pending, 0)::bigint AS pending,
  (w.remaining - s.debt)::bigint AS available, s.expired, coalesce(b.points, 0)::bigint AS burned,
  h.experience::bigint AS experience,
  (SELECT t.code FROM unnest(%(tiers)s::text[], %(thresholds)s::bigint[]) AS t(code, threshold)
   WHERE t.threshold <= greatest(h.most, 0) ORDER BY t.threshold DESC LIMIT 1) AS tier
FROM whole w JOIN height h USING (member) JOIN standing s USING (member)
LEFT JOIN burned b USING (member)
"""

# Entries alone, not the balances that are kept beside them.
_LEDGER = """
WITH entry AS (
  SELECT substr(a.owner, 8)::bigint AS member, s.code, a.kind, t.kind AS cause, e.amount
  FROM payments_entry e JOIN payments_account a ON a.id = e.account_id
  JOIN payments_asset s ON s.id = e.asset_id JOIN payments_txn t ON t.id = e.txn_id
  WHERE e.merchant_id = %(merchant)s AND a.owner LIKE 'member:%%%%'
)
SELECT member,
  coalesce(sum(amount) FILTER (WHERE code = %(points_asset)s AND kind = 'pending'), 0)::bigint
    AS pending,
  coalesce(sum(amount) FILTER (
    WHERE code = %(points_asset)s AND kind IN ('available', 'debt')), 0)::bigint AS available,
  coalesce(-sum(amount) FILTER (
    WHERE code = %(points_asset)s AND kind = 'available' AND cause = 'expire'), 0)::bigint
    AS expired,
  coalesce(-sum(amount) FILTER (
    WHERE code = %(points_asset)s AND kind = 'available' AND cause = 'burn'), 0)::bigint
    AS burned,
  coalesce(sum(amount) FILTER (WHERE code = %(experience_asset)s AND kind = 'earned'), 0)::bigint
    AS experience,
  (SELECT coalesce(nullif(c.tier, ''), %(first_tier)s) FROM membership_card c
   WHERE c.merchant_id = %(merchant)s AND c.member_id = entry.member) AS tier
FROM entry GROUP BY member
"""

COLUMNS = ("pending", "available", "expired", "burned", "experience")


def prove_points(
    *,
    merchant_id: int,
    history: History,
    plan: Plan,
    member_by_name: Mapping[str, int],
    burnt: Sequence[Burnt],
    until: datetime,
) -> Proof:
    """Add up the purchases by SQL alone, and compare every member with the ledger's entries."""
    values = _values(merchant_id, plan, until)
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        cursor.execute(_STAGE)
        _stage(cursor, history, member_by_name, burnt)
        for statement in _WORK_OUT:
            cursor.execute(statement, values)
        cursor.execute("SELECT set_config('proof.until', %s, true)", [until.isoformat()])
        cursor.execute(_PLAY)
        expected = _rows(cursor, _EXPECTED, values)
        ledger = _rows(cursor, _LEDGER, values)
    tiers: dict[str, int] = {}
    for row in expected.values():
        tiers[row["tier"]] = tiers.get(row["tier"], 0) + 1
    return Proof(
        expected={name: sum(row[name] for row in expected.values()) for name in COLUMNS},
        ledger={name: sum(row[name] for row in ledger.values()) for name in COLUMNS},
        members_by_tier={tier.code: tiers.get(tier.code, 0) for tier in plan.terms.tiers},
        members=len(expected),
        differing=sum(
            expected.get(member) != ledger.get(member) for member in expected.keys() | ledger.keys()
        ),
    )


def _values(merchant_id: int, plan: Plan, until: datetime) -> dict[str, Any]:
    rules = {(rule.asset, rule.effect): rule for rule in plan.terms.rules}
    base, experience = rules["points", "base"], rules["experience", "base"]
    bonus = rules.get(("points", "bonus"))
    expiry = plan.terms.expiry
    return {
        "merchant": merchant_id,
        "clock": plan.terms.timezone,
        "until": until,
        "points": base.points,
        "per_minor": base.per_minor,
        "experience": experience.points,
        "experience_per_minor": experience.per_minor,
        "large": bonus.conditions.amount_minor_min if bonus else 0,
        "bonus": bonus.points if bonus else 0,
        "pending_days": plan.terms.maturity.pending_days,
        # Never is long after the last purchase.
        "months": expiry.months if expiry.kind == "months" else 1_200,
        "tiers": [tier.code for tier in plan.terms.tiers],
        "thresholds": [tier.threshold for tier in plan.terms.tiers],
        "first_tier": plan.terms.tiers[0].code,
        "points_asset": f"points:{POOL}",
        "experience_asset": f"experience:{PROGRAMME}",
    }


def _stage(
    cursor: Any,
    history: History,
    member_by_name: Mapping[str, int],
    burnt: Iterable[Burnt],
) -> None:
    lines = (
        (b.number, line.number, member_by_name[b.member], b.bought_at, line.quantity,
         line.amount_minor)
        for b in history.baskets
        for line in b.lines
    )  # fmt: skip
    returns = (
        (number, back.basket, line, back.returned_at, quantity)
        for number, back in enumerate(history.returns)
        for line, quantity in back.quantity_by_line.items()
    )
    burns = ((member_by_name[each.member], each.at, each.points) for each in burnt)
    for table, rows in (("raw_line", lines), ("raw_return", returns), ("raw_burn", burns)):
        with cursor.copy(f"COPY {table} FROM STDIN") as copied:
            for row in rows:
                copied.write_row(row)


def _rows(cursor: Any, statement: str, values: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    cursor.execute(statement, values)
    names = [column.name for column in cursor.description]
    found = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return {row.pop("member"): row for row in found}
