"""What a card had paid for came back: so does the money on the card."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import MoreThanTaken, PrepaidKeyTaken, UseEnded
from santong.prepaid.models import UseRefund
from santong.prepaid.rules.fields import check_amount, check_key, clean_reason
from santong.prepaid.rules.split import next_part
from santong.prepaid.services.books import SOURCE
from santong.prepaid.services.lock import lock_use
from santong.prepaid.services.pay_back import empty_closed


@all_or_nothing
def refund_use(
    *,
    merchant_id: int,
    reference: str,
    refund_reference: str,
    amount_minor: int,
    reason: str,
    now: datetime,
) -> contracts.Parts:
    """Put so much back on the card, as this payment took it: the same proportion, the same lots.

    However it is divided, all parts together are what was taken. Bonus that has ended meanwhile
    lives on for the grace of the terms under which it was spent, or is gone. A closed card keeps
    nothing: its principal goes on to whoever had paid. The same `refund_reference` again gives the
    first answer.

    Raises NoSuch, UseEnded (not captured), MoreThanTaken, PrepaidKeyTaken, FieldInvalid, Busy.
    Emits PrincipalPaidBack. Locks the card, then accounts.
    """
    check_amount(amount_minor)
    check_key(refund_reference, pointer="/refund_reference", most=contracts.LONGEST_REFERENCE)
    reason = clean_reason(reason)
    card, row = lock_use(merchant_id=merchant_id, reference=reference)
    refunds = UseRefund.objects.of_merchant(merchant_id).filter(use=row.id)
    before = refunds.filter(reference=refund_reference).first()
    if before is not None:
        parts: contracts.Parts = before.as_parts()
        if parts.amount_minor != amount_minor:
            raise PrepaidKeyTaken(key=refund_reference)
        return parts
    if row.state != "captured":
        raise UseEnded(state=row.state)
    whole = contracts.Parts(principal_minor=row.principal_minor, bonus_minor=row.bonus_minor)
    gone = row.refunded_principal_minor + row.refunded_bonus_minor
    if amount_minor > whole.amount_minor - gone:
        raise MoreThanTaken(wanted_minor=amount_minor, left_minor=whole.amount_minor - gone)
    parts = next_part(whole, before=gone, amount=amount_minor)
    for txn_id, amount in (
        (row.principal_txn_id, parts.principal_minor),
        (row.bonus_txn_id, parts.bonus_minor),
    ):
        if amount:
            assert txn_id is not None, "what was taken was posted"
            payments.give_back(
                merchant_id=merchant_id,
                source=SOURCE,
                key=f"refund:{txn_id}:{refund_reference}",
                txn_id=txn_id,
                amount=amount,
                reason=reason,
                grace=timedelta(days=row.grace_days),
                now=now,
            )
    UseRefund.objects.create(
        merchant_id=merchant_id,
        use_id=row.id,
        reference=refund_reference,
        principal_minor=parts.principal_minor,
        bonus_minor=parts.bonus_minor,
        at=now,
    )
    row.refunded_principal_minor += parts.principal_minor
    row.refunded_bonus_minor += parts.bonus_minor
    row.save(update_fields=["refunded_principal_minor", "refunded_bonus_minor"])
    if card.state == "closed":
        empty_closed(card, key=f"refund:{row.id}:{refund_reference}"[:120], now=now)
    return parts
