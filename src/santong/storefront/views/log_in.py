"""Logging in: a phone, a code, and in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.kernel.masking import masked_phone
from santong.storefront import senders
from santong.storefront.contracts import Asked, Issued, Wanted
from santong.storefront.errors import CodeOver, CodeWrong, PhoneInvalid
from santong.storefront.forms import CodeForm, LinkForm, PhoneForm
from santong.storefront.rules import codes
from santong.storefront.rules.phones import e164
from santong.storefront.selectors.codes import asked_by_ticket
from santong.storefront.selectors.sessions import session_of
from santong.storefront.services.ask_for_code import ask_for_code
from santong.storefront.services.enter import enter
from santong.storefront.services.limit import count_request, count_try, give_back_try
from santong.storefront.services.recognise import COOKIE
from santong.storefront.services.try_code import try_code
from santong.storefront.views.frame import (
    TICKET_COOKIE,
    DoorRequest,
    door,
    forget_cookie,
    give_ticket,
    let_in,
    refused_page,
    shown,
)


@door("GET", "HEAD", "POST")
@sensitive_post_parameters("phone")
def phone_page(request: DoorRequest) -> HttpResponse:
    """Ask for a phone and send it a code; a member's and a stranger's get the same answer."""
    if request.method != "POST":
        if is_in(request):
            return HttpResponseRedirect(reverse("storefront:card", args=[request.house.code]))
        return shown(request, "log_in", {"wanted": wanted_of(request.GET)})
    return send_code(request, template="log_in", values={})


@door("GET", "HEAD", "POST")
@sensitive_post_parameters("code")
def code_page(request: DoorRequest) -> HttpResponse:
    """Ask for the code that came; with the right one a member is in, and a stranger may join."""
    now = datetime.now(UTC)
    asked = asked_here(request, now)
    if asked is None:
        return _start_again(request)
    if asked.state == "proved":
        return HttpResponseRedirect(reverse("storefront:agree", args=[request.house.code]))
    if request.method != "POST":
        return _code_form(request, asked, now)
    form = CodeForm(request.POST)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    if not codes.cleaned(typed):
        return _code_form(request, asked, now, CodeWrong(left=0))
    return _try(request, asked, typed, now)


@door("POST")
def send_again(request: DoorRequest) -> HttpResponse:
    """Send another code to the phone that was typed before."""
    now = datetime.now(UTC)
    asked = asked_here(request, now)
    if asked is None:
        return _start_again(request)
    try:
        return _sent(request, asked.phone, asked.wanted, now)
    except DomainError as refused:
        return _code_form(request, asked, now, refused)


def send_code(request: DoorRequest, *, template: str, values: Mapping[str, Any]) -> HttpResponse:
    """Send a code to the phone that was typed, or show the form again with what is wrong."""
    form = PhoneForm(request.POST)
    wanted = wanted_of(request.POST)
    phone = e164(form.cleaned_data["phone"]) if form.is_valid() else None
    try:
        if phone is None:
            raise PhoneInvalid
        return _sent(request, phone, wanted, datetime.now(UTC))
    except DomainError as refused:
        typed = request.POST.get("phone", "")[:40]
        again = {**values, "wanted": wanted, "phone": typed, "refused": refused}
        return with_pause(shown(request, template, again, status=refused.status), refused)


def wanted_of(sent: Mapping[str, Any]) -> Wanted:
    """What a link or a form says of where somebody comes from and wants to go."""
    form = LinkForm(sent)
    form.is_valid()
    said = form.cleaned_data
    return Wanted(
        store=said.get("store", ""),
        guide=said.get("guide", ""),
        programme=said.get("programme", ""),
        onward=said.get("next", ""),
    )


def onward(request: DoorRequest, wanted: Wanted) -> str:
    """Where somebody wanted to go, if it is a page of this merchant's; else to the card."""
    home = reverse("storefront:home", args=[request.house.code])
    is_ours = url_has_allowed_host_and_scheme(wanted.onward, allowed_hosts=None)
    if is_ours and wanted.onward.startswith(home):
        return wanted.onward
    return reverse("storefront:card", args=[request.house.code])


def asked_here(request: DoorRequest, now: datetime) -> Asked | None:
    """The code that this browser asked for."""
    with tenancy.scope(merchant_id=request.house.id, request_id=request.request_id):
        return asked_by_ticket(
            merchant_id=request.house.id,
            ticket=request.COOKIES.get(TICKET_COOKIE, ""),
            purpose="log_in",
            now=now,
        )


def is_in(request: DoorRequest) -> bool:
    """Whether somebody at the door has an open session already."""
    with tenancy.scope(merchant_id=request.house.id, request_id=request.request_id):
        cookie = request.COOKIES.get(COOKIE, "")
        now = datetime.now(UTC)
        return session_of(merchant_id=request.house.id, cookie=cookie, now=now) is not None


def with_pause(response: HttpResponse, refused: DomainError) -> HttpResponse:
    """Say in the header, too, how long to wait."""
    if "retry_after_seconds" in refused.members():
        response["Retry-After"] = str(refused.members()["retry_after_seconds"])
    return response


def message_of(issued: Issued, *, name: str) -> str:
    """The text of the message, in the reader's language."""
    return gettext("[%(name)s] %(code)s is your code, good for 5 minutes. Tell it to nobody.") % {
        "name": name,
        "code": issued.code,
    }


def _sent(request: DoorRequest, phone: str, wanted: Wanted, now: datetime) -> HttpResponse:
    house = request.house
    address = request.META.get("REMOTE_ADDR", "")
    count_request(merchant_id=house.id, phone=phone, address=address, now=now)
    with tenancy.scope(merchant_id=house.id, request_id=request.request_id):
        issued = ask_for_code(
            merchant_id=house.id, phone=phone, purpose="log_in", wanted=wanted, now=now
        )
    text = message_of(issued, name=house.merchant.name)
    senders.send(merchant_id=house.id, phone=phone, text=text, now=now)
    response = HttpResponseRedirect(reverse("storefront:code", args=[house.code]))
    lives = codes.LIVES_FOR + codes.PROVED_FOR
    give_ticket(
        response, issued.ticket, merchant_code=house.code, seconds=int(lives.total_seconds())
    )
    return response


def _try(request: DoorRequest, asked: Asked, typed: str, now: datetime) -> HttpResponse:
    merchant_id, address = request.house.id, request.META.get("REMOTE_ADDR", "")
    ticket = request.COOKIES.get(TICKET_COOKIE, "")
    try:
        count_try(address=address, now=now)
    except DomainError as refused:
        return _code_form(request, asked, now, refused)
    with tenancy.scope(merchant_id=merchant_id, request_id=request.request_id):
        tried = try_code(
            merchant_id=merchant_id, ticket=ticket, code=typed, purpose="log_in", now=now
        )
    if tried.answer == "wrong":
        return _code_form(request, asked, now, CodeWrong(left=tried.left))
    if tried.answer == "over":
        return _start_again(request, CodeOver())
    give_back_try(address=address, taken_at=now)
    try:
        with tenancy.scope(merchant_id=merchant_id, request_id=request.request_id):
            opened = enter(merchant_id=merchant_id, ticket=ticket, now=now)
    except DomainError as refused:
        return _start_again(request, refused)
    if opened is None:
        return HttpResponseRedirect(reverse("storefront:agree", args=[request.house.code]))
    return let_in(request, opened, where=_link_or_onward(request, asked.wanted), now=now)


def _link_or_onward(request: DoorRequest, wanted: Wanted) -> str:
    """A member who has scanned a link may lack the card that it offers."""
    link = {"store": wanted.store, "guide": wanted.guide, "programme": wanted.programme}
    if not any(link.values()):
        return onward(request, wanted)
    return reverse("storefront:join", args=[request.house.code]) + "?" + urlencode(link)


def _code_form(
    request: DoorRequest, asked: Asked, now: datetime, refused: DomainError | None = None
) -> HttpResponse:
    again_in = codes.MOST_BY_PHONE[0][1] - (now - asked.sent_at)
    values = {
        "phone": masked_phone(asked.phone),
        "wanted": asdict(asked.wanted),
        "refused": refused,
        "again_in": max(0, int(again_in.total_seconds())),
    }
    status = HTTPStatus.OK if refused is None else refused.status
    response = shown(request, "code", values, status=status)
    return response if refused is None else with_pause(response, refused)


def _start_again(request: DoorRequest, refused: DomainError | None = None) -> HttpResponse:
    """Back to the phone: there is no code that could be typed."""
    if refused is None:
        response: HttpResponse = HttpResponseRedirect(
            reverse("storefront:log_in", args=[request.house.code])
        )
    else:
        response = refused_page(request, refused)
    forget_cookie(response, TICKET_COOKIE, request.house.code)
    return response
