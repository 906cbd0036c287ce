"""The statements that say of each pair, and of each side that is alone, what it is.

`judged` is every pair with its category, or none where the pair matches; `alone` every line and
movement without a counterpart. Amounts of lines are those less fees, and nothing where they are in
another currency than the account's: amounts in two currencies are never added.
"""

from __future__ import annotations

from santong.payments import public as payments

JUDGED = """
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
WITH agreed AS (
  SELECT id, CASE
    WHEN %(per_million)s > 0 AND kind = 'payment'
      AND abs(fee - (abs(amount) * %(per_million)s + 500000) / 1000000) > %(fee_tolerance)s
    THEN (abs(amount) * %(per_million)s + 500000) / 1000000 ELSE fee END AS fee
  FROM their
), spare_fee AS (
  SELECT o.* FROM our o
  WHERE o.kind = 'fee' AND NOT EXISTS (SELECT FROM pair p WHERE p.movement = o.id)
), known AS (
  SELECT p.stage, p.net_of, l.id AS line, l.file, l.amount, l.fee, l.currency, l.ours AS ours_named,
    l.theirs AS theirs_named, l.moved_at, l.difference AS their_difference,
    m.id AS movement, m.amount AS our_amount, m.currency AS our_currency, m.document,
    m.difference AS our_difference, m.moved_at AS our_moved_at, m.ours AS our_reference,
    f.id AS fee_movement, f.amount AS our_fee, f.difference AS fee_difference, a.fee AS agreed_fee
  FROM pair p
  JOIN their l ON l.id = p.line
  JOIN agreed a ON a.id = l.id
  LEFT JOIN our m ON m.id = p.movement
  LEFT JOIN spare_fee f ON f.ours = m.ours AND m.kind <> 'fee'
)
SELECT *,
  CASE WHEN currency = %(currency)s THEN amount - fee ELSE 0 END AS theirs_minor,
  coalesce(our_amount, amount) + coalesce(our_fee, 0) AS moved_minor,
  CASE
    WHEN currency <> coalesce(our_currency, currency) OR currency <> %(currency)s
      THEN 'currency_differs'
    WHEN amount <> our_amount AND abs(amount - our_amount) <= %(rounding)s THEN 'rounding'
    WHEN amount <> our_amount THEN 'amount_differs'
    WHEN fee <> coalesce(-our_fee, agreed_fee) THEN 'fee_differs'
  END AS category
FROM known;
ALTER TABLE judged ADD booked_minor bigint;
UPDATE judged SET
  booked_minor = CASE
    WHEN net_of IS NOT NULL THEN amount
    WHEN category IS NULL OR category = 'fee_differs' THEN
      CASE WHEN fee_movement IS NULL THEN -agreed_fee ELSE 0 END
    ELSE 0 END,
  moved_minor = CASE WHEN net_of IS NOT NULL THEN 0 ELSE moved_minor END;
ANALYZE judged;
"""
_ALONE_LINES = """
SELECT l.id AS line, NULL::bigint AS movement, l.file, l.ours, l.theirs, l.moved_at, l.currency,
  CASE WHEN l.currency = %(currency)s THEN l.amount - l.fee ELSE 0 END AS theirs_minor,
  0::bigint AS ours_minor, ''::text AS document, l.difference,
  CASE
    WHEN l.kind = 'other' THEN 'unknown_kind'
    WHEN l.currency <> %(currency)s THEN 'currency_differs'
    WHEN l.place > 1 OR (l.ours <> '' AND EXISTS (
      SELECT FROM {movements} m WHERE m.kind = l.kind AND m.reference = l.ours
    )) THEN 'duplicate_at_provider'
    WHEN l.kind IN ('chargeback', 'chargeback_returned') THEN 'dispute'
    WHEN l.kind = 'transfer_returned' THEN 'payout_returned'
    WHEN l.kind = 'refund' AND s.state IS NOT NULL THEN 'refund_state_differs'
    WHEN s.state IN ('closed', 'failed', 'voided') THEN 'late_payment'
    WHEN s.state IS NOT NULL THEN 'status_differs'
    ELSE 'missing_in_books'
  END AS category,
  'open'::text AS state,
  jsonb_strip_nulls(jsonb_build_object('line', l.line, 'kind', l.kind, 'our_state', s.state,
    'amount_minor', l.amount, 'fee_minor', l.fee)) AS explanation
FROM (
  SELECT t.*, p.line AS paired, CASE WHEN t.ours = '' AND t.theirs = '' THEN 1 ELSE
    row_number() OVER (PARTITION BY t.kind, t.ours, t.theirs, t.amount
      ORDER BY (p.line IS NULL), (t.difference IS NULL), t.line, t.id) END AS place
  FROM their t LEFT JOIN pair p ON p.line = t.id
) l
LEFT JOIN LATERAL (
  SELECT known.state FROM {states} known
  WHERE known.kind = l.kind AND known.reference = l.ours LIMIT 1
) s ON l.ours <> ''
WHERE l.paired IS NULL
""".replace("{movements}", payments.ALL_MOVEMENTS_OF).replace("{states}", payments.STATES_OF)
# Whose counterpart may stand in the file of the day before or after is said to wait for it.
LONELY = """
CREATE TEMPORARY TABLE lonely ON COMMIT DROP AS
SELECT o.*, (
  SELECT n.day FROM (VALUES
    (%(day)s::date + 1, o.moved_at >= %(until)s::timestamptz - make_interval(mins => %(border)s)),
    (%(day)s::date - 1, o.moved_at < %(from)s::timestamptz + make_interval(mins => %(border)s))
  ) AS n(day, is_near)
  WHERE n.is_near AND NOT EXISTS (
    SELECT FROM reconciliation_statementfile f
    WHERE f.merchant_id = %(merchant)s AND f.account_code = %(account)s AND f.day = n.day
      AND f.state = 'matched'
  ) LIMIT 1
) AS neighbour
FROM our o
WHERE o.difference IS NULL AND NOT EXISTS (SELECT FROM judged j WHERE j.movement = o.id)
  AND NOT EXISTS (SELECT FROM judged j WHERE j.fee_movement = o.id)
  AND o.moved_at >= %(from)s::timestamptz AND o.moved_at < %(until)s::timestamptz;
ANALYZE lonely;
CREATE TEMPORARY TABLE twin ON COMMIT DROP AS
SELECT DISTINCT l.id FROM lonely l
JOIN our o ON o.theirs = l.theirs AND o.kind = l.kind AND o.amount = l.amount
JOIN judged j ON j.movement = o.id
WHERE l.theirs <> '';
ANALYZE twin;
"""
_ALONE_MOVEMENTS = """
SELECT NULL::bigint AS line, m.id, %(file)s::bigint, m.ours, m.theirs, m.moved_at, m.currency,
  0::bigint, m.amount, m.document, m.difference,
  CASE
    WHEN t.id IS NOT NULL THEN 'duplicate_here'
    WHEN m.kind IN ('chargeback', 'chargeback_returned') THEN 'dispute'
    WHEN m.kind = 'transfer_returned' THEN 'payout_returned'
    WHEN m.neighbour IS NOT NULL THEN 'day_border'
    ELSE 'missing_at_provider'
  END,
  CASE WHEN m.neighbour IS NOT NULL AND t.id IS NULL
    AND m.kind NOT IN ('chargeback', 'chargeback_returned', 'transfer_returned')
    THEN 'waiting' ELSE 'open' END,
  jsonb_strip_nulls(jsonb_build_object('kind', m.kind, 'neighbour', m.neighbour))
FROM lonely m LEFT JOIN twin t ON t.id = m.id
"""
ALONE = (
    "CREATE TEMPORARY TABLE alone ON COMMIT DROP AS" + _ALONE_LINES + "UNION ALL" + _ALONE_MOVEMENTS
)
# A difference of before that has found its counterpart: neither side is alone any more.
SETTLED = """
CREATE TEMPORARY TABLE settled ON COMMIT DROP AS
SELECT d.id, d.file_id AS file, d.theirs_minor, d.ours_minor
FROM reconciliation_difference d
WHERE d.merchant_id = %(merchant)s AND d.id IN (
  SELECT their_difference FROM judged UNION ALL SELECT our_difference FROM judged
  UNION ALL SELECT fee_difference FROM judged
);
UPDATE reconciliation_difference d SET state = 'matched', changed_at = %(now)s
FROM settled s WHERE d.merchant_id = %(merchant)s AND d.id = s.id;
"""
MATCHED = """
INSERT INTO reconciliation_match
  (merchant_id, file_id, line_id, movement_id, fee_movement_id, net_of_id, stage)
SELECT %(merchant)s, j.file, j.line, j.movement, j.fee_movement, j.net_of,
  CASE WHEN (j.our_moved_at AT TIME ZONE 'Asia/Shanghai')::date <> f.day
    THEN 'day_border' ELSE j.stage END
FROM judged j JOIN reconciliation_statementfile f ON f.merchant_id = %(merchant)s AND f.id = j.file
WHERE j.category IS NULL ORDER BY j.line
"""
DIFFERING = """
INSERT INTO reconciliation_difference (merchant_id, category, state, account_code, day, file_id,
  line_id, movement_id, fee_movement_id, document, reference, their_reference, currency,
  theirs_minor, ours_minor, explanation, found_at, changed_at)
SELECT %(merchant)s, j.category, 'open', %(account)s, f.day, j.file, j.line, j.movement,
  j.fee_movement, coalesce(j.document, ''),
  coalesce(nullif(j.ours_named, ''), j.our_reference, ''), j.theirs_named,
  %(currency)s, j.theirs_minor,
  CASE WHEN j.net_of IS NOT NULL THEN 0 ELSE j.moved_minor + j.booked_minor END,
  jsonb_strip_nulls(jsonb_build_object('stage', j.stage, 'their_amount_minor', j.amount,
    'our_amount_minor', j.our_amount, 'their_fee_minor', j.fee,
    'our_fee_minor', coalesce(-j.our_fee, j.agreed_fee), 'their_currency', j.currency,
    'our_currency', j.our_currency)),
  %(now)s, %(now)s
FROM judged j JOIN reconciliation_statementfile f ON f.merchant_id = %(merchant)s AND f.id = j.file
WHERE j.category IS NOT NULL ORDER BY j.line
"""
LEFT_ALONE = """
INSERT INTO reconciliation_difference (merchant_id, category, state, account_code, day, file_id,
  line_id, movement_id, document, reference, their_reference, currency, theirs_minor, ours_minor,
  explanation, due_on, found_at, changed_at)
SELECT %(merchant)s, a.category, a.state, %(account)s, f.day, a.file, a.line, a.movement,
  a.document, a.ours, a.theirs, %(currency)s, a.theirs_minor, a.ours_minor, a.explanation,
  CASE WHEN a.state = 'waiting' THEN (a.explanation->>'neighbour')::date + 1 END, %(now)s, %(now)s
FROM alone a JOIN reconciliation_statementfile f ON f.merchant_id = %(merchant)s AND f.id = a.file
WHERE a.difference IS NULL ORDER BY a.line, a.movement
"""
# What is known of a line may change while it waits: a tender that was waiting has been closed.
SEEN_ANEW = """
UPDATE reconciliation_difference d
SET category = a.category, explanation = a.explanation, changed_at = %(now)s
FROM alone a
WHERE d.merchant_id = %(merchant)s AND d.id = a.difference AND d.category <> a.category
  AND d.state IN ('open', 'waiting')
"""
# The neighbour's file is here, and what waited for it is not in it.
NOT_IN_THE_NEIGHBOUR = """
UPDATE reconciliation_difference d
SET category = 'missing_at_provider', state = 'open', due_on = NULL, changed_at = %(now)s
WHERE d.merchant_id = %(merchant)s AND d.account_code = %(account)s AND d.state = 'waiting'
  AND d.category = 'day_border' AND d.explanation->>'neighbour' = %(day)s::text
"""
SUMMED = """
CREATE TEMPORARY TABLE summed ON COMMIT DROP AS
SELECT file, sum(matched) AS matched, sum(moved)::bigint AS moved, sum(booked)::bigint AS booked,
  sum(differences) AS differences, sum(differing)::bigint AS differing
FROM (
  SELECT file, (category IS NULL)::int AS matched, moved_minor AS moved, booked_minor AS booked,
    (category IS NOT NULL)::int AS differences,
    CASE WHEN category IS NULL THEN 0 ELSE theirs_minor - moved_minor - booked_minor END
      AS differing
  FROM judged
  UNION ALL
  SELECT file, 0, -ours_minor, 0, -1, ours_minor - theirs_minor FROM settled
  UNION ALL
  SELECT file, 0, ours_minor, 0, 1, theirs_minor - ours_minor FROM alone WHERE difference IS NULL
) AS each GROUP BY file;
"""
ADDED = """
UPDATE reconciliation_statementfile f
SET matched = f.matched + s.matched, ours_minor = f.ours_minor + s.moved,
  booked_minor = f.booked_minor + s.booked, differences = f.differences + s.differences,
  differences_minor = f.differences_minor + s.differing
FROM summed s WHERE f.merchant_id = %(merchant)s AND f.id = s.file
"""
THEIRS = """
UPDATE reconciliation_statementfile f SET theirs_minor = (
  SELECT coalesce(sum(l.amount_minor - l.fee_minor), 0)::bigint FROM reconciliation_statementline l
  WHERE l.merchant_id = %(merchant)s AND l.file_id = %(file)s AND l.currency = %(currency)s
)
WHERE f.merchant_id = %(merchant)s AND f.id = %(file)s
"""
