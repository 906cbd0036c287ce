"""What has happened to invoices. Ids and values only: nothing here says who the buyer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.kernel.facts import fact


@fact("invoicing.invoice_requested.v1", aggregate="invoice_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRequested:
    """An invoice was asked for; a red one, because money of a blue one's sale goes back."""

    invoice_id: int
    document: str
    seller_id: int
    kind: Literal["blue", "red"]
    original_id: int | None
    currency: str
    total_minor: int


@fact("invoicing.invoice_issued.v1", aggregate="invoice_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIssued:
    """The tax office has issued an invoice. `total_minor` of a red one is what it takes back."""

    invoice_id: int
    document: str
    seller_id: int
    kind: Literal["blue", "red"]
    original_id: int | None
    number: str
    issued_at: datetime
    currency: str
    amount_minor: int
    tax_minor: int
    total_minor: int


@fact("invoicing.invoice_refused.v1", aggregate="invoice_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRefused:
    """The tax office, or the buyer of a red one, said no. A red one stays owed."""

    invoice_id: int
    document: str
    seller_id: int
    kind: Literal["blue", "red"]
    why: str


@fact("invoicing.invoice_cancelled.v1", aggregate="invoice_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCancelled:
    """A request is over before anything was issued: its money went back, or its blue one failed."""

    invoice_id: int
    document: str
    seller_id: int
    kind: Literal["blue", "red"]
