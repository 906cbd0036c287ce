"""Programmes over HTTP: what they promise, and what they promised once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, page_of
from santong.membership import contracts
from santong.membership.api.routes import Body, Limit, Reason, act_for, known_member, router
from santong.membership.selectors.programmes import programme_by_code, programmes
from santong.membership.selectors.terms import terms_page
from santong.membership.services import grant_tier as granting
from santong.membership.services import publish_pool_terms as agreeing
from santong.membership.services import publish_terms as publishing
from santong.membership.services import set_card_face as facing

Rate = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class CardFaceIn(Body):
    """How a programme's card looks: colours as #rrggbb, both or none; a picture of this host."""

    card_name: Annotated[str, Field(min_length=1, max_length=60)]
    ground: Annotated[str, Field(max_length=7)] = ""
    ink: Annotated[str, Field(max_length=7)] = ""
    picture: Annotated[str, Field(max_length=200)] = ""
    picture_alt: Annotated[str, Field(max_length=120)] = ""


class CardFaceOut(Schema):
    """How a programme's card looks."""

    card_name: str
    ground: str
    ink: str
    picture: str
    picture_alt: str


class ProgrammeOut(Schema):
    """A brand's programme."""

    id: str
    code: str
    name: str
    brand_id: str
    pool_code: str
    card_name: str
    is_open: bool


class ProgrammesOut(Schema):
    """Every programme, oldest first."""

    items: list[ProgrammeOut]


class TermsIn(Body):
    """What a programme is to promise from now on, and why."""

    terms: contracts.Terms
    reason: Reason


class TermsOut(Schema):
    """A version of a programme's terms."""

    id: str
    version: int
    terms: contracts.Terms
    reason: str
    published_by: str
    published_at: datetime


class PoolTermsIn(Body):
    """What those who earned get back for 1,000 points that expired."""

    breakage_minor_per_1000: Rate
    reason: Reason


class PoolTermsOut(Schema):
    """What those who share a pool have agreed on."""

    version: int
    breakage_minor_per_1000: int
    currency: str
    timezone: str


class TierGrantIn(Body):
    """A tier given by hand, until a moment."""

    programme_code: Annotated[str, Field(max_length=40)]
    tier: Annotated[str, Field(max_length=40)]
    valid_until: AwareDatetime
    reason: Reason


class CardTierOut(Schema):
    """The tier of a card."""

    card_id: str
    number: str
    tier: str
    tier_until: datetime | None


@router.get("/programmes", response=ProgrammesOut, auth=requires("programmes.view"))
def list_programmes(request: MerchantRequest) -> Any:
    """Every programme, oldest first."""
    return {
        "items": [
            {
                "id": str(each.id),
                "code": each.code,
                "name": each.name,
                "brand_id": str(each.brand_id),
                "pool_code": each.pool_code,
                "card_name": each.card_name,
                "is_open": each.is_open,
            }
            for each in programmes(merchant_id=request.merchant_id)
        ]
    }


@router.get(
    "/programmes/{programme_code}/card-face",
    response=CardFaceOut,
    auth=requires("programmes.view"),
)
def show_card_face(request: MerchantRequest, programme_code: str) -> Any:
    """How the cards of a programme look."""
    return _face(programme_by_code(merchant_id=request.merchant_id, code=programme_code))


@router.post(
    "/programmes/{programme_code}/card-face",
    response=CardFaceOut,
    auth=requires("programmes.edit"),
)
def set_card_face(request: MerchantRequest, programme_code: str, body: CardFaceIn) -> Any:
    """Let the cards of a programme look so; text that could not be read is refused."""
    said = body.model_dump()
    return _face(
        facing.set_card_face(
            merchant_id=request.merchant_id,
            programme_code=programme_code,
            card_name=said.pop("card_name"),
            face=contracts.CardFace(**said),
            now=datetime.now(UTC),
        )
    )


@router.get(
    "/programmes/{programme_code}/terms",
    response=Page[TermsOut],
    auth=requires("programmes.view"),
)
def list_terms(
    request: MerchantRequest, programme_code: str, cursor: str | None = None, limit: Limit = 20
) -> Any:
    """Versions of a programme's terms, newest first: the first is in force."""
    programme = programme_by_code(merchant_id=request.merchant_id, code=programme_code)
    rows = terms_page(
        merchant_id=request.merchant_id,
        programme_id=programme.id,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_terms(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post(
    "/programmes/{programme_code}/terms", response=TermsOut, auth=requires("programmes.edit")
)
def publish_terms(request: MerchantRequest, programme_code: str, body: TermsIn) -> Any:
    """Let a programme give by new terms; what was given stays as it was."""
    made = publishing.publish_terms(
        merchant_id=request.merchant_id,
        programme_code=programme_code,
        terms=body.terms,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _terms(made)


@router.post("/pools/{pool_code}/terms", response=PoolTermsOut, auth=requires("programmes.edit"))
def publish_pool_terms(request: MerchantRequest, pool_code: str, body: PoolTermsIn) -> Any:
    """Agree on what happens to points that nobody uses."""
    return agreeing.publish_pool_terms(
        merchant_id=request.merchant_id,
        pool_code=pool_code,
        breakage_minor_per_1000=body.breakage_minor_per_1000,
        reason=body.reason,
        now=datetime.now(UTC),
    )


@router.post(
    "/members/{member_id}/tier-grants", response=CardTierOut, auth=requires("members.edit")
)
def grant_tier(request: MerchantRequest, member_id: str, body: TierGrantIn) -> Any:
    """Give a member a higher tier until a moment; then what stood before stands again."""
    act_for(request, programme_code=body.programme_code, brand_code="", permission="members.edit")
    card = granting.grant_tier(
        merchant_id=request.merchant_id,
        member_id=known_member(request, member_id),
        now=datetime.now(UTC),
        **body.model_dump(),
    )
    return {
        "card_id": str(card.id),
        "number": card.number,
        "tier": card.tier,
        "tier_until": card.tier_until,
    }


def _face(programme: contracts.Programme) -> dict[str, Any]:
    return {"card_name": programme.card_name, **asdict(programme.face)}


def _terms(row: contracts.PublishedTerms) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "version": row.version,
        "terms": row.terms,
        "reason": row.reason,
        "published_by": row.published_by,
        "published_at": row.published_at,
    }
