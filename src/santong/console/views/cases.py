"""Cases after the sale: which there are, who must act, and one as a story with its decision."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from santong.aftersales import public as aftersales
from santong.catalog import public as catalog
from santong.console.views.buyer_link import BuyerLink, buyer_link
from santong.console.views.frame import page, places_of, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.evidence import public as evidence
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.stores import public as stores

# What a filter can ask for: all that is open, or one state.
OPEN: Final = ("requested", "awaiting_goods", "working")
MOST_PLACES: Final = 1_000


@page("cases.view")
def case_list(request: MerchantRequest) -> HttpResponse:
    """Cases, the newest first; without a filter those that are open."""
    merchant_id = request.merchant_id
    typed = asked_text(request, "q")
    if typed:
        return find(request, typed)
    state = asked_word(request, "state", among=(*aftersales.CASE_STATES, "all"))
    kind = asked_word(request, "kind", among=aftersales.KINDS)
    found = aftersales.cases_page(
        merchant_id=merchant_id,
        states=() if state == "all" else (state,) if state else OPEN,
        kind=kind,
        location_ids=request.actor.location_ids,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    cases = found[:SHOWN]
    values = {
        "cases": cases,
        "order_by_id": orders.orders_by_id(
            merchant_id=merchant_id, order_ids={case.order_id for case in cases}
        ),
        "place_by_id": stores.locations_by_id(
            merchant_id=merchant_id, location_ids={c.location_id for c in cases if c.location_id}
        ),
        "states": aftersales.CASE_STATES,
        "kinds": aftersales.KINDS,
        "state": state,
        "kind": kind,
        "next": next_page(found, state=state, kind=kind),
        "owed": aftersales.owed_that_wait(merchant_id=merchant_id),
        "damaged": aftersales.damaged_at(
            merchant_id=merchant_id, location_ids=request.actor.location_ids
        ),
    }
    return shown(request, "cases/list", values, section="cases")


def find(request: MerchantRequest, typed: str) -> HttpResponse:
    """What was scanned or typed: a case goes to its page, anything else to a new one."""
    try:
        case = aftersales.case_by_number(merchant_id=request.merchant_id, number=typed)
    except NoSuch:
        return HttpResponseRedirect(f"/console/cases/new/?{urlencode({'q': typed})}")
    return HttpResponseRedirect(f"/console/cases/{case.id}/")


@page("cases.view")
def case_detail(request: MerchantRequest, case_id: str) -> HttpResponse:
    """One case: what is asked, what the facts come to, and what has happened."""
    return case_page(request, seen_case(request, case_id))


def case_page(
    request: MerchantRequest,
    case: aftersales.Case,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one case; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    of: dict[str, Any] = {"merchant_id": merchant_id, "case_id": case.id}
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    decisions = aftersales.decisions_of(**of)
    receipts = aftersales.receipts_of(**of)
    messages = aftersales.messages_of(**of)
    signers = [
        case.opened_by,
        case.decided_by,
        *(each.by for each in receipts),
        *(m.by for m in messages),
    ]
    handles = places_of(request, "cases.handle")
    values = {
        "case": case,
        "order": order,
        "proposal": aftersales.proposal_of(**of) if case.state == "requested" else None,
        "facts": aftersales.facts_now(**of) if case.state == "requested" else None,
        "decisions": decisions,
        "refunds": aftersales.refunds_of(**of),
        "replacements": aftersales.replacements_of(**of),
        "repair": aftersales.repair_of(**of),
        "visits": fieldservice.visits_of(merchant_id=merchant_id, document=case.subject),
        "service_types": fieldservice.service_types(merchant_id=merchant_id)
        if case.way_back == "home"
        else [],
        "good_until": {
            line.order_line_id: line.good_until
            for line in aftersales.claimable_of(merchant_id=merchant_id, order=order)
        },
        "receipts": receipts,
        "talk": messages,
        "claims": _claims(request, case),
        "files": evidence.of_subject(merchant_id=merchant_id, subject=case.subject),
        "sees_files": places_of(request, "evidence.view") != frozenset(),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[*signers, *(each.decided_by for each in decisions)],
        ),
        "place_by_id": stores.locations_by_id(
            merchant_id=merchant_id,
            location_ids={
                *(each.location_id for each in receipts),
                *({case.location_id} if case.location_id else ()),
            },
        ),
        "can_decide": places_of(request, "cases.decide") != frozenset(),
        "can_handle": handles != frozenset(),
        "link": _link(request, case),
        "can_open": places_of(request, "cases.open") != frozenset(),
        "can_claim": places_of(request, "claims.handle") != frozenset(),
        "return_places": return_places(merchant_id, handles),
        "kinds": aftersales.KINDS,
        "repairers": aftersales.REPAIRERS,
        "goods": _goods(merchant_id, case),
        "made_by": aftersales.case_of_order_made(merchant_id=merchant_id, order_id=case.order_id),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "cases/case", values, section="cases", status=status)


def seen_case(request: MerchantRequest, case_id: str) -> aftersales.Case:
    """A case that somebody may see. Raises NoSuch."""
    return aftersales.case_by_id(
        merchant_id=request.merchant_id,
        case_id=id_of(case_id, kind="case"),
        location_ids=request.actor.location_ids,
    )


def return_places(merchant_id: int, among: frozenset[int] | None) -> list[stores.Location]:
    """Places that take goods back, of those at which somebody works."""
    if among is None:
        every = stores.locations_page(merchant_id=merchant_id, limit=MOST_PLACES)
    else:
        every = list(stores.locations_by_id(merchant_id=merchant_id, location_ids=among).values())
    return [place for place in every if place.accepts_returns and place.is_open]


@page("evidence.view")
def case_file(request: MerchantRequest, case_id: str, evidence_id: str) -> HttpResponse:
    """A photo or a paper of a case."""
    case = seen_case(request, case_id)
    wanted = id_of(evidence_id, kind="evidence")
    found = evidence.by_id(merchant_id=request.merchant_id, evidence_id=wanted)
    if found.subject != case.subject:
        raise NoSuch(kind="evidence", key=evidence_id[:40])
    return evidence.file_answer(
        request=request, merchant_id=request.merchant_id, evidence_id=wanted
    )


def _link(request: MerchantRequest, case: aftersales.Case) -> BuyerLink | None:
    if places_of(request, "cases.open") == frozenset():
        return None
    path = aftersales.link_path(
        merchant_id=request.merchant_id, order_id=case.order_id, now=datetime.now(UTC)
    )
    return buyer_link(request, path, renew="case_link", thing_id=case.id)


def _claims(request: MerchantRequest, case: aftersales.Case) -> list[aftersales.Claim]:
    if places_of(request, "claims.handle") == frozenset():
        return []
    return aftersales.claims_page(merchant_id=request.merchant_id, case_id=case.id)


def _goods(merchant_id: int, case: aftersales.Case) -> dict[int, catalog.Sku]:
    return catalog.skus_by_id(merchant_id=merchant_id, sku_ids=[line.sku_id for line in case.lines])
