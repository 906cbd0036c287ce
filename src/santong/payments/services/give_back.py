"""Give back a part of what was spent."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Txn
from santong.payments.errors import AlreadyReversed, MoreThanSpent, NotASpend
from santong.payments.rules.lots import ended, in_order, last_of, spread_from_the_end
from santong.payments.rules.txns import check_amount, check_naming, content_hash
from santong.payments.selectors.txns import txn_by_id
from santong.payments.selectors.written import (
    Written,
    WrittenEntry,
    given_back,
    is_reversed,
    uses_of,
    written,
)
from santong.payments.services.as_posted import as_new
from santong.payments.services.lapse import Lapsing, lapse_or_extend
from santong.payments.services.lock import lock_ids
from santong.payments.services.record import Booked, Decided, Use, record
from santong.payments.services.refuse import posted_before

NO_GRACE = timedelta(0)


@all_or_nothing
def give_back(
    *,
    merchant_id: int,
    source: str,
    key: str,
    txn_id: int,
    amount: int,
    reason: str,
    grace: timedelta = NO_GRACE,
    now: datetime,
) -> Txn:
    """Return so much of a spend to the lots that it came from, never more than was spent in all.

    What was taken from lots that end last goes back first; it comes from the sinks named last.
    Lots keep their old ends: what has ended meanwhile expires with the next sweep, or, with
    `grace`, can be spent for so much longer. The same key gives what is there.

    Raises NoSuchTxn, NotASpend, AlreadyReversed, MoreThanSpent, KeyTaken, FieldInvalid, Busy. Locks
    the account.
    """
    check_naming(source=source, key=key, reason=reason)
    check_amount(amount, pointer="/amount")
    spend = written(merchant_id=merchant_id, txn_id=txn_id)
    spender, sinks = _sides(spend)
    lock_ids(merchant_id=merchant_id, account_ids=[spender.account_id])
    request_hash = content_hash("give_back", (), txn_id, amount)
    before = posted_before(merchant_id=merchant_id, source=source, hash_by_key={key: request_hash})
    if before:
        return before[key]
    if is_reversed(merchant_id=merchant_id, txn_id=txn_id):
        raise AlreadyReversed(txn_id=txn_id)
    given = given_back(merchant_id=merchant_id, txn_id=txn_id, account_id=spender.account_id)
    if amount > -spender.amount - given:
        raise MoreThanSpent(txn_id=txn_id, wanted=amount, left=-spender.amount - given)
    parts = last_of(in_order(uses_of(merchant_id=merchant_id, txn_id=txn_id)), amount=amount)
    shares = spread_from_the_end([sink.amount for sink in sinks], given=given, more=amount)
    (given_id,) = record(
        merchant_id=merchant_id,
        source=source,
        txns=[
            Decided(
                key=key,
                request_hash=request_hash,
                kind="give_back",
                entries=[
                    Booked(spender.account_id, amount),
                    *(
                        Booked(sink.account_id, -share)
                        for sink, share in zip(sinks, shares, strict=True)
                        if share
                    ),
                ],
                uses=[Use(part.lot_id, -part.amount) for part in parts],
                reference=spend.reference,
                reason=reason,
                occurred_at=now,
                gives_back_id=txn_id,
            )
        ],
        now=now,
    )
    if grace > NO_GRACE:
        lapsing = Lapsing(spender.account_id, spender.account, ended(parts, at=now))
        lapse_or_extend(merchant_id=merchant_id, lapsing=lapsing, grace=grace, now=now)
    return as_new(txn_by_id(merchant_id=merchant_id, txn_id=given_id))


def _sides(spend: Written) -> tuple[WrittenEntry, list[WrittenEntry]]:
    """The one account that was taken from, and the sinks that it went to."""
    taken = [each for each in spend.entries if each.amount < 0]
    gained = [each for each in spend.entries if each.amount > 0]
    is_spend = (
        not spend.is_correction
        and len(taken) == 1
        and taken[0].kept_as in ("lots", "balance")
        and all(each.kept_as == "sum" for each in gained)
    )
    if not is_spend:
        raise NotASpend(txn_id=spend.id)
    return taken[0], gained
