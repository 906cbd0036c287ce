"""What leaves agents, and what buying agents ask for: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

# The published version of the Universal Commerce Protocol that is spoken here.
UCP_VERSION: Final = "2026-04-08"

# The specification's own time where none is said.
LASTS: Final = timedelta(hours=6)
# What a buyer gave stays so long after a session has ended: for questions about what was sold.
KEPT: Final = timedelta(days=30)

MOST_LINES: Final = 50
MOST_UNITS: Final = 10_000
MOST_IDS: Final = 50
LONGEST_URL: Final = 500

SessionState = Literal["open", "placed", "completed", "canceled"]
SESSION_STATES: Final[tuple[SessionState, ...]] = get_args(SessionState)
ENDED: Final[tuple[SessionState, ...]] = ("completed", "canceled")

Status = Literal[
    "incomplete",
    "requires_escalation",
    "ready_for_complete",
    "complete_in_progress",
    "completed",
    "canceled",
]
Method = Literal["shipping", "pickup"]
Severity = Literal["recoverable", "requires_buyer_input", "requires_buyer_review", "unrecoverable"]
Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentShop:
    """How one storefront sells to buying agents. Prices of delivery are the same everywhere."""

    storefront_id: int
    storefront_code: str
    is_open: bool
    currency: str
    freight_minor: int
    free_from_minor: int | None
    terms_url: str
    privacy_url: str
    returns_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys, in clear text."""

    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where it goes, in clear text."""

    id: str = ""
    street_address: str = field(default="", repr=False)
    extended_address: str = field(default="", repr=False)
    address_locality: str = ""
    address_region: str = ""
    address_country: str = ""
    postal_code: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    phone_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """So many of a variant, by the id that the catalogue gave."""

    item_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a platform wants of a session: each update says all of it anew."""

    lines: tuple[AskedLine, ...]
    buyer: Buyer = Buyer()
    method: Method | None = None
    addresses: tuple[Address, ...] = ()
    destination_id: str = ""
    region: str = ""

    def as_json(self) -> Document:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Asked:
        return cls(
            lines=tuple(AskedLine(**line) for line in stored["lines"]),
            buyer=Buyer(**stored["buyer"]),
            method=stored["method"],
            addresses=tuple(Address(**address) for address in stored["addresses"]),
            destination_id=stored["destination_id"],
            region=stored["region"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One SKU as the catalogue shows it, and how many of it can be promised in all."""

    sku_id: int
    code: str
    style_id: int
    style_code: str
    name: str
    category: str
    colour: str
    size: str
    price_minor: int
    currency: str
    is_sellable: bool
    barcodes: tuple[str, ...]
    promisable: int

    @property
    def id(self) -> str:
        return f"sku-{self.sku_id}"

    @property
    def product_id(self) -> str:
        return f"style-{self.style_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A place where buyers collect or from which is sent, and what it can promise by SKU."""

    location_id: int
    code: str
    name: str
    country: str
    province: str
    city: str
    district: str
    address: str
    can_ship: bool
    can_pickup: bool
    atp_by_sku: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a session's standing depends on, beside what was asked for."""

    shop: AgentShop
    variant_by_item: Mapping[str, Variant]
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is wrong or worth saying, in the specification's words."""

    code: str
    content: str
    severity: Severity
    path: str = ""

    def as_document(self) -> Document:
        document: Document = {
            "type": "error",
            "code": self.code,
            "content": self.content,
            "severity": self.severity,
        }
        return {**document, "path": self.path} if self.path else document


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a session stands: its status, why, what it comes to, and how it could be fulfilled."""

    status: Status
    messages: tuple[Message, ...]
    goods_minor: int
    freight_minor: int
    method: Method | None
    address: Address | None
    store: Shelf | None
    stores: tuple[Shelf, ...]
    ways: tuple[Method, ...]

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.freight_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A checkout session, without what its buyer gave."""

    id: int
    storefront_id: int
    state: SessionState
    platform: str
    order_id: int | None
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
