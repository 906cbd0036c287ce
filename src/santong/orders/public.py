"""The door of orders: what was sold, at which price, to whom it goes, and how far it has come."""

from santong.orders.contracts import (
    ChangedOrders,
    HourFigure,
    MaskedRecipient,
    Mode,
    NewLine,
    NewOrder,
    NewPayment,
    Order,
    OrderDocument,
    OrderLine,
    Payment,
    PaymentKind,
    ProgressKind,
    Recipient,
    RevealedRecipient,
    SentOrderDocument,
    State,
    TimelineEntry,
    UnpaidPolicy,
    Wanted,
)
from santong.orders.errors import (
    AlreadyShipped,
    BeyondOrdered,
    ExternalNumberTaken,
    InvalidOrder,
    InvalidPayment,
    NothingToPay,
    PaymentIdTaken,
    PersonStillServed,
    Problem,
    StatePassed,
)
from santong.orders.rules.documents import order_document, sent_order_document
from santong.orders.rules.holders import document_of, holder_of, order_of_document
from santong.orders.rules.intake import problems_of
from santong.orders.selectors.changed import orders_changed
from santong.orders.selectors.demand import wanted_since
from santong.orders.selectors.figures import figures_by_hour, open_by_state
from santong.orders.selectors.invariants import check_invariants
from santong.orders.selectors.orders import (
    count_placed,
    order_by_id,
    order_by_number,
    orders_by_id,
    orders_numbered,
    orders_page,
    orders_placed,
    payments_of,
)
from santong.orders.selectors.persons import export_person
from santong.orders.selectors.timeline import timeline_of
from santong.orders.selectors.unfilled import unfilled_of
from santong.orders.services.cancel_order import cancel_order
from santong.orders.services.claim_order import claim_order
from santong.orders.services.claim_unfilled import claim_unfilled
from santong.orders.services.expire_unpaid import expire_unpaid
from santong.orders.services.extend_hold import extend_hold
from santong.orders.services.forget_person import forget_person
from santong.orders.services.link_member import link_member, unlink_member
from santong.orders.services.place_order import place_order
from santong.orders.services.record_payment import record_payment, take_money
from santong.orders.services.record_progress import record_progress
from santong.orders.services.request_payment import request_payment
from santong.orders.services.resume_with_stock import resume_with_stock
from santong.orders.services.reveal_recipient import reveal_recipient
from santong.orders.services.set_unpaid_policy import set_unpaid_policy
from santong.orders.services.suspend_without_stock import suspend_without_stock

__all__ = [
    "AlreadyShipped",
    "BeyondOrdered",
    "ChangedOrders",
    "ExternalNumberTaken",
    "HourFigure",
    "InvalidOrder",
    "InvalidPayment",
    "MaskedRecipient",
    "Mode",
    "NewLine",
    "NewOrder",
    "NewPayment",
    "NothingToPay",
    "Order",
    "OrderDocument",
    "OrderLine",
    "Payment",
    "PaymentIdTaken",
    "PaymentKind",
    "PersonStillServed",
    "Problem",
    "ProgressKind",
    "Recipient",
    "RevealedRecipient",
    "SentOrderDocument",
    "State",
    "StatePassed",
    "TimelineEntry",
    "UnpaidPolicy",
    "Wanted",
    "cancel_order",
    "check_invariants",
    "claim_order",
    "claim_unfilled",
    "count_placed",
    "document_of",
    "expire_unpaid",
    "export_person",
    "extend_hold",
    "figures_by_hour",
    "forget_person",
    "holder_of",
    "link_member",
    "open_by_state",
    "order_by_id",
    "order_by_number",
    "order_document",
    "order_of_document",
    "orders_by_id",
    "orders_changed",
    "orders_numbered",
    "orders_page",
    "orders_placed",
    "payments_of",
    "place_order",
    "problems_of",
    "record_payment",
    "record_progress",
    "request_payment",
    "resume_with_stock",
    "reveal_recipient",
    "sent_order_document",
    "set_unpaid_policy",
    "suspend_without_stock",
    "take_money",
    "timeline_of",
    "unfilled_of",
    "unlink_member",
    "wanted_since",
]
