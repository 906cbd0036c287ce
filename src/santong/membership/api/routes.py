"""Where the endpoints of membership are hung up, and what all of them share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.membership import contracts
from santong.membership.selectors.accruals import is_known_at
from santong.membership.selectors.members import member_by_id
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.sight import check_acting, sight_of
from santong.stores import public as stores

router = Router(tags=["members"])

Limit = Annotated[int, Query(ge=1, le=200)]
Source = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_SOURCE)]
Key = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_KEY)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
Points = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_POINTS)]
Minor = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_MINOR)]
Units = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_UNITS)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


def known_member(request: MerchantRequest, text: str) -> int:
    """The member that is named. Raises NoSuch."""
    member_id = id_of(text, kind="member")
    return member_by_id(merchant_id=request.merchant_id, member_id=member_id).id


def sight_by(request: MerchantRequest, permission: str = "members.view") -> contracts.Sight:
    """What the caller sees of members, and for which brands they act."""
    return sight_of(
        merchant_id=request.merchant_id,
        actor=request.actor,
        permission=permission,
        now=datetime.now(UTC),
    )


def seen_member(request: MerchantRequest, text: str, *, sight: contracts.Sight) -> contracts.Member:
    """The member that is named, with the cards that the caller sees. Raises NoSuch.

    Whoever works at some places sees those who were won or have bought there.
    """
    member_id = id_of(text, kind="member")
    whole = member_by_id(merchant_id=request.merchant_id, member_id=member_id)
    member = sight.of_member(whole)
    if member is None or not _is_opened(request, member_id, sight):
        raise NoSuch(kind="member", key=text)
    return member


def act_for(
    request: MerchantRequest, *, programme_code: str, brand_code: str, permission: str
) -> None:
    """Refuse whoever earns or spends in the name of a brand that is not theirs. Raises NoSuch."""
    sight = sight_by(request, permission)
    if sight.is_whole:
        return
    programme = programme_by_code(merchant_id=request.merchant_id, code=programme_code)
    check_acting(
        merchant_id=request.merchant_id, programme=programme, brand_code=brand_code, sight=sight
    )


def check_programme(programme: contracts.Programme, *, sight: contracts.Sight) -> None:
    """Refuse whoever wins members for a brand that is not theirs. Raises NoSuch (programme)."""
    if not sight.acts_for(programme.brand_id):
        raise NoSuch(kind="programme", key=programme.code)


def check_place(request: MerchantRequest, location_code: str) -> None:
    """Whoever works at some places names one of them. Raises NoSuch."""
    if request.actor.location_ids is None:
        return
    found = stores.locations_by_code(merchant_id=request.merchant_id, codes=[location_code])
    if location_code not in found or not request.actor.may_at(found[location_code].id):
        raise NoSuch(kind="location", key=location_code[:40])


def _is_opened(request: MerchantRequest, member_id: int, sight: contracts.Sight) -> bool:
    if sight.may_browse:
        return True
    places = stores.locations_by_id(
        merchant_id=request.merchant_id, location_ids=sorted(sight.location_ids or ())
    )
    return is_known_at(
        merchant_id=request.merchant_id,
        member_id=member_id,
        location_codes=[place.code for place in places.values()],
        location_ids=list(places),
    )
