"""Take what is kept for a payment."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import MoreThanTaken, PrepaidKeyTaken
from santong.prepaid.models import Card, Use
from santong.prepaid.rules.fields import check_amount
from santong.prepaid.rules.split import part_of
from santong.prepaid.selectors.cards import accounts_of
from santong.prepaid.services.books import SOURCE, moved
from santong.prepaid.services.let_go import let_go
from santong.prepaid.services.lock import lock_use

OUT_OF_TIME = "its time has run out"


@all_or_nothing
def capture_use(
    *, merchant_id: int, reference: str, amount_minor: int, now: datetime
) -> contracts.Use:
    """Take the amount, or a part of it in the same proportion; the rest can be spent again.

    Captured twice is captured once. What was released, or has run out of time, stays on the card:
    the state of the answer says so.

    Raises NoSuch, MoreThanTaken, PrepaidKeyTaken (captured with another amount), FieldInvalid,
    Busy. Locks the card, then accounts.
    """
    check_amount(amount_minor)
    card, row = lock_use(merchant_id=merchant_id, reference=reference)
    kept = contracts.Parts(principal_minor=row.principal_minor, bonus_minor=row.bonus_minor)
    if row.state == "captured" and kept.amount_minor != amount_minor:
        raise PrepaidKeyTaken(key=reference)
    if row.state == "held" and row.expires_at <= now:
        let_go(row, reason=OUT_OF_TIME, now=now)
    if row.state == "held":
        if amount_minor > kept.amount_minor:
            raise MoreThanTaken(wanted_minor=amount_minor, left_minor=kept.amount_minor)
        _take(card, row, part_of(kept, amount=amount_minor), now=now)
    found: contracts.Use = row.as_contract()
    return found


def _take(card: Card, row: Use, parts: contracts.Parts, *, now: datetime) -> None:
    programme = card.programme.as_contract()
    principal, bonus = accounts_of(programme, card_id=card.id)
    row.principal_txn_id = _captured(
        row,
        row.principal_hold_id,
        taken=principal,
        amount=parts.principal_minor,
        party=programme.party,
        now=now,
    )
    row.bonus_txn_id = _captured(
        row,
        row.bonus_hold_id,
        taken=bonus,
        amount=parts.bonus_minor,
        party=programme.party,
        now=now,
    )
    row.principal_minor, row.bonus_minor = parts.principal_minor, parts.bonus_minor
    row.state, row.ended_at = "captured", now
    row.save(
        update_fields=[
            "state",
            "ended_at",
            "principal_minor",
            "bonus_minor",
            "principal_txn_id",
            "bonus_txn_id",
        ]
    )


def _captured(
    row: Use,
    hold_id: int | None,
    *,
    taken: payments.AccountKey,
    amount: int,
    party: str,
    now: datetime,
) -> int | None:
    if hold_id is None:
        return None
    if not amount:
        # So small a part of the payment that all of it comes from the other side.
        payments.release(
            merchant_id=row.merchant_id, hold_id=hold_id, reason="captured in part", now=now
        )
        return None
    return payments.capture(
        merchant_id=row.merchant_id,
        hold_id=hold_id,
        source=SOURCE,
        txn=moved(
            key=f"{taken.asset.partition(':')[0]}:{row.reference}",
            kind="spend",
            given=payments.AccountKey(taken.asset, "redeemed", party),
            amount=amount,
            taken=taken,
            reference=row.reference,
            now=now,
        ),
        now=now,
    ).id
