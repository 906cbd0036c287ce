"""Sellers, rates, titles and invoices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

Kind = Literal["blue", "red"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# 数电专票, whose buyer deducts its tax, and 数电普票.
Form = Literal["special", "ordinary"]
FORMS: tuple[Form, ...] = get_args(Form)

State = Literal["requested", "sent", "waiting_confirmation", "issued", "refused", "cancelled"]
STATES: tuple[State, ...] = get_args(State)

# What is done next with an invoice that is on its way.
Step = Literal["issue", "query", "confirm", "await", "red_issue", "none"]
STEPS: tuple[Step, ...] = get_args(Step)

TitleKind = Literal["company", "person"]
TITLE_KINDS: tuple[TitleKind, ...] = get_args(TitleKind)

RateSubject = Literal["sku", "category", "freight"]
RATE_SUBJECTS: tuple[RateSubject, ...] = get_args(RateSubject)

# Whether red invoices leave by themselves, or wait until somebody of finance lets them go.
RedPolicy = Literal["automatic", "held"]
RED_POLICIES: tuple[RedPolicy, ...] = get_args(RedPolicy)

FREIGHT: Final = "freight"
WHOLE_RATE: Final = 10_000
MOST_BASIS_POINTS: Final = 5_000
MOST_TITLES: Final = 10


# Why somebody has to look at an invoice.
HindranceKind = Literal["refused", "held", "waiting", "unanswered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """To whom an invoice is made out (抬头). What names somebody shows in no repr and no log."""

    kind: TitleKind
    name: str = field(repr=False)
    number: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    bank: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedAs:
    """What a line is for the tax office: its classification, its short name, its rate."""

    tax_code: str
    tax_name: str
    rate_basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """A legal entity that issues invoices: the merchant's own, a brand's, or a dealer's."""

    id: int
    code: str
    name: str
    taxpayer_number: str
    address: str
    phone: str
    bank: str
    account: str
    brand_id: int | None
    dealer_id: int | None
    issuer: str
    default_rate: RatedAs
    red_policy: RedPolicy
    return_days: int
    is_open: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """What goods are for the tax office from a moment on, until a later one says otherwise."""

    id: int
    subject: RateSubject
    key: str
    rated: RatedAs
    valid_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """One line of a sale: what may be invoiced of it, what went back, what is invoiced."""

    key: str
    name: str
    specification: str
    quantity: int
    seller_id: int
    rated: RatedAs
    payable_minor: int
    returned_minor: int
    covered_minor: int

    @property
    def left_minor(self) -> int:
        """What can still be invoiced."""
        return self.payable_minor - self.returned_minor - self.covered_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line of an invoice: amount + tax = total, all of them what the buyer paid."""

    id: int
    number: int
    key: str
    name: str
    specification: str
    quantity: int
    rated: RatedAs
    amount_minor: int
    tax_minor: int
    total_minor: int
    reversed_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice from its request on. The amounts of a red one are what it takes back.

    `number` is the tax office's, twenty digits; `reference` ours, under which it was asked.
    """

    id: int
    document: str
    seller_id: int
    seller_code: str
    seller_name: str
    kind: Kind
    form: Form
    state: State
    is_held: bool
    reference: str
    number: str
    original_id: int | None
    title: Title
    currency: str
    amount_minor: int
    tax_minor: int
    total_minor: int
    reversed_minor: int
    reason: str
    why: str
    asked_at: datetime
    issued_at: datetime | None
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """An invoice that somebody has to look at, and why."""

    kind: HindranceKind
    words: str
    invoice: Invoice
