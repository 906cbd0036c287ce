"""Blanks of a profile are filled with what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers.contracts import Profile
from santong.customers.models import Person
from santong.customers.rules.joining import completed
from santong.customers.rules.profiles import NOTHING, missing_of
from santong.customers.selectors.graph import profile_of
from santong.customers.selectors.sealing import opened_profile, sealed_profile
from santong.customers.services.line_up import line_up


def complete_profile(
    *, row: Person, key: bytes, together: Sequence[Person], said: Profile, now: datetime
) -> None:
    """Write into a person's own row what none of the rows that make the person says yet."""
    if said == NOTHING:
        return
    missing = missing_of(profile_of(together), said=said)
    if missing == NOTHING:
        return
    locked = Person.objects.of_merchant(row.merchant_id).filter(id=row.id).lock().get()
    own = opened_profile(person_id=row.id, key=key, sealed=bytes(locked.profile_sealed))
    write_profile(row=locked, key=key, profile=completed(own, by=missing), now=now)


def write_profile(*, row: Person, key: bytes, profile: Profile, now: datetime) -> None:
    """Seal a profile into a locked row, its day of birth beside it; the person is compared anew."""
    row.profile_sealed = sealed_profile(person_id=row.id, key=key, profile=profile)
    born = profile.birthday
    row.birth_month, row.birth_day = (born.month, born.day) if born else (None, None)
    row.save(update_fields=["profile_sealed", "birth_month", "birth_day"])
    line_up(merchant_id=row.merchant_id, person_ids=[row.current_id], now=now)
