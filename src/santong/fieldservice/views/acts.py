"""What the buyer does on their page. Each thing can be sent twice, and is done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.utils.translation import gettext

from santong.evidence import public as evidence
from santong.fieldservice.selectors.fees import pay_accounts
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.accept_visit import accept_by_signature
from santong.fieldservice.services.ask_fee import ask_fee
from santong.fieldservice.services.book_visit import book, confirm, reschedule
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.hold_slot import hold_slot, release_hold
from santong.fieldservice.services.report_no_show import report_no_show
from santong.fieldservice.views.links import BuyerRequest
from santong.kernel.errors import FieldInvalid
from santong.merchants import public as merchants

LONGEST_TYPED = 300


def act(request: BuyerRequest, *, visit_id: int) -> None:
    """Do what a form asks for. Runs in the scope.

    Raises FieldInvalid, and whatever the service that it calls refuses.
    """
    what = ACTS.get(request.POST.get("do", ""))
    if what is None:
        raise FieldInvalid(pointer="/do", reason="not one of the buttons")
    what(request, visit_id)


def _hold(request: BuyerRequest, visit_id: int) -> None:
    hold_slot(
        merchant_id=request.link.merchant_id,
        visit_id=visit_id,
        window_from=_window(request),
        now=datetime.now(UTC),
    )


def _release(request: BuyerRequest, visit_id: int) -> None:
    release_hold(merchant_id=request.link.merchant_id, visit_id=visit_id, now=datetime.now(UTC))


def _take(request: BuyerRequest, visit_id: int) -> None:
    """Book the window; a visit that is booked moves there."""
    merchant_id, now = request.link.merchant_id, datetime.now(UTC)
    visit = visit_by_id(merchant_id=merchant_id, visit_id=visit_id)
    window_from = _window(request)
    if visit.state == "offered":
        book(merchant_id=merchant_id, visit_id=visit_id, window_from=window_from, now=now)
        return
    reschedule(
        merchant_id=merchant_id,
        visit_id=visit_id,
        window_from=window_from,
        by="buyer",
        reason=gettext("by the buyer's link"),
        now=now,
    )


def _confirm(request: BuyerRequest, visit_id: int) -> None:
    confirm(merchant_id=request.link.merchant_id, visit_id=visit_id, now=datetime.now(UTC))


def _cancel(request: BuyerRequest, visit_id: int) -> None:
    cancel(
        merchant_id=request.link.merchant_id,
        visit_id=visit_id,
        by="buyer",
        reason=request.POST.get("reason", "")[:LONGEST_TYPED].strip()
        or gettext("by the buyer's link"),
        now=datetime.now(UTC),
    )


def _sign(request: BuyerRequest, visit_id: int) -> None:
    accept_by_signature(
        merchant_id=request.link.merchant_id,
        visit_id=visit_id,
        drawn=evidence.drawn_signature(request=request, name="signature"),
        written=request.POST.get("written", ""),
        on="buyer",
        now=datetime.now(UTC),
    )


def _report(request: BuyerRequest, visit_id: int) -> None:
    report_no_show(
        merchant_id=request.link.merchant_id,
        visit_id=visit_id,
        by="buyer",
        reason=gettext("by the buyer's link"),
        now=datetime.now(UTC),
    )


def _pay(request: BuyerRequest, visit_id: int) -> None:
    merchant_id, account = request.link.merchant_id, request.POST.get("account", "")
    currency = merchants.merchant(merchant_id=merchant_id).currency
    known = pay_accounts(merchant_id=merchant_id, currency=currency)
    if account not in {each.code for each in known}:
        raise FieldInvalid(pointer="/account", reason="not one of the choices")
    ask_fee(
        merchant_id=merchant_id,
        visit_id=visit_id,
        account_code=account,
        key=f"buyer:{request.POST.get('key', '')[:40]}",
        return_url=request.build_absolute_uri(request.path),
        now=datetime.now(UTC),
    )


def _window(request: BuyerRequest) -> datetime:
    try:
        found = datetime.fromisoformat(request.POST.get("window", ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise FieldInvalid(pointer="/window", reason="one of the windows")
    return found.astimezone(UTC)


ACTS: Mapping[str, Callable[[BuyerRequest, int], None]] = {
    "hold": _hold,
    "release": _release,
    "take": _take,
    "confirm": _confirm,
    "cancel": _cancel,
    "sign": _sign,
    "report": _report,
    "pay": _pay,
}
