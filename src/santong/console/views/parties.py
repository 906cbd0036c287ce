"""Parties: who is owed shares, how much, where they are paid, and what they were sent."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.selectors.statement_lines import numbers_of
from santong.console.views.fields import choice_of, text_of
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.payments import public as payments
from santong.settlement import public as settlement

LINES_SHOWN = 20
LONGEST_RECEIVER = 120


@page("statements.view")
def party_list(request: MerchantRequest) -> HttpResponse:
    """Parties that somebody may see, with what each is owed."""
    merchant_id = request.merchant_id
    seen = settlement.parties_seen(merchant_id=merchant_id, actor=request.actor)
    kind = asked_word(request, "kind", among=settlement.PARTY_KINDS)
    search = asked_text(request, "search")
    if search:
        found = [
            each
            for each in settlement.parties_by_text(merchant_id=merchant_id, text=search)
            if (seen is None or each.id in seen) and kind in {"", each.kind}
        ]
    else:
        found = settlement.parties_page(
            merchant_id=merchant_id,
            kind=kind or None,  # type: ignore[arg-type]  # one of the words of the type
            party_ids=seen,
            below_id=before_id(request.GET.get("cursor")),
            limit=SHOWN + 1,
        )
    rows, currency = found[:SHOWN], request.merchant.currency  # type: ignore[attr-defined]
    ids = [each.id for each in rows]
    values = {
        "parties": rows,
        "balances": settlement.balances_of_parties(
            merchant_id=merchant_id, party_ids=ids, currency=currency
        ),
        "in_transit": settlement.in_transit_of_parties(
            merchant_id=merchant_id, party_ids=ids, currency=currency
        ),
        "currency": currency,
        "kinds": settlement.PARTY_KINDS,
        "kind": kind,
        "search": search,
        "next": "" if search else next_page(found, kind=kind),
    }
    return shown(request, "settlement/parties", values, section="parties")


@page("statements.view")
def party_detail(request: MerchantRequest, party_id: str) -> HttpResponse:
    """One party: what it is owed, where it is paid, its statements and what it was sent."""
    return party_page(request, seen_party(request, party_id))


def party_page(
    request: MerchantRequest, party: settlement.Party, *, refused: DomainError | None = None
) -> HttpResponse:
    """The page of one party; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    currency = request.merchant.currency  # type: ignore[attr-defined]
    entries = settlement.entries_page(
        merchant_id=merchant_id,
        party_id=party.id,
        currency=currency,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    may_name = places_of(request, "payouts.run") is None
    values = {
        "party": party,
        "currency": currency,
        "balance": settlement.balances_of_parties(
            merchant_id=merchant_id, party_ids=[party.id], currency=currency
        )[party.id],
        "in_transit": settlement.in_transit_of_parties(
            merchant_id=merchant_id, party_ids=[party.id], currency=currency
        )[party.id],
        "entries": entries[:SHOWN],
        "numbers": numbers_of(merchant_id=merchant_id, entries=entries),
        "next": next_page(entries),
        "statements": settlement.statements_page(
            merchant_id=merchant_id, party_ids=[party.id], limit=12
        ),
        "lines": settlement.payout_lines_of_party(
            merchant_id=merchant_id, party_id=party.id, limit=LINES_SHOWN
        ),
        "may_name": may_name,
        "accounts": payments.payment_accounts(merchant_id=merchant_id) if may_name else [],
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "settlement/party", values, section="parties", status=status)


@page("payouts.run", method="POST")
def name_receiver(request: MerchantRequest, party_id: str) -> HttpResponse:
    """Say where a party is paid; the name is sealed and shown masked from then on."""
    party = seen_party(request, party_id)

    def act() -> str:
        settlement.name_receiver(
            merchant_id=request.merchant_id,
            party_id=party.id,
            account_code=text_of(request, "account", longest=60),
            receiver=text_of(request, "receiver", longest=LONGEST_RECEIVER),
            is_open=choice_of(request, "open", among=("yes", "no")) == "yes",
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The party is paid there from now on."))
        return f"/console/parties/{party.id}/"

    return command(
        request, act=act, again=lambda refused: party_page(request, party, refused=refused)
    )


def seen_party(request: MerchantRequest, party_id: str) -> settlement.Party:
    """A party whose books somebody may see. Raises NoSuch."""
    party = settlement.party_by_id(
        merchant_id=request.merchant_id, party_id=id_of(party_id, kind="party")
    )
    seen = settlement.parties_seen(merchant_id=request.merchant_id, actor=request.actor)
    if seen is not None and party.id not in seen:
        raise NoSuch(kind="party", key=party_id)
    return party
