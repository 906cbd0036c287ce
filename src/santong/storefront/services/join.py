"""Make a member of somebody who has proved their phone and agreed."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership
from santong.storefront.contracts import Agreed, Opened, Wanted
from santong.storefront.errors import ConsentMissing, NothingToJoin
from santong.storefront.selectors.invitations import Invitation, invitation_of
from santong.storefront.services.open_session import open_session
from santong.storefront.services.record_consents import record_consents
from santong.storefront.services.spend_proof import spend_proof


@all_or_nothing
def join(*, merchant_id: int, ticket: str, agreed: Agreed, now: datetime) -> Opened:
    """Make whoever has proved a phone a member, with what they agreed to, and let them in.

    Whoever is one already, by another browser's doing, is let in as they are.

    Raises ConsentMissing, CodeOver, NothingToJoin, ProgrammeClosed. Emits what joining and
    consenting emit. Locks the code, then the person and the member.
    """
    if not agreed.membership:
        raise ConsentMissing
    asked = spend_proof(merchant_id=merchant_id, ticket=ticket, purpose="log_in", now=now)
    invitation = _invitation(merchant_id, asked.wanted)
    joined = membership.join(
        merchant_id=merchant_id,
        programme_code=invitation.programme.code,
        identifiers=[customers.Identifier("phone", asked.phone, is_verified=True)],
        profile=None,
        source=invitation.source,
        now=now,
    )
    record_consents(
        merchant_id=merchant_id, person_id=joined.member.person_id, agreed=agreed, now=now
    )
    return open_session(merchant_id=merchant_id, member_id=joined.member.id, now=now)


@all_or_nothing
def join_another(
    *, merchant_id: int, member: membership.Member, wanted: Wanted, agreed: Agreed, now: datetime
) -> membership.Member:
    """Give a member who is in a card of one more programme.

    Raises ConsentMissing, NothingToJoin, ProgrammeClosed. Locks the person and the member.
    """
    if not agreed.membership:
        raise ConsentMissing
    invitation = _invitation(merchant_id, wanted)
    joined = membership.enrol(
        merchant_id=merchant_id,
        programme_code=invitation.programme.code,
        person_id=member.person_id,
        source=invitation.source,
        now=now,
    )
    record_consents(merchant_id=merchant_id, person_id=member.person_id, agreed=agreed, now=now)
    return joined.member


def _invitation(merchant_id: int, wanted: Wanted) -> Invitation:
    invitation = invitation_of(merchant_id=merchant_id, wanted=wanted)
    if invitation is None:
        raise NothingToJoin
    return invitation
