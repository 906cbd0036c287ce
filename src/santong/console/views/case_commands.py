"""What forms on the page of a case do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.console.rules.amounts import minor_of
from santong.console.views.cases import case_page, seen_case
from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import may_at, page, plain_command
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of

DAYS_OF_A_LINK: Final = 30
LONGEST_WORDS: Final = 1_000


@page("cases.decide", method="POST")
def decide(request: MerchantRequest, case_id: str) -> HttpResponse:
    """Accept or refuse a case, as proposed or otherwise."""
    case = seen_case(request, case_id)

    def write() -> None:
        aftersales.decide_case(
            **_of(request, case),
            decided=_decided(request, case),
            reason=optional_text(request, "reason"),
        )

    return _about(request, case, write=write, said=_("Decided."), form="decide")


@page("cases.handle", method="POST")
def receive(request: MerchantRequest, case_id: str) -> HttpResponse:
    """Take goods in: what can be sold, and what is damaged."""
    case = seen_case(request, case_id)
    location_id = id_of(request.POST.get("place", ""), kind="place")
    if not may_at(request, "cases.handle", location_id):
        raise NoSuch(kind="place", key=str(location_id))

    def write() -> None:
        aftersales.receive_goods(
            **_of(request, case),
            location_id=location_id,
            lines=_received(request, case),
            key=f"console:{request.POST.get('key', '')[:60]}",
        )

    said = _("The goods are in; what follows happens by itself.")
    return _about(request, case, write=write, said=said, form="receive")


@page("cases.decide", method="POST")
def refuse_goods(request: MerchantRequest, case_id: str) -> HttpResponse:
    """Hand back what was brought."""
    case = seen_case(request, case_id)

    def write() -> None:
        aftersales.refuse_goods(**_of(request, case), reason=text_of(request, "reason"))

    return _about(request, case, write=write, said=_("Handed back."), form="refuse_goods")


@page("cases.decide", method="POST")
def close_short(request: MerchantRequest, case_id: str) -> HttpResponse:
    """End a return of which only a part came."""
    case = seen_case(request, case_id)

    def write() -> None:
        aftersales.close_short(**_of(request, case), reason=text_of(request, "reason"))

    return _about(request, case, write=write, said=_("Closed."), form="close_short")


@page("cases.open", method="POST")
def cancel(request: MerchantRequest, case_id: str) -> HttpResponse:
    """The buyer does not want it after all."""
    case = seen_case(request, case_id)

    def write() -> None:
        aftersales.cancel_case(**_of(request, case), reason=text_of(request, "reason"))

    return _about(request, case, write=write, said=_("Cancelled."), form="cancel")


@page("cases.handle", method="POST")
def write_to_buyer(request: MerchantRequest, case_id: str) -> HttpResponse:
    """Say something to the buyer; they read it on their page."""
    case = seen_case(request, case_id)

    def write() -> None:
        aftersales.write_message(
            **_of(request, case),
            text=request.POST.get("text", "")[:LONGEST_WORDS],
            key=f"console:{request.POST.get('key', '')[:60]}",
            by_buyer=False,
        )

    return _about(request, case, write=write, said=_("Written."), form="message")


@page("cases.decide", method="POST")
def retry(request: MerchantRequest, case_id: str, step_id: str) -> HttpResponse:
    """Ask again for money that would not go back."""
    case = seen_case(request, case_id)
    wanted = id_of(step_id, kind="refund")

    def write() -> None:
        aftersales.retry_refund(
            **_of(request, case), step_id=wanted, reason=text_of(request, "reason")
        )

    return _about(request, case, write=write, said=_("Asked again."), form=f"retry-{wanted}")


@page("cases.handle", method="POST")
def repair(request: MerchantRequest, case_id: str) -> HttpResponse:
    """Let a repair go on by one step."""
    case = seen_case(request, case_id)
    step = choice_of(request, "step", among=_STEPS)
    return _about(
        request, case, write=lambda: _STEPS[step](request, case), said=_("Noted."), form="repair"
    )


@page("cases.open", method="POST")
def link(request: MerchantRequest, case_id: str) -> HttpResponse:
    """A link for the buyer; those that were given so far open nothing any more."""
    case = seen_case(request, case_id)

    def write() -> None:
        aftersales.renew_link(
            merchant_id=request.merchant_id,
            order_id=case.order_id,
            days=DAYS_OF_A_LINK,
            now=datetime.now(UTC),
        )

    said = _("There is another link. The old one opens nothing any more.")
    return _about(request, case, write=write, said=said, form="link")


def _decided(request: MerchantRequest, case: aftersales.Case) -> aftersales.Decided:
    """What the form says; what is left empty is as proposed."""
    verdict = choice_of(request, "verdict", among=("accept", "refuse"))
    kind = request.POST.get("kind", "")
    needs = request.POST.get("needs_return", "")
    if kind not in {"", *aftersales.KINDS} or needs not in {"", "yes", "no"}:
        raise FieldInvalid(pointer="/kind", reason="not one of the choices")
    return aftersales.Decided(
        verdict="accept" if verdict == "accept" else "refuse",
        kind=kind or None,  # type: ignore[arg-type]  # one of the words of the type
        needs_return=(needs == "yes") if needs else None,
        refund_minor=_amount(request, "refund", case.currency),
        freight_minor=_amount(request, "freight", case.currency),
        units=_units(request, case),
        location_code=optional_text(request, "collect_at", longest=60),
    )


def _units(
    request: MerchantRequest, case: aftersales.Case
) -> tuple[aftersales.NewUnit, ...] | None:
    """Something else than the same again: one SKU, so many, at a price for all of them."""
    sku_code = optional_text(request, "sku", longest=60)
    if not sku_code:
        return None
    pieces = optional_text(request, "pieces", longest=6) or "1"
    if not (pieces.isascii() and pieces.isdigit() and int(pieces)):
        raise FieldInvalid(pointer="/pieces", reason="a whole number")
    price = _amount(request, "price", case.currency)
    return (aftersales.NewUnit(sku_code=sku_code, quantity=int(pieces), price_minor=price),)


def _amount(request: MerchantRequest, name: str, currency: str) -> int | None:
    text = optional_text(request, name, longest=20)
    if not text:
        return None
    minor = minor_of(text=text, currency=currency)
    if minor is None:
        raise FieldInvalid(pointer=f"/{name}", reason="an amount")
    return minor


def _received(request: MerchantRequest, case: aftersales.Case) -> list[aftersales.ReceivedLine]:
    found = []
    for line in case.lines:
        sellable = _pieces(request, f"sellable-{line.id}")
        damaged = _pieces(request, f"damaged-{line.id}")
        if sellable or damaged:
            found.append(
                aftersales.ReceivedLine(case_line_id=line.id, sellable=sellable, damaged=damaged)
            )
    return found


def _pieces(request: MerchantRequest, name: str) -> int:
    text = request.POST.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 6):  # noqa: PLR2004  pieces
        raise FieldInvalid(pointer=f"/{name}", reason="a whole number")
    return int(text)


def _quote(request: MerchantRequest, case: aftersales.Case) -> None:
    aftersales.quote_repair(
        **_of(request, case),
        quote_minor=_amount(request, "quote", case.currency) or 0,
        diagnosis=text_of(request, "diagnosis"),
    )


def _assign(request: MerchantRequest, case: aftersales.Case) -> None:
    aftersales.assign_repair(
        **_of(request, case),
        repairer=choice_of(request, "repairer", among=aftersales.REPAIRERS),  # type: ignore[arg-type]  # one of the words of the type
        repairer_code=optional_text(request, "repairer_code", longest=60),
    )


def _finish(request: MerchantRequest, case: aftersales.Case) -> None:
    aftersales.finish_repair(**_of(request, case), remark=text_of(request, "remark"))


def _visit(request: MerchantRequest, case: aftersales.Case) -> None:
    aftersales.ask_for_visit(
        **_of(request, case), service_type_code=text_of(request, "service_type", longest=60)
    )


_STEPS: Final[dict[str, Callable[[MerchantRequest, aftersales.Case], object]]] = {
    "quote": _quote,
    "assign": _assign,
    "finish": _finish,
    "visit": _visit,
    "accept": lambda request, case: aftersales.accept_quote(**_of(request, case)),
    "decline": lambda request, case: aftersales.decline_quote(**_of(request, case)),
    "hand_back": lambda request, case: aftersales.hand_back(**_of(request, case)),
}


def _about(
    request: MerchantRequest,
    case: aftersales.Case,
    *,
    write: Callable[[], object],
    said: str,
    form: str,
) -> HttpResponse:
    """Write, and show the case again; with a refusal beside the form that was refused."""

    def again(refused: DomainError) -> HttpResponse:
        return case_page(request, case, refused=refused, failed=form)

    return plain_command(request, write=write, said=said, where=_page_of(case), again=again)


def _of(request: MerchantRequest, case: aftersales.Case) -> dict[str, Any]:
    return {
        "merchant_id": request.merchant_id,
        "case_id": case.id,
        "now": datetime.now(UTC),
    }


def _page_of(case: aftersales.Case) -> str:
    return f"/console/cases/{case.id}/"
