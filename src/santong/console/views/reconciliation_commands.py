"""What somebody does about statements: hands a file in, works on a difference, closes a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import IO, Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, day_of, text_of
from santong.console.views.frame import command
from santong.console.views.months import month_page
from santong.console.views.reconciliation import calendar_page, difference_page, month_in, today_of
from santong.console.views.whole import whole_page
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.reconciliation import public as reconciliation

PLAIN_STEPS: Final[Mapping[str, Callable[..., reconciliation.Difference]]] = {
    "explain": reconciliation.explain,
    "correct": reconciliation.correct,
    "write_off": reconciliation.write_off,
    "approve": reconciliation.approve,
    "reject": reconciliation.reject,
}
DATED_STEPS: Final[Mapping[str, Callable[..., reconciliation.Difference]]] = {
    "claim": reconciliation.claim,
    "wait": reconciliation.wait,
}


@whole_page("reconciliation.work", method="POST")
def receive(request: MerchantRequest) -> HttpResponse:
    """Hand a day's statement in: what is large waits on the disk, not in memory."""

    def act() -> str:
        sent = request.FILES.get("file")
        if sent is None:
            raise FieldInvalid(pointer="/file", reason="a file")
        chosen = request.POST.get("format", "")
        formats = reconciliation.FORMATS
        file = reconciliation.receive_upload(
            merchant_id=request.merchant_id,
            account_code=text_of(request, "account"),
            day=_day(request, "day"),
            file_format=formats[formats.index(chosen)] if chosen in formats else None,
            source=_opened(sent),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The file is here; it is being read and matched."))
        return f"/console/reconciliation/files/{file.id}/"

    return command(request, act=act, again=lambda refused: calendar_page(request, refused=refused))


@whole_page("reconciliation.work", method="POST")
def work(request: MerchantRequest, difference_id: str) -> HttpResponse:
    """Take a step with a difference, with a note that says why."""
    number = id_of(difference_id, kind="difference")
    reconciliation.difference_by_id(merchant_id=request.merchant_id, difference_id=number)

    def act() -> str:
        step = choice_of(request, "step", among=(*PLAIN_STEPS, *DATED_STEPS))
        given: dict[str, Any] = {
            "merchant_id": request.merchant_id,
            "difference_id": number,
            "note": text_of(request, "note", longest=reconciliation.LONGEST_NOTE),
            "now": datetime.now(UTC),
        }
        if step in PLAIN_STEPS:
            PLAIN_STEPS[step](**given)
        else:
            day = day_of(request.POST.get("due_on", ""))
            if day is None and step == "wait":
                raise FieldInvalid(pointer="/due_on", reason="a day")
            DATED_STEPS[step](**given, due_on=day)
        messages.success(request, _("It is written down."))
        return f"/console/reconciliation/differences/{number}/"

    return command(
        request, act=act, again=lambda refused: difference_page(request, number, refused=refused)
    )


@whole_page("reconciliation.work", method="POST")
def close(request: MerchantRequest) -> HttpResponse:
    """Close a month: its trial balance stays as it is."""
    first = _month(request)

    def act() -> str:
        reconciliation.close_month(
            merchant_id=request.merchant_id, month=first, now=datetime.now(UTC)
        )
        messages.success(request, _("The month is closed and stays as it is."))
        return _page_of(first)

    return command(
        request, act=act, again=lambda refused: month_page(request, first, refused=refused)
    )


@whole_page("reconciliation.work", method="POST")
def reopen(request: MerchantRequest) -> HttpResponse:
    """Open a closed month again, for a reason; somebody else than who closed it."""
    first = _month(request)

    def act() -> str:
        reconciliation.reopen_month(
            merchant_id=request.merchant_id,
            month=first,
            reason=text_of(request, "reason", longest=reconciliation.LONGEST_NOTE),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The month is open again."))
        return _page_of(first)

    return command(
        request, act=act, again=lambda refused: month_page(request, first, refused=refused)
    )


def _month(request: MerchantRequest) -> date:
    return month_in(request.POST.get("month", ""), today=today_of(request))


def _page_of(first: date) -> str:
    return f"/console/reconciliation/months/?month={first:%Y-%m}"


def _day(request: MerchantRequest, name: str) -> date:
    day = day_of(request.POST.get(name, ""))
    if day is None:
        raise FieldInvalid(pointer=f"/{name}", reason="a day")
    return day


def _opened(sent: Any) -> IO[bytes]:
    """What was sent, from its beginning: a small file is in memory, a large one on the disk."""
    sent.seek(0)
    stream: IO[bytes] = sent.file
    return stream
