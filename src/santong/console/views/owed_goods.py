"""Goods that broken agreements owe: somebody says which, and their case is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.console.views.case_new import units_chosen
from santong.console.views.fields import optional_text
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.lists import asked_text
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.orders import public as orders

DECIDES = "cases.decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Owed goods with the order that they may be of."""

    owed: aftersales.OwedRemedy
    order: orders.Order | None
    lines: list[aftersales.Claimable]

    @property
    def agreement_id(self) -> str:
        """The agreement whose term is broken."""
        return self.owed.reference.partition(":")[2].partition("/")[0]

    @property
    def mark(self) -> str:
        """The name of its form."""
        return f"owed-{self.owed.id}"


@page("cases.view")
def owed_list(request: MerchantRequest) -> HttpResponse:
    """What is owed and waits, the oldest first."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """The same; with a refusal beside the form that was refused."""
    values = {
        "rows": [
            _row(request, owed)
            for owed in aftersales.owed_that_wait(merchant_id=request.merchant_id)
        ],
        "may_decide": places_of(request, DECIDES) != frozenset(),
        "refusal": sentence_of(refused) if refused else "",
        "failed": failed,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "cases/owed", values, section="cases", status=status)


@page(DECIDES, method="POST")
def open_one(request: MerchantRequest, remedy_id: str) -> HttpResponse:
    """Say which units are owed, and what is sent instead of the same again."""
    owed = aftersales.owed_by_id(
        merchant_id=request.merchant_id, remedy_id=id_of(remedy_id, kind="owed remedy")
    )

    def act() -> str:
        order = orders.order_by_id(
            merchant_id=request.merchant_id,
            order_id=id_of(request.POST.get("order", ""), kind="order"),
        )
        case = aftersales.open_owed(
            merchant_id=request.merchant_id,
            remedy_id=owed.id,
            order_id=order.id,
            units_by_line={
                line.order_line_id: line.quantity for line in units_chosen(request, order)
            },
            instead=_instead(request),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The case is open; it is accepted in a moment."))
        return f"/console/cases/{case.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, refused=refused, failed=f"owed-{owed.id}"),
    )


def _instead(request: MerchantRequest) -> tuple[aftersales.NewUnit, ...]:
    sku_code = optional_text(request, "sku", longest=60)
    if not sku_code:
        return ()
    pieces = optional_text(request, "pieces", longest=6) or "1"
    if not (pieces.isascii() and pieces.isdigit() and int(pieces)):
        raise FieldInvalid(pointer="/pieces", reason="a whole number")
    return (aftersales.NewUnit(sku_code=sku_code, quantity=int(pieces)),)


def _row(request: MerchantRequest, owed: aftersales.OwedRemedy) -> Row:
    order = _order(request, owed)
    lines = aftersales.claimable_of(merchant_id=request.merchant_id, order=order) if order else []
    return Row(owed=owed, order=order, lines=lines)


def _order(request: MerchantRequest, owed: aftersales.OwedRemedy) -> orders.Order | None:
    """The order it is of; of a document without one, the order that somebody looked for."""
    merchant_id = request.merchant_id
    if owed.order_id is not None:
        return orders.order_by_id(merchant_id=merchant_id, order_id=owed.order_id)
    if asked_text(request, "remedy") != str(owed.id):
        return None
    found = aftersales.orders_meant(merchant_id=merchant_id, text=asked_text(request, "q"))
    return found[0] if len(found) == 1 else None
