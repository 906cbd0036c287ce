"""Money has come in for a card: it is on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel import outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import NotPaid
from santong.prepaid.events import CardToppedUp, TopUpReturned
from santong.prepaid.models import Card, TopUp
from santong.prepaid.rules.terms import terms_from_json
from santong.prepaid.selectors.cards import accounts_of
from santong.prepaid.services.ask_top_up import principal_to_come
from santong.prepaid.services.books import moved, post
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card

TOO_LATE = "the card cannot take it any more"
FIRST_MONEY = "its first money has come in"


@all_or_nothing
def land_top_up(*, merchant_id: int, top_up_id: int, now: datetime) -> contracts.TopUp:
    """Put a top-up's money on its card, once, if all of it has come in for its document.

    The ledger holds that no card has what was not paid for: the money leaves the document in the
    same transaction. What comes in too late for its card, or would lift it above what is allowed,
    stays on its document, to go back as it came. A card that waits for nothing can be used from
    its first money on.

    Raises NoSuch, NotPaid, Busy. Emits CardToppedUp or TopUpReturned, CardStateChanged. Locks the
    card, then accounts.
    """
    rows = TopUp.objects.of_merchant(merchant_id).select_related("card__programme", "terms")
    card_id = rows.filter(id=top_up_id).values_list("card_id", flat=True).first()
    if card_id is None:
        raise NoSuch(kind="top_up", key=str(top_up_id))
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    row = rows.get(id=top_up_id)
    if row.state in ("asked", "cancelled"):
        _refuse_unpaid(merchant_id, card, row, now)
        after = principal_to_come(merchant_id=merchant_id, card=card, without=row.id)
        after += row.amount_minor
        fits = row.most_minor is None or after <= row.most_minor
        if fits and card.state in ("issued", "active", "frozen"):
            _land(merchant_id, card, row, now)
        else:
            _return(card, row, now)
    found: contracts.TopUp = row.as_contract()
    return found


def _refuse_unpaid(merchant_id: int, card: Card, row: TopUp, now: datetime) -> None:
    document = contracts.document_of(row.id)
    account = payments.AccountKey(card.programme.as_contract().money_asset, "document", document)
    stand = payments.lock_accounts(merchant_id=merchant_id, accounts=[account], now=now)[account]
    if stand.available < row.amount_minor:
        raise NotPaid(document=document, wanted_minor=row.amount_minor, paid_minor=stand.available)


def _land(merchant_id: int, card: Card, row: TopUp, now: datetime) -> None:
    programme = card.programme.as_contract()
    document = contracts.document_of(row.id)
    principal, bonus = accounts_of(programme, card_id=card.id)
    money = programme.money_asset
    post(
        merchant_id=merchant_id,
        txn=moved(
            key=f"sold:{row.id}",
            kind="stored_value_sold",
            given=payments.AccountKey(money, "stored_value", programme.code),
            amount=row.amount_minor,
            taken=payments.AccountKey(money, "document", document),
            reference=document,
            now=now,
        ),
        now=now,
    )
    post(
        merchant_id=merchant_id,
        txn=moved(
            key=f"principal:{row.id}",
            kind="top_up",
            given=principal,
            amount=row.amount_minor,
            taken=payments.AccountKey(programme.principal_asset, "received", programme.party),
            reference=document,
            now=now,
        ),
        now=now,
    )
    if row.bonus_minor:
        ends = now + timedelta(days=row.bonus_days) if row.bonus_days else None
        post(
            merchant_id=merchant_id,
            txn=moved(
                key=f"bonus:{row.id}",
                kind="top_up",
                given=bonus,
                amount=row.bonus_minor,
                taken=payments.AccountKey(programme.bonus_asset, "received", programme.party),
                reference=document,
                expires_at=ends,
                now=now,
            ),
            now=now,
        )
    stand = payments.balances(merchant_id=merchant_id, accounts=[principal])[principal]
    row.state, row.ended_at, row.principal_after_minor = "landed", now, stand.posted
    row.save(update_fields=["state", "ended_at", "principal_after_minor"])
    outbox.publish(
        CardToppedUp(
            card_id=card.id,
            programme_id=programme.id,
            top_up_id=row.id,
            currency=programme.currency,
            principal_minor=row.amount_minor,
            bonus_minor=row.bonus_minor,
        ),
        now=now,
    )
    if card.state == "issued" and not terms_from_json(row.terms.terms).waits_for_activation:
        change_state(card, to="active", among=("issued",), reason=FIRST_MONEY, now=now)


def _return(card: Card, row: TopUp, now: datetime) -> None:
    row.state, row.ended_at, row.reason = "returned", now, TOO_LATE
    row.save(update_fields=["state", "ended_at", "reason"])
    outbox.publish(
        TopUpReturned(
            card_id=card.id,
            top_up_id=row.id,
            currency=card.programme.currency,
            amount_minor=row.amount_minor,
        ),
        now=now,
    )
