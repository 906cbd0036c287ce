"""Spend what a hold keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import AccountKey, Hold, NewTxn, Txn
from santong.payments.errors import HoldEnded, MoreThanHeld
from santong.payments.rules.lots import Part, ended, first_of, rest_of
from santong.payments.rules.txns import check, content_hash
from santong.payments.selectors.holds import hold_of_row, hold_row
from santong.payments.services.as_posted import as_posted
from santong.payments.services.end_hold import end, free, parts_by_hold
from santong.payments.services.lapse import Lapsing, lapse
from santong.payments.services.ready import Ready, ready_accounts
from santong.payments.services.record import Booked, Decided, Use, record
from santong.payments.services.refuse import posted_before, refuse


@all_or_nothing
def capture(*, merchant_id: int, hold_id: int, source: str, txn: NewTxn, now: datetime) -> Txn:
    """Post a transaction that spends what a hold keeps, from the lots that it keeps.

    It takes from the held account, once, and not more than is held; the rest can be spent again
    (what has ended of it expires). A lot that has ended since it was held is spent all the same:
    that was promised. The same key with the same content gives the transaction that is there.

    Raises NoSuchHold, HoldEnded (also when its time has run out), MoreThanHeld, KeyTaken,
    NothingOwed, NotBalanced, UnknownAsset, NoSuchAccount, FieldInvalid, Busy. Emits LotsExpired.
    Locks accounts that keep a balance.
    """
    check(txn, source=source)
    asked = hold_of_row(hold_row(merchant_id=merchant_id, hold_id=hold_id))
    request_hash = content_hash(txn.kind, txn.entries, txn.reference, hold_id)
    ready = ready_accounts(
        merchant_id=merchant_id, accounts=[asked.account, *(e.account for e in txn.entries)]
    )
    before = posted_before(
        merchant_id=merchant_id, source=source, hash_by_key={txn.key: request_hash}
    )
    if before:
        return before[txn.key]
    hold = hold_of_row(hold_row(merchant_id=merchant_id, hold_id=hold_id))
    if hold.state != "held" or hold.expires_at <= now:
        raise HoldEnded(hold_id=hold_id, state="expired" if hold.state == "held" else hold.state)
    wanted = _wanted(hold, txn, ready)
    refuse(merchant_id=merchant_id, txns=[_without(txn, hold.account)], now=now)
    parts = parts_by_hold(merchant_id=merchant_id, hold_ids=[hold_id])[hold_id]
    uses = first_of(parts, amount=wanted)
    free(merchant_id=merchant_id, hold_ids=[hold_id])
    (txn_id,) = record(
        merchant_id=merchant_id,
        source=source,
        txns=[_decided(txn, request_hash, ready, uses)],
        now=now,
    )
    end(merchant_id=merchant_id, hold_ids=[hold_id], state="captured", txn_id=txn_id, now=now)
    left = ended(rest_of(parts, uses=uses), at=now)
    if left:
        account_id = ready[hold.account].id
        lapse(merchant_id=merchant_id, lapsing=[Lapsing(account_id, hold.account, left)], now=now)
    return as_posted(source, txn, txn_id=txn_id, now=now)


def _wanted(hold: Hold, txn: NewTxn, ready: Mapping[AccountKey, Ready]) -> int:
    """What the transaction takes from the held account; it may take from no other."""
    wanted = 0
    for place, entry in enumerate(txn.entries):
        if entry.account == hold.account and entry.amount < 0:
            wanted = -entry.amount
        elif entry.amount < 0 and ready[entry.account].kept_as not in ("either", "debt", "sum"):
            raise FieldInvalid(pointer=f"/entries/{place}", reason="taken from what is not held")
    if not wanted:
        raise FieldInvalid(pointer="/entries", reason="nothing is taken from what is held")
    if wanted > hold.amount:
        raise MoreThanHeld(hold_id=hold.id, wanted=wanted, held=hold.amount)
    return wanted


def _without(txn: NewTxn, account: AccountKey) -> NewTxn:
    return replace(txn, entries=tuple(e for e in txn.entries if e.account != account))


def _decided(
    txn: NewTxn,
    request_hash: str,
    ready: Mapping[AccountKey, Ready],
    uses: Sequence[Part],
) -> Decided:
    return Decided(
        key=txn.key,
        request_hash=request_hash,
        kind=txn.kind,
        entries=[
            Booked(
                ready[entry.account].id,
                entry.amount,
                entry.expires_at,
                opens=entry.amount > 0 and ready[entry.account].kept_as == "lots",
            )
            for entry in txn.entries
        ],
        uses=[Use(part.lot_id, part.amount) for part in uses],
        reference=txn.reference,
        reason=txn.reason,
        occurred_at=txn.occurred_at,
    )
