"""Whom a number finds: of a telephone, a card, a member, an account."""

from __future__ import annotations

from collections.abc import Sequence

from santong.customers import public as customers
from santong.membership import contracts
from santong.membership.errors import SeveralMembers
from santong.membership.selectors.bindings import shown_by
from santong.membership.selectors.members import (
    member_of_number,
    members_by_id,
    members_of_card,
    members_of_persons,
)

MOST_FOUND = 20


def find_member(
    *,
    merchant_id: int,
    phone: str = "",
    card_number: str = "",
    member_number: str = "",
    identities: Sequence[customers.Identifier] = (),
) -> contracts.Member | None:
    """The one member whom what is given finds, or None. Raises SeveralMembers."""
    found = find_members(
        merchant_id=merchant_id,
        phone=phone,
        card_number=card_number,
        member_number=member_number,
        identities=identities,
    )
    if len(found) > 1:
        raise SeveralMembers(member_ids=tuple(str(each.id) for each in found))
    return found[0] if found else None


def find_members(
    *,
    merchant_id: int,
    phone: str = "",
    card_number: str = "",
    member_number: str = "",
    identities: Sequence[customers.Identifier] = (),
) -> list[contracts.Member]:
    """Members whom anything that is given finds, in the order of their ids; closed ones, too."""
    found: dict[int, contracts.Member] = {}
    if phone:
        found |= _of_persons(merchant_id, [customers.Identifier("phone", phone)])
    if identities:
        # An account shows one member at a time; only where it shows nobody does its owner count.
        shown = shown_by(merchant_id=merchant_id, identities=identities)
        member_ids = [each.member_id for each in shown]
        by_binding = members_by_id(merchant_id=merchant_id, member_ids=member_ids)
        found |= by_binding or _of_persons(merchant_id, identities)
    if card_number:
        number = card_number.strip().upper()
        by_card = members_of_card(merchant_id=merchant_id, number=number)
        found |= {member.id: member for member in by_card}
    if member_number:
        number = member_number.strip().upper()
        member = member_of_number(merchant_id=merchant_id, number=number)
        found |= {member.id: member} if member else {}
    return [found[member_id] for member_id in sorted(found)][:MOST_FOUND]


def _of_persons(
    merchant_id: int, identifiers: Sequence[customers.Identifier]
) -> dict[int, contracts.Member]:
    people = customers.find(merchant_id=merchant_id, identifiers=identifiers)
    person_ids = {person_id for several in people.values() for person_id in several}
    by_person = members_of_persons(merchant_id=merchant_id, person_ids=person_ids)
    return {member.id: member for member in by_person.values()}
