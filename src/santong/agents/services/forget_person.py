"""Who was shopped for is forgotten."""

from __future__ import annotations

from datetime import datetime

from santong.agents.models import CheckoutSession
from santong.agents.selectors.persons import sessions_of_person
from santong.agents.services.keep_session import end_session
from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Empty the checkout sessions in which a person's numbers stand; those still open end.

    Locks them. Whether an order of one may be forgotten, `orders` says.
    """
    ids = [row.id for row in sessions_of_person(merchant_id=merchant_id, person=person)]
    for row in CheckoutSession.objects.of_merchant(merchant_id).filter(id__in=ids).lock():
        if row.state == "open":
            end_session(row, state="canceled", reason="the person was erased", now=now)
        row.asked_sealed, row.shown_sealed, row.erased_at = b"", b"", now
        row.save(update_fields=["asked_sealed", "shown_sealed", "erased_at"])
