"""What a person wrote and showed is forgotten; that something was returned is not."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.aftersales.models import CaseMessage, OrderLink
from santong.aftersales.selectors.persons import cases_of_person, orders_of_person
from santong.customers import public as customers
from santong.evidence import public as evidence
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Forget words, messages and files of a person's cases, and end their links.

    What was returned, decided and paid stays: books and stock speak of it. Locks the cases, by id.
    """
    order_ids = orders_of_person(merchant_id=merchant_id, person=person)
    links = OrderLink.objects.of_merchant(merchant_id).filter(order_id__in=order_ids)
    links.update(round=F("round") + 1, until=now)
    rows = cases_of_person(merchant_id=merchant_id, person=person).lock()
    for row in rows:
        row.words_sealed, row.member_id = b"", None
        row.save(update_fields=["words_sealed", "member_id"])
        CaseMessage.objects.of_merchant(merchant_id).filter(case=row.id).update(text_sealed=b"")
        kept = evidence.of_subject(merchant_id=merchant_id, subject=f"case:{row.id}")
        evidence.forget(
            merchant_id=merchant_id,
            evidence_ids=[each.id for each in kept if each.erased_at is None],
            reason="the person was erased",
            now=now,
        )
        audit.record(
            audit.Change(
                action="aftersales.forget_buyer",
                subject="case",
                subject_id=row.id,
                reason="the person was erased",
            ),
            now=now,
        )
