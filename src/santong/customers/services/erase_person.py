"""Nobody knows any more who this was (个人信息保护法, article 47)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from santong.customers import contracts
from santong.customers.events import PersonErased
from santong.customers.models import (
    Identity,
    Match,
    MatchDue,
    MatchKey,
    Person,
    SharedIdentifier,
)
from santong.customers.rules.reasons import checked_reason
from santong.customers.selectors.graph import profile_of
from santong.customers.services.living import living_person
from santong.customers.services.locks import lock_persons, lock_whole_graph
from santong.customers.services.parts import erasers, record_of
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def erase_person(
    *, merchant_id: int, person_id: int, reason: str, now: datetime
) -> contracts.Erasure:
    """Forget who a person was, everywhere and at once; accounts stay, about nobody.

    Contexts above forget their part by the functions that `SANTONG_ERASURES` names, in this
    transaction. One that still serves the person (an order that is not delivered) refuses, and
    nothing is forgotten: the law asks for erasure when the purpose is over. Here the key of the
    person goes, with it the profile, every identifier and every blind index; what was merged goes
    as one. Consents stay as events without a person.

    Raises NoSuch, PersonErased, FieldInvalid and what other contexts refuse. Emits PersonErased.
    Locks the whole graph, then the person.
    """
    lock_whole_graph(merchant_id=merchant_id)
    current = living_person(merchant_id=merchant_id, person_id=person_id)[0].id
    rows = lock_persons(merchant_id=merchant_id, person_ids=[current])[current]
    reason = checked_reason(reason, unnamed=[profile_of(rows).name])
    record = record_of(merchant_id=merchant_id, rows=rows)
    for forget in erasers(settings.SANTONG_ERASURES).values():
        forget(merchant_id=merchant_id, person=record, now=now)
    _forget(merchant_id, rows, now=now)
    audit.record(
        *(
            audit.Change(
                action="customers.erase_person",
                subject="person",
                subject_id=row.id,
                reason=reason,
                before={"state": row.state},
                after={"state": "erased"},
            )
            for row in rows
        ),
        now=now,
    )
    outbox.publish(*(PersonErased(person_id=row.id) for row in rows), now=now)
    return contracts.Erasure(person_id=current, person_ids=record.person_ids, erased_at=now)


def _forget(merchant_id: int, rows: Sequence[Person], *, now: datetime) -> None:
    ids = [row.id for row in rows]
    edges = Identity.objects.of_merchant(merchant_id)
    own = edges.filter(person_id__in=ids)
    indexes = {bytes(index) for index in own.values_list("blind_index", flat=True)}
    own.delete()
    others = edges.filter(blind_index__in=indexes).values_list("blind_index", flat=True)
    nobodys = indexes - {bytes(index) for index in others}
    SharedIdentifier.objects.of_merchant(merchant_id).filter(blind_index__in=nobodys).delete()
    Match.objects.of_merchant(merchant_id).filter(
        Q(first_id__in=ids) | Q(second_id__in=ids)
    ).delete()
    for told in (MatchKey, MatchDue):
        told.objects.of_merchant(merchant_id).filter(person_id__in=ids).delete()
    Person.objects.of_merchant(merchant_id).filter(id__in=ids).update(
        state="erased",
        key_sealed=b"",
        profile_sealed=b"",
        birth_month=None,
        birth_day=None,
        erased_at=now,
    )
