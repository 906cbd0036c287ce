"""What brands of a pool let one another do, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.membership import contracts
from santong.membership.api.routes import Body, Reason, router
from santong.membership.rules.authorisation import MOST_RATE
from santong.membership.selectors.authorisations import authorisations_of
from santong.membership.selectors.programmes import pool_by_code
from santong.membership.services import authorise as authorising
from santong.membership.services import change_authorisation as changing
from santong.membership.services import end_authorisation as ending

AuthorisationRate = Annotated[int, Field(strict=True, ge=0, le=MOST_RATE)]


class AuthorisationIn(Body):
    """What one brand lets another do with its members, at which rates for 1,000 points."""

    by_brand_id: str
    to_brand_id: str
    may_see: bool
    may_accrue: bool
    may_burn: bool
    earn_rate: AuthorisationRate
    burn_rate: AuthorisationRate
    valid_from: AwareDatetime
    valid_until: AwareDatetime | None = None
    reason: Reason


class AuthorisationChangeIn(Body):
    """What one brand lets another do from now on, at which rates for 1,000 points."""

    may_see: bool
    may_accrue: bool
    may_burn: bool
    earn_rate: AuthorisationRate
    burn_rate: AuthorisationRate
    valid_until: AwareDatetime | None = None
    reason: Reason


class AuthorisationOut(Schema):
    """What one brand lets another do."""

    id: str
    by_brand_id: str
    to_brand_id: str
    may_see: bool
    may_accrue: bool
    may_burn: bool
    earn_rate: int
    burn_rate: int
    valid_from: datetime
    valid_until: datetime | None
    reason: str


class AuthorisationsOut(Schema):
    """All that brands of a pool let one another do, and did."""

    items: list[AuthorisationOut]


class ProgrammeReasonIn(Body):
    """Why."""

    reason: Reason


@router.get(
    "/pools/{pool_code}/authorisations",
    response=AuthorisationsOut,
    auth=requires("settlements.view"),
)
def list_authorisations(request: MerchantRequest, pool_code: str) -> Any:
    """All that brands of a pool let one another do, and did."""
    pool = pool_by_code(merchant_id=request.merchant_id, code=pool_code)
    rows = authorisations_of(merchant_id=request.merchant_id, pool_id=pool.id)
    return {"items": [_authorisation(row) for row in rows]}


@router.post(
    "/pools/{pool_code}/authorisations",
    response=AuthorisationOut,
    auth=requires("programmes.edit"),
)
def authorise(request: MerchantRequest, pool_code: str, body: AuthorisationIn) -> Any:
    """Let a brand see, accrue or burn for another's members; its own rates are given to itself."""
    said = body.model_dump(exclude={"by_brand_id", "to_brand_id"})
    made = authorising.authorise(
        merchant_id=request.merchant_id,
        pool_code=pool_code,
        by_brand_id=id_of(body.by_brand_id, kind="brand"),
        to_brand_id=id_of(body.to_brand_id, kind="brand"),
        now=datetime.now(UTC),
        **said,
    )
    return _authorisation(made)


@router.post(
    "/authorisations/{authorisation_id}/change",
    response=AuthorisationOut,
    auth=requires("programmes.edit"),
)
def change_authorisation(
    request: MerchantRequest, authorisation_id: str, body: AuthorisationChangeIn
) -> Any:
    """Let other terms hold between two brands from now on; what held stays on record."""
    changed = changing.change_authorisation(
        merchant_id=request.merchant_id,
        authorisation_id=id_of(authorisation_id, kind="authorisation"),
        now=datetime.now(UTC),
        **body.model_dump(),
    )
    return _authorisation(changed)


@router.post(
    "/authorisations/{authorisation_id}/end",
    response=AuthorisationOut,
    auth=requires("programmes.edit"),
)
def end_authorisation(
    request: MerchantRequest, authorisation_id: str, body: ProgrammeReasonIn
) -> Any:
    """A brand takes back what it let another do."""
    ended = ending.end_authorisation(
        merchant_id=request.merchant_id,
        authorisation_id=id_of(authorisation_id, kind="authorisation"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _authorisation(ended)


def _authorisation(row: contracts.Authorisation) -> dict[str, Any]:
    return {
        name: str(getattr(row, name)) if name.endswith("id") else getattr(row, name)
        for name in AuthorisationOut.model_fields
    }
