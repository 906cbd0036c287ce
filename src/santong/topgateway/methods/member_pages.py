"""Members (会员), read page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from santong.membership import public as membership
from santong.topgateway.contracts import Call
from santong.topgateway.methods.finding import LONGEST_PAGE
from santong.topgateway.methods.shops import programme_of_code, tier_of
from santong.topgateway.rules.arguments import Asked, Moment, Page, PageSize, Text
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.outline import Item

NORMAL: Final = "normal"
DORMANT: Final = "inactive"


class MembersAsked(Asked):
    """Which members."""

    current_page: Page = Field(description="From 1.")
    page_size: PageSize = Field(40, description=f"At most {LONGEST_PAGE}.")
    buyer_nick: Text | None = Field(None, description="One member, by number.", max_length=40)
    grade: Text | None = Field(
        None, description="A tier, by its number, 1 the lowest, or its code.", max_length=60
    )
    min_last_trade_time: Moment | None = Field(None, description="Last seen from then on.")
    max_last_trade_time: Moment | None = Field(None, description="Last seen before then.")
    min_join_time: Moment | None = Field(None, description="Joined from then on.")
    max_join_time: Moment | None = Field(None, description="Joined before then.")
    programme_code: Text | None = Field(
        None, description="The programme; without it the oldest that is open."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmMember:
    """A member of a programme."""

    buyer_nick: Annotated[str, "The member's number: nobody is named."]
    card_number: Annotated[str, "The card's number."]
    status: Annotated[str, "normal, or inactive where they were not seen for long."]
    grade: Annotated[int, "Their tier, 1 the lowest; 0 without one."]
    grade_name: Annotated[str, "What it is called."]
    grade_code: Annotated[str, "Its code here."]
    point: Annotated[int, "What they can spend."]
    join_time: Annotated[datetime, "When they joined, GMT+8."]
    last_trade_time: Annotated[datetime, "When they were last seen: a purchase, a visit. GMT+8."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Members, the newest first."""

    members: Annotated[tuple[CrmMember, ...], "The newest first.", Item("basic_member")]
    total_result: Annotated[int, "How many there are."]


@method("taobao.crm.members.get", pack="members", does="reads", permission="members.view")
def members(call: Call, asked: MembersAsked) -> Members:
    """Read the members of a programme, by tier and by when they joined and were last seen."""
    programme = programme_of_code(call, asked.programme_code, "members.view")
    if asked.buyer_nick is not None:
        found = _one(call, programme, asked.buyer_nick)
        return Members(members=_shown(call, programme, found), total_result=len(found))
    tiers = () if asked.grade is None else (tier_of(call, programme, asked.grade),)
    opened = (asked.min_join_time, asked.max_join_time)
    active = (asked.min_last_trade_time, asked.max_last_trade_time)
    cards = membership.cards_of_programme(
        merchant_id=call.merchant_id,
        programme=programme,
        tiers=tiers,
        opened=opened,
        active=active,
        offset=(asked.current_page - 1) * asked.page_size,
        limit=asked.page_size,
    )
    total = membership.count_cards(
        merchant_id=call.merchant_id,
        programme=programme,
        tiers=tiers,
        opened=opened,
        active=active,
    )
    return Members(members=_shown(call, programme, cards), total_result=total)


def _one(call: Call, programme: membership.Programme, number: str) -> list[membership.Card]:
    found = membership.find_member(merchant_id=call.merchant_id, member_number=number)
    card = found.card_of(programme.code) if found is not None else None
    return [card] if card is not None and card.state in {"active", "dormant"} else []


def _shown(
    call: Call, programme: membership.Programme, cards: Sequence[membership.Card]
) -> tuple[CrmMember, ...]:
    ids = [card.member_id for card in cards]
    known = membership.members_by_id(merchant_id=call.merchant_id, member_ids=ids)
    points = membership.points_by_pool(merchant_id=call.merchant_id, member_ids=ids, now=call.now)
    tiers = _tiers(call, programme)
    return tuple(
        _member(card, known[card.member_id], points[card.member_id][programme.pool_code], tiers)
        for card in cards
    )


def _member(
    card: membership.Card,
    member: membership.Member,
    points: membership.PointsShown,
    tiers: Mapping[str, tuple[int, str]],
) -> CrmMember:
    grade, name = tiers.get(card.tier, (0, ""))
    return CrmMember(
        buyer_nick=member.number,
        card_number=card.number,
        status=NORMAL if card.state == "active" else DORMANT,
        grade=grade,
        grade_name=name,
        grade_code=card.tier,
        point=points.available,
        join_time=card.opened_at,
        last_trade_time=card.last_active_at,
    )


def _tiers(call: Call, programme: membership.Programme) -> Mapping[str, tuple[int, str]]:
    try:
        terms = membership.terms_of(merchant_id=call.merchant_id, programme_id=programme.id).terms
    except membership.NothingPromised:
        return {}
    return {tier.code: (number, tier.name) for number, tier in enumerate(terms.tiers, 1)}


METHODS = (members,)
