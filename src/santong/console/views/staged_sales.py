"""Staged sales: the list, and one as a story with its stages, money, code, papers and changes."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse

from santong.catalog import public as catalog
from santong.console.views.buyer_link import BuyerLink, buyer_link
from santong.console.views.frame import page, places_of, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.console.views.visit_sight import seen_by
from santong.evidence import public as evidence
from santong.fieldservice import public as fieldservice
from santong.kernel import audit
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.stagedsales import public as stagedsales
from santong.stores import public as stores

VIEW: Final = "stagedsales.view"
SELL: Final = "stagedsales.sell"
BEFORE_CONTRACT: Final = frozenset({"reserved", "code_issued", "redeemed"})
UNDER_CONTRACT: Final = frozenset({"contracted", "in_progress", "accepted"})
# So many kinds of goods are sent with one form.
GOODS_ROWS: Final = 3
SKUS_HINTED: Final = 100
# Money that somebody else collects, or that no till takes.
NOT_AT_TILL: Final = frozenset({"external"})


@page(VIEW)
def sale_list(request: MerchantRequest) -> HttpResponse:
    """Staged sales, the newest first."""
    return list_page(request)


def list_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The list; with a refusal beside the form for a new one."""
    merchant_id, places = request.merchant_id, request.actor.location_ids
    state = asked_word(request, "state", among=stagedsales.SALE_STATES)
    phone = asked_text(request, "phone")
    found = stagedsales.sales_page(
        merchant_id=merchant_id,
        state=state,
        phone=phone,
        location_ids=places,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    sales = found[:SHOWN]
    doubles = stagedsales.double_redemptions(merchant_id=merchant_id, location_ids=places, limit=5)
    known = {each.location_id for each in sales} | {each.location_id for each in doubles}
    known |= {each.first_location_id for each in doubles}
    values = {
        "sales": sales,
        "places": _places(merchant_id, known),
        "doubles": doubles,
        "states": stagedsales.SALE_STATES,
        "state": state,
        "phone": phone,
        "next": next_page(found, state=state, phone=phone),
        "plans": stagedsales.plans(merchant_id=merchant_id, offered=True)
        if _may_sell(request)
        else [],
        "storefronts": merchants.storefronts(merchant_id=merchant_id),
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", ""),
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "staged/sales", values, section="staged_sales", status=status)


@page(VIEW)
def sale_detail(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """One sale from its deposit to its end."""
    return sale_page(request, seen_sale(request, staged_sale_id))


def seen_sale(request: MerchantRequest, staged_sale_id: str) -> stagedsales.StagedSale:
    """A sale that is this person's to see. Raises NoSuch."""
    return stagedsales.sale_by_id(
        merchant_id=request.merchant_id,
        sale_id=id_of(staged_sale_id, kind="staged sale"),
        location_ids=request.actor.location_ids,
    )


def sale_page(
    request: MerchantRequest,
    sale: stagedsales.StagedSale,
    *,
    refused: DomainError | None = None,
    failed: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of one sale; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    trail = audit.trail_of(merchant_id=merchant_id, subject="staged_sale", subject_ids=[sale.id])
    signatures = [sale.code.redeemed_by] if sale.code else []
    values: dict[str, Any] = {
        "sale": sale,
        "place": _places(merchant_id, {sale.location_id}).get(sale.location_id),
        "trail": [entry for entry in reversed(trail) if entry.action != "stagedsales.change_stage"],
        "names": merchants.names_by_signature(merchant_id=merchant_id, signatures=signatures),
        "photos": _photos(merchant_id, sale),
        "figures": figures_of(sale),
        "visits": _visits(request, sale) if _may(request, "visits.view") else [],
        "may_visit": _may(request, "visits.dispatch"),
        "may_sell": _may_sell(request),
        "link": _link(request, sale) if _may_sell(request) else None,
        "may_take": _may_sell(request) and _may(request, "payments.take"),
        "may_reveal": _may(request, "personal_data.reveal"),
        "accounts": till_accounts(merchant_id=merchant_id, currency=sale.currency),
        "is_before_contract": sale.state in BEFORE_CONTRACT,
        "is_under_contract": sale.state in UNDER_CONTRACT,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
        **(_goods_form(request, failed) if _takes_goods(sale) else {}),
        **(extra or {}),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "staged/sale", values, section="staged_sales", status=status)


def _link(request: MerchantRequest, sale: stagedsales.StagedSale) -> BuyerLink | None:
    path = stagedsales.link_path(merchant_id=request.merchant_id, sale_id=sale.id, now=now())
    return buyer_link(request, path, renew="staged_link", thing_id=sale.id) if path else None


def _takes_goods(sale: stagedsales.StagedSale) -> bool:
    return sale.state in UNDER_CONTRACT and sale.order_id is None and sale.delivered_at is None


def _goods_form(request: MerchantRequest, failed: str) -> dict[str, Any]:
    """What was typed, and which SKUs there are: the newest, as hints."""
    said = request.POST if failed == "goods" else {}
    return {
        "takes_goods": _may_sell(request),
        "goods_rows": [
            (said.get(f"sku_{number}", ""), said.get(f"units_{number}", ""))
            for number in range(1, GOODS_ROWS + 1)
        ],
        "skus": catalog.skus_page(merchant_id=request.merchant_id, limit=SKUS_HINTED),
    }


def figures_of(sale: stagedsales.StagedSale) -> dict[str, int]:
    """What a sale comes to in money: agreed, in, accepted, open, on its way back."""
    stages = sale.stages
    return {
        "agreed": sale.contract.amount_minor if sale.contract else sale.deposit_minor,
        "paid": sum(each.net_minor for each in sale.money),
        "released": sum(each.released_minor for each in stages),
        "open": sum(each.open_minor for each in stages if each.state in {"planned", "due"}),
        "back": sum(each.returning_minor for each in sale.money),
        "given": sum(each.given_minor for each in sale.money),
    }


def till_accounts(*, merchant_id: int, currency: str) -> list[payments.PaymentAccount]:
    """Where a store takes money."""
    return [
        each
        for each in payments.payment_accounts(merchant_id=merchant_id)
        if each.is_open and each.currency == currency and each.provider not in NOT_AT_TILL
    ]


def now() -> datetime:
    """The moment of a command."""
    return datetime.now(UTC)


def _may(request: MerchantRequest, permission: str) -> bool:
    return bool(request.whole_actor.may(permission))  # type: ignore[attr-defined]


def _visits(request: MerchantRequest, sale: stagedsales.StagedSale) -> list[fieldservice.Visit]:
    return fieldservice.visits_page(
        merchant_id=request.merchant_id,
        states=[],
        document=sale.subject,
        limit=SHOWN,
        sight=seen_by(request),
    )


def _may_sell(request: MerchantRequest) -> bool:
    return places_of(request, SELL) != frozenset()


def _photos(merchant_id: int, sale: stagedsales.StagedSale) -> list[evidence.Evidence]:
    rows = evidence.of_subject(merchant_id=merchant_id, subject=sale.subject)
    return [row for row in rows if row.erased_at is None]


def _places(merchant_id: int, ids: set[int | None]) -> dict[int | None, stores.Location]:
    known = sorted(each for each in ids if each is not None)
    found = stores.locations_by_id(merchant_id=merchant_id, location_ids=known)
    return dict(found.items())
