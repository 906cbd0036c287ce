"""Members (会员): the tiers that a programme has, and their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from santong.membership import public as membership
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.shops import NO_MEMBER, need_permission, programme_of_code
from santong.topgateway.rules.arguments import Asked, Id, Text
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.outline import Item

OK: Final = "0"
SUCCESS: Final = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One tier, and the next."""

    cur_grade: Annotated[int, "Its number: 1 is the lowest that members have."]
    cur_grade_name: Annotated[str, "What it is called."]
    cur_grade_code: Annotated[str, "Its code here."]
    next_grade: Annotated[int | None, "The number of the next, if there is one."]
    next_grade_name: Annotated[str | None, "What that is called."]
    next_upgrade_growth: Annotated[int | None, "From so much growth value on it is the next."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """The tiers of a programme."""

    grade_promotions: Annotated[tuple[Grade, ...], "From the lowest on.", Item("grade_promotion")]


class GradesAsked(Asked):
    """Whose tiers."""

    programme_code: Text | None = Field(
        None, description="The programme; without it the oldest that is open."
    )


class PointsOperated(Asked):
    """A change of a member's points."""

    serial_no: Text = Field(description="The caller's own number of the change.", max_length=64)
    mobile: Text | None = Field(None, description="Whose: by telephone,", max_length=32)
    card_number: Text | None = Field(None, description="or by card.", max_length=64)
    type: Literal["add", "minus"] = Field(description="add or minus.")
    point: Id = Field(description="How many.", ge=1, le=100_000_000)
    biz_code: Text | None = Field(None, description="Why; it is not looked at.")
    programme_code: Text | None = Field(
        None, description="The programme; without it the oldest that is open."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How it went."""

    code: Annotated[str, "0: it went well."]
    message: Annotated[str, "In words."]
    point: Annotated[int, "What the member can spend now."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operated:
    """How it went."""

    result: Annotated[Result, "How it went."]


@method("taobao.crm.grade.get", pack="members", does="reads", permission="programmes.view")
def grades(call: Call, asked: GradesAsked) -> Grades:
    """Read the tiers of a programme, from the lowest on. They give no discount of their own."""
    programme = programme_of_code(call, asked.programme_code, "programmes.view")
    terms = membership.terms_of(merchant_id=call.merchant_id, programme_id=programme.id).terms
    following = (*terms.tiers[1:], None)
    return Grades(
        grade_promotions=tuple(
            Grade(
                cur_grade=number,
                cur_grade_name=tier.name,
                cur_grade_code=tier.code,
                next_grade=number + 1 if after else None,
                next_grade_name=after.name if after else None,
                next_upgrade_growth=after.threshold if after else None,
            )
            for number, (tier, after) in enumerate(zip(terms.tiers, following, strict=True), 1)
        )
    )


@method("alibaba.member.point.operate", pack="members", does="writes", permission="points.earn")
def operate_points(call: Call, asked: PointsOperated) -> Operated:
    """Give a member points of a programme, or take them. One serial number changes them once."""
    if asked.type == "minus":
        need_permission(call, "points.burn")
    programme = programme_of_code(call, asked.programme_code, "points.earn")
    member = _member(call, asked)
    source = f"app:{call.app_key}"
    if asked.type == "add":
        membership.credit_points(
            merchant_id=call.merchant_id,
            source=source,
            key=asked.serial_no,
            member_id=member.id,
            programme_code=programme.code,
            points=asked.point,
            now=call.now,
        )
    else:
        membership.burn(
            merchant_id=call.merchant_id,
            source=source,
            key=asked.serial_no,
            member_id=member.id,
            programme_code=programme.code,
            kind="shop",
            points=asked.point,
            now=call.now,
        )
    shown = membership.points_by_pool(
        merchant_id=call.merchant_id, member_ids=[member.id], now=call.now
    )
    left = shown[member.id][programme.pool_code].available
    return Operated(result=Result(code=OK, message=SUCCESS, point=left))


def _member(call: Call, asked: PointsOperated) -> membership.Member:
    if not (asked.mobile or asked.card_number):
        raise Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", "mobile: or card_number")
    found = membership.find_member(
        merchant_id=call.merchant_id,
        phone=asked.mobile or "",
        card_number=asked.card_number or "",
    )
    if found is None or found.state == "closed":
        raise NO_MEMBER
    return found


METHODS = (grades, operate_points)
