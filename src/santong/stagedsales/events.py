"""The facts of stagedsales: ids and amounts, never a code, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.kernel.facts import fact


@fact("stagedsales.deposit_paid.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class DepositPaid:
    """The deposit of a sale has come in."""

    sale_id: int
    plan_code: str
    location_id: int | None
    member_id: int | None
    currency: str
    amount_minor: int
    paid_at: datetime


@fact("stagedsales.code_issued.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CodeIssued:
    """The buyer has a code for the store."""

    sale_id: int
    expires_at: datetime


@fact("stagedsales.code_redeemed.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CodeRedeemed:
    """A store has taken the code; `was_offline`: a device that could not ask, and told it later."""

    sale_id: int
    location_id: int
    redeemed_at: datetime
    was_offline: bool


@fact("stagedsales.double_redemption_found.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class DoubleRedemptionFound:
    """A second device took a code offline that counts for another."""

    sale_id: int
    location_id: int
    device: str
    first_location_id: int | None
    first_device: str


@fact("stagedsales.contract_signed.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ContractSigned:
    """What is bought was agreed: so much in all, in stages."""

    sale_id: int
    location_id: int | None
    member_id: int | None
    contract_number: str
    currency: str
    amount_minor: int
    stages: int
    signed_at: datetime


@fact("stagedsales.stage_due.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StageDue:
    """A stage is to be paid now."""

    sale_id: int
    number: int
    document: str
    currency: str
    open_minor: int
    due_at: datetime


@fact("stagedsales.stage_paid.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StagePaid:
    """All of a stage has come in."""

    sale_id: int
    number: int
    document: str
    currency: str
    amount_minor: int
    paid_at: datetime


@fact("stagedsales.stage_accepted.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StageAccepted:
    """The buyer has accepted the work of a stage, or said nothing for as long as agreed."""

    sale_id: int
    number: int
    document: str
    accepted_by: Literal["buyer_page", "buyer_code", "silence", "visit", "payment"]
    accepted_at: datetime


@fact("stagedsales.stage_refunded.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StageRefunded:
    """Money of a stage has gone back to the buyer."""

    sale_id: int
    document: str
    currency: str
    amount_minor: int
    refunded_at: datetime


@fact("stagedsales.change_proposed.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeProposed:
    """The store proposes another contract: the buyer agrees to it, or does not."""

    sale_id: int
    version: int
    currency: str
    before_minor: int
    amount_minor: int
    refund_minor: int


@fact("stagedsales.contract_changed.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ContractChanged:
    """The buyer has agreed to a change: the contract is worth more or less."""

    sale_id: int
    version: int
    currency: str
    before_minor: int
    amount_minor: int
    refund_minor: int


@fact("stagedsales.goods_delivered.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class GoodsDelivered:
    """What was bought in stages has reached its buyer."""

    sale_id: int
    delivered_at: datetime


@fact("stagedsales.sale_closed.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SaleClosed:
    """All is done, accepted and paid."""

    sale_id: int
    currency: str
    amount_minor: int
    closed_at: datetime


@fact("stagedsales.sale_cancelled.v1", aggregate="sale_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SaleCancelled:
    """Nothing more comes of a sale; what is not kept goes back. `cause`: the clock, or somebody."""

    sale_id: int
    cause: Literal["expired", "cancelled"]
    had_contract: bool
    currency: str
    kept_minor: int
    refund_minor: int
