"""Persons who may be one: side by side, masked, with what speaks for it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, get_args
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import text_of
from santong.console.views.frame import command, page, sentence_of, shown
from santong.customers import public as customers
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.membership import public as membership

SHOWN: Final = 20


@page("customers.merge")
def match_list(request: MerchantRequest) -> HttpResponse:
    """Open matches, the newest first; or what was decided."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: int = 0
) -> HttpResponse:
    """Matches; with a refusal beside the one that was refused."""
    merchant_id = request.merchant_id
    asked = request.GET.get("state", "open")
    state = asked if asked in get_args(customers.MatchState) else None
    found = customers.matches_page(
        merchant_id=merchant_id,
        state=state,  # type: ignore[arg-type]  # one of the words of the type
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    rows = found[:SHOWN]
    person_ids = {each.first_id for each in rows} | {each.second_id for each in rows}
    values = {
        "matches": rows,
        "persons": customers.persons_by_id(merchant_id=merchant_id, person_ids=person_ids),
        "members": membership.members_of_persons(merchant_id=merchant_id, person_ids=person_ids),
        "states": get_args(customers.MatchState),
        "state": state or "",
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
    return shown(request, "matches", values, section="matches", status=status)


@page("customers.merge", method="POST")
def decide(request: MerchantRequest, match_id: str, answer: str) -> HttpResponse:
    """Join the two persons of a match, or keep that they are two; with a reason."""
    number = id_of(match_id, kind="match")
    if answer not in {"accept", "reject"}:
        raise NoSuch(kind="answer", key=answer[:40])
    near = customers.matches_page(
        merchant_id=request.merchant_id, below_id=min(number + 1, LARGEST_ID), limit=1
    )
    if not near or near[0].id != number:
        raise NoSuch(kind="match", key=match_id)

    def act() -> str:
        now = datetime.now(UTC)
        reason = text_of(request, "reason")
        if answer == "accept":
            customers.accept_match(
                merchant_id=request.merchant_id, match_id=number, reason=reason, now=now
            )
            messages.success(request, _("They are one person. It can be undone."))
        else:
            customers.reject_match(
                merchant_id=request.merchant_id, match_id=number, reason=reason, now=now
            )
            messages.success(request, _("They stay two, and are not proposed again."))
        return "/console/matches/"

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, refused=refused, failed=number),
    )
