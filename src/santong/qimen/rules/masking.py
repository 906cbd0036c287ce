"""What a log may show of a document: what is known to be nobody's, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from santong.qimen.rules.xml import Element

MASK: Final = "***"
MOST_SHOWN: Final = 400
LONGEST_SHOWN: Final = 80

# Values of these elements are shown; whatever else was sent is only known to have been there.
SHOWN: Final = frozenset(
    {
        "actionType",
        "actualPrice",
        "actualQty",
        "adjustType",
        "barCode",
        "batchCode",
        "billNum",
        "changeTime",
        "checkOrderCode",
        "checkTime",
        "code",
        "confirmType",
        "createTime",
        "currentPage",
        "deliveryOrderCode",
        "deliveryOrderId",
        "entryOrderCode",
        "entryOrderId",
        "expressCode",
        "finalQuantity",
        "flag",
        "freight",
        "goodsCode",
        "inventoryType",
        "itemCode",
        "itemId",
        "itemType",
        "lackQty",
        "lockQuantity",
        "logisticsCode",
        "operateTime",
        "orderCode",
        "orderFlag",
        "orderId",
        "orderLineNo",
        "orderType",
        "outBizCode",
        "outerId",
        "ownerCode",
        "page",
        "pageSize",
        "planQty",
        "preDeliveryOrderCode",
        "processStatus",
        "quantity",
        "retailPrice",
        "returnOrderCode",
        "returnOrderId",
        "shopId",
        "skuId",
        "sourcePlatformCode",
        "status",
        "storeCode",
        "storeId",
        "sub_code",
        "tagPrice",
        "totalAmount",
        "totalCount",
        "totalLines",
        "totalOrderLines",
        "totalPage",
        "warehouseCode",
        "warehouseId",
        "warehouseType",
    }
)
_CODE: Final = re.compile(r"[A-Za-z0-9_.:;/^+ -]*", re.ASCII)
# A Chinese mobile number stays one, whatever element it stands in.
_TELEPHONE: Final = re.compile(
    r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", re.ASCII
)
_DIGITS_SHOWN: Final = 4


def masked(*, element: Element) -> list[Mapping[str, str]]:
    """The leaves of a document, in their order, as a log keeps them."""
    found: list[Mapping[str, str]] = []
    _gather(element, "", found)
    return found


def _gather(element: Element, path: str, found: list[Mapping[str, str]]) -> None:
    at = f"{path}/{element.name}" if path else element.name
    if len(found) >= MOST_SHOWN:
        return
    if not element.children:
        found.append({"at": at[:200], "says": shown(name=element.name, text=element.text)})
    for child in element.children:
        _gather(child, at, found)


def shown(*, name: str, text: str) -> str:
    """One value as a log keeps it; of a telephone number its end."""
    if not text:
        return ""
    if name in {"mobile", "tel"}:
        return MASK + text[-_DIGITS_SHOWN:] if text[-_DIGITS_SHOWN:].isdigit() else MASK
    if name not in SHOWN or not _CODE.fullmatch(text):
        return MASK
    return _TELEPHONE.sub(MASK, text)[:LONGEST_SHOWN]


def shown_reason(*, text: str) -> str:
    """A sentence of another system without what finds a person."""
    return _TELEPHONE.sub(MASK, "".join(c if c.isprintable() else "?" for c in text))[:300]
