"""Joining: by a scanned link, with a tick, once."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_post_parameters

from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.membership import public as membership
from santong.storefront.contracts import Agreed, Session, Wanted
from santong.storefront.errors import NothingToJoin
from santong.storefront.forms import AgreeForm
from santong.storefront.rules.texts import VERSION, text_of
from santong.storefront.selectors.invitations import Invitation, invitation_of
from santong.storefront.services.join import join, join_another
from santong.storefront.services.recognise import actor_of_member
from santong.storefront.views.frame import (
    TICKET_COOKIE,
    DoorRequest,
    door,
    let_in,
    member_at_door,
    refused_page,
    shown,
)
from santong.storefront.views.log_in import asked_here, onward, send_code, wanted_of


@door("GET", "HEAD", "POST")
@sensitive_post_parameters("phone")
def scan_page(request: DoorRequest) -> HttpResponse:
    """Where a scanned link leads: to the card of whoever has it, else to the phone and a code."""
    is_sent = request.method == "POST"
    wanted = wanted_of(request.POST if is_sent else request.GET)
    invitation = _invitation(request, wanted)
    if invitation is None:
        return refused_page(request, NothingToJoin())
    if not is_sent:
        found = member_at_door(request)
        if found is not None:
            has_card = found[1].card_of(invitation.programme.code) is not None
            page = "storefront:card" if has_card else "storefront:agree"
            query = "" if has_card else f"?{request.GET.urlencode()}"
            return HttpResponseRedirect(reverse(page, args=[request.house.code]) + query)
        return shown(request, "log_in", {"wanted": wanted, "invitation": invitation})
    return send_code(request, template="log_in", values={"invitation": invitation})


@door("GET", "HEAD", "POST")
def agree_page(request: DoorRequest) -> HttpResponse:
    """Ask whoever has proved a phone, or wants one more card, what they agree to."""
    found = member_at_door(request)
    asked = None if found else asked_here(request, datetime.now(UTC))
    if found is None and (asked is None or asked.state != "proved"):
        return HttpResponseRedirect(reverse("storefront:log_in", args=[request.house.code]))
    sent = request.POST if request.method == "POST" else request.GET
    wanted = asked.wanted if asked else wanted_of(sent)
    invitation = _invitation(request, wanted)
    if invitation is None:
        return refused_page(request, NothingToJoin())
    values: dict[str, Any] = {"wanted": wanted, "invitation": invitation}
    if request.method != "POST":
        return shown(request, "agree", values)
    try:
        if found is None:
            return _joined(request, wanted)
        return _joined_another(request, found, wanted)
    except DomainError as refused:
        return shown(request, "agree", {**values, "refused": refused}, status=refused.status)


@door("GET", "HEAD")
def terms_page(request: DoorRequest) -> HttpResponse:
    """What members agree to, for everybody to read."""
    values = {"texts": text_of(get_language() or ""), "version": VERSION}
    return shown(request, "terms", values, status=HTTPStatus.OK)


def _joined(request: DoorRequest, wanted: Wanted) -> HttpResponse:
    now = datetime.now(UTC)
    with _acting(request, tenancy.Actor(kind="buyer", id="", name="")):
        opened = join(
            merchant_id=request.house.id,
            ticket=request.COOKIES.get(TICKET_COOKIE, ""),
            agreed=_agreed(request),
            now=now,
        )
    messages.success(request, gettext("Welcome! Your card is ready."))
    return let_in(request, opened, where=onward(request, wanted), now=now)


def _joined_another(
    request: DoorRequest, found: tuple[Session, membership.Member], wanted: Wanted
) -> HttpResponse:
    session, member = found
    with _acting(request, actor_of_member(member_id=session.member_id)):
        join_another(
            merchant_id=request.house.id,
            member=member,
            wanted=wanted,
            agreed=_agreed(request),
            now=datetime.now(UTC),
        )
    messages.success(request, gettext("Welcome! Your card is ready."))
    return HttpResponseRedirect(onward(request, wanted))


def _agreed(request: DoorRequest) -> Agreed:
    form = AgreeForm(request.POST)
    form.is_valid()
    return Agreed(
        membership=bool(form.cleaned_data.get("agree")),
        marketing=bool(form.cleaned_data.get("marketing")),
        version=VERSION,
        language=get_language() or "",
    )


def _invitation(request: DoorRequest, wanted: Wanted) -> Invitation | None:
    with tenancy.scope(merchant_id=request.house.id, request_id=request.request_id):
        return invitation_of(merchant_id=request.house.id, wanted=wanted)


def _acting(request: DoorRequest, actor: tenancy.Actor) -> Any:
    return tenancy.scope(merchant_id=request.house.id, actor=actor, request_id=request.request_id)
