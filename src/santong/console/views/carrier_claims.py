"""Claims against carriers and suppliers: what is asked of whom, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.console.rules.amounts import minor_of
from santong.console.views.fields import choice_of, day_of, optional_text, text_of
from santong.console.views.frame import page, plain_command, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.payments import public as payments

HANDLES: Final = "claims.handle"


@page(HANDLES)
def claim_list(request: MerchantRequest) -> HttpResponse:
    """Claims, the newest first, with what each party was asked for and has paid."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """The same; with a refusal beside the form that was refused."""
    merchant_id, now = request.merchant_id, datetime.now(UTC)
    state = asked_word(request, "state", among=aftersales.CLAIM_STATES)
    found = aftersales.claims_page(
        merchant_id=merchant_id,
        state=state,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values = {
        "claims": [(claim, claim.age_days(now)) for claim in found[:SHOWN]],
        "today": now.date(),
        "accounts": [
            each for each in payments.payment_accounts(merchant_id=merchant_id) if each.is_open
        ],
        "sums": aftersales.claim_sums(merchant_id=merchant_id),
        "states": aftersales.CLAIM_STATES,
        "parties": aftersales.CLAIM_PARTIES,
        "whats": aftersales.CLAIM_WHATS,
        "state": state,
        "of_case": asked_text(request, "case"),
        "next": next_page(found, state=state),
        "currency": request.merchant.currency,  # type: ignore[attr-defined]
        "refusal": sentence_of(refused) if refused else "",
        "failed": failed,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "cases/claims", values, section="carrier_claims", status=status)


@page(HANDLES, method="POST")
def open_one(request: MerchantRequest) -> HttpResponse:
    """Ask a carrier or a supplier for something."""

    def write() -> None:
        aftersales.open_claim(
            merchant_id=request.merchant_id, new=_asked(request), now=datetime.now(UTC)
        )

    return _command(request, write=write, said=_("The claim is open."), form="open")


@page(HANDLES, method="POST")
def step(request: MerchantRequest, claim_id: str) -> HttpResponse:
    """Let a claim go on: handed in, answered, paid, or not pursued."""
    claim = aftersales.claim_by_id(
        merchant_id=request.merchant_id, claim_id=id_of(claim_id, kind="claim")
    )
    word = choice_of(request, "step", among=_STEPS)
    return _command(
        request,
        write=lambda: _STEPS[word](request, claim),
        said=_("Noted."),
        form=f"claim-{claim.id}",
    )


def _asked(request: MerchantRequest) -> aftersales.NewClaim:
    typed = optional_text(request, "case", longest=20)
    case = (
        aftersales.case_by_number(merchant_id=request.merchant_id, number=typed) if typed else None
    )
    currency = request.merchant.currency  # type: ignore[attr-defined]
    return aftersales.NewClaim(
        party=choice_of(request, "party", among=aftersales.CLAIM_PARTIES),  # type: ignore[arg-type]  # one of the words of the type
        party_code=text_of(request, "party_code", longest=60),
        what=choice_of(request, "what", among=aftersales.CLAIM_WHATS),  # type: ignore[arg-type]  # one of the words of the type
        amount_minor=_amount(request, "amount", currency),
        currency=currency,
        reason=text_of(request, "reason"),
        key=f"console:{request.POST.get('key', '')[:60]}",
        deadline_on=day_of(request.POST.get("deadline", "")),
        case_id=case.id if case else None,
        order_id=case.order_id if case else None,
        parcel_number=optional_text(request, "parcel", longest=60),
    )


def _amount(request: MerchantRequest, name: str, currency: str) -> int:
    minor = minor_of(text=text_of(request, name, longest=20), currency=currency)
    if not minor:
        raise FieldInvalid(pointer=f"/{name}", reason="an amount above nothing")
    return minor


def _submit(request: MerchantRequest, claim: aftersales.Claim) -> None:
    aftersales.submit_claim(**_of(request, claim), reason=text_of(request, "reason"))


def _grant(request: MerchantRequest, claim: aftersales.Claim) -> None:
    aftersales.grant_claim(
        **_of(request, claim),
        granted_minor=_amount(request, "amount", claim.currency),
        reason=text_of(request, "reason"),
    )


def _refuse(request: MerchantRequest, claim: aftersales.Claim) -> None:
    aftersales.refuse_claim(**_of(request, claim), reason=text_of(request, "reason"))


def _money(request: MerchantRequest, claim: aftersales.Claim) -> None:
    aftersales.record_claim_money(
        **_of(request, claim),
        received_minor=_amount(request, "amount", claim.currency),
        document=text_of(request, "reason", longest=80),
        account_code=text_of(request, "account", longest=60),
    )


def _withdraw(request: MerchantRequest, claim: aftersales.Claim) -> None:
    aftersales.withdraw_claim(**_of(request, claim), reason=text_of(request, "reason"))


_STEPS: Final[dict[str, Callable[[MerchantRequest, aftersales.Claim], object]]] = {
    "submit": _submit,
    "grant": _grant,
    "refuse": _refuse,
    "money": _money,
    "withdraw": _withdraw,
}


def _of(request: MerchantRequest, claim: aftersales.Claim) -> dict[str, Any]:
    return {"merchant_id": request.merchant_id, "claim_id": claim.id, "now": datetime.now(UTC)}


def _command(
    request: MerchantRequest, *, write: Callable[[], object], said: str, form: str
) -> HttpResponse:
    return plain_command(
        request,
        write=write,
        said=said,
        where="/console/carrier-claims/",
        again=lambda refused: list_page(request, refused=refused, failed=form),
    )
