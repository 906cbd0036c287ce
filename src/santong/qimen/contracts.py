"""What leaves qimen: contracts with other systems, and what was said over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from santong.kernel.signing import SignMethod

Side = Literal["erp", "wms"]
SIDES: Final[tuple[Side, ...]] = ("erp", "wms")
ContractState = Literal["active", "paused"]
CONTRACT_STATES: Final[tuple[ContractState, ...]] = ("active", "paused")
# Whether `flag` stands in an answer always, or only where it says "failure".
FlagRule = Literal["always", "failures"]
FLAG_RULES: Final[tuple[FlagRule, ...]] = ("always", "failures")
# Whether a count says how much more or less was found, or how much was found.
CountRule = Literal["difference", "whole"]
COUNT_RULES: Final[tuple[CountRule, ...]] = ("difference", "whole")
ConfirmRule = Literal["one", "several"]
CONFIRM_RULES: Final[tuple[ConfirmRule, ...]] = ("one", "several")
ItemRule = Literal["single", "bulk"]
ITEM_RULES: Final[tuple[ItemRule, ...]] = ("single", "bulk")

BreakerState = Literal["closed", "open", "half_open"]

Direction = Literal["in", "out"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("in", "out")
# Waiting: for its other parts, or to be sent. Again: it had come before, and was answered so.
MessageState = Literal["waiting", "done", "again", "refused", "failed"]
MESSAGE_STATES: Final[tuple[MessageState, ...]] = ("waiting", "done", "again", "refused", "failed")
SendingState = Literal["waiting", "done", "refused"]
SENDING_STATES: Final[tuple[SendingState, ...]] = ("waiting", "done", "refused")

StockOrderKind = Literal["entry", "return", "stockout"]
STOCK_ORDER_KINDS: Final[tuple[StockOrderKind, ...]] = ("entry", "return", "stockout")
StockOrderState = Literal["accepted", "partly_moved", "moved", "cancelled"]
STOCK_ORDER_STATES: Final[tuple[StockOrderState, ...]] = (
    "accepted",
    "partly_moved",
    "moved",
    "cancelled",
)
# Taken: another system's order, which we send. Sent: our order, which another system sends.
DeliveryWay = Literal["taken", "sent"]
DELIVERY_WAYS: Final[tuple[DeliveryWay, ...]] = ("taken", "sent")
DeliveryState = Literal["accepted", "partly_sent", "sent", "cancelled", "exception"]
DELIVERY_STATES: Final[tuple[DeliveryState, ...]] = (
    "accepted",
    "partly_sent",
    "sent",
    "cancelled",
    "exception",
)

LONGEST_CODE: Final = 40
LONGEST_NAME: Final = 80
LONGEST_URL: Final = 500
LONGEST_KEY: Final = 60
MOST_CODES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """What the other system calls a place of ours, and whether it sends that place's orders."""

    code: str
    location_code: str
    is_told_of_orders: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What a system does in its own way."""

    sign_method: SignMethod = "md5"
    version_number: str = "2.0"
    success_code: str = "0"
    flag_rule: FlagRule = "always"
    signs_empty: bool = False
    confirms: ConfirmRule = "several"
    item_sync: ItemRule = "single"
    counts: CountRule = "difference"
    answers_within_ms: int = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A system as somebody connects it: who it is, and what it calls our things."""

    code: str
    name: str
    side: Side
    app_key: str
    customer_id: str
    url: str = ""
    owner_code: str = ""
    warehouses: tuple[Warehouse, ...] = ()
    storefront_by_shop: Mapping[str, str] = field(default_factory=dict[str, str])
    carrier_by_code: Mapping[str, str] = field(default_factory=dict[str, str])
    is_told_of_stock: bool = False
    quirks: Quirks = Quirks()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """What is to become otherwise; what is None stays."""

    name: str | None = None
    url: str | None = None
    owner_code: str | None = None
    warehouses: tuple[Warehouse, ...] | None = None
    storefront_by_shop: Mapping[str, str] | None = None
    carrier_by_code: Mapping[str, str] | None = None
    is_told_of_stock: bool | None = None
    quirks: Quirks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """An ERP or a WMS with which we speak, and how."""

    id: int
    code: str
    name: str
    side: Side
    app_key: str
    customer_id: str
    url: str
    state: ContractState
    owner_code: str
    warehouses: tuple[Warehouse, ...]
    storefront_by_shop: Mapping[str, str]
    carrier_by_code: Mapping[str, str]
    is_told_of_stock: bool
    quirks: Quirks
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that waits to be sent to a system, or was refused there for good."""

    id: int
    lane: str
    method: str
    state: SendingState
    attempts: int
    code: str
    reason: str
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedMessage:
    """One message as the log keeps it: nothing that is shown names anybody."""

    id: int
    contract_id: int
    direction: Direction
    method: str
    number: str
    state: MessageState
    code: str
    reason: str
    shown: tuple[tuple[str, str], ...]
    at: datetime
    milliseconds: int
    may_be_taken_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """How a system's line stands: its breaker, what waits, and how its messages fared of late."""

    contract_id: int
    breaker: BreakerState
    rests_until: datetime | None
    waiting: int
    oldest_at: datetime | None
    messages: int
    refused: int


FieldKind = Literal[
    "text", "number", "decimal", "time", "day", "yes_no", "properties", "list", "record"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentField:
    """One element of a document; a list says what its items are called."""

    name: str
    kind: FieldKind
    item: str
    is_required: bool
    longest: int | None
    digits: int | None
    choices: tuple[str, ...]
    inner: tuple[DocumentField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDescription:
    """A method of the bus as documents show it, with an example that would be taken."""

    name: str
    method: str
    changes: bool
    fields: tuple[DocumentField, ...]
    example: str
