"""The tables of orders."""

from santong.orders.models.orders import Order, OrderLine, OrderQuerySet
from santong.orders.models.payments import PaymentEvent, UnpaidPolicy, payment_rows

__all__ = ["Order", "OrderLine", "OrderQuerySet", "PaymentEvent", "UnpaidPolicy", "payment_rows"]
