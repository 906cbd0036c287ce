"""Members over HTTP: who joins, whom a number finds, who leaves. Persons are shown masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from santong.customers import public as customers
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, page_of
from santong.membership import contracts
from santong.membership.api.routes import (
    Body,
    Code,
    Limit,
    Reason,
    check_place,
    check_programme,
    router,
    seen_member,
    sight_by,
)
from santong.membership.selectors.find import find_members
from santong.membership.selectors.members import members_page
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.sight import (
    attributions_in_sight,
    bindings_in_sight,
)
from santong.membership.services import close_member as closing
from santong.membership.services import join as joining
from santong.membership.services import reopen_member as reopening

Phone = Annotated[str, Field(max_length=40)]
Number = Annotated[str, Field(max_length=contracts.LONGEST_NUMBER)]
Place = Annotated[str, Field(max_length=60)]


class MemberAccountIn(Body):
    """A name under which a marketplace or a storefront knows somebody."""

    kind: customers.Kind
    value: Annotated[str, Field(min_length=1, max_length=200)]
    scope: Annotated[str, Field(max_length=60)] = ""

    def as_contract(self) -> customers.Identifier:
        return customers.Identifier(self.kind, self.value, self.scope)


class SourceIn(Body):
    """Where, by whom and how somebody was won."""

    kind: contracts.JoinKind
    channel: Annotated[str, Field(max_length=20)] = ""
    storefront_code: Place = ""
    location_code: Place = ""
    guide_code: Annotated[str, Field(max_length=contracts.LONGEST_GUIDE)] = ""

    def as_contract(self) -> contracts.JoinSource:
        return contracts.JoinSource(**self.dict())


class JoinIn(Body):
    """Somebody who joins a programme, by telephone number."""

    programme_code: Code
    phone: Phone
    accounts: Annotated[tuple[MemberAccountIn, ...], Field(max_length=5)] = ()
    name: Annotated[str, Field(max_length=120)] = ""
    birthday: date | None = None
    gender: customers.Gender = ""
    card_number: Number = ""
    source: SourceIn


class FindMembersIn(Body):
    """Whom to look for; one of these, or several."""

    phone: Phone = ""
    card_number: Number = ""
    member_number: Number = ""
    accounts: Annotated[tuple[MemberAccountIn, ...], Field(max_length=5)] = ()


class WhyIn(Body):
    """Why it is done; it names nobody."""

    reason: Reason


class CardOut(Schema):
    """A card in a programme."""

    id: str
    programme_code: str
    number: str
    tier: str
    tier_since: datetime | None
    tier_until: datetime | None
    state: contracts.CardState
    opened_at: datetime
    last_active_at: datetime


class MemberOut(Schema):
    """A member with cards; name and telephone number are masked."""

    id: str
    number: str
    person_id: str
    state: contracts.MemberState
    name: str
    phone: str
    joined_at: datetime
    joined_by: contracts.JoinKind
    cards: list[CardOut]


class JoinedOut(Schema):
    """The member and the card; `is_new` tells a new member, `is_new_card` a new card."""

    member: MemberOut
    card: CardOut
    is_new: bool
    is_new_card: bool


class BindingOut(Schema):
    """An account on a storefront that shows the member, or did."""

    id: str
    storefront_code: str
    state: str
    bound_at: datetime
    unbound_at: datetime | None


class AttributionOut(Schema):
    """Who or what is credited with a card."""

    id: str
    card_id: str
    kind: contracts.JoinKind
    channel: str
    storefront_code: str
    location_id: str | None
    guide_code: str
    at: datetime


@router.post(
    "/members/join", response={200: JoinedOut, 201: JoinedOut}, auth=requires("members.recruit")
)
def join(request: MerchantRequest, body: JoinIn) -> Status[dict[str, Any]]:
    """Join a programme: the old card where the number has one, a new member where not (201)."""
    check_place(request, body.source.location_code)
    sight = sight_by(request, "members.recruit")
    programme = programme_by_code(merchant_id=request.merchant_id, code=body.programme_code)
    check_programme(programme, sight=sight)
    profile = None
    if body.name or body.birthday or body.gender:
        profile = customers.Profile(name=body.name, birthday=body.birthday, gender=body.gender)
    joined = joining.join(
        merchant_id=request.merchant_id,
        programme_code=body.programme_code,
        identifiers=[
            customers.Identifier("phone", body.phone),
            *(account.as_contract() for account in body.accounts),
        ],
        profile=profile,
        source=body.source.as_contract(),
        card_number=body.card_number,
        now=datetime.now(UTC),
    )
    seen = sight.of_member(joined.member) or joined.member
    (member,) = _members(request.merchant_id, [seen])
    return Status(
        201 if joined.is_new_card else 200,
        {
            "member": member,
            "card": _card(joined.card),
            "is_new": joined.is_new,
            "is_new_card": joined.is_new_card,
        },
    )


@router.post("/members/find", response=list[MemberOut], auth=requires("members.view"))
def find(request: MerchantRequest, body: FindMembersIn) -> list[dict[str, Any]]:
    """Whom a telephone, card or member number or an account finds; nobody is made."""
    for name, text in (("card_number", body.card_number), ("member_number", body.member_number)):
        if not text.isprintable():
            raise FieldInvalid(pointer=f"/{name}", reason="printable characters")
    found = find_members(
        merchant_id=request.merchant_id,
        phone=body.phone,
        card_number=body.card_number,
        member_number=body.member_number,
        identities=[account.as_contract() for account in body.accounts],
    )
    return _members(request.merchant_id, sight_by(request).of_members(found))


@router.get("/members", response=Page[MemberOut], auth=requires("members.view"))
def list_members(
    request: MerchantRequest,
    programme_code: str | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Members, newest first; of one programme, or all.

    Staff of a brand page through those of its own programme; a store finds them by a number.
    """
    sight = sight_by(request)
    asked = None if sight.is_whole else sight.own_programme_ids if sight.may_browse else frozenset()
    if programme_code is not None:
        named = programme_by_code(merchant_id=request.merchant_id, code=programme_code).id
        asked = frozenset({named}) if asked is None else asked & {named}
    rows = members_page(
        merchant_id=request.merchant_id,
        programme_ids=asked,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    shown = _members(request.merchant_id, sight.of_members(rows))
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.get("/members/{member_id}", response=MemberOut, auth=requires("members.view"))
def get_member(request: MerchantRequest, member_id: str) -> dict[str, Any]:
    """One member, masked, with cards; staff of some places see whom they have won or served."""
    sight = sight_by(request)
    seen = seen_member(request, member_id, sight=sight)
    (member,) = _members(request.merchant_id, [seen])
    return member


@router.get(
    "/members/{member_id}/bindings", response=Page[BindingOut], auth=requires("members.view")
)
def list_bindings(request: MerchantRequest, member_id: str) -> Any:
    """Accounts on storefronts that show a member, and those that did."""
    sight = sight_by(request)
    member = seen_member(request, member_id, sight=sight)
    rows = bindings_in_sight(merchant_id=request.merchant_id, member_id=member.id, sight=sight)
    return Page(items=[binding_out(row) for row in rows])


@router.get(
    "/members/{member_id}/attributions",
    response=Page[AttributionOut],
    auth=requires("members.view"),
)
def list_attributions(request: MerchantRequest, member_id: str) -> Any:
    """Who or what is credited with each card."""
    sight = sight_by(request)
    member = seen_member(request, member_id, sight=sight)
    rows = attributions_in_sight(merchant_id=request.merchant_id, member_id=member.id, sight=sight)
    return Page(
        items=[
            {
                "id": str(row.id),
                "card_id": str(row.card_id),
                "kind": row.kind,
                "channel": row.channel,
                "storefront_code": row.storefront_code,
                "location_id": None if row.location_id is None else str(row.location_id),
                "guide_code": row.guide_code,
                "at": row.at,
            }
            for row in rows
        ]
    )


@router.post("/members/{member_id}/close", response=MemberOut, auth=requires("members.edit"))
def close(request: MerchantRequest, member_id: str, body: WhyIn) -> dict[str, Any]:
    """Let a member leave every programme."""
    sight = sight_by(request, "members.edit")
    member = closing.close_member(
        merchant_id=request.merchant_id,
        member_id=seen_member(request, member_id, sight=sight).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _members(request.merchant_id, sight.of_members([member]))[0]


@router.post("/members/{member_id}/reopen", response=MemberOut, auth=requires("members.edit"))
def reopen(request: MerchantRequest, member_id: str, body: WhyIn) -> dict[str, Any]:
    """Take a member back who had left."""
    sight = sight_by(request, "members.edit")
    member = reopening.reopen_member(
        merchant_id=request.merchant_id,
        member_id=seen_member(request, member_id, sight=sight).id,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _members(request.merchant_id, sight.of_members([member]))[0]


def binding_out(row: contracts.Binding) -> dict[str, Any]:
    """A binding as HTTP shows it."""
    return {
        "id": str(row.id),
        "storefront_code": row.storefront_code,
        "state": row.state,
        "bound_at": row.bound_at,
        "unbound_at": row.unbound_at,
    }


def _members(merchant_id: int, members: Sequence[contracts.Member]) -> list[dict[str, Any]]:
    """Members as HTTP shows them, with what may be seen of the persons."""
    people = customers.persons_by_id(
        merchant_id=merchant_id, person_ids={member.person_id for member in members}
    )
    shown = []
    for member in members:
        person = people.get(member.person_id)
        shown.append(
            {
                "id": str(member.id),
                "number": member.number,
                "person_id": str(member.person_id),
                "state": member.state,
                "name": person.name if person else "",
                "phone": person.phone if person else "",
                "joined_at": member.joined_at,
                "joined_by": member.joined_by,
                "cards": [_card(card) for card in member.cards],
            }
        )
    return shown


def _card(card: contracts.Card) -> dict[str, Any]:
    return {
        "id": str(card.id),
        "programme_code": card.programme_code,
        "number": card.number,
        "tier": card.tier,
        "tier_since": card.tier_since,
        "tier_until": card.tier_until,
        "state": card.state,
        "opened_at": card.opened_at,
        "last_active_at": card.last_active_at,
    }
