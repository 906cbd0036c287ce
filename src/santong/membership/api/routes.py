"""Where the endpoints of membership are hung up, and what all of them share."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.membership import contracts
from santong.membership.selectors.accruals import is_known_at
from santong.membership.selectors.members import member_by_id
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


def seen_member(request: MerchantRequest, text: str) -> int:
    """The member that is named, as far as the caller sees members. Raises NoSuch.

    Whoever works at some places sees those who were won or have bought there.
    """
    member_id = known_member(request, text)
    places = request.actor.location_ids
    if places is None or is_known_at(
        merchant_id=request.merchant_id,
        member_id=member_id,
        location_codes=[
            place.code
            for place in stores.locations_by_id(
                merchant_id=request.merchant_id, location_ids=sorted(places)
            ).values()
        ],
        location_ids=sorted(places),
    ):
        return member_id
    raise NoSuch(kind="member", key=text)


def check_place(request: MerchantRequest, location_code: str) -> None:
    """Whoever works at some places names one of them. Raises NoSuch."""
    if request.actor.location_ids is None:
        return
    found = stores.locations_by_code(merchant_id=request.merchant_id, codes=[location_code])
    if location_code not in found or not request.actor.may_at(found[location_code].id):
        raise NoSuch(kind="location", key=location_code[:40])
