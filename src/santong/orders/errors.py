"""What orders refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field: a JSON pointer (RFC 6901) and a stable word for the reason."""

    pointer: str
    reason: str


@dataclass
class InvalidOrder(Invalid):
    """Something in the order makes no sense; every wrong field is named at once."""

    code: ClassVar[str] = "orders.invalid_order"
    errors: tuple[Problem, ...]


@dataclass
class InvalidPayment(Invalid):
    """Something in the payment makes no sense; every wrong field is named at once."""

    code: ClassVar[str] = "orders.invalid_payment"
    errors: tuple[Problem, ...]


@dataclass
class PersonStillServed(Conflict):
    """Somebody has to deliver these orders before it may be forgotten to whom."""

    code: ClassVar[str] = "orders.person_still_served"
    order_ids: Sequence[str]


@dataclass
class ExternalNumberTaken(Conflict):
    """The storefront's number came before with other content; `differing` names the fields."""

    code: ClassVar[str] = "orders.external_number_taken"
    order_id: str
    external_number: str
    differing: tuple[str, ...]


@dataclass
class PaymentIdTaken(Conflict):
    """The provider's number came before for this order with another amount."""

    code: ClassVar[str] = "orders.payment_id_taken"
    order_id: str
    external_id: str
    differing: tuple[str, ...]


@dataclass
class AlreadyShipped(Conflict):
    """All that the order still holds has left; what comes back is a return."""

    code: ClassVar[str] = "orders.already_shipped"
    order_id: str


@dataclass
class StatePassed(Conflict):
    """The order is not in a state from which this can happen."""

    code: ClassVar[str] = "orders.state_passed"
    order_id: str
    state: str
    wanted: str


@dataclass
class BeyondOrdered(Conflict):
    """More than was ordered would be shipped, or more delivered than was shipped."""

    code: ClassVar[str] = "orders.beyond_ordered"
    order_id: str
    line_ids: tuple[str, ...]


@dataclass
class NothingToPay(Conflict):
    """The order is paid, or given up."""

    code: ClassVar[str] = "orders.nothing_to_pay"
    order_id: str
    state: str
