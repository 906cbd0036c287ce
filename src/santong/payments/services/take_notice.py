"""What a provider tells us of its own accord."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.bulk import insert_new
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Notice
from santong.payments.models import Notice as Row
from santong.payments.models import PaymentAccount, RefundPart, Tender, Transfer
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_refund import see_refund
from santong.payments.services.see_transfer import see_transfer


@all_or_nothing
def take_notice(*, merchant_id: int, account_code: str, notice: Notice, now: datetime) -> bool:
    """Take a notice in, its signature verified; whether it was about something of this account.

    Told twice it has its effect once. A number of ours at another account is not listened to.

    Emits what is seen. Locks what is seen.
    """
    accounts = PaymentAccount.objects.of_merchant(merchant_id)
    account = accounts.filter(code=account_code).first()
    if account is None or not _is_ours(account, notice):
        return False
    row = Row(
        merchant_id=merchant_id,
        account=account,
        number=notice.number[:128],
        about=notice.about,
        reference=notice.reference[:64],
        taken_at=now,
    )
    insert_new([row], unique=["merchant_id", "account", "number"])
    # A notice whose effect was rolled back comes again, and so does one that another worker of
    # ours is taking in at this moment: what decides is what it says, not whether it is new.
    if notice.payment is not None:
        see_payment(
            merchant_id=merchant_id, reference=notice.reference, seen=notice.payment, now=now
        )
    if notice.move is not None and notice.about == "refund":
        see_refund(merchant_id=merchant_id, reference=notice.reference, seen=notice.move, now=now)
    if notice.move is not None and notice.about == "transfer":
        see_transfer(merchant_id=merchant_id, reference=notice.reference, seen=notice.move, now=now)
    if notice.dispute is not None:
        see_dispute(merchant_id=merchant_id, seen=notice.dispute, now=now)
    return True


def _is_ours(account: PaymentAccount, notice: Notice) -> bool:
    """Whether the number stands for something at this very account."""
    own = {"merchant_id": account.merchant_id, "account_id": account.id}
    if notice.about == "refund":
        parts = RefundPart.objects.of_merchant(account.merchant_id)
        return parts.filter(reference=notice.reference, tender__account_id=account.id).exists()
    if notice.about == "transfer":
        return Transfer.objects.filter(**own, reference=notice.reference).exists()
    reference = notice.dispute.payment_reference if notice.dispute else notice.reference
    return Tender.objects.filter(**own, reference=reference).exists()
