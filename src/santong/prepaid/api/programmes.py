"""Programmes of cards over HTTP: what is sold, under which terms, and what is owed for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Status
from pydantic import AwareDatetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.prepaid import contracts
from santong.prepaid.api.routes import Limit, fields, router
from santong.prepaid.api.schemas import (
    CardFloatOut,
    CardProgrammeIn,
    CardProgrammeOut,
    CardProgrammesOut,
    CardPurchaseCheckIn,
    CardPurchaseCheckOut,
    CardTermsIn,
    CardTermsOut,
)
from santong.prepaid.rules.profiles import PROFILES
from santong.prepaid.selectors.floats import float_begins, float_report
from santong.prepaid.selectors.programmes import programme_by_code, programmes, terms_page
from santong.prepaid.selectors.purchases import check_purchase
from santong.prepaid.services import open_programme as opening
from santong.prepaid.services import publish_terms as publishing


@router.get("/card-programmes", response=CardProgrammesOut, auth=requires("prepaid.view"))
def list_card_programmes(request: MerchantRequest) -> Any:
    """Every programme of prepaid and gift cards."""
    return {"items": [fields(each) for each in programmes(merchant_id=request.merchant_id)]}


@router.post("/card-programmes", response={201: CardProgrammeOut}, auth=requires("prepaid.edit"))
def open_card_programme(request: MerchantRequest, body: CardProgrammeIn) -> Any:
    """Open a programme of cards. It sells once it has terms."""
    said = body.model_dump(exclude={"brand_id"})
    made = opening.open_programme(
        merchant_id=request.merchant_id,
        new=contracts.NewProgramme(**said, brand_id=id_of(body.brand_id, kind="brand")),
        now=datetime.now(UTC),
    )
    return Status(201, fields(made))


@router.get(
    "/card-programmes/{card_programme_code}/terms",
    response=Page[CardTermsOut],
    auth=requires("prepaid.view"),
)
def list_card_terms(
    request: MerchantRequest, card_programme_code: str, cursor: str | None = None, limit: Limit = 50
) -> Any:
    """Versions of what a programme promises, newest first."""
    programme = programme_by_code(merchant_id=request.merchant_id, code=card_programme_code)
    rows = terms_page(
        merchant_id=request.merchant_id,
        programme_id=programme.id,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_terms(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post(
    "/card-programmes/{card_programme_code}/terms",
    response={201: CardTermsOut},
    auth=requires("prepaid.edit"),
)
def publish_card_terms(
    request: MerchantRequest, card_programme_code: str, body: CardTermsIn
) -> Any:
    """Let a programme sell by new terms; what was sold stays as it was."""
    programme = programme_by_code(merchant_id=request.merchant_id, code=card_programme_code)
    if body.profile_code not in PROFILES:
        raise FieldInvalid(pointer="/profile_code", reason=f"one of {', '.join(PROFILES)}")
    said = body.model_dump(exclude={"profile_code", "offers", "reason"})
    published = publishing.publish_terms(
        merchant_id=request.merchant_id,
        programme_code=programme.code,
        terms=contracts.Terms(
            profile=PROFILES[body.profile_code],
            offers=tuple(contracts.Offer(**offer.model_dump()) for offer in body.offers),
            **said,
        ),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return Status(201, _terms(published))


@router.post("/card-purchase-checks", response=CardPurchaseCheckOut, auth=requires("prepaid.sell"))
def check_card_purchase(request: MerchantRequest, body: CardPurchaseCheckIn) -> Any:
    """Say every rule that stands against a purchase. Keeps nothing."""
    found = check_purchase(
        merchant_id=request.merchant_id,
        programme_code=body.card_programme_code,
        amounts_minor=body.amounts_minor,
        is_registered=body.is_registered,
        buyer=contracts.Buyer(**body.buyer.model_dump()),
    )
    return {"is_allowed": not found, "refusals": list(found)}


@router.get(
    "/card-programmes/{card_programme_code}/float",
    response=CardFloatOut,
    auth=requires("prepaid.edit"),
)
def show_card_float(
    request: MerchantRequest,
    card_programme_code: str,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> Any:
    """What a programme owes at the end of a time, and what moved in it; by default a quarter."""
    ends = until or datetime.now(UTC)
    begins = since or float_begins(until=ends)
    return float_report(
        merchant_id=request.merchant_id,
        programme_code=card_programme_code,
        since=begins,
        until=ends,
    )


def _terms(row: contracts.PublishedTerms) -> dict[str, Any]:
    return {**fields(row), **fields(row.terms)}
