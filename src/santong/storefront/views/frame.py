"""What every page of the member centre shares: whose it is, who may see it, how it looks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from santong.kernel import plans, tenancy
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.storefront.contracts import Opened, Session
from santong.storefront.selectors.sessions import session_of
from santong.storefront.services.close_sessions import close_session
from santong.storefront.services.keep_session import keep_session
from santong.storefront.services.recognise import COOKIE, merchant_id_of

TICKET_COOKIE = "santong_ticket"
REFUSED = "storefront/refused.html"
TABS = ("card", "points", "wallet", "mine")
LONGEST_ONWARD = 300

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The merchant of the address, and its programmes."""

    merchant: merchants.Merchant
    programmes: tuple[membership.Programme, ...]

    @property
    def id(self) -> int:
        return self.merchant.id

    @property
    def code(self) -> str:
        return self.merchant.code

    @property
    def has_faces(self) -> bool:
        """Whether a programme has colours of its own."""
        return any(programme.face.ground for programme in self.programmes)


class MemberRequest(MerchantRequest):
    """A request of a member who is in."""

    house: House
    member: membership.Member
    member_session: Session


class DoorRequest(HttpRequest):
    """A request at the door: the merchant is known, the member not yet."""

    house: House
    request_id: str


def door(*methods: str) -> Callable[[View], View]:
    """A page before the log-in. It runs outside any scope: what it counts nobody takes back."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: DoorRequest, merchant_code: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            request.refused_template = REFUSED  # type: ignore[attr-defined]
            merchant_id = merchant_id_of(code=merchant_code)
            if merchant_id is None:
                raise Http404
            with tenancy.scope(merchant_id=merchant_id, request_id=request.request_id):
                request.house = house_of(merchant_id)
            with timezone.override(ZoneInfo(request.house.merchant.timezone)):
                response = view(request, **values)
            add_never_cache_headers(response)
            return response

        return guarded

    return guard


def page(*methods: str) -> Callable[[View], View]:
    """A member's page, in the merchant's scope; whoever is not in is sent to the door.

    A session that is used lives on. Nothing of the page is kept by a browser or a proxy.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: MemberRequest, merchant_code: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            request.refused_template = REFUSED  # type: ignore[attr-defined]
            if merchant_id_of(code=merchant_code) is None:
                raise Http404
            session: Session | None = getattr(request, "member_session", None)
            if session is None or request.actor is None:
                return to_door(request, merchant_code)
            request.house = house_of(request.merchant_id)
            found = member_of(session, merchant_id=request.merchant_id)
            if found is None:
                close_session(
                    merchant_id=request.merchant_id,
                    session_id=session.id,
                    now=datetime.now(UTC),
                )
                return to_door(request, merchant_code)
            request.member = found
            plans.plan_for_values()
            with timezone.override(ZoneInfo(request.house.merchant.timezone)):
                response = _answered(view, request, values)
            _keep(request, response, session)
            add_never_cache_headers(response)
            return response

        return guarded

    return guard


def member_at_door(
    request: DoorRequest,
) -> tuple[Session, membership.Member] | None:
    """Whoever is in already, in this browser."""
    with tenancy.scope(merchant_id=request.house.id, request_id=request.request_id):
        session = session_of(
            merchant_id=request.house.id,
            cookie=request.COOKIES.get(COOKIE, ""),
            now=datetime.now(UTC),
        )
        member = member_of(session, merchant_id=request.house.id) if session else None
    return (session, member) if session and member else None


def house_of(merchant_id: int) -> House:
    """The merchant whose scope is open."""
    return House(
        merchant=merchants.merchant(merchant_id=merchant_id),
        programmes=tuple(membership.programmes(merchant_id=merchant_id)),
    )


def shown(
    request: Any,
    template: str,
    values: Mapping[str, Any],
    *,
    tab: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A page in the common frame."""
    frame = {
        "house": request.house,
        "member": getattr(request, "member", None),
        "tabs": TABS if getattr(request, "member", None) else (),
        "tab": tab,
        "now": datetime.now(UTC),
    }
    return render(request, f"storefront/{template}.html", {**frame, **values}, status=status)


def refused_page(request: Any, refused: DomainError) -> HttpResponse:
    """A page that says what was refused; whatever had begun is rolled back."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    values = {"refused": refused, "members": refused.members()}
    response = shown(request, "refused", values, status=refused.status)
    if "retry_after_seconds" in refused.members():
        response["Retry-After"] = str(refused.members()["retry_after_seconds"])
    return response


def to_door(request: HttpRequest, merchant_code: str) -> HttpResponse:
    """To the log-in; a part of a page sends the whole page there."""
    query = ""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        query = "?" + urlencode({"next": request.get_full_path()[:LONGEST_ONWARD]})
    where = reverse("storefront:log_in", args=[merchant_code]) + query
    if "HX-Request" in request.headers:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": where})
    else:
        response = HttpResponseRedirect(where)
    forget_cookie(response, COOKIE, merchant_code)
    add_never_cache_headers(response)
    return response


def let_in(request: DoorRequest, opened: Opened, *, where: str, now: datetime) -> HttpResponse:
    """Go on with the key of a new session; what the browser had before is worth nothing."""
    response = HttpResponseRedirect(where)
    _set_cookie(
        response,
        COOKIE,
        opened.cookie,
        merchant_code=request.house.code,
        seconds=int((opened.expires_at - now).total_seconds()),
    )
    forget_cookie(response, TICKET_COOKIE, request.house.code)
    rotate_token(request)
    return response


def give_ticket(response: HttpResponse, ticket: str, *, merchant_code: str, seconds: int) -> None:
    """Give the browser the ticket of the code that it asked for."""
    _set_cookie(response, TICKET_COOKIE, ticket, merchant_code=merchant_code, seconds=seconds)


def forget_cookie(response: HttpResponse, name: str, merchant_code: str) -> None:
    """Take a cookie of this merchant's pages from the browser."""
    response.delete_cookie(name, path=_path(merchant_code), samesite="Lax")


def _answered(view: View, request: MemberRequest, values: Mapping[str, Any]) -> HttpResponse:
    try:
        return view(request, **values)
    except DomainError as refused:
        return refused_page(request, refused)


def member_of(session: Session, *, merchant_id: int) -> membership.Member | None:
    """The member whose session it is, or who carries on for them; none if they have left."""
    member_ids = membership.current_member_ids(
        merchant_id=merchant_id, member_ids=[session.member_id]
    )
    found = membership.members_by_id(merchant_id=merchant_id, member_ids=member_ids.values())
    member = found.get(member_ids[session.member_id])
    return None if member is None or member.state in {"closed", "merged"} else member


def _keep(request: MemberRequest, response: HttpResponse, session: Session) -> None:
    if response.status_code >= HTTPStatus.BAD_REQUEST or connection.needs_rollback:
        return
    now = datetime.now(UTC)
    until = keep_session(merchant_id=request.merchant_id, session=session, now=now)
    if until is not None and COOKIE not in response.cookies:
        _set_cookie(
            response,
            COOKIE,
            request.COOKIES[COOKIE],
            merchant_code=request.house.code,
            seconds=int((until - now).total_seconds()),
        )


def _set_cookie(
    response: HttpResponse, name: str, value: str, *, merchant_code: str, seconds: int
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=_path(merchant_code),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _path(merchant_code: str) -> str:
    return f"/m/{merchant_code}/"
