"""What providers say, beside what the books say: by month, by file, by difference."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from santong.console.selectors.statement_days import statement_month
from santong.console.views.fields import day_of
from santong.console.views.frame import sentence_of, shown
from santong.console.views.payments import may_everywhere, orders_of_documents, signers
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.payments import public as payments
from santong.reconciliation import public as reconciliation

SHOWN: Final = 50
FILES_SHOWN: Final = 12
FIRST_YEAR, LAST_YEAR = 2000, 2999
UNFINISHED: Final = frozenset({"received", "reading", "read"})


@whole_page("reconciliation.view")
def calendar(request: MerchantRequest) -> HttpResponse:
    """Accounts and days of a month, plots of it, and where a file is handed in."""
    return calendar_page(request)


def calendar_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The month; with a refusal beside the form that hands a file in."""
    today = today_of(request)
    first = month_in(request.GET.get("month", ""), today=today)
    until = following(first)
    found = statement_month(merchant_id=request.merchant_id, first=first, until=until, today=today)
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    files = reconciliation.files_page(
        merchant_id=request.merchant_id, before_id=LARGEST_ID, limit=FILES_SHOWN
    )
    values: dict[str, Any] = {
        "month": found,
        "first": first,
        "before": first - timedelta(days=1),
        "after": until if until <= today else None,
        "first_weekday": range(first.weekday()),
        "chart_names": ",".join(f"{day.day}" for day in found.days),
        "chart_matched": _joined(found.matched),
        "chart_different": _joined(found.different),
        "chart_categories": {
            category: _joined(counts) for category, counts in found.count_by_category.items()
        },
        "counted": reconciliation.counted(merchant_id=request.merchant_id),
        "ages": reconciliation.ages(merchant_id=request.merchant_id, today=today),
        "files": files,
        "accounts": [each for each in accounts if each.is_open],
        "name_by_account": {each.code: each.name for each in accounts},
        "formats": reconciliation.FORMATS,
        "yesterday": today - timedelta(days=1),
        "may_work": may_everywhere(request, "reconciliation.work"),
        **refusal_of(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(
        request, "reconciliation/calendar", values, section="reconciliation", status=status
    )


@whole_page("reconciliation.view")
def file_detail(request: MerchantRequest, file_id: str) -> HttpResponse:
    """One file: how far it is, what it comes to, its differences and its lines."""
    number = id_of(file_id, kind="statement_file")
    file = reconciliation.file_by_id(merchant_id=request.merchant_id, file_id=number)
    only = request.GET.get("only", "different")
    only = only if only in ("all", "matched", "different") else "different"
    lines = reconciliation.lines_page(
        merchant_id=request.merchant_id,
        file_id=number,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        only="" if only == "all" else only,
    )
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    values = {
        "file": file,
        "is_running": file.state in UNFINISHED,
        "counted": reconciliation.counted(merchant_id=request.merchant_id, file_id=number),
        "lines": lines[:SHOWN],
        "only": only,
        "name_by_account": {each.code: each.name for each in accounts},
        "next": (
            urlencode({"only": only, "cursor": cursor_after(lines[SHOWN - 1].id)})
            if len(lines) > SHOWN
            else ""
        ),
    }
    return shown(request, "reconciliation/file", values, section="reconciliation")


@whole_page("reconciliation.view")
def difference_list(request: MerchantRequest) -> HttpResponse:
    """Differences, newest first: by category, state, account, owner, file."""
    asked = {
        name: request.GET.get(name, "").strip()[:60].replace("\0", "")
        for name in ("category", "state", "account", "owner", "file", "day")
    }
    categories, states = reconciliation.CATEGORIES, reconciliation.DIFFERENCE_STATES
    asked["category"] = asked["category"] if asked["category"] in categories else ""
    asked["state"] = asked["state"] if asked["state"] in states else ""
    day = day_of(asked["day"])
    asked["day"] = day.isoformat() if day else ""
    mine = f"{request.actor.kind}:{request.actor.id}"
    found = reconciliation.differences_page(
        merchant_id=request.merchant_id,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        account_code=asked["account"],
        day=day,
        category=asked["category"],
        state=asked["state"],
        file_id=id_of(asked["file"], kind="statement_file") if asked["file"] else None,
        owner=mine if asked["owner"] else "",
    )
    filters = {name: text for name, text in asked.items() if text}
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    values = {
        "differences": found[:SHOWN],
        "order_by_document": orders_of_documents(request, [each.document for each in found]),
        "signers": signers(request, {each.owner for each in found if each.owner}),
        "asked": asked,
        "categories": categories,
        "states": states,
        "accounts": accounts,
        "name_by_account": {each.code: each.name for each in accounts},
        "is_filtered": bool(filters),
        "next": (
            urlencode({**filters, "cursor": cursor_after(found[SHOWN - 1].id)})
            if len(found) > SHOWN
            else ""
        ),
    }
    return shown(request, "reconciliation/differences", values, section="reconciliation")


@whole_page("reconciliation.view")
def difference_detail(request: MerchantRequest, difference_id: str) -> HttpResponse:
    """One difference: both sides beside each other, why, and what can be done."""
    return difference_page(request, id_of(difference_id, kind="difference"))


def difference_page(
    request: MerchantRequest, difference_id: int, *, refused: DomainError | None = None
) -> HttpResponse:
    """The page of one difference; with a refusal beside the form."""
    merchant_id = request.merchant_id
    found = reconciliation.difference_by_id(merchant_id=merchant_id, difference_id=difference_id)
    accounts = payments.payment_accounts(merchant_id=merchant_id)
    mine = f"{request.actor.kind}:{request.actor.id}"
    steps = reconciliation.steps_for(state=found.state, category=found.category)
    values = {
        "difference": found,
        "line": (
            reconciliation.line_by_id(merchant_id=merchant_id, line_id=found.line_id)
            if found.line_id
            else None
        ),
        "movement": (
            payments.movement_by_id(merchant_id=merchant_id, movement_id=found.movement_id)
            if found.movement_id
            else None
        ),
        "order_by_document": orders_of_documents(request, [found.document]),
        "signers": signers(request, {each for each in (found.owner, found.proposed_by) if each}),
        "is_mine": found.proposed_by == mine,
        "steps": [step for step in steps if not (step == "approve" and found.proposed_by == mine)],
        "elsewhere": [
            offer
            for offer in reconciliation.OFFERS[found.category]
            if offer in ("ask_provider", "refund_at_provider")
            and found.state in reconciliation.TAKEN_UP
        ],
        "is_final": found.state not in reconciliation.TAKEN_UP,
        "name_by_account": {each.code: each.name for each in accounts},
        "may_work": may_everywhere(request, "reconciliation.work"),
        **refusal_of(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(
        request, "reconciliation/difference", values, section="reconciliation", status=status
    )


def refusal_of(request: MerchantRequest, refused: DomainError | None) -> dict[str, Any]:
    """What was refused, and what had been filled in."""
    pointer = refused.pointer if isinstance(refused, FieldInvalid) else ""
    return {
        "refusal": sentence_of(refused) if refused else "",
        "wrong": pointer.rpartition("/")[2],
        "sent": request.POST,
    }


def today_of(request: MerchantRequest) -> date:
    """The day on the merchant's clock."""
    zone = ZoneInfo(request.merchant.timezone)  # type: ignore[attr-defined]
    return datetime.now(zone).date()


def month_in(text: str, *, today: date) -> date:
    """`2026-11` as its first day; this month for anything else."""
    found = day_of(f"{text}-01")
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return today.replace(day=1)
    return found


def following(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


def _joined(numbers: Any) -> str:
    return ",".join(str(number) for number in numbers)
