"""What somebody was told of: things that are late, or about to be, to be seen and dealt with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.clocks import public as clocks
from santong.console.rules.menu import OPEN
from santong.console.views.clock_sight import heard_by, may_edit, numbers_of
from santong.console.views.fields import optional_text
from santong.console.views.frame import page, plain_command, sentence_of, shown
from santong.console.views.lists import SHOWN, next_page
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants

LONGEST_NOTE = 500
WHERE = "/console/escalations/"


@page(OPEN)
def inbox(request: MerchantRequest) -> HttpResponse:
    """What was told to the roles and places of whoever is logged in."""
    return inbox_page(request)


def inbox_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: int = 0
) -> HttpResponse:
    """The inbox; with a refusal beside the form that was refused."""
    is_open = request.GET.get("show") != "done"
    is_all = request.GET.get("whose") == "all" and may_edit(request)
    found = clocks.escalations_page(
        merchant_id=request.merchant_id,
        heard=None if is_all else heard_by(request),
        is_open=is_open,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values = {
        "escalations": found[:SHOWN],
        "numbers": numbers_of(request, [each.subject for each in found]),
        "next": next_page(found, show="" if is_open else "done", whose="all" if is_all else ""),
        "is_open": is_open,
        "is_all": is_all,
        "may_see_all": may_edit(request),
        "names": merchants.names_by_signature(
            merchant_id=request.merchant_id,
            signatures=[name for each in found for name in (each.seen_by, each.ended_by)],
        ),
        "refusal": sentence_of(refused) if refused else "",
        "failed": failed,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "clocks/escalations", values, section="escalations", status=status)


@page(OPEN, method="POST")
def see(request: MerchantRequest, escalation_id: str) -> HttpResponse:
    """Say that one looks after it."""
    told = _told(request, escalation_id)
    return _answer(
        request,
        told,
        write=lambda: clocks.see_escalation(
            merchant_id=request.merchant_id, escalation_id=told.id, now=datetime.now(UTC)
        ),
        said=_("You look after it. Others see that."),
    )


@page(OPEN, method="POST")
def finish(request: MerchantRequest, escalation_id: str) -> HttpResponse:
    """Say that it was dealt with, and how."""
    told = _told(request, escalation_id)
    return _answer(
        request,
        told,
        write=lambda: clocks.finish_escalation(
            merchant_id=request.merchant_id,
            escalation_id=told.id,
            note=optional_text(request, "note", longest=LONGEST_NOTE),
            now=datetime.now(UTC),
        ),
        said=_("Done. The clock itself runs until what was promised has happened."),
    )


def _answer(
    request: MerchantRequest,
    told: clocks.Escalation,
    *,
    write: Callable[[], object],
    said: str,
) -> HttpResponse:
    return plain_command(
        request,
        write=write,
        said=said,
        where=WHERE,
        again=lambda refused: inbox_page(request, refused=refused, failed=told.id),
    )


def _told(request: MerchantRequest, escalation_id: str) -> clocks.Escalation:
    """What was told to whoever is logged in; of others' there is nothing here."""
    return clocks.escalation_by_id(
        merchant_id=request.merchant_id,
        escalation_id=id_of(escalation_id, kind="escalation"),
        heard=None if may_edit(request) else heard_by(request),
    )
