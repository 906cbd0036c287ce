"""A provider is asked again, now, how something stands with it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.errors import NothingToAsk
from santong.payments.models import RefundPart, Tender, Work
from santong.payments.rules.tenders import LIVE


@all_or_nothing
def ask_payment_again(*, merchant_id: int, tender_id: int, now: datetime) -> None:
    """Have a payment looked up at once, also one that we have given up; twice is once.

    Raises NoSuch, NothingToAsk. Locks the work.
    """
    row = Tender.objects.of_merchant(merchant_id).filter(id=tender_id).first()
    if row is None:
        raise NoSuch(kind="tender", key=str(tender_id))
    if row.state == "captured":
        raise NothingToAsk(about="payment", state=row.state)
    step = None if row.state in LIVE else "query"
    _ask(merchant_id, "payment", row.id, row.state, step=step, now=now)


@all_or_nothing
def ask_refund_again(*, merchant_id: int, part_id: int, now: datetime) -> None:
    """Have a part of a refund looked up at once, also one that has failed; twice is once.

    Raises NoSuch, NothingToAsk. Locks the work.
    """
    row = RefundPart.objects.of_merchant(merchant_id).filter(id=part_id).first()
    if row is None:
        raise NoSuch(kind="refund_part", key=str(part_id))
    if row.state == "done":
        raise NothingToAsk(about="refund", state=row.state)
    step = None if row.state in ("queued", "sent") else "query_refund"
    _ask(merchant_id, "refund", row.id, row.state, step=step, now=now)


def _ask(
    merchant_id: int,
    about: Literal["payment", "refund"],
    subject_id: int,
    state: str,
    *,
    step: str | None,
    now: datetime,
) -> None:
    """Make the next call due: the one that stands, or `step` where none does."""
    work = (
        Work.objects.of_merchant(merchant_id)
        .filter(about=about, subject_id=subject_id)
        .lock()
        .first()
    )
    if work is None:
        raise NothingToAsk(about=about, state=state)
    # Whoever asks at this moment brings the answer; what is due comes next by itself.
    if work.claimed_until is not None and work.claimed_until > now:
        return
    if work.due_at is not None and work.due_at <= now:
        return
    if work.due_at is None and step is not None:
        work.step = step
        work.attempts = 0
    work.due_at = now
    work.save(update_fields=["step", "attempts", "due_at"])
    audit.record(
        audit.Change(
            action="payments.ask_again",
            subject="tender" if about == "payment" else "refund_part",
            subject_id=subject_id,
            reason="asked by hand",
            before={"state": state},
            after={"step": work.step},
        ),
        now=now,
    )
