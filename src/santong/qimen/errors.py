"""The refusals of qimen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid


@dataclass
class ContractCodeTaken(Conflict):
    """Another contract of the merchant has this code."""

    code: ClassVar[str] = "qimen.contract_code_taken"
    contract_id: int


@dataclass
class CustomerIdTaken(Conflict):
    """This application speaks for another merchant, or over another contract, by this customer id.

    What it says is taken for one merchant's alone.
    """

    code: ClassVar[str] = "qimen.customer_id_taken"
    customer_id: str


@dataclass
class PlaceToldTwice(Conflict):
    """The orders of a place are sent by one system: another contract is told of them already."""

    code: ClassVar[str] = "qimen.place_told_twice"
    location_code: str


@dataclass
class NumberReused(Conflict):
    """A message with this number has come before and said something else."""

    code: ClassVar[str] = "qimen.number_reused"
    number: str


@dataclass
class UnknownCode(Invalid):
    """A code that the contract does not know: a warehouse, a shop, an item."""

    code: ClassVar[str] = "qimen.unknown_code"
    kind: str
    value: str


@dataclass
class NotCarried(Invalid):
    """What was asked for in a way that this platform does not do."""

    code: ClassVar[str] = "qimen.not_carried"
    what: str


@dataclass
class StatePassed(Conflict):
    """The document is too far for that."""

    code: ClassVar[str] = "qimen.state_passed"
    number: str
    state: str


@dataclass
class QuantityWrong(Invalid):
    """Quantities that do not fit: batches that do not add up, more sent than was asked."""

    code: ClassVar[str] = "qimen.quantity_wrong"
    item_code: str
    reason: str


@dataclass
class MessageGone(Conflict):
    """What the message said is not kept any more, or it is no message to be taken again."""

    code: ClassVar[str] = "qimen.message_gone"
    message_id: int
