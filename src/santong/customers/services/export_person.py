"""All that is known of one person (个人信息保护法, articles 44 and 45)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from santong.customers import contracts
from santong.customers.models import Person
from santong.customers.rules.reasons import checked_reason
from santong.customers.rules.written import person_part
from santong.customers.selectors.consents import consents_of
from santong.customers.selectors.merges import merges_of
from santong.customers.selectors.persons import revealed
from santong.customers.services.living import living_person
from santong.customers.services.parts import exporters, record_of
from santong.customers.services.reveal_person import REVEAL
from santong.kernel import audit, tenancy
from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def export_person(
    *, merchant_id: int, person_id: int, reason: str, now: datetime
) -> contracts.PersonExport:
    """Everything that every context knows of a person, in plain JSON; the trail says who asked.

    Contexts above contribute by the functions that `SANTONG_EXPORTS` names.

    Raises NoSuch, PersonErased, FieldInvalid, PermissionMissing.
    """
    actor = tenancy.current().actor
    if actor.kind != "system" and not actor.may(REVEAL):
        raise PermissionMissing(permission=REVEAL)
    rows = living_person(merchant_id=merchant_id, person_id=person_id)
    own = _own(merchant_id, rows, reason=reason, now=now)
    record = record_of(merchant_id=merchant_id, rows=rows)
    return contracts.PersonExport(
        person_id=rows[0].id,
        made_at=now,
        parts={
            "customers": own,
            **{
                context: export(merchant_id=merchant_id, person=record)
                for context, export in exporters(settings.SANTONG_EXPORTS).items()
            },
        },
    )


def _own(merchant_id: int, rows: list[Person], *, reason: str, now: datetime) -> dict[str, object]:
    person = revealed(merchant_id=merchant_id, rows=rows)
    audit.record(
        audit.Change(
            action="customers.export_person",
            subject="person",
            subject_id=person.id,
            reason=checked_reason(reason, unnamed=[person.profile.name]),
        ),
        now=now,
    )
    return person_part(
        person=person,
        sources={row.id: (row.source, row.created_at) for row in rows},
        consents=consents_of(merchant_id=merchant_id, person_id=person.id),
        merges=merges_of(merchant_id=merchant_id, person_id=person.id),
    )
