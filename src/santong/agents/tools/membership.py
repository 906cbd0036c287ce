"""Members, masked, for agents."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from santong.agents.tools.registry import Asked, Call, Told, Tool, Words
from santong.agents.tools.shapes import Text
from santong.customers import public as customers
from santong.kernel.errors import NoSuch
from santong.membership import public as membership


class MemberAsked(Asked):
    """A member by number; agents do not search by name or telephone."""

    member_number: Annotated[Text, Field(min_length=1)]


class CardTold(Told):
    """A card in a programme."""

    programme_code: str
    tier: str
    tier_until: datetime | None
    state: str
    last_active_at: datetime


class MemberTold(Told):
    """A member. Name and telephone are masked, always."""

    member_id: str
    member_number: str
    state: str
    name_masked: str
    phone_masked: str
    joined_at: datetime
    cards: list[CardTold]


def _find(call: Call, asked: MemberAsked) -> MemberTold:
    found = membership.find_members(merchant_id=call.merchant_id, member_number=asked.member_number)
    sight = membership.sight_of(
        merchant_id=call.merchant_id, actor=call.actor, permission="members.view", now=call.now
    )
    seen = sight.of_members(found)
    if not seen:
        raise NoSuch(kind="member", key=asked.member_number)
    member = seen[0]
    people = customers.persons_by_id(merchant_id=call.merchant_id, person_ids={member.person_id})
    person = people.get(member.person_id)
    return MemberTold(
        member_id=str(member.id),
        member_number=member.number,
        state=member.state,
        name_masked=person.name if person else "",
        phone_masked=person.phone if person else "",
        joined_at=member.joined_at,
        cards=[
            CardTold(
                programme_code=card.programme_code,
                tier=card.tier,
                tier_until=card.tier_until,
                state=card.state,
                last_active_at=card.last_active_at,
            )
            for card in member.cards
        ],
    )


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        name="find_member",
        title=Words(zh="查找会员", en="Find a member"),
        about=Words(
            zh="按会员号查找会员：等级和会员卡；姓名与手机号始终脱敏。",
            en="A member by member number: tiers and cards; name and telephone are always masked.",
        ),
        permission="members.view",
        takes=MemberAsked,
        gives=MemberTold,
        does=_find,
    ),
)
