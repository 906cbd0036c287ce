"""The posting statement: writes transactions with entries, lots and balances, or nothing.

Its accounts are locked by the statement before, so its snapshot shows what nobody else can
change until the transaction ends: it may look, decide and write at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.kernel.wire import Statement
from santong.payments.contracts import NewTxn
from santong.payments.selectors.statements import instants, numbers, run, texts
from santong.payments.services.signature import signature

# What follows on a decision, the same for every kind of posting. Before it stand `txns` (what is
# to be claimed), `asked` (their entries on accounts), `taken` (what comes from which lot, and what
# goes back into it as less than nothing) and `sound` (whether all of it may be written).
TAIL = """
claimed AS (
  INSERT INTO payments_txn (merchant_id, source, key, request_hash, kind, reference, reason,
    occurred_at, recorded_at, actor, reverses_id, gives_back_id)
  SELECT %(merchant)s, %(source)s, key, hash, kind, reference, reason, occurred_at,
    %(now)s::timestamptz, %(actor)s, reverses_id, gives_back_id
  FROM txns, sound WHERE is_sound ORDER BY place
  ON CONFLICT (merchant_id, source, key) DO NOTHING
  RETURNING id, key
), named AS MATERIALIZED (
  SELECT c.id, t.place FROM claimed c JOIN txns t ON t.key = c.key
), written AS (
  INSERT INTO payments_entry (merchant_id, txn_id, account_id, asset_id, amount, expires_at)
  SELECT %(merchant)s, n.id, a.account_id, a.asset_id, a.amount, a.expires_at
  FROM asked a JOIN named n ON n.place = a.txn_place ORDER BY a.place
  RETURNING id, txn_id, account_id, asset_id, amount, expires_at
), opened AS (
  INSERT INTO payments_lot (id, merchant_id, asset_id, account_id, txn_id, amount, rest, expires_at)
  SELECT id, %(merchant)s, asset_id, account_id, txn_id, amount, amount, expires_at
  FROM written
  WHERE amount > 0 AND account_id IN (SELECT account_id FROM asked WHERE opens)
), used AS (
  INSERT INTO payments_lotuse (merchant_id, lot_id, txn_id, amount)
  SELECT %(merchant)s, t.lot_id, n.id, t.amount
  FROM taken t JOIN named n ON n.place = t.txn_place ORDER BY n.id, t.lot_id
), drained AS (
  UPDATE payments_lot l SET rest = l.rest - t.amount
  FROM (SELECT t.lot_id, sum(t.amount)::bigint AS amount
        FROM taken t JOIN named n ON n.place = t.txn_place GROUP BY t.lot_id) t
  WHERE l.id = t.lot_id AND l.merchant_id = %(merchant)s
), balanced AS (
  UPDATE payments_account b SET posted = b.posted + s.amount
  FROM (SELECT a.account_id, sum(a.amount)::bigint AS amount
        FROM asked a JOIN named n ON n.place = a.txn_place
        WHERE a.kept_as <> 'sum' GROUP BY a.account_id) s
  WHERE b.id = s.account_id AND b.merchant_id = %(merchant)s
)
SELECT id, place FROM named ORDER BY place
"""

# Spends are intervals of what is taken of an account, one after the other; lots are intervals of
# what is there to take, in their order. What overlaps is what a spend takes from a lot. With one
# spend that is first in, first out; with many in one statement it is the same as one by one.
_LOOK = """
WITH txns AS MATERIALIZED (
  SELECT *, NULL::bigint AS reverses_id, NULL::bigint AS gives_back_id
  FROM unnest(%(keys)s::text[], %(hashes)s::text[], %(kinds)s::text[], %(references)s::text[],
    %(reasons)s::text[], %(occurred)s::timestamptz[])
    WITH ORDINALITY AS t(key, hash, kind, reference, reason, occurred_at, place)
), asked AS MATERIALIZED (
  SELECT e.place, e.txn_place, e.amount, e.expires_at, e.lots_of, a.id AS account_id,
    a.asset_id, a.kept_as, a.kept_as = 'lots' AS opens, a.posted, a.held
  FROM unnest(%(txn_places)s::bigint[], %(assets)s::text[], %(account_kinds)s::text[],
    %(owners)s::text[], %(amounts)s::bigint[], %(expiries)s::timestamptz[],
    %(lots_of)s::bigint[])
    WITH ORDINALITY AS e(txn_place, asset, kind, owner, amount, expires_at, lots_of, place)
  JOIN payments_asset s ON s.merchant_id = %(merchant)s AND s.code = e.asset
  JOIN payments_account a ON a.merchant_id = %(merchant)s AND a.asset_id = s.id
    AND a.kind = e.kind AND a.owner = e.owner
), spends AS MATERIALIZED (
  SELECT txn_place, account_id, -amount AS amount, lots_of,
    sum(-amount) OVER (PARTITION BY account_id ORDER BY place) + amount AS after
  FROM asked WHERE kept_as = 'lots' AND amount < 0
), spendable AS (
  SELECT l.id, l.account_id, l.rest - l.held AS free,
    sum(l.rest - l.held) OVER (
      PARTITION BY l.account_id
      ORDER BY coalesce(l.txn_id = w.lots_of, false) DESC, l.expires_at, l.id
    ) - l.rest + l.held AS after
  FROM (SELECT account_id, min(lots_of) AS lots_of FROM spends GROUP BY account_id) w
  JOIN payments_lot l ON l.account_id = w.account_id AND l.is_open AND l.rest > l.held
    AND (l.expires_at IS NULL OR l.expires_at > %(now)s::timestamptz)
), taken AS MATERIALIZED (
  SELECT s.txn_place, l.id AS lot_id, (least(l.after + l.free, s.after + s.amount)
    - greatest(l.after, s.after))::bigint AS amount
  FROM spends s JOIN spendable l ON l.account_id = s.account_id
  WHERE l.after < s.after + s.amount AND s.after < l.after + l.free
), sound AS MATERIALIZED (
  SELECT (SELECT count(*) FROM asked) = %(count)s
    AND coalesce((SELECT sum(amount) FROM taken), 0)
      = coalesce((SELECT sum(amount) FROM spends), 0)
    AND NOT EXISTS (
      SELECT FROM (
        SELECT kept_as, held,
          posted + sum(amount) OVER (PARTITION BY account_id ORDER BY txn_place) AS posted
        FROM asked WHERE kept_as <> 'sum'
      ) a WHERE CASE kept_as WHEN 'debt' THEN posted > 0 WHEN 'either' THEN false
        ELSE posted < held END
    ) AS is_sound
), """
STATEMENT = _LOOK + TAIL
_POST = Statement(STATEMENT)


def write(
    *,
    merchant_id: int,
    source: str,
    txns: Sequence[NewTxn],
    hash_by_key: Mapping[str, str],
    now: datetime,
) -> dict[int, int]:
    """Post transactions whose accounts are locked; give the new ids by place.

    Nothing is written if a balance does not suffice, or an account is not there. A transaction
    whose key is taken is left out.
    """
    entries = [(place, entry) for place, txn in enumerate(txns, 1) for entry in txn.entries]
    rows = run(
        _POST,
        {
            "merchant": merchant_id,
            "source": source,
            "keys": texts([txn.key for txn in txns]),
            "hashes": texts([hash_by_key[txn.key] for txn in txns]),
            "kinds": texts([txn.kind for txn in txns]),
            "references": texts([txn.reference for txn in txns]),
            "reasons": texts([txn.reason for txn in txns]),
            "occurred": instants([txn.occurred_at for txn in txns]),
            "txn_places": numbers([place for place, _ in entries]),
            "assets": texts([entry.account.asset for _, entry in entries]),
            "account_kinds": texts([entry.account.kind for _, entry in entries]),
            "owners": texts([entry.account.owner for _, entry in entries]),
            "amounts": numbers([entry.amount for _, entry in entries]),
            "expiries": instants([entry.expires_at for _, entry in entries]),
            "lots_of": numbers([entry.lots_of for _, entry in entries]),
            "count": len(entries),
            "now": now,
            "actor": signature(),
        },
    )
    return {place: txn_id for txn_id, place in rows}
