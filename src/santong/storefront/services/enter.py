"""Let a member in who has proved their phone."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.storefront.contracts import Opened
from santong.storefront.errors import CodeOver
from santong.storefront.selectors.codes import asked_by_ticket
from santong.storefront.selectors.members import member_of_phone
from santong.storefront.services.open_session import open_session
from santong.storefront.services.spend_proof import spend_proof


@all_or_nothing
def enter(*, merchant_id: int, ticket: str, now: datetime) -> Opened | None:
    """Open a session for the member whose phone a browser has proved; None for whoever is none.

    The proof of a stranger stays, for joining. Raises CodeOver, PhoneShared. Locks the code.
    """
    asked = asked_by_ticket(merchant_id=merchant_id, ticket=ticket, purpose="log_in", now=now)
    if asked is None or asked.state != "proved":
        raise CodeOver
    member = member_of_phone(merchant_id=merchant_id, phone=asked.phone)
    if member is None:
        return None
    spend_proof(merchant_id=merchant_id, ticket=ticket, purpose="log_in", now=now)
    return open_session(merchant_id=merchant_id, member_id=member.id, now=now)
