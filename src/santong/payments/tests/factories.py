"""A ledger for tests. Each function makes what the test is about and invents the rest."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.kernel.facts import adapter, fact_types
from santong.kernel.models import OutboxEvent
from santong.payments.contracts import (
    AccountKey,
    Balance,
    DisputeState,
    Hold,
    NewEntry,
    NewIntent,
    NewTender,
    NewTxn,
    Seen,
    SeenDispute,
    SeenMove,
    SeenMoveState,
    Txn,
)
from santong.payments.contracts.providers import TransferAsk
from santong.payments.selectors.balances import balances
from santong.payments.selectors.intents import intent_by_id, tender_by_id
from santong.payments.selectors.invariants import check_invariants
from santong.payments.selectors.lots import lots_of
from santong.payments.selectors.refunds import refunds_of
from santong.payments.selectors.transfers import transfer_by_id
from santong.payments.services.claim_errands import claim_errands
from santong.payments.services.hold import hold
from santong.payments.services.open_asset import open_asset
from santong.payments.services.open_intent import open_intent
from santong.payments.services.open_payment_account import open_payment_account
from santong.payments.services.post import post
from santong.payments.services.rebuild import rebuild
from santong.payments.services.record_external import account_of_channel, record_external
from santong.payments.services.refund import refund
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_refund import see_refund
from santong.payments.services.see_transfer import see_transfer
from santong.payments.tests.troubles import Troubles, make_troubles

# What others may know of how money goes wrong.
__all__ = ["Troubles", "make_troubles"]

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
SOURCE = "test"

_numbers = itertools.count(1)


def new_key() -> str:
    return f"key-{next(_numbers)}"


def make_points(*, merchant_id: int) -> str:
    """The code of a new asset of points."""
    code = f"points:{next(_numbers)}"
    return open_asset(merchant_id=merchant_id, code=code, kind="points", now=NOW).code


def of(asset: str, kind: str = "available", owner: str = "member:1") -> AccountKey:
    return AccountKey(asset, kind, owner)


def sink(asset: str, kind: str) -> AccountKey:
    return AccountKey(asset, kind, "brand:1")


def earned(
    account: AccountKey,
    amount: int,
    *,
    expires_at: datetime | None = None,
    key: str = "",
    at: datetime = NOW,
) -> NewTxn:
    """A transaction that issues so much to an account."""
    return NewTxn(
        key=key or new_key(),
        kind="earn",
        entries=(
            NewEntry(sink(account.asset, "issued"), -amount),
            NewEntry(account, amount, expires_at),
        ),
        occurred_at=at,
    )


def spent(
    account: AccountKey,
    amount: int,
    *,
    key: str = "",
    lots_of: int | None = None,
    at: datetime = NOW,
) -> NewTxn:
    """A transaction that redeems so much of an account."""
    return NewTxn(
        key=key or new_key(),
        kind="burn",
        entries=(
            NewEntry(account, -amount, lots_of=lots_of),
            NewEntry(sink(account.asset, "redeemed"), amount),
        ),
        occurred_at=at,
    )


def earn(
    *,
    merchant_id: int,
    account: AccountKey,
    amount: int,
    expires_at: datetime | None = None,
    key: str = "",
    now: datetime = NOW,
) -> Txn:
    txn = earned(account, amount, expires_at=expires_at, key=key)
    return post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=now)


def spend(
    *,
    merchant_id: int,
    account: AccountKey,
    amount: int,
    key: str = "",
    lots_of: int | None = None,
    now: datetime = NOW,
) -> Txn:
    txn = spent(account, amount, key=key, lots_of=lots_of)
    return post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=now)


def take_hold(
    *,
    merchant_id: int,
    account: AccountKey,
    amount: int,
    expires_at: datetime,
    key: str = "",
    now: datetime = NOW,
) -> Hold:
    return hold(
        merchant_id=merchant_id,
        source=SOURCE,
        key=key or new_key(),
        account=account,
        amount=amount,
        expires_at=expires_at,
        now=now,
    )


def balance(*, merchant_id: int, account: AccountKey, now: datetime | None = NOW) -> Balance:
    return balances(merchant_id=merchant_id, accounts=[account], now=now)[account]


def rests(*, merchant_id: int, account: AccountKey) -> Sequence[tuple[int, int]]:
    """What is left and held of each open lot, in the order in which lots are taken."""
    return [(lot.rest, lot.held) for lot in lots_of(merchant_id=merchant_id, account=account)]


def assert_sound(*, merchant_id: int, now: datetime = NOW) -> None:
    """Every invariant holds, and the log replayed gives every balance and lot bit for bit."""
    assert check_invariants(merchant_id=merchant_id, now=now) == []
    assert rebuild(merchant_id=merchant_id) == []


def facts_told(*, merchant_id: int, kind: type[Any]) -> list[Any]:
    """What the ledger told of one kind, oldest first."""
    (name,) = [name for name, known in fact_types().items() if known.cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [adapter(kind).validate_python(event.body) for event in events]


def make_paid_by(
    *, merchant_id: int, document: str, amount: int, payer: str, account: str = "wallet"
) -> int:
    """A tender that somebody has paid whom the provider names; its id."""
    open_payment_account(
        merchant_id=merchant_id,
        code=account,
        provider="simulated",
        method="wechat_pay",
        name=account,
        currency="CNY",
        now=NOW,
    )
    intent = open_intent(
        merchant_id=merchant_id,
        new=NewIntent(
            key=new_key(),
            document=document,
            currency="CNY",
            amount_minor=amount,
            subject="两件衬衫",
            expires_at=NOW + timedelta(minutes=30),
            tenders=(NewTender(account_code=account, amount_minor=amount),),
        ),
        now=NOW,
    )
    (tender,) = intent.tenders
    see_payment(
        merchant_id=merchant_id,
        reference=tender.reference,
        seen=Seen(state="paid", amount_minor=amount, at=NOW, payer=payer),
        now=NOW,
    )
    return tender.id


def pay_intent(
    *,
    merchant_id: int,
    intent_id: int,
    now: datetime,
    payer: str = "",
    paid_at: datetime | None = None,
) -> None:
    """The buyer pays every part of an intent, and its provider says so now."""
    for tender in intent_by_id(merchant_id=merchant_id, intent_id=intent_id).tenders:
        see_payment(
            merchant_id=merchant_id,
            reference=tender.reference,
            seen=Seen(
                state="paid", amount_minor=tender.amount_minor, at=paid_at or now, payer=payer
            ),
            now=now,
        )


def transfers_asked(*, merchant_id: int) -> list[TransferAsk]:
    """What a worker would ask of providers now; it is claimed by that."""
    until = NOW + timedelta(minutes=5)
    errands = claim_errands(merchant_id=merchant_id, most=50, until=until, now=NOW)
    return [errand.transfer for errand in errands if errand.transfer is not None]


def end_transfer(
    *, merchant_id: int, transfer_id: int, state: SeenMoveState, why: str = "", now: datetime
) -> None:
    """The provider says how a transfer stands."""
    sent = transfer_by_id(merchant_id=merchant_id, transfer_id=transfer_id)
    see_transfer(
        merchant_id=merchant_id,
        reference=sent.reference,
        seen=SeenMove(state=state, why=why),
        now=now,
    )


def end_refunds(*, merchant_id: int, document: str, now: datetime) -> None:
    """Providers have given back whatever of a document is under way."""
    for each in refunds_of(merchant_id=merchant_id, document=document):
        for part in each.parts:
            see_refund(
                merchant_id=merchant_id,
                reference=part.reference,
                seen=SeenMove(state="done", amount_minor=part.amount_minor, at=now),
                now=now,
            )


def fail_refunds(*, merchant_id: int, document: str) -> None:
    """Providers would not give back what of a document is under way."""
    for each in refunds_of(merchant_id=merchant_id, document=document):
        for part in each.parts:
            see_refund(
                merchant_id=merchant_id,
                reference=part.reference,
                seen=SeenMove(state="failed", why="no money at the provider"),
                now=NOW,
            )


def make_gone_back(*, merchant_id: int, document: str, amount: int) -> None:
    """So much of a document was asked back and is gone."""
    refund(
        merchant_id=merchant_id,
        document=document,
        key=new_key(),
        amount_minor=amount,
        currency="CNY",
        reason="no fit",
        now=NOW,
    )
    end_refunds(merchant_id=merchant_id, document=document, now=NOW)


def fight(*, merchant_id: int, tender_id: int, state: DisputeState, amount: int) -> None:
    """The provider says how a dispute about a tender stands."""
    found = tender_by_id(merchant_id=merchant_id, tender_id=tender_id)
    see_dispute(
        merchant_id=merchant_id,
        seen=SeenDispute(
            state=state,
            their_reference=f"fight:{tender_id}",
            payment_reference=found.reference,
            amount_minor=amount,
            at=NOW,
        ),
        now=NOW,
    )


def make_collected(*, merchant_id: int, document: str, channel: str, amount: int) -> str:
    """Money that a channel has collected for a document; the code of its account."""
    record_external(
        merchant_id=merchant_id,
        document=document,
        collected_by=channel,
        number=new_key(),
        amount_minor=amount,
        currency="CNY",
        paid_at=NOW,
        now=NOW,
    )
    return account_of_channel(channel, "CNY")
