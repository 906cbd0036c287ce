"""An account that is bound tells who somebody is, from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers import public as customers

SOURCE = "membership"


def recognise(
    *,
    merchant_id: int,
    person_id: int,
    names: Sequence[customers.Identifier],
    now: datetime,
) -> None:
    """Let a person be recognised by an account, unless it leads to somebody else already.

    To bind is not to say that two persons are one: who had the account before may have handed it
    on, so nobody is merged by it, and nobody new is made of it. Locks the person's identifiers.
    """
    people = customers.find(merchant_id=merchant_id, identifiers=names)
    if free := [name for name in names if not people[name]]:
        customers.attach(
            merchant_id=merchant_id, person_id=person_id, identifiers=free, source=SOURCE, now=now
        )
