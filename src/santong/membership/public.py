"""The door of membership: programmes, who is a member, and how they became one."""

from __future__ import annotations

from santong.membership.contracts import (
    Attribution,
    BindAnswer,
    Binding,
    BindKind,
    Bound,
    Card,
    CardState,
    Joined,
    JoinKind,
    JoinSource,
    Member,
    MemberState,
    MemberSummary,
    Pool,
    Programme,
    Registered,
)
from santong.membership.errors import (
    AlreadyBound,
    CardTaken,
    CodeTaken,
    IdentityBound,
    MemberEnded,
    NotAMember,
    ProgrammeClosed,
    SeveralMembers,
)
from santong.membership.selectors.bindings import (
    bind_query,
    bindings_of,
    programme_of_storefront,
)
from santong.membership.selectors.find import find_member, find_members
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
from santong.membership.services.bind import bind
from santong.membership.services.close_member import close_member
from santong.membership.services.enrol import enrol
from santong.membership.services.join import join
from santong.membership.services.note_activity import note_activity
from santong.membership.services.open_pool import open_pool
from santong.membership.services.open_programme import open_programme
from santong.membership.services.register import register
from santong.membership.services.reopen_member import reopen_member
from santong.membership.services.review_dormancy import review_dormancy
from santong.membership.services.unbind import unbind

__all__ = [
    "AlreadyBound",
    "Attribution",
    "BindAnswer",
    "BindKind",
    "Binding",
    "Bound",
    "Card",
    "CardState",
    "CardTaken",
    "CodeTaken",
    "IdentityBound",
    "JoinKind",
    "JoinSource",
    "Joined",
    "Member",
    "MemberEnded",
    "MemberState",
    "MemberSummary",
    "NotAMember",
    "Pool",
    "Programme",
    "ProgrammeClosed",
    "Registered",
    "SeveralMembers",
    "attributions_of",
    "bind",
    "bind_query",
    "bindings_of",
    "check_invariants",
    "close_member",
    "current_member_ids",
    "enrol",
    "find_member",
    "find_members",
    "join",
    "member_by_id",
    "member_of_number",
    "member_of_person",
    "members_by_id",
    "members_of_card",
    "members_of_persons",
    "members_page",
    "note_activity",
    "open_pool",
    "open_programme",
    "pool_by_code",
    "pools",
    "programme_by_code",
    "programme_by_id",
    "programme_of_brand",
    "programme_of_storefront",
    "programmes",
    "register",
    "reopen_member",
    "review_dormancy",
    "unbind",
]
