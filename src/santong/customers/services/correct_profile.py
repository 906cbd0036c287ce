"""A person says something else of themselves."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from santong.customers import contracts
from santong.customers.models import Person
from santong.customers.rules.joining import completed
from santong.customers.rules.profiles import cleaned
from santong.customers.selectors.persons import keys_of, person_by_id
from santong.customers.selectors.sealing import opened_profile
from santong.customers.services.complete_profile import write_profile
from santong.customers.services.living import living_person
from santong.customers.services.locks import lock_graph
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def correct_profile(
    *, merchant_id: int, person_id: int, profile: contracts.Profile, now: datetime
) -> contracts.MaskedPerson:
    """Write what a person says of themselves over what was known; blanks leave it as it is.

    The trail says which parts have changed, not what they say.

    Raises NoSuch, PersonErased, FieldInvalid. Locks the graph, then the person.
    """
    lock_graph(merchant_id=merchant_id)
    current = living_person(merchant_id=merchant_id, person_id=person_id)[0].id
    said = cleaned(profile, today=now.date())
    row = Person.objects.of_merchant(merchant_id).filter(id=current).lock().get()
    key = keys_of([row])[row.id]
    before = opened_profile(person_id=row.id, key=key, sealed=bytes(row.profile_sealed))
    after = completed(said, by=before)
    write_profile(row=row, key=key, profile=after, now=now)
    old, new = asdict(before), asdict(after)
    audit.record(
        audit.Change(
            action="customers.correct_profile",
            subject="person",
            subject_id=row.id,
            reason="corrected",
            after={"changed": [name for name in new if new[name] != old[name]]},
        ),
        now=now,
    )
    return person_by_id(merchant_id=merchant_id, person_id=row.id)
