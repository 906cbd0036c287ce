"""What has happened to the ledger by the clock, and to money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.kernel.facts import fact


@fact("payments.hold_expired.v1", aggregate="hold_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class HoldExpired:
    """A hold ran out; what it kept can be spent again, or has expired with it."""

    hold_id: int
    source: str
    key: str
    asset: str
    kind: str
    owner: str
    amount: int


@fact("payments.lots_expired.v1", aggregate="owner")
@dataclass(frozen=True, kw_only=True, slots=True)
class LotsExpired:
    """What an owner had not spent in time is gone."""

    txn_id: int
    asset: str
    kind: str
    owner: str
    amount: int


@fact("payments.money_received.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyReceived:
    """Money came in for a document by one tender. `is_late`: after we had given it up."""

    intent_id: int
    tender_id: int
    document: str
    account_code: str
    method: str
    reference: str
    currency: str
    amount_minor: int
    received_at: datetime
    is_late: bool


@fact("payments.intent_ended.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class IntentEnded:
    """Nothing more is asked for by this intent: it was given up, by somebody or by the clock."""

    intent_id: int
    document: str
    state: Literal["cancelled", "expired"]
    currency: str
    amount_minor: int
    received_minor: int


@fact("payments.refund_done.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class RefundDone:
    """Money has gone back to the buyer along one tender."""

    refund_id: int
    part_id: int
    tender_id: int
    document: str
    key: str
    currency: str
    amount_minor: int
    refunded_at: datetime


@fact("payments.refund_failed.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class RefundFailed:
    """A provider would not give money back along one tender: somebody has to see to it."""

    refund_id: int
    part_id: int
    document: str
    key: str
    currency: str
    amount_minor: int
    why: str


@fact("payments.transfer_ended.v1", aggregate="transfer_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class TransferEnded:
    """A transfer arrived, could not be made, or came back after it had arrived."""

    transfer_id: int
    source: str
    key: str
    state: Literal["done", "failed", "returned"]
    party: str
    currency: str
    amount_minor: int
    why: str


@fact("payments.dispute_changed.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class DisputeChanged:
    """A buyer fights about a payment at the provider, or that has been decided."""

    dispute_id: int
    tender_id: int
    document: str
    state: Literal["opened", "won", "lost"]
    currency: str
    amount_minor: int
