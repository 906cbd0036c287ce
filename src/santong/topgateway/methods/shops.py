"""Whose members are meant: the storefront, its programme, and the shopper as they are named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypedDict

from pydantic import Field

from santong.customers import public as customers
from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.rules.arguments import Asked, Text

NUMBER: Final = "mobile: or mix_mobile"
ACCOUNT: Final = "taobao_nick: or mix_nick, ouid, open_id"
ANY: Final = "999"
# What the caller sent is a telephone number or an account: it is not said again.
NO_MEMBER: Final = Refused(errors.REMOTE_ERROR, "isv.member-not-exist", "no such member")
SEVERAL: Final = Refused(errors.REMOTE_ERROR, "isv.member-ambiguous", "several members")
_MIX: Final = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)


class ShopperNamed(Asked):
    """A shopper, as the platform's clients name them."""

    seller_name: Text | None = Field(
        None,
        description="The storefront, by its code or name; without it the only one with members.",
        max_length=100,
    )
    mobile: Text | None = Field(None, description="The telephone number,", max_length=32)
    mix_mobile: Text | None = Field(
        None, description="or the obfuscated one, 32 hex digits.", max_length=32
    )
    taobao_nick: Text | None = Field(
        None, description="The account's name on the storefront.", max_length=200
    )
    mix_nick: Text | None = Field(None, description="The same, obfuscated.", max_length=200)
    nick: Text | None = Field(None, description="The same.", max_length=200)
    ouid: Text | None = Field(None, description="The account, by its id per shop.", max_length=200)
    omid: Text | None = Field(None, description="Or by its id per brand.", max_length=200)
    open_id: Text | None = Field(None, description="Or by its id per application.", max_length=200)
    union_id: Text | None = Field(None, description="Or by its union id.", max_length=200)


def storefront_code_of(call: Call, seller_name: str | None) -> str:
    """The storefront that is meant. Raises Refused where it is none, or could be several."""
    known = merchants.storefronts(merchant_id=call.merchant_id)
    if seller_name is not None:
        named = [each for each in known if seller_name in {each.code, each.name}]
    else:
        named = [each for each in known if _has_programme(call, each.code)]
    # A code is one storefront's alone; a name may be several.
    named = [each for each in named if each.code == seller_name] or named
    if len(named) != 1:
        why = f"seller_name: {len(named)} storefronts of this name with members"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.seller-not-exist", why)
    return named[0].code


def programme_of_shop(call: Call, storefront_code: str, permission: str) -> membership.Programme:
    """The programme of a storefront, where the session sees its brand. Raises NoSuch."""
    programme = membership.programme_of_storefront(
        merchant_id=call.merchant_id, storefront_code=storefront_code
    )
    return in_sight(call, programme, permission)


def programme_of_code(call: Call, code: str | None, permission: str) -> membership.Programme:
    """The programme of a code; without one the oldest that is open and seen. Raises NoSuch."""
    if code is not None:
        found = membership.programme_by_code(merchant_id=call.merchant_id, code=code)
        return in_sight(call, found, permission)
    sight = _sight(call, permission)
    for programme in membership.programmes(merchant_id=call.merchant_id):
        if programme.is_open and sight.sees(programme.id):
            return programme
    raise NoSuch(kind="programme", key="")


def in_sight(call: Call, programme: membership.Programme, permission: str) -> membership.Programme:
    """A programme that the session's brands and places may know of. Raises NoSuch."""
    if not _sight(call, permission).sees(programme.id):
        raise NoSuch(kind="programme", key=programme.code)
    return programme


def accounts_of(call: Call, who: ShopperNamed, code: str) -> list[customers.Identifier]:
    """The names of the shopper's account, each with whose name it is."""
    nick = who.mix_nick or who.taobao_nick or who.nick
    said: Mapping[tuple[customers.Kind, str], str | None] = {
        ("storefront", code): who.ouid,
        ("storefront", f"app:{call.app_key}"): who.open_id,
        ("union", call.app_key): who.union_id,
        ("union", f"omid:{call.app_key}"): who.omid,
        ("mix_nick", code): nick,
    }
    return [
        customers.Identifier(kind, value, scope)
        for (kind, scope), value in said.items()
        if value is not None
    ]


class Number(TypedDict):
    """A telephone number in the words that membership takes."""

    phone: str
    mix_mobile: str
    mix_scope: str


def number_of(who: ShopperNamed, code: str) -> Number:
    """The telephone number, in the words that membership takes. Raises Refused without one."""
    if who.mobile is not None:
        return Number(phone=who.mobile, mix_mobile="", mix_scope="")
    if who.mix_mobile is not None:
        if not _MIX.fullmatch(who.mix_mobile):
            why = "mix_mobile: 32 hex digits"
            raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
        return Number(phone="", mix_mobile=who.mix_mobile.lower(), mix_scope=code)
    raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", NUMBER)


def member_of(call: Call, who: ShopperNamed, code: str) -> int:
    """The member whom a number finds, or an account where none was sent. Raises Refused."""
    accounts = accounts_of(call, who, code)
    if who.mobile is None and who.mix_mobile is None:
        need_account(accounts)
        found = membership.find_member(merchant_id=call.merchant_id, identities=accounts)
        if found is None or found.state == "closed":
            raise NO_MEMBER
        return found.id
    asked = membership.bind_query(
        merchant_id=call.merchant_id,
        storefront_code=code,
        identities=accounts,
        now=call.now,
        **number_of(who, code),
    )
    if asked.member is None:
        raise NO_MEMBER if asked.kind == "none" else SEVERAL
    return asked.member.member_id


def tier_of(call: Call, programme: membership.Programme, level: str) -> str:
    """The code of a tier that is named by it or by its number, 1 the lowest. Raises Refused."""
    terms = membership.terms_of(merchant_id=call.merchant_id, programme_id=programme.id).terms
    codes = [tier.code for tier in terms.tiers]
    if level in codes:
        return level
    number = int(level) if level.isascii() and level.isdigit() and len(level) < len(ANY) else 0
    if not 0 < number <= len(codes):
        raise Refused(errors.INVALID_ARGUMENTS, "isv.level-not-exist", "level: no such tier")
    return codes[number - 1]


def need_permission(call: Call, permission: str) -> None:
    """What a method needs in one of its cases alone. Raises Refused."""
    if not call.actor.may(permission):
        why = f"the seller has not given {permission}"
        raise Refused(errors.USER_PERMISSIONS, "isv.permission-api-package-not-allowed", why)


def need_account(accounts: list[customers.Identifier]) -> None:
    """Whoever is bound is bound by a name that the storefront gave."""
    if not accounts:
        raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", ACCOUNT)


def _has_programme(call: Call, code: str) -> bool:
    try:
        membership.programme_of_storefront(merchant_id=call.merchant_id, storefront_code=code)
    except NoSuch:
        return False
    return True


def _sight(call: Call, permission: str) -> membership.Sight:
    return membership.sight_of(
        merchant_id=call.merchant_id, actor=call.actor, permission=permission, now=call.now
    )
