"""What is done to a visit: by dispatchers, and by whoever goes there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import command, page, plain_command
from santong.console.views.visit_fields import instant_of, parts_field, point_field
from santong.console.views.visit_sight import seen_by, visit_of
from santong.console.views.visit_work import work_page
from santong.console.views.visits import visit_page
from santong.evidence import public as evidence
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest

Act = Callable[[MerchantRequest, fieldservice.Visit, datetime], str]


@page("visits.dispatch", method="POST")
def visit_dispatch(request: MerchantRequest, visit_id: str) -> HttpResponse:
    """Book, move, confirm, call off, note that parts are there, say that nobody came."""
    visit = visit_of(request, visit_id)

    def act() -> str:
        what = choice_of(request, "do", among=DISPATCH)
        messages.success(request, DISPATCH[what](request, visit, datetime.now(UTC)))
        return f"/console/visits/{visit.id}/"

    return command(
        request, act=act, again=lambda refused: visit_page(request, visit, refused=refused)
    )


@page("visits.dispatch", method="POST")
def visit_link(request: MerchantRequest, visit_id: str) -> HttpResponse:
    """Another link for the buyer; those that were given so far open nothing any more."""
    visit = visit_of(request, visit_id)
    return plain_command(
        request,
        write=lambda: fieldservice.renew_link(
            merchant_id=request.merchant_id, visit_id=visit.id, now=datetime.now(UTC)
        ),
        said=_("There is another link. The old one opens nothing any more."),
        where=f"/console/visits/{visit.id}/",
        again=lambda refused: visit_page(request, visit, refused=refused),
    )


@page("visits.view", method="POST")
def visit_reveal(request: MerchantRequest, visit_id: str) -> HttpResponse:
    """Whom and where, in clear text, for a reason that stands in the trail."""
    visit = visit_of(request, visit_id)
    again = work_page if request.POST.get("back") == "work" else visit_page
    try:
        known = fieldservice.reveal_contact(
            merchant_id=request.merchant_id,
            visit_id=visit.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
    except DomainError as refused:
        return again(request, visit, refused=refused)
    return again(request, visit, known=known)


@page("visits.work", method="POST")
def visit_work_do(request: MerchantRequest, visit_id: str) -> HttpResponse:
    """Set out, check in, begin, report, and what goes otherwise."""
    visit = visit_of(request, visit_id)

    def act() -> str:
        what = choice_of(request, "do", among=WORK)
        WORK[what](request, visit, datetime.now(UTC))
        return f"/console/my-visits/{visit.id}/"

    return command(
        request, act=act, again=lambda refused: work_page(request, visit, refused=refused)
    )


def _book(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    asked: dict[str, Any] = {
        "merchant_id": request.merchant_id,
        "visit_id": visit.id,
        "window_from": instant_of(request, "window"),
        "technician_id": _technician(request),
        "now": now,
    }
    if visit.state == "offered":
        fieldservice.book(**asked)
        return _("Booked.")
    fieldservice.reschedule(**asked, by="technician", reason=text_of(request, "reason"))
    return _("Moved.")


def _technician(request: MerchantRequest) -> int | None:
    code = optional_text(request, "technician")
    if not code:
        return None
    return fieldservice.technician_by_code(
        merchant_id=request.merchant_id, code=code, sight=seen_by(request)
    ).id


def _confirm(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.confirm(merchant_id=request.merchant_id, visit_id=visit.id, now=now)
    return _("Confirmed.")


def _cancel(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.cancel(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        by="technician",
        reason=text_of(request, "reason"),
        now=now,
    )
    return _("Called off.")


def _parts_there(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.parts_arrived(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        sku_codes=request.POST.getlist("sku"),
        now=now,
    )
    return _("Noted.")


def _nobody_came(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    """The buyer has called: the shop speaks for them."""
    fieldservice.report_no_show(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        by="buyer",
        reason=text_of(request, "reason"),
        now=now,
    )
    return _("Noted. It counts as missed once nobody has checked in half an hour after the window.")


def _follow(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.follow_visit(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        reason=choice_of(request, "reason", among=fieldservice.FOLLOW_REASONS),  # type: ignore[arg-type]  # one of the words
        needed_by_sku=parts_field(request, "parts"),
        now=now,
    )
    return _("Another visit is asked for.")


DISPATCH: Mapping[str, Act] = {
    "book": _book,
    "confirm": _confirm,
    "cancel": _cancel,
    "parts": _parts_there,
    "absent": _nobody_came,
    "follow": _follow,
}


def _set_out(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.set_out(merchant_id=request.merchant_id, visit_id=visit.id, now=now)
    return ""


def _check_in(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.check_in_by_place(
        merchant_id=request.merchant_id, visit_id=visit.id, at=point_field(request, "at"), now=now
    )
    return ""


def _arrival(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    _say(
        request,
        fieldservice.check_in_by_code(
            merchant_id=request.merchant_id,
            visit_id=visit.id,
            code=text_of(request, "code"),
            now=now,
        ),
    )
    return ""


def _begin(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.begin_work(merchant_id=request.merchant_id, visit_id=visit.id, now=now)
    return ""


def _photos(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    uploads = evidence.uploads_of(request=request, name="photos", kinds=("photo",))
    if not uploads:
        raise FieldInvalid(pointer="/photos", reason="at least one photo")
    actor = request.actor
    fieldservice.add_photos(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        uploads=uploads,
        by=f"{actor.kind}:{actor.id}",
        now=now,
    )
    return ""


def _done(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.report_done(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        used_by_sku=parts_field(request, "parts"),
        now=now,
    )
    return ""


def _accept(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    _say(
        request,
        fieldservice.accept_by_code(
            merchant_id=request.merchant_id,
            visit_id=visit.id,
            code=text_of(request, "code"),
            now=now,
        ),
    )
    return ""


def _sign(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.accept_by_signature(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        drawn=evidence.drawn_signature(request=request, name="signature"),
        written=optional_text(request, "written"),
        on="technician",
        now=now,
    )
    return ""


def _nobody_home(request: MerchantRequest, visit: fieldservice.Visit, now: datetime) -> str:
    fieldservice.report_no_show(
        merchant_id=request.merchant_id,
        visit_id=visit.id,
        by="technician",
        reason=text_of(request, "reason"),
        now=now,
    )
    return ""


def _say(request: MerchantRequest, tried: fieldservice.CodeTried) -> None:
    """A wrong code is an answer: the try stays counted."""
    if tried.is_right:
        return
    if tried.wait_seconds:
        messages.error(request, _("Too many tries; wait a while"))
    else:
        messages.error(request, _("This is not the buyer's code."))


WORK: Mapping[str, Act] = {
    "set_out": _set_out,
    "check_in": _check_in,
    "arrival": _arrival,
    "begin": _begin,
    "photos": _photos,
    "done": _done,
    "accept": _accept,
    "sign": _sign,
    "follow": _follow,
    "absent": _nobody_home,
}
