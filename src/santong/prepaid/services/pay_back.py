"""Principal leaves a locked card, to go back as it came; bonus is lost."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.events import PrincipalPaidBack
from santong.prepaid.models import Card, PayBack, TopUp
from santong.prepaid.rules.split import newest_first
from santong.prepaid.selectors.cards import accounts_of
from santong.prepaid.services.books import moved, post

CLOSED = "the card is closed"


def empty_closed(card: Card, *, key: str, now: datetime) -> contracts.Closed:
    """Pay back all principal that can be spent, along the newest top-ups; forfeit all bonus.

    Emits PrincipalPaidBack.
    """
    programme = card.programme.as_contract()
    accounts = accounts_of(programme, card_id=card.id)
    stands = payments.lock_accounts(merchant_id=card.merchant_id, accounts=accounts, now=now)
    principal, bonus = (stands[account].available for account in accounts)
    parts = _pay_back(card, programme, principal, key=key, now=now)
    if bonus:
        post(
            merchant_id=card.merchant_id,
            txn=moved(
                key=f"forfeit:{card.id}:{key}",
                kind="forfeit",
                given=payments.AccountKey(programme.bonus_asset, "adjustment", programme.party),
                amount=bonus,
                taken=accounts[1],
                reference=f"card:{card.id}",
                reason=CLOSED,
                now=now,
            ),
            now=now,
        )
    return contracts.Closed(
        card_id=card.id,
        paid_back_minor=principal,
        forfeited_minor=bonus,
        paid_back_by_document=tuple(
            (contracts.document_of(top_up_id), amount) for top_up_id, amount in parts.items()
        ),
    )


def _pay_back(
    card: Card, programme: contracts.CardProgramme, amount: int, *, key: str, now: datetime
) -> dict[int, int]:
    rows = TopUp.objects.of_merchant(card.merchant_id).filter(card=card.id, state="landed")
    by_id = {row.id: row for row in rows}
    left = {row.id: row.amount_minor - row.paid_back_minor for row in by_id.values()}
    parts = newest_first(amount, left_by_id=left)
    principal, _ = accounts_of(programme, card_id=card.id)
    for top_up_id, part in parts.items():
        document = contracts.document_of(top_up_id)
        money = programme.money_asset
        post(
            merchant_id=card.merchant_id,
            txn=moved(
                key=f"paid_back:{top_up_id}:{key}",
                kind="pay_back",
                given=payments.AccountKey(programme.principal_asset, "refunded", programme.party),
                amount=part,
                taken=principal,
                reference=document,
                reason=CLOSED,
                now=now,
            ),
            now=now,
        )
        post(
            merchant_id=card.merchant_id,
            txn=moved(
                key=f"stored_value_back:{top_up_id}:{key}",
                kind="stored_value_back",
                given=payments.AccountKey(money, "document", document),
                amount=part,
                taken=payments.AccountKey(money, "stored_value", programme.code),
                reference=document,
                reason=CLOSED,
                now=now,
            ),
            now=now,
        )
        made = PayBack.objects.create(
            merchant_id=card.merchant_id,
            card_id=card.id,
            top_up_id=top_up_id,
            key=key,
            amount_minor=part,
            reason=CLOSED,
            at=now,
        )
        row = by_id[top_up_id]
        row.paid_back_minor += part
        row.save(update_fields=["paid_back_minor"])
        outbox.publish(
            PrincipalPaidBack(
                pay_back_id=made.id,
                card_id=card.id,
                top_up_id=top_up_id,
                currency=programme.currency,
                amount_minor=part,
            ),
            now=now,
        )
    return parts
