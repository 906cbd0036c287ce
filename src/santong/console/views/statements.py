"""Statements: each party's month, checked and agreed to, or disputed line by line.

Head office sees everybody's; a dealer, whoever leads a store and a clerk see their own, on a page
made for a phone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.console.rules.statement_file import signed_amount, statement_csv
from santong.console.selectors.statement_lines import every_line, numbers_of
from santong.console.views.fields import text_of
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.lists import SHOWN, next_page
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.settlement import public as settlement

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2999
CLAIMS_SHOWN: Final = 50
MOST_CLAIMS: Final = 500


@page("statements.view")
def statement_list(request: MerchantRequest) -> HttpResponse:
    """Statements that somebody may see, the newest first."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """Statements; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    seen = settlement.parties_seen(merchant_id=merchant_id, actor=request.actor)
    month = _month(request.GET.get("month", ""))
    found = settlement.statements_page(
        merchant_id=merchant_id,
        party_ids=seen,
        month=month,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values: dict[str, Any] = {
        "statements": found[:SHOWN],
        "month": f"{month:%Y-%m}" if month else "",
        "next": next_page(found, month=f"{month:%Y-%m}" if month else ""),
        "claims": settlement.claims_page(
            merchant_id=merchant_id, party_ids=seen, state="open", limit=CLAIMS_SHOWN
        ),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    if seen is None:
        values["may_close"] = places_of(request, "shares.edit") is None
    else:
        values |= _own(request, seen)
    template = "settlement/statements" if seen is None else "settlement/own"
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, template, values, section="statements", status=status)


def _own(request: MerchantRequest, seen: frozenset[int]) -> dict[str, Any]:
    """What the parties of whoever asks are owed."""
    merchant_id, ids = request.merchant_id, sorted(seen)
    currency = request.merchant.currency  # type: ignore[attr-defined]
    parties = settlement.parties_page(merchant_id=merchant_id, party_ids=ids, limit=SHOWN)
    shown_ids = [each.id for each in parties]
    return {
        "parties": parties,
        "currency": currency,
        "balances": settlement.balances_of_parties(
            merchant_id=merchant_id, party_ids=shown_ids, currency=currency
        ),
        "in_transit": settlement.in_transit_of_parties(
            merchant_id=merchant_id, party_ids=shown_ids, currency=currency
        ),
    }


@page("statements.view")
def statement_detail(request: MerchantRequest, statement_id: str) -> HttpResponse:
    """One month of one party, line by line."""
    return statement_page(request, seen_statement(request, statement_id))


def statement_page(
    request: MerchantRequest,
    statement: settlement.Statement,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one statement; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    seen = settlement.parties_seen(merchant_id=merchant_id, actor=request.actor)
    found = settlement.entries_page(
        merchant_id=merchant_id,
        party_id=statement.party_id,
        currency=statement.currency,
        since=statement.counted_from,
        until=statement.counted_until,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    claims = settlement.claims_page(
        merchant_id=merchant_id, statement_id=statement.id, limit=MOST_CLAIMS
    )
    values = {
        "statement": statement,
        "entries": found[:SHOWN],
        "numbers": numbers_of(merchant_id=merchant_id, entries=found),
        "next": next_page(found),
        "claims": claims,
        "claim_by_entry": {each.entry_id: each for each in claims},
        "has_open_claims": any(each.state == "open" for each in claims),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[
                statement.confirmed_by,
                *(name for each in claims for name in (each.claimed_by, each.answered_by)),
            ],
        ),
        "may_dispute": may_dispute(request, statement),
        "may_answer": places_of(request, "shares.edit") is None,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    template = "settlement/statement" if seen is None else "settlement/own_statement"
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, template, values, section="statements", status=status)


@page("statements.view")
def statement_file(request: MerchantRequest, statement_id: str) -> HttpResponse:
    """Every line of a statement as a file for a spreadsheet."""
    statement = seen_statement(request, statement_id)
    head = (_("When"), _("What"), _("Of"), "SKU", _("Rule"), _("Amount"), _("Reason"))
    body = statement_csv(
        head=head,
        rows=(
            (
                f"{timezone.localtime(each.at):%Y-%m-%d %H:%M:%S}",
                _entry_word(each.kind),
                each.document,
                each.sku,
                each.rule,
                signed_amount(minor=each.amount_minor, currency=each.currency),
                each.reason,
            )
            for each in every_line(merchant_id=request.merchant_id, statement=statement)
        ),
    )
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"statement-{statement.id}-{statement.month:%Y-%m}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("statements.dispute", method="POST")
def confirm(request: MerchantRequest, statement_id: str) -> HttpResponse:
    """Agree with a month."""
    statement = seen_statement(request, statement_id)

    def act() -> str:
        settlement.confirm_statement(
            merchant_id=request.merchant_id, statement_id=statement.id, now=datetime.now(UTC)
        )
        messages.success(request, _("Agreed. Thank you."))
        return f"/console/statements/{statement.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: statement_page(request, statement, refused=refused, failed="confirm"),
    )


@page("statements.dispute", method="POST")
def dispute(request: MerchantRequest, statement_id: str, entry_id: str) -> HttpResponse:
    """Say that a line is wrong, and why."""
    statement = seen_statement(request, statement_id)
    entry = id_of(entry_id, kind="statement line")

    def act() -> str:
        settlement.dispute_entry(
            merchant_id=request.merchant_id,
            statement_id=statement.id,
            entry_id=entry,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Noted. Head office answers it."))
        return f"/console/statements/{statement.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: statement_page(
            request, statement, refused=refused, failed=f"dispute-{entry}"
        ),
    )


@page("shares.edit", method="POST")
def close_month(request: MerchantRequest) -> HttpResponse:
    """Freeze a month: every party gets its statement."""

    def act() -> str:
        month = _month(request.POST.get("month", ""))
        if month is None:
            raise FieldInvalid(pointer="/month", reason="a month")
        settlement.close_month(merchant_id=request.merchant_id, month=month, now=datetime.now(UTC))
        messages.success(request, _("The month is closed and stays as it is."))
        return f"/console/statements/?month={month:%Y-%m}"

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, refused=refused, failed="close"),
    )


def seen_statement(request: MerchantRequest, statement_id: str) -> settlement.Statement:
    """A statement of a party whose books somebody may see. Raises NoSuch."""
    statement = settlement.statement_by_id(
        merchant_id=request.merchant_id, statement_id=id_of(statement_id, kind="statement")
    )
    seen = settlement.parties_seen(merchant_id=request.merchant_id, actor=request.actor)
    if seen is not None and statement.party_id not in seen:
        raise NoSuch(kind="statement", key=statement_id)
    return statement


def may_dispute(request: MerchantRequest, statement: settlement.Statement) -> bool:
    """Whether somebody may speak for the party of a statement."""
    if "statements.dispute" not in request.actor.permissions:
        return False
    seen = settlement.parties_seen(
        merchant_id=request.merchant_id,
        actor=request.whole_actor.at("statements.dispute"),  # type: ignore[attr-defined]
    )
    return seen is None or statement.party_id in seen


def _entry_word(kind: str) -> str:
    name = f"share_entry.{kind}"
    return _(name)


def _month(text: str) -> date | None:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None
