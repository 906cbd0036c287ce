"""The goods of a contract leave the shared stock."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import optional_text, text_of
from santong.console.views.frame import page, plain_command
from santong.console.views.staged_sales import GOODS_ROWS, SELL, now, sale_page, seen_sale
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.orders import public as orders
from santong.stagedsales import public as stagedsales

LONGEST_SKU = 60
MOST_UNITS = 1_000_000


@page(SELL, method="POST")
def send(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """Order what a contract is about from the best places; without a name the buyer gets it."""
    sale = seen_sale(request, staged_sale_id)
    return plain_command(
        request,
        write=lambda: stagedsales.send_goods(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            goods=_goods(request),
            recipient=_recipient(request),
            now=now(),
        ),
        said=_("Ordered. What is due on delivery is due when all of it has come."),
        where=f"/console/staged-sales/{sale.id}/",
        again=lambda refused: sale_page(request, sale, refused=refused, failed="goods"),
    )


def _goods(request: MerchantRequest) -> list[stagedsales.ContractGoods]:
    return [
        stagedsales.ContractGoods(sku_code=code, quantity=_units(request, number))
        for number in range(1, GOODS_ROWS + 1)
        if (code := optional_text(request, f"sku_{number}", longest=LONGEST_SKU))
    ]


def _units(request: MerchantRequest, number: int) -> int:
    said = request.POST.get(f"units_{number}", "").strip()
    if not (said.isascii() and said.isdigit() and 0 < int(said[:9]) <= MOST_UNITS):
        raise FieldInvalid(pointer=f"/goods/{number - 1}/quantity", reason="1 or more")
    return int(said[:9])


def _recipient(request: MerchantRequest) -> orders.Recipient:
    return orders.Recipient(
        name=optional_text(request, "name", longest=100),
        phone=optional_text(request, "phone", longest=40),
        province=optional_text(request, "province", longest=60),
        city=text_of(request, "city", longest=60),
        district=optional_text(request, "district", longest=60),
        address=text_of(request, "address", longest=300),
    )
