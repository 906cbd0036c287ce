"""Goods that came back damaged: restored into the stock, or scrapped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.catalog import public as catalog
from santong.console.views.fields import choice_of, text_of, whole_number
from santong.console.views.frame import may_at, page, plain_command, sentence_of, shown
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.stores import public as stores

HANDLES = "cases.handle"
MOST_UNITS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Damaged units with what they are, where they lie and which case brought them."""

    damaged: aftersales.DamagedUnits
    sku: catalog.Sku
    place: stores.Location
    case: aftersales.Case
    may_settle: bool

    @property
    def mark(self) -> str:
        """The name of its form."""
        return f"damaged-{self.damaged.id}"


@page("cases.view")
def damaged_list(request: MerchantRequest) -> HttpResponse:
    """Damaged units of which nothing has become, the oldest first."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """The same; with a refusal beside the form that was refused."""
    values = {
        "rows": _rows(request),
        "refusal": sentence_of(refused) if refused else "",
        "failed": failed,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "cases/damaged", values, section="cases", status=status)


@page(HANDLES, method="POST")
def settle(request: MerchantRequest, line_id: str) -> HttpResponse:
    """Let damaged units be stock at their place again, or be gone."""
    each = _damaged(request, line_id)

    def write() -> None:
        becomes = choice_of(request, "becomes", among=("restored", "scrapped"))
        aftersales.settle_damaged(
            merchant_id=request.merchant_id,
            receipt_line_id=each.id,
            units=whole_number(request, "units", least=1, most=MOST_UNITS),
            becomes="restored" if becomes == "restored" else "scrapped",
            reason=text_of(request, "reason", longest=100),
            key=f"console:{request.POST.get('key', '')[:60]}",
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("Noted."),
        where="/console/damaged-goods/",
        again=lambda refused: list_page(request, refused=refused, failed=f"damaged-{each.id}"),
    )


def _damaged(request: MerchantRequest, line_id: str) -> aftersales.DamagedUnits:
    """Units at a place where somebody handles cases. Raises NoSuch."""
    wanted = id_of(line_id, kind="damaged goods")
    for each in _found(request):
        if each.id == wanted and may_at(request, HANDLES, each.location_id):
            return each
    raise NoSuch(kind="damaged goods", key=line_id[:40])


def _found(request: MerchantRequest) -> list[aftersales.DamagedUnits]:
    return aftersales.damaged_at(
        merchant_id=request.merchant_id, location_ids=request.actor.location_ids
    )


def _rows(request: MerchantRequest) -> list[Row]:
    merchant_id, found = request.merchant_id, _found(request)
    skus = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=[each.sku_id for each in found])
    places = stores.locations_by_id(
        merchant_id=merchant_id, location_ids={each.location_id for each in found}
    )
    cases = aftersales.cases_by_id(
        merchant_id=merchant_id, case_ids=[each.case_id for each in found]
    )
    return [
        Row(
            damaged=each,
            sku=skus[each.sku_id],
            place=places[each.location_id],
            case=cases[each.case_id],
            may_settle=may_at(request, HANDLES, each.location_id),
        )
        for each in found
    ]
