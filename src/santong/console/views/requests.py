"""Corrections and transfers of points: asked for by one person, decided by another."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, get_args
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, text_of, whole_number
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.member import overview_page, seen_member
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.membership import public as membership
from santong.merchants import public as merchants

SHOWN: Final = 50
MOST_POINTS: Final = 10_000_000


@page("points.approve")
def request_list(request: MerchantRequest) -> HttpResponse:
    """What waits for a second person, the newest first; or what was decided."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: int = 0
) -> HttpResponse:
    """Requests; with a refusal beside the one that was refused."""
    merchant_id = request.merchant_id
    asked = request.GET.get("state", "requested")
    state = asked if asked in get_args(membership.RequestState) else None
    found = membership.requests_page(
        merchant_id=merchant_id,
        state=state,  # type: ignore[arg-type]  # one of the words of the type
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    rows = found[:SHOWN]
    named = {each.member_id for each in rows} | {
        each.to_member_id for each in rows if each.to_member_id
    }
    values = {
        "requests": rows,
        "members": membership.members_by_id(merchant_id=merchant_id, member_ids=named),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[name for each in rows for name in (each.requested_by, each.decided_by)],
        ),
        "states": get_args(membership.RequestState),
        "state": state or "",
        "me": f"{request.actor.kind}:{request.actor.id}",
        "next": (
            urlencode({"state": state or "all", "cursor": cursor_after(rows[-1].id)})
            if len(found) > SHOWN
            else ""
        ),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "requests", values, section="requests", status=status)


@page("points.approve", method="POST")
def decide(request: MerchantRequest, request_id: str, answer: str) -> HttpResponse:
    """Say yes or no to what somebody else has asked for, with a reason."""
    number = id_of(request_id, kind="points_request")
    if answer not in {"approve", "reject"}:
        raise NoSuch(kind="answer", key=answer[:40])
    near = membership.requests_page(
        merchant_id=request.merchant_id, before_id=min(number + 1, LARGEST_ID), limit=1
    )
    if not near or near[0].id != number:
        raise NoSuch(kind="points_request", key=request_id)

    def act() -> str:
        given = {
            "merchant_id": request.merchant_id,
            "request_id": number,
            "reason": text_of(request, "reason"),
            "now": datetime.now(UTC),
        }
        if answer == "approve":
            membership.approve_request(**given)  # type: ignore[arg-type]  # the four it asks for
            messages.success(request, _("The points have moved."))
        else:
            membership.reject_request(**given)  # type: ignore[arg-type]  # as above
            messages.success(request, _("Nothing has moved."))
        return "/console/requests/"

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, refused=refused, failed=number),
    )


@page("points.correct", method="POST")
def ask(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Ask for points to be given or taken; another person decides."""
    member = seen_member(request, member_id)

    def act() -> str:
        points = whole_number(request, "points", least=1, most=MOST_POINTS)
        programme_code = text_of(request, "programme", longest=40)
        if member.card_of(programme_code) is None:
            raise membership.CardMissing(member_id=member.id, programme_code=programme_code)
        takes = choice_of(request, "way", among=("give", "take")) == "take"
        membership.request_correction(
            merchant_id=request.merchant_id,
            source="console",
            key=request.POST.get("key", "")[:80],
            member_id=member.id,
            programme_code=programme_code,
            points=-points if takes else points,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Asked for. Another person decides."))
        return f"/console/members/{member.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: overview_page(request, member, refused=refused, failed="correct"),
    )


def may_correct(request: MerchantRequest) -> bool:
    """Whether somebody may ask for corrections at all."""
    return places_of(request, "points.correct") != frozenset()
