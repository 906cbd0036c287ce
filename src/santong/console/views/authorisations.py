"""What brands of a pool let one another do with their members, and at which rates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.console.rules.amounts import minor_of
from santong.console.views.fields import day_of, text_of
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.membership import public as membership
from santong.merchants import public as merchants

LONGEST_AMOUNT: Final = 12


@page("settlements.view")
def authorisation_list(request: MerchantRequest, pool_id: str) -> HttpResponse:
    """Of a pool: who may see, give and take for whose members, since when, at which rates."""
    return list_page(request, _pool(request, pool_id))


def list_page(
    request: MerchantRequest,
    pool: membership.Pool,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of a pool; with a refusal beside the form that was refused."""
    merchant_id, now = request.merchant_id, datetime.now(UTC)
    brands = {each.id: each for each in merchants.brands(merchant_id=merchant_id)}
    home = {
        each.brand_id
        for each in membership.programmes(merchant_id=merchant_id)
        if each.pool_id == pool.id
    }
    rows = membership.authorisations_of(merchant_id=merchant_id, pool_id=pool.id)
    values = {
        "pool": pool,
        "authorisations": [
            (row, _state(row, now), f"change-{row.id}", f"end-{row.id}") for row in reversed(rows)
        ],
        "brand_by_id": brands,
        "home_brands": [brand for brand in brands.values() if brand.id in home],
        "brands": list(brands.values()),
        "may_edit": places_of(request, "programmes.edit") is None,
        "failed": failed,
        "wrong": refused.pointer.strip("/") if isinstance(refused, FieldInvalid) else "",
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "authorisations", values, section="programmes", status=status)


@page("programmes.edit", method="POST")
def authorise(request: MerchantRequest, pool_id: str) -> HttpResponse:
    """Let a brand see, give or take for another's members, from a day on, at these rates."""
    pool = _pool(request, pool_id)

    def act() -> str:
        _everywhere(request)
        now = datetime.now(UTC)
        membership.authorise(
            merchant_id=request.merchant_id,
            pool_code=pool.code,
            by_brand_id=id_of(request.POST.get("by_brand", ""), kind="brand"),
            to_brand_id=id_of(request.POST.get("to_brand", ""), kind="brand"),
            valid_from=_midnight(request, "valid_from") or now,
            now=now,
            **_terms(request),
        )
        messages.success(request, _("The brands may do this now."))
        return _back(pool.id)

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, pool, refused=refused, failed="new"),
    )


@page("programmes.edit", method="POST")
def change(request: MerchantRequest, authorisation_id: str) -> HttpResponse:
    """Let other terms hold between two brands from now on; what held stays on record."""
    row, pool = _named(request, authorisation_id)

    def act() -> str:
        _everywhere(request)
        membership.change_authorisation(
            merchant_id=request.merchant_id,
            authorisation_id=row.id,
            now=datetime.now(UTC),
            **_terms(request),
        )
        messages.success(request, _("The new terms hold from now on. What held before is kept."))
        return _back(pool.id)

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, pool, refused=refused, failed=f"change-{row.id}"),
    )


@page("programmes.edit", method="POST")
def end(request: MerchantRequest, authorisation_id: str) -> HttpResponse:
    """Take back what a brand lets another do, at once."""
    row, pool = _named(request, authorisation_id)

    def act() -> str:
        _everywhere(request)
        membership.end_authorisation(
            merchant_id=request.merchant_id,
            authorisation_id=row.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("It has ended. What was done under it stays as it was."))
        return _back(pool.id)

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, pool, refused=refused, failed=f"end-{row.id}"),
    )


def _terms(request: MerchantRequest) -> dict[str, Any]:
    """What the forms that give and change have in common. Raises FieldInvalid."""
    return {
        "may_see": "may_see" in request.POST,
        "may_accrue": "may_accrue" in request.POST,
        "may_burn": "may_burn" in request.POST,
        "earn_rate": _amount(request, "earn_rate"),
        "burn_rate": _amount(request, "burn_rate"),
        "valid_until": _midnight(request, "valid_until"),
        "reason": text_of(request, "reason"),
    }


def _amount(request: MerchantRequest, name: str) -> int:
    """An amount for a thousand points, exactly. Raises FieldInvalid."""
    currency: str = request.merchant.currency  # type: ignore[attr-defined]
    minor = minor_of(text=text_of(request, name, longest=LONGEST_AMOUNT), currency=currency)
    if minor is None:
        raise FieldInvalid(pointer=f"/{name}", reason="an amount of money")
    return minor


def _midnight(request: MerchantRequest, name: str) -> datetime | None:
    """When a day begins on the merchant's clock; nothing where none is named."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    day: date | None = day_of(text)
    if day is None:
        raise FieldInvalid(pointer=f"/{name}", reason="a day")
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()).astimezone(UTC)


def _state(row: membership.Authorisation, now: datetime) -> str:
    if row.valid_until is not None and row.valid_until <= max(now, row.valid_from):
        return "ended"
    return "begins" if row.valid_from > now else "holds"


def _pool(request: MerchantRequest, pool_id: str) -> membership.Pool:
    number = id_of(pool_id, kind="pool")
    for pool in membership.pools(merchant_id=request.merchant_id):
        if pool.id == number:
            return pool
    raise NoSuch(kind="pool", key=pool_id)


def _named(
    request: MerchantRequest, authorisation_id: str
) -> tuple[membership.Authorisation, membership.Pool]:
    row = membership.authorisation_by_id(
        merchant_id=request.merchant_id,
        authorisation_id=id_of(authorisation_id, kind="authorisation"),
    )
    return row, _pool(request, str(row.pool_id))


def _everywhere(request: MerchantRequest) -> None:
    """What brands let one another do is the whole merchant's to decide."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission="programmes.edit")


def _back(pool_id: int) -> str:
    return f"/console/programmes/pools/{pool_id}/"
