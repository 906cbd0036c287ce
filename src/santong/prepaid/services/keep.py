"""Keep a part of a card for a payment."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import (
    CardsBuyNoCards,
    CardUnusable,
    OtherCurrency,
    PrepaidKeyTaken,
    TooLittleOnCard,
)
from santong.prepaid.models import Card, Gift, Use
from santong.prepaid.rules.fields import check_amount, check_key, check_text
from santong.prepaid.rules.split import taken
from santong.prepaid.selectors.cards import accounts_of
from santong.prepaid.selectors.programmes import terms_of
from santong.prepaid.services.books import SOURCE
from santong.prepaid.services.insert import insert
from santong.prepaid.services.lock import lock_card

# The ledger would let go by itself; the payment, which has the earlier end, does so first.
LEDGER_KEEPS_LONGER = timedelta(hours=1)


@all_or_nothing
def keep(
    *,
    merchant_id: int,
    card_id: int,
    reference: str,
    document: str,
    amount_minor: int,
    currency: str,
    expires_at: datetime,
    now: datetime,
) -> contracts.Use:
    """Keep the whole amount for a payment until `expires_at`, principal and bonus apart.

    How it is split is decided now, by the programme's terms, and stands for everything that goes
    back later. The same reference for the same card and amount gives what is there.

    Raises NoSuch (card), CardsBuyNoCards, CardUnusable, OtherCurrency, TooLittleOnCard,
    PrepaidKeyTaken, FieldInvalid, Busy. Locks the card, then accounts.
    """
    check_key(reference, pointer="/reference", most=contracts.LONGEST_REFERENCE)
    check_text(document, pointer="/document", most=contracts.LONGEST_DOCUMENT)
    check_amount(amount_minor)
    if contracts.top_up_of(document) is not None:
        raise CardsBuyNoCards
    if expires_at <= now:
        raise FieldInvalid(pointer="/expires_at", reason="in the future")
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    before = Use.objects.of_merchant(merchant_id).filter(reference=reference).first()
    if before is not None:
        return _same(before, card_id=card_id, amount_minor=amount_minor)
    _refuse_unusable(card, currency=currency, now=now)
    programme = card.programme.as_contract()
    terms = terms_of(merchant_id=merchant_id, programme=programme).terms
    accounts = accounts_of(programme, card_id=card_id)
    stands = payments.lock_accounts(merchant_id=merchant_id, accounts=accounts, now=now)
    principal, bonus = (stands[account].available for account in accounts)
    if amount_minor > principal + bonus:
        raise TooLittleOnCard(wanted_minor=amount_minor, available_minor=principal + bonus)
    parts = taken(amount=amount_minor, principal=principal, bonus=bonus, spends=terms.spends)
    row = Use(
        merchant_id=merchant_id,
        reference=reference,
        card_id=card_id,
        document=document,
        state="held",
        principal_minor=parts.principal_minor,
        bonus_minor=parts.bonus_minor,
        grace_days=terms.give_back_grace_days,
        expires_at=expires_at,
        asked_at=now,
    )
    row.principal_hold_id = _held(row, accounts[0], parts.principal_minor, now)
    row.bonus_hold_id = _held(row, accounts[1], parts.bonus_minor, now)
    insert(row, taken=Busy(), constraints=("a_payment_uses_a_card_once",))
    kept: contracts.Use = row.as_contract()
    return kept


def _same(before: Use, *, card_id: int, amount_minor: int) -> contracts.Use:
    # What a capture took may be less than what was kept; then the key is spent.
    asked = before.principal_minor + before.bonus_minor
    if (before.card_id, asked) != (card_id, amount_minor):
        raise PrepaidKeyTaken(key=before.reference)
    kept: contracts.Use = before.as_contract()
    return kept


def _refuse_unusable(card: Card, *, currency: str, now: datetime) -> None:
    if card.state != "active":
        raise CardUnusable(state=card.state)
    if card.valid_until is not None and card.valid_until <= now:
        raise CardUnusable(state="expired")
    if currency != card.programme.currency:
        raise OtherCurrency(currency=card.programme.currency)
    gifts = Gift.objects.of_merchant(card.merchant_id).filter(card=card.id, state="offered")
    if gifts.filter(expires_at__gt=now).exists():
        raise CardUnusable(state="offered")


def _held(row: Use, account: payments.AccountKey, amount: int, now: datetime) -> int | None:
    if not amount:
        return None
    return payments.hold(
        merchant_id=row.merchant_id,
        source=SOURCE,
        key=f"{account.asset.partition(':')[0]}:{row.reference}",
        account=account,
        amount=amount,
        expires_at=row.expires_at + LEDGER_KEEPS_LONGER,
        reference=row.reference,
        now=now,
    ).id
