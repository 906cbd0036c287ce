"""The tables of qimen: who is connected, what was said, what it was about, what waits."""

from santong.qimen.models.deliveries import Delivery, DeliveryLine, DeliveryPackage, ProcessStep
from santong.qimen.models.messages import Message, MessagePart, TakenNumber
from santong.qimen.models.sendings import Sending, StockTelling, StoreItem
from santong.qimen.models.stock_orders import StockOrder, StockOrderLine
from santong.qimen.models.systems import Contract, WarehouseCode

__all__ = [
    "Contract",
    "Delivery",
    "DeliveryLine",
    "DeliveryPackage",
    "Message",
    "MessagePart",
    "ProcessStep",
    "Sending",
    "StockOrder",
    "StockOrderLine",
    "StockTelling",
    "StoreItem",
    "TakenNumber",
    "WarehouseCode",
]
