"""The door of membership: programmes, who is a member, and how they became one."""

from __future__ import annotations

from santong.membership.contracts import (
    Attribution,
    Binding,
    Card,
    CardState,
    Joined,
    JoinKind,
    JoinSource,
    Member,
    MemberState,
    Pool,
    Programme,
)
from santong.membership.errors import CardTaken, CodeTaken, ProgrammeClosed
from santong.membership.selectors.invariants import check_invariants
from santong.membership.selectors.members import (
    attributions_of,
    current_member_ids,
    member_by_id,
    member_of_number,
    member_of_person,
    members_by_id,
    members_of_card,
    members_of_persons,
    members_page,
)
from santong.membership.selectors.programmes import (
    pool_by_code,
    pools,
    programme_by_code,
    programme_by_id,
    programme_of_brand,
    programmes,
)
from santong.membership.services.enrol import enrol
from santong.membership.services.open_pool import open_pool
from santong.membership.services.open_programme import open_programme

__all__ = [
    "Attribution",
    "Binding",
    "Card",
    "CardState",
    "CardTaken",
    "CodeTaken",
    "JoinKind",
    "JoinSource",
    "Joined",
    "Member",
    "MemberState",
    "Pool",
    "Programme",
    "ProgrammeClosed",
    "attributions_of",
    "check_invariants",
    "current_member_ids",
    "enrol",
    "member_by_id",
    "member_of_number",
    "member_of_person",
    "members_by_id",
    "members_of_card",
    "members_of_persons",
    "members_page",
    "open_pool",
    "open_programme",
    "pool_by_code",
    "pools",
    "programme_by_code",
    "programme_by_id",
    "programme_of_brand",
    "programmes",
]
