"""Shoppers become members, and are shown as such on a storefront (会员通).

The contracts that a marketplace asks of a brand's CRM are carried here too, so that software of the
brand's own can ask them: the same names in both spellings, the same codes. What they say is told in
the answer, as those contracts do; only what cannot be read is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from django.db import transaction
from pydantic import Field

from santong.kernel.errors import DomainError
from santong.membership import public as membership
from santong.topgateway.contracts import Call
from santong.topgateway.methods.shops import (
    ShopperNamed,
    accounts_of,
    need_account,
    number_of,
    programme_of_shop,
    storefront_code_of,
)
from santong.topgateway.rules.declaring import Does, Method, method

DONE: Final = "SUC"
FAILED: Final = "E01"
FAILED_TO_REGISTER: Final = "E05"
UNBIND: Final = "2"
PREFIXES: Final = ("tmall.mei.crm", "tmall.crm")

_BIND_QUERY_CODE: Final[Mapping[membership.BindKind, str]] = {
    "bindable": "",
    "already_bound": "E02",
    "several": "E03",
    "none": "E04",
}
_MEMBER_QUERY_CODE: Final[Mapping[membership.BindKind, str]] = {
    "bindable": "E02",
    "already_bound": DONE,
    "several": "E03",
    "none": "E01",
}


class BindAsked(ShopperNamed):
    """A shopper who is bound, or not any more."""

    type: Literal["1", "2"] = Field(description="1 binds, 2 unbinds.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShown:
    """What a storefront shows of a member."""

    point: Annotated[int, "What they can spend."]
    level: Annotated[str, "Their tier, by its code."]
    nick: Annotated[str, "The member's number here."]
    extend: Annotated[str, "JSON text with the card's number."]


@dataclass(frozen=True, slots=True, kw_only=True)
class BindQueried:
    """Whether a shopper can be bound."""

    bindable: Annotated[bool, "Whether a member of this number is there to be bound."]
    bind_code: Annotated[str, "Empty; E02 bound already, E03 several, E04 nobody."]
    member: Annotated[MemberShown | None, "Who, where one can be bound."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How binding went."""

    bind_code: Annotated[str, "SUC, or E01."]
    bind_message: Annotated[str, "Why not, by our code."]
    member: Annotated[MemberShown | None, "Who is bound."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """How joining went."""

    register_code: Annotated[str, "SUC, or E05."]
    register_message: Annotated[str, "Why not, by our code."]
    member: Annotated[MemberShown | None, "Who is a member, and bound."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queried:
    """How a shopper stands."""

    query_code: Annotated[str, "SUC bound; E02 a member, not bound; E01 nobody; E03 several."]
    member: Annotated[MemberShown | None, "Who, where they are bound."]


def query_binding(call: Call, asked: ShopperNamed) -> BindQueried:
    """Ask whether a shopper's account can be bound to the member whom a number finds."""
    found = _found(call, asked, storefront_code_of(call, asked.seller_name))
    code = _BIND_QUERY_CODE[found.kind]
    return BindQueried(bindable=not code, bind_code=code, member=None if code else _shown(found))


def query_member(call: Call, asked: ShopperNamed) -> Queried:
    """Ask how a shopper stands on a storefront: bound or not, their points and tier."""
    found = _found(call, asked, storefront_code_of(call, asked.seller_name))
    code = _MEMBER_QUERY_CODE[found.kind]
    return Queried(query_code=code, member=_shown(found) if code == DONE else None)


def bind(call: Call, asked: BindAsked) -> Bound:
    """Bind a shopper's account to the member whom a number finds, or unbind it. Twice is once."""
    code = storefront_code_of(call, asked.seller_name)
    programme_of_shop(call, code, "members.edit")
    accounts = accounts_of(call, asked, code)
    need_account(accounts)
    named: dict[str, Any] = {
        "merchant_id": call.merchant_id,
        "storefront_code": code,
        "identities": accounts,
        "now": call.now,
    }
    if asked.type == UNBIND:
        why = _refusal(lambda: membership.unbind(**named, reason="asked by an application"))
        return Bound(bind_code=FAILED if why else DONE, bind_message=why, member=None)
    number = number_of(asked, code)
    why = _refusal(lambda: membership.bind(**named, **number))
    shown = None if why else _shown(_found(call, asked, code))
    return Bound(bind_code=FAILED if why else DONE, bind_message=why, member=shown)


def register(call: Call, asked: ShopperNamed) -> Registered:
    """Let a shopper join a storefront's programme and bind the account; members are bound, too."""
    code = storefront_code_of(call, asked.seller_name)
    programme_of_shop(call, code, "members.recruit")
    accounts = accounts_of(call, asked, code)
    need_account(accounts)
    number = number_of(asked, code)
    why = _refusal(
        lambda: membership.register(
            merchant_id=call.merchant_id,
            storefront_code=code,
            identities=accounts,
            now=call.now,
            **number,
        )
    )
    shown = None if why else _shown(_found(call, asked, code))
    return Registered(
        register_code=FAILED_TO_REGISTER if why else DONE, register_message=why, member=shown
    )


def _found(call: Call, who: ShopperNamed, code: str) -> membership.BindAnswer:
    programme_of_shop(call, code, "members.view")
    return membership.bind_query(
        merchant_id=call.merchant_id,
        storefront_code=code,
        identities=accounts_of(call, who, code),
        now=call.now,
        **number_of(who, code),
    )


def _refusal(carry_out: Callable[[], object]) -> str:
    """Why not, by its code; nothing where it is done. What may succeed later is an error."""
    try:
        with transaction.atomic():
            carry_out()
    except DomainError as refused:
        if refused.status >= 500:  # noqa: PLR2004  the whole call is tried again
            raise
        return refused.code
    return ""


def _shown(found: membership.BindAnswer) -> MemberShown | None:
    member = found.member
    if member is None:
        return None
    return MemberShown(
        point=member.points,
        level=member.tier,
        nick=member.member_number,
        extend=json.dumps({"card": member.card_number}, ensure_ascii=False),
    )


def _both(
    last: str, carry_out: Callable[..., object], does: Does, permission: str
) -> tuple[Method, ...]:
    return tuple(
        method(f"{prefix}.{last}", pack="members", does=does, permission=permission)(carry_out)
        for prefix in PREFIXES
    )


METHODS = (
    *_both("member.bind.query", query_binding, "reads", "members.view"),
    *_both("member.query", query_member, "reads", "members.view"),
    *_both("bind", bind, "writes", "members.edit"),
    *_both("member.register", register, "writes", "members.recruit"),
)
