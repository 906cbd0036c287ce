"""Write transactions that were decided on under the lock of their accounts.

A hold's capture, a reversal, what goes back and what expires name the lots themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from santong.kernel.errors import Busy
from santong.kernel.wire import Statement
from santong.payments.selectors.statements import instants, numbers, run, texts
from santong.payments.services.posting import TAIL
from santong.payments.services.signature import signature

_GIVEN = """
WITH txns AS MATERIALIZED (
  SELECT * FROM unnest(%(keys)s::text[], %(hashes)s::text[], %(kinds)s::text[],
    %(references)s::text[], %(reasons)s::text[], %(occurred)s::timestamptz[],
    %(reverses)s::bigint[], %(gives_back)s::bigint[])
    WITH ORDINALITY AS t(key, hash, kind, reference, reason, occurred_at, reverses_id,
      gives_back_id, place)
), asked AS MATERIALIZED (
  SELECT e.place, e.txn_place, e.amount, e.expires_at, a.id AS account_id, a.asset_id, a.kept_as,
    e.opens
  FROM unnest(%(txn_places)s::bigint[], %(accounts)s::bigint[], %(amounts)s::bigint[],
    %(expiries)s::timestamptz[], %(opens)s::bool[])
    WITH ORDINALITY AS e(txn_place, account_id, amount, expires_at, opens, place)
  JOIN payments_account a ON a.merchant_id = %(merchant)s AND a.id = e.account_id
), taken AS MATERIALIZED (
  SELECT * FROM unnest(%(use_places)s::bigint[], %(use_lots)s::bigint[],
    %(use_amounts)s::bigint[]) AS u(txn_place, lot_id, amount)
), sound AS MATERIALIZED (
  SELECT (SELECT count(*) FROM asked) = %(count)s AS is_sound
), """
_RECORD = Statement(_GIVEN + TAIL)


@dataclass(frozen=True, slots=True)
class Booked:
    """An amount for an account that is locked; `opens` says whether it makes a lot."""

    account_id: int
    amount: int
    expires_at: datetime | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What comes from a lot, or goes back into it as less than nothing."""

    lot_id: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A transaction, with what it does to which lots."""

    key: str
    request_hash: str
    kind: str
    entries: Sequence[Booked]
    uses: Sequence[Use] = field(default=())
    reference: str = ""
    reason: str = ""
    occurred_at: datetime
    reverses_id: int | None = None
    gives_back_id: int | None = None


def record(*, merchant_id: int, source: str, txns: Sequence[Decided], now: datetime) -> list[int]:
    """Write transactions, and give their ids in order.

    Raises Busy where a key was taken a moment ago. Their accounts must have been locked before.
    """
    entries = [(place, entry) for place, txn in enumerate(txns, 1) for entry in txn.entries]
    uses = [(place, use) for place, txn in enumerate(txns, 1) for use in txn.uses]
    rows = run(
        _RECORD,
        {
            "merchant": merchant_id,
            "source": source,
            "keys": texts([txn.key for txn in txns]),
            "hashes": texts([txn.request_hash for txn in txns]),
            "kinds": texts([txn.kind for txn in txns]),
            "references": texts([txn.reference for txn in txns]),
            "reasons": texts([txn.reason for txn in txns]),
            "occurred": instants([txn.occurred_at for txn in txns]),
            "reverses": numbers([txn.reverses_id for txn in txns]),
            "gives_back": numbers([txn.gives_back_id for txn in txns]),
            "txn_places": numbers([place for place, _ in entries]),
            "accounts": numbers([entry.account_id for _, entry in entries]),
            "amounts": numbers([entry.amount for _, entry in entries]),
            "expiries": instants([entry.expires_at for _, entry in entries]),
            "opens": texts(["t" if entry.opens else "f" for _, entry in entries]),
            "use_places": numbers([place for place, _ in uses]),
            "use_lots": numbers([use.lot_id for _, use in uses]),
            "use_amounts": numbers([use.amount for _, use in uses]),
            "count": len(entries),
            "now": now,
            "actor": signature(),
        },
    )
    if len(rows) != len(txns):
        raise Busy
    return [txn_id for txn_id, _ in rows]
