"""Points over HTTP: what members have, what purchases bring, what is spent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.membership import contracts
from santong.membership.api.routes import (
    Limit,
    act_for,
    check_place,
    known_member,
    router,
    seen_member,
    sight_by,
)
from santong.membership.api.schemas import (
    LARGEST,
    AccrualOut,
    BurnIn,
    BurnOut,
    BurnQuoteOut,
    BurnReturnIn,
    ClawBackOut,
    HoldIn,
    LinesOut,
    MemberPointsOut,
    NamedIn,
    PurchaseIn,
    PurchaseReturnIn,
    QuoteIn,
    ReleaseIn,
    TierChangeOut,
)
from santong.membership.selectors.accruals import accrual_by_id, accrual_lines, accruals_page
from santong.membership.selectors.experience import tier_changes_of
from santong.membership.selectors.points import points_by_pool, points_seen_by, quote_burn
from santong.membership.selectors.sight import pools_in_sight
from santong.membership.services import accrue as accruing
from santong.membership.services import burn as burning
from santong.membership.services import capture_points as capturing
from santong.membership.services import claw_back as clawing_back
from santong.membership.services import give_back_points as giving_back
from santong.membership.services import hold_points as holding
from santong.membership.services import release_points as releasing


@router.get("/members/{member_id}/points", response=MemberPointsOut, auth=requires("points.view"))
def show_points(request: MerchantRequest, member_id: str, brand_code: str = "") -> Any:
    """What a member has, pool by pool; with a brand, as far as that brand sees it."""
    sight, now = sight_by(request, "points.view"), datetime.now(UTC)
    member = seen_member(request, member_id, sight=sight)
    known, merchant_id = member.id, request.merchant_id
    found = (
        points_seen_by(merchant_id=merchant_id, member_id=known, brand_code=brand_code, now=now)
        if brand_code
        else points_by_pool(merchant_id=merchant_id, member_ids=[known], now=now)[known]
    )
    seen = pools_in_sight(merchant_id=merchant_id, member=member, sight=sight)
    return {
        "member_id": str(known),
        "pools": [
            {"pool_code": code, **_fields(each)} for code, each in found.items() if code in seen
        ],
    }


@router.get(
    "/members/{member_id}/accruals", response=Page[AccrualOut], auth=requires("points.view")
)
def list_accruals(
    request: MerchantRequest, member_id: str, cursor: str | None = None, limit: Limit = 50
) -> Any:
    """What a member's purchases brought, newest first."""
    sight = sight_by(request, "points.view")
    rows = accruals_page(
        merchant_id=request.merchant_id,
        member_id=seen_member(request, member_id, sight=sight).id,
        programme_ids=None if sight.is_whole else sight.programme_ids,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_accrual(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get("/accruals/{accrual_id}/lines", response=LinesOut, auth=requires("points.view"))
def list_accrual_lines(request: MerchantRequest, accrual_id: str) -> Any:
    """What each line of a purchase brought, and which rule gave what."""
    accrual = accrual_by_id(
        merchant_id=request.merchant_id, accrual_id=id_of(accrual_id, kind="accrual")
    )
    member = seen_member(request, str(accrual.member_id), sight=sight_by(request, "points.view"))
    if member.card_of(accrual.programme_code) is None:
        raise NoSuch(kind="accrual", key=accrual_id)
    lines = accrual_lines(merchant_id=request.merchant_id, accrual_id=accrual.id)
    return {"items": lines}


@router.get(
    "/members/{member_id}/cards/{programme_code}/tiers",
    response=Page[TierChangeOut],
    auth=requires("points.view"),
)
def list_tier_changes(
    request: MerchantRequest,
    member_id: str,
    programme_code: str,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Tiers that a member reached, kept, lost or was given in a programme, newest first."""
    member = seen_member(request, member_id, sight=sight_by(request, "points.view"))
    card = member.card_of(programme_code)
    rows = (
        tier_changes_of(
            merchant_id=request.merchant_id,
            card_id=card.id,
            before_id=before_id(cursor),
            limit=limit + 1,
        )
        if card
        else []
    )
    shown = [{**_fields(row), "id": str(row.id)} for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.post("/accruals", response=AccrualOut, auth=requires("points.earn"))
def accrue(request: MerchantRequest, body: PurchaseIn) -> Any:
    """A member has bought something: points, once the return period is over, and experience."""
    check_place(request, body.location_code)
    act_for(
        request,
        programme_code=body.programme_code,
        brand_code=body.brand_code,
        permission="points.earn",
    )
    said = body.model_dump(exclude={"member_id", "lines"})
    purchase = contracts.Purchase(
        **said,
        member_id=known_member(request, body.member_id),
        lines=tuple(contracts.PurchaseLine(**line.model_dump()) for line in body.lines),
    )
    made = accruing.accrue(
        merchant_id=request.merchant_id, purchase=purchase, now=datetime.now(UTC)
    )
    return _accrual(made)


@router.post("/claw-backs", response=ClawBackOut, auth=requires("points.earn"))
def claw_back(request: MerchantRequest, body: PurchaseReturnIn) -> Any:
    """Goods came back: so do the points that they had brought."""
    return clawing_back.claw_back(
        merchant_id=request.merchant_id,
        source=body.source,
        key=body.key,
        return_key=body.return_key,
        quantity_by_line={
            _line(line): quantity for line, quantity in body.quantity_by_line.items()
        },
        now=datetime.now(UTC),
    )


@router.post("/burn-quotes", response=BurnQuoteOut, auth=requires("points.burn"))
def quote(request: MerchantRequest, body: QuoteIn) -> Any:
    """How many points a member may use for an amount, and what they are worth. Keeps nothing."""
    _may_burn(request, body)
    said = body.model_dump(exclude={"member_id"})
    return quote_burn(
        merchant_id=request.merchant_id,
        member_id=known_member(request, body.member_id),
        now=datetime.now(UTC),
        **said,
    )


@router.post("/burns", response=BurnOut, auth=requires("points.burn"))
def burn(request: MerchantRequest, body: BurnIn) -> Any:
    """Spend points at once."""
    _may_burn(request, body)
    said = body.model_dump(exclude={"member_id"})
    return _burn(
        burning.burn(
            merchant_id=request.merchant_id,
            member_id=known_member(request, body.member_id),
            now=datetime.now(UTC),
            **said,
        )
    )


@router.post("/burn-holds", response=BurnOut, auth=requires("points.burn"))
def hold(request: MerchantRequest, body: HoldIn) -> Any:
    """Keep points for a checkout: as many of those asked for as may be used."""
    _may_burn(request, body)
    said = body.model_dump(exclude={"member_id"})
    return _burn(
        holding.hold_points(
            merchant_id=request.merchant_id,
            member_id=known_member(request, body.member_id),
            now=datetime.now(UTC),
            **said,
        )
    )


@router.post("/burn-captures", response=BurnOut, auth=requires("points.burn"))
def capture(request: MerchantRequest, body: NamedIn) -> Any:
    """The checkout was paid: what it held is gone."""
    return _burn(
        capturing.capture_points(
            merchant_id=request.merchant_id, now=datetime.now(UTC), **body.model_dump()
        )
    )


@router.post("/burn-releases", response=BurnOut, auth=requires("points.burn"))
def release(request: MerchantRequest, body: ReleaseIn) -> Any:
    """The checkout was given up: what it held can be spent again."""
    return _burn(
        releasing.release_points(
            merchant_id=request.merchant_id, now=datetime.now(UTC), **body.model_dump()
        )
    )


@router.post("/burn-returns", response=BurnOut, auth=requires("points.burn"))
def give_back(request: MerchantRequest, body: BurnReturnIn) -> Any:
    """What points had paid for came back: so do the points."""
    return _burn(
        giving_back.give_back_points(
            merchant_id=request.merchant_id, now=datetime.now(UTC), **body.model_dump()
        )
    )


def _may_burn(request: MerchantRequest, body: QuoteIn | BurnIn | HoldIn) -> None:
    act_for(
        request,
        programme_code=body.programme_code,
        brand_code=body.brand_code,
        permission="points.burn",
    )


def _line(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(LARGEST))):
        raise FieldInvalid(pointer="/quantity_by_line", reason="a line is named by its number")
    return int(text)


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _accrual(row: contracts.Accrued) -> dict[str, Any]:
    return {**_fields(row), "id": str(row.id), "member_id": str(row.member_id)}


def _burn(row: contracts.Burned) -> dict[str, Any]:
    return {**_fields(row), "id": str(row.id), "member_id": str(row.member_id)}
