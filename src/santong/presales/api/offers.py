"""Offers over HTTP: drafted, revised, published, ended, looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import AwareDatetime, Field

from santong.kernel.errors import PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.presales import contracts
from santong.presales.api.routes import (
    Body,
    Code,
    Limit,
    Minor,
    PresaleReasonIn,
    Units,
    fields,
    router,
)
from santong.presales.selectors.offers import offer_by_id, offer_figures, offers_page
from santong.presales.services import draft_offer as drafting
from santong.presales.services import publish_offer as publishing

EDITS = "presales.edit"


class PresaleOfferLineIn(Body):
    """One SKU, each amount for one unit."""

    sku_code: Annotated[str, Field(min_length=1, max_length=60)]
    price_minor: Minor
    deposit_minor: Minor
    worth_minor: Minor


class PresaleTermsIn(Body):
    """All that an offer promises. Ends of windows are excluded."""

    name: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NAME)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    lines: Annotated[list[PresaleOfferLineIn], Field(min_length=1, max_length=100)]
    limit_units: Units
    most_per_buyer: Units
    deposit_from: AwareDatetime
    deposit_until: AwareDatetime
    balance_from: AwareDatetime
    balance_until: AwareDatetime
    forfeit: contracts.Forfeit
    forfeit_bp: Annotated[int, Field(strict=True, ge=0, le=contracts.WHOLE_BP)] = 0
    stock: contracts.Stock
    ships_after: date | None = None


class PresaleOfferIn(Body):
    """A new offer, at a storefront."""

    code: Code
    storefront_code: Code
    terms: PresaleTermsIn


class PresaleOfferVersionIn(Body):
    """The next version, made from the one that was read."""

    version: Annotated[int, Field(strict=True, ge=1)]
    terms: PresaleTermsIn


class PresaleOfferLineOut(Schema):
    """One SKU, each amount for one unit."""

    sku_code: str
    price_minor: int
    deposit_minor: int
    worth_minor: int


class PresaleTermsOut(Schema):
    """All that an offer promises."""

    name: str
    currency: str
    lines: list[PresaleOfferLineOut]
    limit_units: int
    most_per_buyer: int
    deposit_from: datetime
    deposit_until: datetime
    balance_from: datetime
    balance_until: datetime
    forfeit: contracts.Forfeit
    forfeit_bp: int
    stock: contracts.Stock
    ships_after: date | None


class PresaleOfferOut(Schema):
    """An offer with the terms that hold for whoever joins now."""

    id: str
    code: str
    storefront_code: str
    state: contracts.OfferState
    version: int
    taken_units: int
    terms: PresaleTermsOut
    published_at: datetime | None
    ended_at: datetime | None


class PresaleFiguresOut(Schema):
    """How an offer stands. Of the deposits, some were kept of those let go, the rest goes back."""

    presales_by_state: dict[str, int]
    units_by_state: dict[str, int]
    deposits_minor: int
    balances_minor: int
    kept_minor: int
    given_back_minor: int
    compensated_minor: int


class PresaleOfferWithFiguresOut(PresaleOfferOut):
    """An offer, and how it stands."""

    figures: PresaleFiguresOut


class PresaleOfferFilter(Schema):
    """Which offers are listed."""

    state: contracts.OfferState | None = None


@router.post("/presale-offers", response={201: PresaleOfferOut}, auth=requires(EDITS))
def draft_presale_offer(request: MerchantRequest, body: PresaleOfferIn) -> Any:
    """Draft an offer. Nobody can join it before it is published."""
    _check_everywhere(request)
    offer = drafting.draft_offer(
        merchant_id=request.merchant_id,
        code=body.code,
        storefront_code=body.storefront_code,
        terms=_terms(body.terms),
        now=datetime.now(UTC),
    )
    return Status(201, fields(offer))


@router.get("/presale-offers", response=Page[PresaleOfferOut], auth=requires("presales.view"))
def list_presale_offers(
    request: MerchantRequest,
    state: contracts.OfferState | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Offers, newest first."""
    rows = offers_page(
        merchant_id=request.merchant_id,
        state=state,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([fields(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get(
    "/presale-offers/{presale_offer_id}",
    response=PresaleOfferWithFiguresOut,
    auth=requires("presales.view"),
)
def show_presale_offer(request: MerchantRequest, presale_offer_id: str) -> Any:
    """An offer, and how it stands."""
    known = _id(presale_offer_id)
    offer = offer_by_id(merchant_id=request.merchant_id, offer_id=known)
    figures = offer_figures(merchant_id=request.merchant_id, offer_id=known)
    return fields(offer, figures=fields(figures))


@router.post(
    "/presale-offers/{presale_offer_id}/versions",
    response={201: PresaleOfferOut},
    auth=requires(EDITS),
)
def revise_presale_offer(
    request: MerchantRequest, presale_offer_id: str, body: PresaleOfferVersionIn
) -> Any:
    """Give an offer its next version; who has joined keeps theirs."""
    _check_everywhere(request)
    offer = drafting.revise_offer(
        merchant_id=request.merchant_id,
        offer_id=_id(presale_offer_id),
        version=body.version,
        terms=_terms(body.terms),
        now=datetime.now(UTC),
    )
    return Status(201, fields(offer))


@router.post(
    "/presale-offers/{presale_offer_id}/publish", response=PresaleOfferOut, auth=requires(EDITS)
)
def publish_presale_offer(request: MerchantRequest, presale_offer_id: str) -> Any:
    """Let buyers join."""
    _check_everywhere(request)
    return fields(
        publishing.publish_offer(
            merchant_id=request.merchant_id,
            offer_id=_id(presale_offer_id),
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/presale-offers/{presale_offer_id}/end", response=PresaleOfferOut, auth=requires(EDITS)
)
def end_presale_offer(
    request: MerchantRequest, presale_offer_id: str, body: PresaleReasonIn
) -> Any:
    """Let nobody join any more; who has joined goes on."""
    _check_everywhere(request)
    return fields(
        publishing.end_offer(
            merchant_id=request.merchant_id,
            offer_id=_id(presale_offer_id),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


def _id(text: str) -> int:
    return id_of(text, kind="presale_offer")


def _terms(body: PresaleTermsIn) -> contracts.Terms:
    said = body.model_dump()
    lines = tuple(contracts.OfferLine(**line) for line in said.pop("lines"))
    return contracts.Terms(lines=lines, **said)


def _check_everywhere(request: MerchantRequest) -> None:
    """An offer is the whole merchant's: who works at some places sells it and changes nothing."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission=EDITS)
