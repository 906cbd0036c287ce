"""A member has themselves forgotten."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.errors import CodeOver
from santong.storefront.selectors.codes import asked_by_ticket
from santong.storefront.selectors.members import member_of_phone
from santong.storefront.services.spend_proof import spend_proof

REASON = "asked for by the member, with a code"


@all_or_nothing
def erase_member(*, merchant_id: int, member_id: int, ticket: str, now: datetime) -> None:
    """Forget the person that a member is, once their own phone was proved for it.

    Raises CodeOver, and what contexts refuse that still serve the person. Emits what forgetting
    emits. Locks the code, then the whole graph of persons.
    """
    asked = asked_by_ticket(merchant_id=merchant_id, ticket=ticket, purpose="erase", now=now)
    if asked is None or asked.state != "proved":
        raise CodeOver
    member = member_of_phone(merchant_id=merchant_id, phone=asked.phone)
    # A code that was sent to somebody else's phone erases nobody here.
    if member is None or member.id != member_id:
        raise CodeOver
    spend_proof(merchant_id=merchant_id, ticket=ticket, purpose="erase", now=now)
    with tenancy.acting_as(tenancy.SYSTEM):
        customers.erase_person(
            merchant_id=merchant_id, person_id=member.person_id, reason=REASON, now=now
        )
