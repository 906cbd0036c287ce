"""What invoicing and whoever issues for the tax office say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from santong.invoicing.contracts.invoices import Form, RatedAs, Title

FileForm = Literal["pdf", "ofd", "xml"]

AnswerState = Literal["unknown", "working", "issued", "refused"]
# As the confirmation slip of a red invoice (红字信息确认单) stands: nobody has to confirm, or both
# have; the buyer, who has deducted, has still to; they said no, or 72 hours went by.
ConfirmationState = Literal["confirmed", "waiting", "denied", "expired", "refused"]


class Unreachable(Exception):
    """No answer, or none that can be understood: it may have been done, and has to be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Everything needed to speak for one seller. `secrets` show in no repr and no log."""

    merchant_id: int
    seller_code: str
    seller_name: str
    taxpayer_number: str
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLine:
    """One line. Without a quantity, neither quantity nor price is shown. `number` counts from 1."""

    number: int
    name: str
    specification: str
    unit: str
    quantity: int
    rated: RatedAs
    amount_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAsk:
    """A blue invoice under our reference, which is never used for anything else."""

    reference: str
    form: Form
    title: Title
    currency: str
    lines: tuple[AskLine, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedAsk:
    """What is to be taken back of a blue invoice. Lines have the numbers of the blue one's."""

    reference: str
    blue_reference: str
    blue_number: str
    reason: Literal["returned", "wrong", "service_ended", "discount"]
    lines: tuple[AskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How an invoice stands there. What is unknown there is `unknown`, never an error."""

    state: AnswerState
    number: str = ""
    issued_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """How the confirmation slip of a red invoice stands."""

    state: ConfirmationState
    number: str = ""
    why: str = ""


class InvoiceIssuer(Protocol):
    """One way to the tax office. Every call may raise Unreachable; none is made in a transaction.

    A call under the same reference is the same invoice or slip, however often it is made.
    """

    def issue(self, *, access: Access, ask: IssueAsk) -> Answer:
        """Have a blue invoice issued."""
        ...

    def query(self, *, access: Access, reference: str) -> Answer:
        """How an invoice stands, blue or red."""
        ...

    def red_confirm(self, *, access: Access, ask: RedAsk) -> Confirmation:
        """Open the slip of a red invoice; the buyer confirms where they have deducted."""
        ...

    def query_confirmation(self, *, access: Access, reference: str) -> Confirmation:
        """How a slip stands."""
        ...

    def red_issue(self, *, access: Access, ask: RedAsk, confirmation: str) -> Answer:
        """Have the red invoice of a confirmed slip issued."""
        ...

    def deliver(self, *, access: Access, number: str, form: FileForm) -> bytes:
        """The file of an issued invoice, as the tax office gives it. Empty where there is none."""
        ...
