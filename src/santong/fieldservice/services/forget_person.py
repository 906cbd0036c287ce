"""Whom visits were for is forgotten; that somebody came stays."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.evidence import public as evidence
from santong.fieldservice import contracts
from santong.fieldservice.errors import VisitsAhead
from santong.fieldservice.rules.states import OPEN
from santong.fieldservice.selectors.persons import visits_of_person
from santong.fieldservice.selectors.photos import photos_of
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Blank the contact and the place of a person's visits, with photos; close their links.

    While somebody is to come to them, nothing is forgotten.

    Raises VisitsAhead. Locks the visits.
    """
    rows = list(visits_of_person(merchant_id=merchant_id, person=person).lock())
    if ahead := [str(row.id) for row in rows if row.state in OPEN]:
        raise VisitsAhead(visit_ids=ahead)
    for row in rows:
        row.seal(contracts.Contact(), contracts.Place())
        row.phone_index = None
        row.latitude = row.longitude = 0.0
        row.district = ""
        row.link_round += 1
        row.save()
        kept = photos_of(merchant_id=merchant_id, visit_id=row.id)
        evidence.forget(
            merchant_id=merchant_id,
            evidence_ids=[each.id for each in kept],
            reason="the person was erased",
            now=now,
        )
    audit.record(
        *(
            audit.Change(
                action="fieldservice.forget_person",
                subject="visit",
                subject_id=row.id,
                reason="the person was erased",
            )
            for row in rows
        ),
        now=now,
    )
