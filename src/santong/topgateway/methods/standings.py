"""A brand's own CRM tells how members stand, and what became of points on its side (会员通).

The points are kept here. What an application tells of a member is how they stand there at one
moment: it is taken over as it is, unless something newer was told before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from santong.customers import public as customers
from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.shops import (
    ShopperNamed,
    member_of,
    need_permission,
    programme_of_shop,
    storefront_code_of,
    tier_of,
)
from santong.topgateway.rules.arguments import Asked, Id, Text
from santong.topgateway.rules.declaring import method
from santong.topgateway.services.answer_point_change import answer_point_change
from santong.topgateway.services.take_version import take_version

MOST_POINTS: Final = 10**12
DONE: Final = 0


class Standing(ShopperNamed):
    """How a member stands in the application's own books."""

    point: Id | None = Field(None, description="So many points.", le=MOST_POINTS)
    level: Text | None = Field(
        None, description="A tier, by its code or its number, 1 the lowest.", max_length=60
    )
    version: Id = Field(description="Of when: a time in milliseconds. An older one is passed over.")
    level_type: Text | None = Field(None, description="It is not looked at.")
    level_point: Text | None = Field(None, description="It is not looked at.")
    level_expire_time: Text | None = Field(
        None, description="It is not looked at: a tier is kept as long as the terms say."
    )
    extend: Text | None = Field(None, description="It is not looked at.")


class PrivateStanding(Standing):
    """The same, of an account that is named by its id per shop."""

    ouid: Text = Field(description="The account, by its id per shop.", max_length=200)


class PointsAnswered(Asked):
    """What became of a change of points."""

    record_id: Text = Field(description="The change, as it was told.", max_length=60)
    result: Literal["0", "1"] = Field(description="0: done there. 1: not done.")
    error_code: Text | None = Field(None, description="Why not.", max_length=60)
    mix_mobile: Text | None = Field(None, description="It is not looked at.")
    point: Text | None = Field(None, description="It is not looked at.")
    ext_info: Text | None = Field(None, description="It is not looked at.")


class NickNamed(Asked):
    """A shopper, by the account's name."""

    user_nick: Text = Field(description="The account's name on the storefront.", max_length=200)
    seller_name: Text | None = Field(
        None,
        description="The storefront, by its code or name; without it the only one with members.",
        max_length=100,
    )


class PointsChanged(NickNamed):
    """A change of a shopper's points."""

    point: Id = Field(description="How many.", ge=1, le=100_000_000)
    type: Literal["add", "minus"] = Field(description="add or minus.")
    biz_code: Text = Field(
        description="The caller's own number of the change: it changes points once.", max_length=64
    )
    biz_detail: Text | None = Field(None, description="Why; it is not looked at.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What became of what was told."""

    mei_extra_info: Annotated[str, "JSON text: whether it was taken, or something newer stands."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """How it went."""

    result_success: Annotated[bool, "Whether it is so now."]


@method("tmall.mei.crm.member.sync", pack="members", does="writes", permission="points.earn")
def sync(call: Call, asked: Standing) -> Synced:
    """Take over how a member stands in the application's books, if it is the newest it has told."""
    return _sync(call, asked)


@method("tmall.mei.crm.member.sync.privy", pack="members", does="writes", permission="points.earn")
def sync_privy(call: Call, asked: PrivateStanding) -> Synced:
    """The same, of an account that is named by its id per shop."""
    return _sync(call, asked)


@method(
    "tmall.mei.crm.callback.point.change",
    pack="members",
    does="writes",
    permission="points.earn",
)
def answer(call: Call, asked: PointsAnswered) -> Succeeded:
    """Say what became, in the application's books, of a change of points that it was told of.

    The points stand as they are: they are kept here. The answer lies in the member's trail.
    """
    answer_point_change(
        merchant_id=call.merchant_id,
        app_key=call.app_key,
        record_id=asked.record_id,
        is_done=int(asked.result) == DONE,
        error_code=asked.error_code or "",
        now=call.now,
    )
    return Succeeded(result_success=True)


@method("tmall.crm.member.front.unbind", pack="members", does="writes", permission="members.edit")
def unbind(call: Call, asked: NickNamed) -> Succeeded:
    """Let a shopper's account show no member any more; it is so as well if it showed none."""
    code = storefront_code_of(call, asked.seller_name)
    programme_of_shop(call, code, "members.edit")
    membership.unbind(
        merchant_id=call.merchant_id,
        storefront_code=code,
        identities=[customers.Identifier("mix_nick", asked.user_nick, code)],
        reason="asked by an application",
        now=call.now,
    )
    return Succeeded(result_success=True)


@method("tmall.crm.member.point.change", pack="members", does="writes", permission="points.earn")
def change_points(call: Call, asked: PointsChanged) -> Succeeded:
    """Give a shopper points, or take them; one `biz_code` changes them once."""
    if asked.type == "minus":
        need_permission(call, "points.burn")
    code = storefront_code_of(call, asked.seller_name)
    programme = programme_of_shop(call, code, "points.earn")
    who = ShopperNamed.model_validate({"nick": asked.user_nick})
    source, member_id = f"app:{call.app_key}", member_of(call, who, code)
    if asked.type == "add":
        membership.credit_points(
            merchant_id=call.merchant_id,
            source=source,
            key=f"biz:{asked.biz_code}",
            member_id=member_id,
            programme_code=programme.code,
            points=asked.point,
            now=call.now,
        )
    else:
        membership.burn(
            merchant_id=call.merchant_id,
            source=source,
            key=f"biz:{asked.biz_code}",
            member_id=member_id,
            programme_code=programme.code,
            kind="shop",
            points=asked.point,
            now=call.now,
        )
    return Succeeded(result_success=True)


def _sync(call: Call, asked: Standing) -> Synced:
    if asked.point is None and asked.level is None:
        why = "point: or level"
        raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", why)
    code = storefront_code_of(call, asked.seller_name)
    programme = programme_of_shop(call, code, "points.earn")
    tier = "" if asked.level is None else tier_of(call, programme, asked.level)
    member = membership.member_by_id(
        merchant_id=call.merchant_id, member_id=member_of(call, asked, code)
    )
    if member.card_of(programme.code) is None:
        raise NoSuch(kind="card", key=programme.code)
    if not take_version(
        merchant_id=call.merchant_id,
        app_key=call.app_key,
        programme_id=programme.id,
        member_id=member.id,
        version=asked.version,
        now=call.now,
    ):
        return _synced({"taken": False, "why": "something newer was told"})
    points = 0 if asked.point is None else asked.point - _has(call, programme, member.id)
    if points < 0:
        need_permission(call, "points.burn")
    membership.take_over(
        merchant_id=call.merchant_id,
        programme_code=programme.code,
        member_id=member.id,
        key=_key(call, programme, member.id, asked.version),
        points=points,
        tier=tier,
        now=call.now,
    )
    return _synced({"taken": True, "version": asked.version})


def _has(call: Call, programme: membership.Programme, member_id: int) -> int:
    shown = membership.points_by_pool(
        merchant_id=call.merchant_id, member_ids=[member_id], now=call.now
    )
    return shown[member_id][programme.pool_code].available


def _key(call: Call, programme: membership.Programme, member_id: int, version: int) -> str:
    named = f"{call.app_key}\n{programme.id}\n{member_id}\n{version}"
    return f"top:{hashlib.sha256(named.encode()).hexdigest()[:40]}"


def _synced(says: Mapping[str, object]) -> Synced:
    return Synced(mei_extra_info=json.dumps(says))


METHODS = (sync, sync_privy, answer, unbind, change_points)
