"""Somebody joins: an old card is found, or a new one is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.rules.fields import check_source
from santong.membership.services.catch_up import catch_up
from santong.membership.services.enrol import enrol


@all_or_nothing
def join(
    *,
    merchant_id: int,
    programme_code: str,
    identifiers: Sequence[customers.Identifier],
    profile: customers.Profile | None,
    source: contracts.JoinSource,
    card_number: str = "",
    now: datetime,
) -> contracts.Joined:
    """Make whoever has these identifiers a member of a programme, once.

    One telephone number finds the old card with its tier and points; a new one makes a new member.
    `card_number` is that of a card which the person holds already.

    Raises NoSuch (programme, location), ProgrammeClosed, CardTaken, FieldInvalid, Busy. Emits
    MemberJoined, MemberWoken, MemberReopened, and what customers and a merge emit. Locks the
    person, then the member.
    """
    check_source(source)
    who = customers.resolve(
        merchant_id=merchant_id,
        identifiers=identifiers,
        profile=profile,
        source=f"join:{source.kind}",
        now=now,
    )
    if not who.is_new:
        catch_up(merchant_id=merchant_id, person_id=who.person_id, now=now)
    return enrol(
        merchant_id=merchant_id,
        programme_code=programme_code,
        person_id=who.person_id,
        source=source,
        card_number=card_number,
        now=now,
    )
