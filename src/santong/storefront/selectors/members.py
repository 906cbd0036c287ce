"""Which member has a phone."""

from __future__ import annotations

from santong.customers import public as customers
from santong.kernel.masking import masked_phone
from santong.membership import public as membership
from santong.storefront.errors import PhoneShared


def member_of_phone(*, merchant_id: int, phone: str) -> membership.Member | None:
    """The member whom a proved phone (E.164) lets in, if there is one.

    A phone that several persons have lets in the one whom it identifies. Raises PhoneShared.
    """
    identifier = customers.Identifier("phone", phone)
    people = customers.find(merchant_id=merchant_id, identifiers=[identifier])[identifier]
    members = membership.members_of_persons(merchant_id=merchant_id, person_ids=people)
    known = [members[person] for person in people if person in members]
    owners = [each for each in known if _identifies(each, phone, merchant_id=merchant_id)]
    if not owners and len(known) > 1:
        raise PhoneShared
    found = next(iter(owners or known), None)
    return None if found is None or found.state == "closed" else found


def _identifies(member: membership.Member, phone: str, *, merchant_id: int) -> bool:
    """Whether the phone says who the member is, and is not just one of theirs."""
    shown = masked_phone(phone)
    return any(
        each.kind == "phone" and each.joins and each.ended_at is None and each.value == shown
        for each in customers.identifiers_of(merchant_id=merchant_id, person_id=member.person_id)
    )
