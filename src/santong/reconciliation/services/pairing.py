"""The statements that find which line tells of which movement.

They work on tables of one transaction: `their` holds lines that have no counterpart yet, `our` the
movements, `pair` who belongs together and how that was found. Each stage takes what the one before
it has left.
"""

from __future__ import annotations

from santong.payments import public as payments

# How far from midnight the other side's day may begin.
BORDER_MINUTES = 30
# Lines and movements wait so long for one another.
WAIT_DAYS = 60

# A file that has been matched has no line left that is neither matched nor differs.
LINES = """
CREATE TEMPORARY TABLE their ON COMMIT DROP AS
SELECT l.id, l.file_id AS file, l.line, l.kind, l.our_reference AS ours,
  l.their_reference AS theirs,
  l.amount_minor AS amount, l.fee_minor AS fee, l.currency, l.moved_at, NULL::bigint AS difference
FROM reconciliation_statementline l
WHERE l.merchant_id = %(merchant)s AND l.file_id = %(file)s AND %(is_new)s
UNION ALL
SELECT l.id, l.file_id, l.line, l.kind, l.our_reference, l.their_reference, l.amount_minor,
  l.fee_minor, l.currency, l.moved_at, d.id
FROM reconciliation_difference d
JOIN reconciliation_statementline l ON l.merchant_id = %(merchant)s AND l.id = d.line_id
WHERE d.merchant_id = %(merchant)s AND d.account_code = %(account)s
  AND d.state IN ('open', 'waiting', 'explained') AND d.movement_id IS NULL
  AND d.line_id IS NOT NULL AND d.day >= %(since)s
"""
MOVEMENTS = """
CREATE TEMPORARY TABLE our ON COMMIT DROP AS
SELECT m.id, m.kind, m.reference AS ours, m.their_reference AS theirs, m.amount_minor AS amount,
  m.currency, m.moved_at, m.document, NULL::bigint AS difference
FROM {movements} m
WHERE m.moved_at >= %(from)s::timestamptz - interval '1 day'
  AND m.moved_at < %(until)s::timestamptz + interval '1 day'
  AND m.reference NOT LIKE 'statement:%%'
  AND NOT EXISTS (
    SELECT FROM reconciliation_match x
    WHERE x.merchant_id = %(merchant)s AND x.movement_id = m.id
  )
  AND NOT EXISTS (
    SELECT FROM reconciliation_match x
    WHERE x.merchant_id = %(merchant)s AND x.fee_movement_id = m.id
  )
  AND NOT EXISTS (
    SELECT FROM reconciliation_difference d
    WHERE d.merchant_id = %(merchant)s AND d.movement_id = m.id AND d.state = ANY (%(live)s)
  )
  AND NOT EXISTS (
    SELECT FROM reconciliation_difference d
    WHERE d.merchant_id = %(merchant)s AND d.fee_movement_id = m.id AND d.state = ANY (%(live)s)
  )
UNION ALL
SELECT m.id, m.kind, m.reference, m.their_reference, m.amount_minor, m.currency, m.moved_at,
  m.document, d.id
FROM reconciliation_difference d
JOIN {movements} m ON m.id = d.movement_id
WHERE d.merchant_id = %(merchant)s AND d.account_code = %(account)s
  AND d.state IN ('open', 'waiting', 'explained') AND d.line_id IS NULL AND d.day >= %(since)s
""".replace("{movements}", payments.ALL_MOVEMENTS_OF)
TABLES = """
CREATE TEMPORARY TABLE pair (
  line bigint, movement bigint, net_of bigint, stage text
) ON COMMIT DROP;
ANALYZE their;
ANALYZE our;
"""
# Of lines that name one movement, the one with its amount is right; the rest are duplicates.
BY_OUR_REFERENCE = """
INSERT INTO pair (line, movement, stage)
SELECT DISTINCT ON (m.id) l.id, m.id, 'reference'
FROM their l JOIN our m ON m.ours = l.ours
WHERE l.ours <> '' AND (m.kind = l.kind OR (%(is_bank)s AND m.amount = l.amount))
ORDER BY m.id, (l.amount = m.amount) DESC, l.line, l.id
"""
REST = """
CREATE TEMPORARY TABLE their_rest ON COMMIT DROP AS
SELECT l.* FROM their l WHERE NOT EXISTS (SELECT FROM pair p WHERE p.line = l.id);
CREATE TEMPORARY TABLE our_rest ON COMMIT DROP AS
SELECT m.* FROM our m WHERE NOT EXISTS (SELECT FROM pair p WHERE p.movement = m.id);
ANALYZE their_rest;
ANALYZE our_rest;
"""
# A movement on another day than the statement's: found by the name that we gave it.
BY_OUR_REFERENCE_ANY_DAY = """
WITH found AS (
  SELECT DISTINCT ON (m.id) l.id AS line, m.id, m.kind, m.reference, m.their_reference,
    m.amount_minor, m.currency, m.moved_at, m.document
  FROM their_rest l JOIN {movements} m ON m.kind = l.kind AND m.reference = l.ours
  WHERE l.ours <> '' AND m.reference NOT LIKE 'statement:%%'
    AND NOT EXISTS (SELECT FROM our o WHERE o.id = m.id)
    AND NOT EXISTS (
      SELECT FROM reconciliation_match x
      WHERE x.merchant_id = %(merchant)s AND x.movement_id = m.id
    )
    AND NOT EXISTS (
      SELECT FROM reconciliation_difference d
      WHERE d.merchant_id = %(merchant)s AND d.movement_id = m.id AND d.state = ANY (%(live)s)
    )
  ORDER BY m.id, (l.amount = m.amount_minor) DESC, l.line, l.id
), known AS (
  INSERT INTO our (id, kind, ours, theirs, amount, currency, moved_at, document)
  SELECT id, kind, reference, their_reference, amount_minor, currency, moved_at, document
  FROM found
)
INSERT INTO pair (line, movement, stage) SELECT line, id, 'other_day' FROM found
""".replace("{movements}", payments.ALL_MOVEMENTS_OF)
_RANKED = """
WITH t AS (
  SELECT id, kind, theirs, amount,
    row_number() OVER (PARTITION BY kind, theirs{more} ORDER BY line, id) AS place
  FROM their_rest l
  WHERE theirs <> '' AND NOT EXISTS (SELECT FROM pair p WHERE p.line = l.id)
), o AS (
  SELECT id, kind, theirs, amount,
    row_number() OVER (PARTITION BY kind, theirs{more} ORDER BY moved_at, id) AS place
  FROM our_rest m
  WHERE theirs <> '' AND NOT EXISTS (SELECT FROM pair p WHERE p.movement = m.id)
)
INSERT INTO pair (line, movement, stage)
SELECT t.id, o.id, 'their_reference' FROM t JOIN o USING (kind, theirs, place{more})
"""
# First those that also agree on the amount: several refunds may bear the payment's number.
BY_THEIR_REFERENCE_AND_AMOUNT = _RANKED.format(more=", amount")
BY_THEIR_REFERENCE = _RANKED.format(more="")
# A bank knows neither side's numbers: what agrees on amount and day, in the order of time.
BY_AMOUNT_AND_TIME = """
WITH t AS (
  SELECT id, amount, moved_at,
    row_number() OVER (PARTITION BY amount ORDER BY moved_at, line, id) AS place
  FROM their_rest l
  WHERE NOT EXISTS (SELECT FROM pair p WHERE p.line = l.id)
), o AS (
  SELECT id, amount, moved_at,
    row_number() OVER (PARTITION BY amount ORDER BY moved_at, id) AS place
  FROM our_rest m
  WHERE NOT EXISTS (SELECT FROM pair p WHERE p.movement = m.id)
)
INSERT INTO pair (line, movement, stage)
SELECT t.id, o.id, 'amount_and_time' FROM t JOIN o USING (amount, place)
WHERE t.moved_at > o.moved_at - interval '2 days' AND t.moved_at < o.moved_at + interval '2 days'
"""
# One credit of the bank is a provider's day: payments less refunds and fees.
BY_DAYS_NET = """
INSERT INTO pair (line, net_of, stage)
SELECT line, file, 'days_net' FROM (
  SELECT DISTINCT ON (f.id) l.id AS line, f.id AS file,
    row_number() OVER (PARTITION BY l.id ORDER BY f.day DESC, f.id) AS place
  FROM their_rest l
  JOIN reconciliation_statementfile f ON f.merchant_id = %(merchant)s AND f.state = 'matched'
    AND f.theirs_minor = l.amount AND f.currency = l.currency
    AND f.day BETWEEN (l.moved_at AT TIME ZONE 'Asia/Shanghai')::date - 7
      AND (l.moved_at AT TIME ZONE 'Asia/Shanghai')::date
  JOIN reconciliation_account a ON a.merchant_id = %(merchant)s AND a.code = f.account_code
    AND a.settles_to = %(account)s
  WHERE l.amount > 0 AND NOT EXISTS (SELECT FROM pair p WHERE p.line = l.id)
    AND NOT EXISTS (
      SELECT FROM reconciliation_match x
      WHERE x.merchant_id = %(merchant)s AND x.net_of_id = f.id
    )
  ORDER BY f.id, l.moved_at, l.id
) AS found WHERE place = 1
"""
