"""Cases as the API shows them, and what it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from santong.aftersales import contracts
from santong.aftersales.api.routes import Body, MinorOrNothing, Reason, Units, Words, fields


class CaseLineOut(Schema):
    """Units of one line of the order, and what of them came back."""

    id: str
    order_line_id: str
    sku_id: str
    sku_code: str
    sku_name: str
    quantity: int
    value_minor: int
    sellable: int
    damaged: int


class AftersalesCaseOut(Schema):
    """A case; `wanted` is what was asked for, `kind` what it is done as."""

    id: str
    number: str
    order_id: str
    document: str
    location_id: str | None
    kind: contracts.Kind
    wanted: contracts.Kind
    way_back: contracts.Way
    reason: contracts.Reason
    state: contracts.CaseState
    channel: contracts.Channel
    currency: str
    needs_return: bool
    refund_minor: int
    freight_minor: int
    term_reference: str
    opened_at: datetime
    opened_by: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    answered_at: datetime | None
    ended_at: datetime | None
    why_ended: str
    waits_for: str
    lines: list[CaseLineOut]


class ProposalOut(Schema):
    """What the facts come to now, with the reasons in the order in which they were found."""

    verdict: contracts.Verdict
    kind: contracts.Kind
    needs_return: bool
    freight_by: contracts.FreightBy
    refund_minor: int
    freight_minor: int
    under_warranty: bool
    may_go_alone: bool
    reasons: list[str]
    term_reference: str


class CaseDecisionOut(Schema):
    """What was proposed on which facts, and what was decided."""

    id: str
    facts: dict[str, Any]
    proposal: ProposalOut
    rules_version: int
    verdict: Literal["accept", "refuse"]
    overruled: list[str]
    reason: str
    decided_by: str
    decided_at: datetime


class CaseRefundOut(Schema):
    """Money that goes back for a case."""

    id: str
    number: int
    what: contracts.RefundWhat
    document: str
    key: str
    amount_minor: int
    state: contracts.RefundState
    refund_id: str | None
    why: str


class ReplacementOut(Schema):
    """An order that a case made."""

    id: str
    number: int
    order_id: str
    external_number: str
    cause: Literal["resend", "exchange"]
    is_held: bool
    is_delivered: bool
    is_given_up: bool
    difference_minor: int


class ReceivedLineOut(Schema):
    """Units of a line that came back."""

    case_line_id: str
    sellable: int
    damaged: int


class CaseReceiptOut(Schema):
    """Goods that came back to a place."""

    id: str
    location_id: str
    at: datetime
    by: str
    lines: list[ReceivedLineOut]


class CaseMessageOut(Schema):
    """What the buyer or the house wrote."""

    id: str
    by_buyer: bool
    by: str
    text: str
    at: datetime


class RepairOut(Schema):
    """The repair of a case."""

    id: str
    document: str
    state: contracts.RepairState
    repairer: contracts.Repairer
    repairer_code: str
    location_id: str | None
    is_warranty: bool
    quote_minor: int
    currency: str
    was_declined: bool
    diagnosis: str
    quoted_at: datetime | None
    accepted_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None


class CaseStoryOut(AftersalesCaseOut):
    """A case with all that happened to it."""

    words: str
    proposal: ProposalOut | None
    decisions: list[CaseDecisionOut]
    refunds: list[CaseRefundOut]
    replacements: list[ReplacementOut]
    receipts: list[CaseReceiptOut]
    repair: RepairOut | None
    messages: list[CaseMessageOut]


class ClaimableOut(Schema):
    """What of a line of an order a case can be about."""

    order_line_id: str
    number: int
    sku_id: str
    sku_code: str
    sku_name: str
    arrived: int
    in_cases: int
    left: int
    value_minor: int
    delivered_at: datetime | None
    good_until: datetime | None


class CaseLineIn(Body):
    """So many units of a line."""

    order_line_id: str
    quantity: Units


class CaseIn(Body):
    """What somebody asks for."""

    order_id: str
    kind: contracts.Kind
    way_back: contracts.Way = "none"
    reason: contracts.Reason
    lines: Annotated[list[CaseLineIn], Field(min_length=1, max_length=contracts.MOST_LINES)]
    words: Words = ""
    location_id: str | None = None


class NewUnitIn(Body):
    """What is sent instead; without a price it is worth as much as what it replaces."""

    sku_code: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Units
    price_minor: MinorOrNothing | None = None


class CaseDecisionIn(Body):
    """What is decided; whatever is left out is as proposed. Anything else needs a reason."""

    verdict: Literal["accept", "refuse"] = "accept"
    kind: contracts.Kind | None = None
    needs_return: bool | None = None
    refund_minor: MinorOrNothing | None = None
    freight_minor: MinorOrNothing | None = None
    units: Annotated[list[NewUnitIn], Field(max_length=contracts.MOST_LINES)] | None = None
    location_code: Annotated[str, Field(max_length=60)] = ""
    reason: Reason = ""


class CaseMessageIn(Body):
    """What the house writes to the buyer."""

    text: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_WORDS)]


class CaseFilter(Schema):
    """Which cases are asked for."""

    state: contracts.CaseState | None = None
    kind: contracts.Kind | None = None
    order_id: str | None = None


class CaseLinkOut(Schema):
    """Where the buyer opens and follows the cases of an order; it is told once."""

    path: str


def case_out(row: contracts.Case) -> dict[str, Any]:
    return fields(row, lines=[fields(line) for line in row.lines])
