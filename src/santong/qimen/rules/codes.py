"""The code lists of the bus."""

from __future__ import annotations

from typing import Annotated, Final

from santong.qimen.rules.marks import Text

OUTBOUND_TYPES: Final = frozenset(
    {"JYCK", "HHCK", "BFCK", "PTCK", "DBCK", "B2BCK", "QTCK", "CGTH", "XNCK"}
)
INBOUND_TYPES: Final = frozenset(
    {
        "SCRK",
        "LYRK",
        "CCRK",
        "CGRK",
        "DBRK",
        "QTRK",
        "B2BRK",
        "XTRK",
        "THRK",
        "HHRK",
        "XNRK",
    }
)
ORDER_TYPES: Final = OUTBOUND_TYPES | INBOUND_TYPES | {"CNJG"}
INVENTORY_TYPES: Final = frozenset({"ZP", "CC", "JS", "XS", "ZT"})
# What may be sold; all else is damaged or still on its way.
GOOD: Final = "ZP"
OUTBOUND_STATES: Final = frozenset(
    {
        "NEW",
        "ACCEPT",
        "PARTDELIVERED",
        "DELIVERED",
        "EXCEPTION",
        "CANCELED",
        "CLOSED",
        "REJECT",
        "CANCELEDFAIL",
    }
)
INBOUND_STATES: Final = frozenset(
    {
        "NEW",
        "ACCEPT",
        "PARTFULFILLED",
        "FULFILLED",
        "EXCEPTION",
        "CANCELED",
        "CLOSED",
        "REJECT",
        "CANCELEDFAIL",
    }
)
PROCESS_STATES: Final = frozenset(
    {
        "ACCEPT",
        "PARTFULFILLED",
        "FULFILLED",
        "PRINT",
        "PICK",
        "CHECK",
        "PACKAGE",
        "WEIGH",
        "READY",
        "PARTDELIVERED",
        "DELIVERED",
        "REFUSE",
        "EXCEPTION",
        "CLOSED",
        "CANCELED",
        "REJECT",
        "SIGN",
        "TMSCANCELED",
        "TMSCANCELFAILED",
        "OTHER",
    }
)
ITEM_TYPES: Final = frozenset({"ZC", "FX", "ZH", "ZP", "BC", "HC", "FL", "XN", "FS", "CC", "OTHER"})
ORDER_FLAGS: Final = frozenset(
    {
        "COD",
        "LIMIT",
        "PRESELL",
        "COMPLAIN",
        "SPLIT",
        "EXCHANGE",
        "VISIT",
        "MODIFYTRANSPORT",
        "CONSIGN",
        "SELLER_AFFORD",
        "FENXIAO",
    }
)
# Any warehouse: whoever delivers decides.
ANY_WAREHOUSE: Final = "OTHER"

OutboundType = Annotated[str, Text(20, OUTBOUND_TYPES)]
InboundType = Annotated[str, Text(20, INBOUND_TYPES)]
OrderType = Annotated[str, Text(20, ORDER_TYPES)]
InventoryType = Annotated[str, Text(20, INVENTORY_TYPES)]
OutboundState = Annotated[str, Text(20, OUTBOUND_STATES)]
InboundState = Annotated[str, Text(20, INBOUND_STATES)]
ProcessState = Annotated[str, Text(20, PROCESS_STATES)]
ItemType = Annotated[str, Text(20, ITEM_TYPES)]
AddOrUpdate = Annotated[str, Text(20, frozenset({"add", "update"}))]
PendOrRestore = Annotated[str, Text(20, frozenset({"pending", "restore"}))]
AddOrDelete = Annotated[str, Text(20, frozenset({"ADD", "DELETE"}))]
CheckOrAdjust = Annotated[str, Text(20, frozenset({"CHECK", "ADJUST"}))]
CertainOrNot = Annotated[str, Text(20, frozenset({"CERTAINTY", "UNCERTAINTY"}))]
StoreOrWarehouse = Annotated[str, Text(20, frozenset({"STORE", "WAREHOUSE"}))]


def flags_of(*, joined: str) -> frozenset[str]:
    """What `orderFlag` says: its marks are joined by `^`, and unknown ones are passed over."""
    return frozenset(each for each in joined.split("^") if each in ORDER_FLAGS)
