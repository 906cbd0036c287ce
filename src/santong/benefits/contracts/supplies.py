"""Where benefits come from, what came in, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

SupplyKind = Literal["own", "codes", "api"]
SUPPLY_KINDS: tuple[SupplyKind, ...] = get_args(SupplyKind)
ChargedWhen = Literal["granted", "redeemed"]
InvoiceState = Literal["matched", "differs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Whoever delivers what a benefit promises and is paid for it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One way to get what a benefit promises; how many codes came in, and are promised away."""

    id: int
    code: str
    name: str
    kind: SupplyKind
    supplier_id: int | None
    product: str
    cost_minor: int
    currency: str
    charged_when: ChargedWhen
    contract_number: str
    contract_until: datetime | None
    alarm_below: int
    imported: int
    committed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """What is wrong in a file, and where; both count from one."""

    line: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One code of a file."""

    line: int
    code: str
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFile:
    """What was read of a file of codes."""

    rows: tuple[CodeRow, ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file of codes."""

    import_id: int
    supply_id: int
    taken: int
    duplicates: int
    rejects: tuple[Reject, ...]
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCheck:
    """What a file of codes would bring: so many codes, of which some are known; what is wrong."""

    codes: int
    known: int
    wrong: int
    rejects: tuple[Reject, ...]

    @property
    def new(self) -> int:
        """Codes that would be taken."""
        return self.codes - self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyStock:
    """A supply with what is left of its codes, and whether its alarm has been reached."""

    supply: Supply
    supplier_name: str
    left: int
    given: int
    is_low: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesCame:
    """A file of codes that came in."""

    file_name: str
    taken: int
    duplicates: int
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyAsk:
    """What a supplier is asked for one coupon; the same key is the same request."""

    request_id: int
    key: str
    adapter: str
    product: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """What one supply cost in a month: so many coupons, less what came back."""

    supply_id: int
    supply_code: str
    charged: int
    returned: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierStatement:
    """What a supplier is owed for a month, in one currency."""

    supplier_id: int
    month: date
    currency: str
    lines: tuple[StatementLine, ...]
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What a supplier asks for, beside what was counted."""

    id: int
    supplier_id: int
    number: str
    month: date
    amount_minor: int
    counted_minor: int
    currency: str
    state: InvoiceState
    is_new: bool
