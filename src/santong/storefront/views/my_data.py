"""One's own data: a copy of it, and having it erased."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.kernel.masking import masked_phone
from santong.membership import public as membership
from santong.storefront import senders
from santong.storefront.errors import CodeOver, CodeWrong, PhoneShared
from santong.storefront.forms import CodeForm
from santong.storefront.rules import codes
from santong.storefront.selectors.codes import asked_by_ticket
from santong.storefront.services.ask_for_code import ask_for_code
from santong.storefront.services.erase_member import erase_member
from santong.storefront.services.limit import count_request, count_try, give_back_try
from santong.storefront.services.phone_of import phone_of
from santong.storefront.services.recognise import COOKIE, actor_of_member
from santong.storefront.services.try_code import try_code
from santong.storefront.views.frame import (
    TICKET_COOKIE,
    DoorRequest,
    MemberRequest,
    door,
    forget_cookie,
    give_ticket,
    member_at_door,
    page,
    refused_page,
    shown,
    to_door,
)
from santong.storefront.views.log_in import message_of, with_pause

ASKED_FOR = "asked for by the member"


@page("GET", "HEAD")
def data_page(request: MemberRequest) -> HttpResponse:
    """What is kept, and what can be done with it."""
    return shown(request, "data", {}, tab="mine")


@page("POST")
def export(request: MemberRequest) -> HttpResponse:
    """All that every context knows of the member, as a file."""
    with tenancy.acting_as(tenancy.SYSTEM):
        found = customers.export_person(
            merchant_id=request.house.id,
            person_id=request.member.person_id,
            reason=ASKED_FOR,
            now=datetime.now(UTC),
        )
    document = {"made_at": found.made_at.isoformat(), **found.parts}
    body = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.house.code}.json"'
    return response


@door("GET", "HEAD", "POST")
def erase_page(request: DoorRequest) -> HttpResponse:
    """Say what erasure does; asked for, send a code to the member's own phone."""
    member = member_at_door(request)
    if member is None:
        return to_door(request, request.house.code)
    if request.method != "POST":
        return shown(request, "erase", {})
    try:
        return _sent(request, member[1], datetime.now(UTC))
    except DomainError as refused:
        response = shown(request, "erase", {"refused": refused}, status=refused.status)
        return with_pause(response, refused)


@door("GET", "HEAD", "POST")
@sensitive_post_parameters("code")
def erase_code_page(request: DoorRequest) -> HttpResponse:
    """Ask for the code; with the right one the member is forgotten."""
    member = member_at_door(request)
    if member is None:
        return to_door(request, request.house.code)
    with _acting(request, member[1]):
        asked = asked_by_ticket(
            merchant_id=request.house.id,
            ticket=request.COOKIES.get(TICKET_COOKIE, ""),
            purpose="erase",
            now=datetime.now(UTC),
        )
    if asked is None:
        return HttpResponseRedirect(reverse("storefront:erase", args=[request.house.code]))
    values = {"phone": masked_phone(asked.phone)}
    if request.method != "POST":
        return shown(request, "erase_code", values)
    try:
        _erase(request, member[1], datetime.now(UTC))
    except DomainError as refused:
        if isinstance(refused, CodeOver):
            return refused_page(request, refused)
        again = shown(request, "erase_code", {**values, "refused": refused}, status=refused.status)
        return with_pause(again, refused)
    response = shown(request, "gone", {})
    for cookie in (COOKIE, TICKET_COOKIE):
        forget_cookie(response, cookie, request.house.code)
    return response


def _sent(request: DoorRequest, member: membership.Member, now: datetime) -> HttpResponse:
    house = request.house
    with _acting(request, member):
        phone = phone_of(
            merchant_id=house.id, person_id=member.person_id, reason=ASKED_FOR, now=now
        )
    if phone is None:
        raise PhoneShared
    address = request.META.get("REMOTE_ADDR", "")
    count_request(merchant_id=house.id, phone=phone, address=address, now=now)
    with _acting(request, member):
        issued = ask_for_code(merchant_id=house.id, phone=phone, purpose="erase", now=now)
    text = message_of(issued, name=house.merchant.name)
    senders.send(merchant_id=house.id, phone=phone, text=text, now=now)
    response = HttpResponseRedirect(reverse("storefront:erase_code", args=[house.code]))
    seconds = int(codes.LIVES_FOR.total_seconds())
    give_ticket(response, issued.ticket, merchant_code=house.code, seconds=seconds)
    return response


def _erase(request: DoorRequest, member: membership.Member, now: datetime) -> None:
    """Prove the phone, then forget. A wrong code is counted, whatever follows."""
    form = CodeForm(request.POST)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    if not codes.cleaned(typed):
        raise CodeWrong(left=0)
    address = request.META.get("REMOTE_ADDR", "")
    ticket = request.COOKIES.get(TICKET_COOKIE, "")
    count_try(address=address, now=now)
    with _acting(request, member):
        tried = try_code(
            merchant_id=request.house.id, ticket=ticket, code=typed, purpose="erase", now=now
        )
    if tried.answer == "wrong":
        raise CodeWrong(left=tried.left)
    if tried.answer == "over":
        raise CodeOver
    give_back_try(address=address, taken_at=now)
    with _acting(request, member):
        erase_member(merchant_id=request.house.id, member_id=member.id, ticket=ticket, now=now)


def _acting(
    request: DoorRequest, member: membership.Member
) -> AbstractContextManager[tenancy.Scope]:
    return tenancy.scope(
        merchant_id=request.house.id,
        actor=actor_of_member(member_id=member.id),
        request_id=request.request_id,
    )
