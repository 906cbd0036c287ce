"""What every page shares: who may see it, and on whose clock."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from santong.console.rules.menu import OPEN, WHOLE, menu_for
from santong.fulfilment import public as fulfilment
from santong.kernel import plans
from santong.kernel.errors import DomainError, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.commands import command, plain_command
from santong.kernel.tenancy import Actor
from santong.merchants import public as merchants

__all__ = [
    "View",
    "command",
    "may_at",
    "page",
    "places_of",
    "plain_command",
    "sentence_of",
    "shown",
    "sight_of",
]

View = Callable[..., HttpResponse]


def page(permission: str, *, method: str = "GET") -> Callable[[View], View]:
    """A page for those who have a permission; strangers are asked to log in first.

    Instants show on the merchant's clock. Nothing of it is kept by a browser or a proxy.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: MerchantRequest, **values: Any) -> HttpResponse:
            allowed = ("POST",) if method == "POST" else ("GET", "HEAD")
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if getattr(request, "actor", None) is None:
                return _log_in(request)
            if not request.actor.permissions and _must_change_password(request):
                return HttpResponseRedirect("/password/")
            for needed in (OPEN, permission):
                if not request.actor.may(needed):
                    raise PermissionMissing(permission=needed)
            merchant = merchants.merchant(merchant_id=request.merchant_id)
            request.merchant = merchant  # type: ignore[attr-defined]
            request.whole_actor = request.actor  # type: ignore[attr-defined]
            request.actor = request.actor.at(permission)
            plans.plan_for_values()
            with timezone.override(ZoneInfo(merchant.timezone)):
                response = view(request, **values)
            add_never_cache_headers(response)
            return response

        return guarded

    return guard


def shown(
    request: MerchantRequest,
    template: str,
    values: Mapping[str, Any],
    *,
    section: str,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A page in the common frame: menu, merchant, person, language."""
    actor: Actor = request.whole_actor  # type: ignore[attr-defined]
    frame = {
        "section": section,
        "menu": menu_for(permissions=_to_show(actor), section=section),
        "merchant": request.merchant,  # type: ignore[attr-defined]
        "person": actor,
        "may": actor.permissions,
        "now": datetime.now(UTC),
    }
    return render(request, f"console/{template}.html", {**frame, **values}, status=status)


def _to_show(actor: Actor) -> frozenset[str]:
    """What somebody may, but for what would have to be theirs everywhere and is not."""
    held = frozenset(actor.permissions)
    return held - {each for each in WHOLE & held if actor.at(each).location_ids is not None}


def places_of(request: MerchantRequest, permission: str) -> frozenset[int] | None:
    """The places at which somebody has another permission than the page's; None is all."""
    actor: Actor = request.whole_actor  # type: ignore[attr-defined]
    return actor.at(permission).location_ids if actor.may(permission) else frozenset()


def sight_of(request: MerchantRequest) -> fulfilment.Sight:
    """At which places somebody may see the orders that are sold, and that are worked on, there."""
    return fulfilment.Sight(
        sold_at=places_of(request, "orders.view"), worked_at=places_of(request, "fulfilment.view")
    )


def may_at(request: MerchantRequest, permission: str, location_id: int) -> bool:
    """Whether somebody has a permission at a place."""
    places = places_of(request, permission)
    return places is None or location_id in places


def sentence_of(refused: DomainError) -> str:
    """What a refusal says to a person."""
    return gettext(refused.code)


def _log_in(request: HttpRequest) -> HttpResponse:
    """Where to log in; a part of a page sends the whole page there."""
    wanted = urlencode(
        {"next": request.get_full_path() if request.method == "GET" else "/console/"}
    )
    where = f"{settings.LOGIN_URL}?{wanted}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _must_change_password(request: MerchantRequest) -> bool:
    if request.actor.kind != "staff":
        return False
    person = merchants.staff_by_id(merchant_id=request.merchant_id, staff_id=int(request.actor.id))
    return person.must_change_password
