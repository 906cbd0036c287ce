"""Agreements: the list, one with its proof and its breaches, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.agreements import public as agreements
from santong.console.rules.amounts import minor_of
from santong.console.selectors.statement_lines import numbers_of_documents
from santong.console.views.breach_goods import goods_of, goods_sent
from santong.console.views.buyer_link import BuyerLink, buyer_link
from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import (
    page,
    places_of,
    plain_command,
    sentence_of,
    shown,
)
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.evidence import public as evidence
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.orders import public as orders

HANDLE, OFFER = "agreements.handle", "agreements.offer"
WAITING: tuple[agreements.BreachState, ...] = ("claimed", "failed", "nothing_left")
DONE = ("ship", "delivery", "install")
LONGEST_SAID = 1_000


@page("agreements.view")
def agreement_list(request: MerchantRequest) -> HttpResponse:
    """Agreements, the newest first; what waits for somebody; how terms were kept."""
    merchant_id, places = request.merchant_id, request.actor.location_ids
    state = asked_word(request, "state", among=agreements.STATES)
    document = asked_text(request, "document")
    found = agreements.agreements_page(
        merchant_id=merchant_id,
        states=[state] if state else [],  # type: ignore[list-item]  # one of the words
        document=document,
        location_ids=places,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values = {
        "agreements": found[:SHOWN],
        "waiting": agreements.breaches_page(
            merchant_id=merchant_id,
            states=WAITING,
            location_ids=places,
            below_id=before_id(None),
            limit=SHOWN,
        ),
        "figures": agreements.kept_and_broken(merchant_id=merchant_id) if places is None else [],
        "states": agreements.STATES,
        "state": state,
        "document": document,
        "next": next_page(found, state=state, document=document),
        "may_offer": _may(request, OFFER),
    }
    return shown(request, "agreements/agreements", values, section="agreements")


@page("agreements.view")
def agreement_detail(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """One agreement: terms, acceptance, proof, evidence, breaches and what made them good."""
    return agreement_page(request, _seen(request, agreement_id))


def agreement_page(
    request: MerchantRequest,
    agreement: agreements.Agreement,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one agreement; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    subjects = [agreement.subject, *(each.subject for each in agreement.breaches)]
    order_id = orders.order_of_document(document=agreement.document)
    values: dict[str, Any] = {
        "agreement": agreement,
        "order_id": order_id,
        "number": numbers_of_documents(
            merchant_id=request.merchant_id, documents=[agreement.document]
        ).get(agreement.document, ""),
        "versions": agreements.agreements_of(merchant_id=merchant_id, document=agreement.document),
        "checked": _checked(request, agreement),
        "files_by_subject": evidence.of_subjects(merchant_id=merchant_id, subjects=subjects),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[
                agreement.made_by,
                agreement.offered_by,
                *(each.decided_by for each in agreement.breaches),
            ],
        ),
        "may_handle": _may(request, HANDLE),
        "may_offer": _may(request, OFFER),
        "link": _link(request, agreement) if _may(request, OFFER) else None,
        "done_words": DONE,
        "goods": goods_of(merchant_id=merchant_id, document=agreement.document)
        if any(each.state == "claimed" for each in agreement.breaches)
        else [],
        "money_remedies": agreements.MONEY_REMEDIES,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "agreements/agreement", values, section="agreements", status=status)


@page("agreements.view")
def paper(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """The signed paper."""
    found = _seen(request, agreement_id)
    content = agreements.paper_of(merchant_id=request.merchant_id, agreement_id=found.id)
    return HttpResponse(content, content_type="application/pdf")


@page("agreements.view")
def file(request: MerchantRequest, agreement_id: str, evidence_id: str) -> HttpResponse:
    """A file that stands behind an agreement or one of its claims."""
    found = _seen(request, agreement_id)
    kept = evidence.by_id(
        merchant_id=request.merchant_id, evidence_id=id_of(evidence_id, kind="evidence")
    )
    if kept.subject not in {found.subject, *(each.subject for each in found.breaches)}:
        raise NoSuch(kind="evidence", key=evidence_id[:20])
    return evidence.file_answer(
        request=request, merchant_id=request.merchant_id, evidence_id=kept.id
    )


@page(OFFER, method="POST")
def renew_link(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """Another link for the buyer; those that were given so far open nothing any more."""
    found = _seen(request, agreement_id)
    return _about(
        request,
        found,
        write=lambda: agreements.renew_link(
            merchant_id=request.merchant_id, agreement_id=found.id, now=datetime.now(UTC)
        ),
        said=_("There is another link. The old one opens nothing any more."),
        form="link",
    )


@page(HANDLE, method="POST")
def cancel(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """Give it up, with a reason."""
    found = _seen(request, agreement_id)
    return _about(
        request,
        found,
        write=lambda: agreements.cancel(
            merchant_id=request.merchant_id,
            agreement_id=found.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("Given up."),
        form="cancel",
    )


@page(HANDLE, method="POST")
def done(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """Say that it was shipped, delivered or installed just now."""
    found = _seen(request, agreement_id)
    now = datetime.now(UTC)
    return _about(
        request,
        found,
        write=lambda: agreements.record_done(
            merchant_id=request.merchant_id,
            agreement_id=found.id,
            what=choice_of(request, "what", among=DONE),
            at=now,
            now=now,
        ),
        said=_("Written down."),
        form="done",
    )


@page(OFFER, method="POST")
def add_files(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """Photos and papers that stand behind the agreement."""
    found = _seen(request, agreement_id)
    return _about(
        request,
        found,
        write=lambda: evidence.add_all(
            merchant_id=request.merchant_id,
            subject=found.subject,
            uploads=evidence.uploads_of(
                request=request, name="files", kinds=("photo", "video", "document")
            ),
            by=f"{request.actor.kind}:{request.actor.id}",
            now=datetime.now(UTC),
        ),
        said=_("Kept."),
        form="files",
    )


@page(OFFER, method="POST")
def claim(request: MerchantRequest, agreement_id: str) -> HttpResponse:
    """Write down what the buyer says was not kept."""
    found = _seen(request, agreement_id)
    return _about(
        request,
        found,
        write=lambda: agreements.claim(
            merchant_id=request.merchant_id,
            agreement_id=found.id,
            term=whole_number(request, "term", least=1, most=100),
            found_by="staff",
            said=text_of(request, "said", longest=LONGEST_SAID),
            key=f"console:{request.POST.get('key', '')[:40]}",
            uploads=evidence.uploads_of(
                request=request, name="photos", kinds=("photo", "video", "document")
            ),
            now=datetime.now(UTC),
        ),
        said=_("Written down. Somebody decides."),
        form="claim",
    )


@page(HANDLE, method="POST")
def grant(request: MerchantRequest, agreement_id: str, breach_id: str) -> HttpResponse:
    """Grant a claim."""
    found, breach = _breach(request, agreement_id, breach_id)
    return _about(
        request,
        found,
        write=lambda: agreements.grant(
            merchant_id=request.merchant_id,
            breach_id=breach.id,
            answer=text_of(request, "answer", longest=LONGEST_SAID),
            amount_minor=_amount(request, breach.currency),
            goods=goods_sent(request, document=breach.document),
            now=datetime.now(UTC),
        ),
        said=_("Granted."),
        form=f"grant-{breach.id}",
    )


@page(HANDLE, method="POST")
def reject(request: MerchantRequest, agreement_id: str, breach_id: str) -> HttpResponse:
    """Reject a claim."""
    found, breach = _breach(request, agreement_id, breach_id)
    return _about(
        request,
        found,
        write=lambda: agreements.reject(
            merchant_id=request.merchant_id,
            breach_id=breach.id,
            answer=text_of(request, "answer", longest=LONGEST_SAID),
            now=datetime.now(UTC),
        ),
        said=_("Not granted. The buyer reads your answer."),
        form=f"grant-{breach.id}",
    )


@page(HANDLE, method="POST")
def try_again(request: MerchantRequest, agreement_id: str, breach_id: str) -> HttpResponse:
    """Try anew what could not be paid."""
    found, breach = _breach(request, agreement_id, breach_id)
    return _about(
        request,
        found,
        write=lambda: agreements.try_again(
            merchant_id=request.merchant_id, breach_id=breach.id, now=datetime.now(UTC)
        ),
        said=_("Tried again."),
        form=f"retry-{breach.id}",
    )


@page(HANDLE, method="POST")
def made_good(request: MerchantRequest, agreement_id: str, breach_id: str) -> HttpResponse:
    """Goods that were owed have been sent or replaced."""
    found, breach = _breach(request, agreement_id, breach_id)
    return _about(
        request,
        found,
        write=lambda: agreements.record_remedy(
            merchant_id=request.merchant_id,
            breach_id=breach.id,
            made_good_by=text_of(request, "made_good_by", longest=60),
            now=datetime.now(UTC),
        ),
        said=_("Made good."),
        form=f"remedy-{breach.id}",
    )


def _link(request: MerchantRequest, agreement: agreements.Agreement) -> BuyerLink | None:
    path = agreements.link_path(merchant_id=request.merchant_id, agreement=agreement)
    return (
        buyer_link(request, path, renew="agreement_link", thing_id=agreement.id) if path else None
    )


def page_of(agreement: agreements.Agreement) -> str:
    """Where its page answers."""
    return f"/console/agreements/{agreement.id}/"


def _about(
    request: MerchantRequest,
    found: agreements.Agreement,
    *,
    write: Callable[[], object],
    said: str,
    form: str,
) -> HttpResponse:
    return plain_command(
        request, write=write, said=said, where=page_of(found), again=_again(request, found, form)
    )


def _again(
    request: MerchantRequest, found: agreements.Agreement, form: str
) -> Callable[[DomainError], HttpResponse]:
    return lambda refused: agreement_page(
        request, _seen(request, str(found.id)), refused=refused, failed=form
    )


def _checked(
    request: MerchantRequest, agreement: agreements.Agreement
) -> agreements.Verified | None:
    if agreement.accepted_at is None:
        return None
    try:
        return agreements.verify_agreement(
            merchant_id=request.merchant_id, agreement_id=agreement.id, now=datetime.now(UTC)
        )
    except evidence.FilesUnavailable:
        return None


def _seen(request: MerchantRequest, agreement_id: str) -> agreements.Agreement:
    return agreements.agreement_by_id(
        merchant_id=request.merchant_id,
        agreement_id=id_of(agreement_id, kind="agreement"),
        location_ids=request.actor.location_ids,
    )


def _breach(
    request: MerchantRequest, agreement_id: str, breach_id: str
) -> tuple[agreements.Agreement, agreements.Breach]:
    found = _seen(request, agreement_id)
    wanted = id_of(breach_id, kind="breach")
    for each in found.breaches:
        if each.id == wanted:
            return found, each
    raise NoSuch(kind="breach", key=breach_id[:20])


def _may(request: MerchantRequest, permission: str) -> bool:
    return places_of(request, permission) != frozenset()


def _amount(request: MerchantRequest, currency: str) -> int | None:
    text = optional_text(request, "amount", longest=20)
    if not text:
        return None
    minor = minor_of(text=text, currency=currency)
    if not minor:
        raise FieldInvalid(pointer="/amount", reason="an amount above nothing")
    return minor
