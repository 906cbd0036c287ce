"""What has ended of lots leaves the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import outbox
from santong.kernel.wire import Statement
from santong.payments.contracts import AccountKey
from santong.payments.events import LotsExpired
from santong.payments.rules.accounts import EXPIRED, POOL
from santong.payments.rules.lots import Part
from santong.payments.rules.txns import content_hash
from santong.payments.selectors.statements import numbers, run
from santong.payments.services.record import Booked, Decided, Use, record
from santong.payments.services.sink import sink_id

SOURCE = "payments"

# Under an account's lock its newest entry names the moment: the next thing that is written to the
# account has another.
_NEWEST = Statement("""
SELECT a.id, coalesce((
  SELECT max(e.id) FROM payments_entry e
  WHERE e.merchant_id = %(merchant)s AND e.account_id = a.id
), 0)
FROM unnest(%(accounts)s::bigint[]) AS a(id)
""")


@dataclass(frozen=True, slots=True)
class Lapsing:
    """Parts of lots of one account that have ended."""

    account_id: int
    account: AccountKey
    parts: Sequence[Part]

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts)


def lapse(*, merchant_id: int, lapsing: Sequence[Lapsing], now: datetime) -> list[int]:
    """Post what has ended to the sink of its asset, one transaction for each account.

    Emits LotsExpired. The accounts must have been locked before.
    """
    if not lapsing:
        return []
    sinks = {
        asset: sink_id(merchant_id=merchant_id, account=AccountKey(asset, EXPIRED, POOL))
        for asset in sorted({each.account.asset for each in lapsing})
    }
    newest = _newest(merchant_id, lapsing)
    txn_ids = record(
        merchant_id=merchant_id,
        source=SOURCE,
        txns=[
            Decided(
                key=f"expire:{each.account_id}:{newest[each.account_id]}",
                request_hash=content_hash("expire", (), each.account_id, each.amount),
                kind="expire",
                entries=[
                    Booked(each.account_id, -each.amount),
                    Booked(sinks[each.account.asset], each.amount),
                ],
                uses=[Use(part.lot_id, part.amount) for part in each.parts],
                occurred_at=now,
            )
            for each in lapsing
        ],
        now=now,
    )
    outbox.publish(
        *(
            LotsExpired(
                txn_id=txn_id,
                asset=each.account.asset,
                kind=each.account.kind,
                owner=each.account.owner,
                amount=each.amount,
            )
            for txn_id, each in zip(txn_ids, lapsing, strict=True)
        ),
        now=now,
    )
    return txn_ids


def lapse_or_extend(*, merchant_id: int, lapsing: Lapsing, grace: timedelta, now: datetime) -> None:
    """Let it expire, or, with grace, give it a lot of its own that ends so much later.

    Emits LotsExpired. The account must have been locked before.
    """
    if not lapsing.parts:
        return
    if grace <= timedelta(0):
        lapse(merchant_id=merchant_id, lapsing=[lapsing], now=now)
        return
    newest = _newest(merchant_id, [lapsing])[lapsing.account_id]
    record(
        merchant_id=merchant_id,
        source=SOURCE,
        txns=[
            Decided(
                key=f"grace:{lapsing.account_id}:{newest}",
                request_hash=content_hash("grace", (), lapsing.account_id, lapsing.amount),
                kind="grace",
                entries=[
                    Booked(lapsing.account_id, -lapsing.amount),
                    Booked(lapsing.account_id, lapsing.amount, now + grace, opens=True),
                ],
                uses=[Use(part.lot_id, part.amount) for part in lapsing.parts],
                occurred_at=now,
            )
        ],
        now=now,
    )


def _newest(merchant_id: int, lapsing: Sequence[Lapsing]) -> Mapping[int, int]:
    rows = run(
        _NEWEST,
        {
            "merchant": merchant_id,
            "accounts": numbers(each.account_id for each in lapsing),
        },
    )
    return dict(rows)
