"""What is said of staged sales over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from santong.stagedsales import contracts
from santong.stagedsales.api.routes import (
    BasisPoints,
    Body,
    Code,
    Days,
    Id,
    Minor,
    MinorOrNothing,
    Name,
    Reason,
    StageNumber,
)


class StageIn(Body):
    """A stage: `amount_minor` counts for fixed, `share_bp` for percent."""

    name: Name
    basis: contracts.Basis
    due: contracts.Due
    amount_minor: MinorOrNothing = 0
    share_bp: BasisPoints = 0
    due_on: date | None = None
    due_days: Days = 0
    gates_delivery: bool = False
    waits_for_acceptance: bool = True
    silence_days: Days = 0


class RefundTermsIn(Body):
    """What the shop keeps of a hundred hundreds when a buyer cancels after the contract."""

    deposit_kept_bp: BasisPoints = contracts.WHOLE_BP
    paid_kept_bp: BasisPoints = 0
    done_kept_bp: BasisPoints = contracts.WHOLE_BP


class StagePlanIn(Body):
    """All that a plan promises, and why it is published."""

    code: Code
    name: Name
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    deposit_minor: Minor
    stages: Annotated[list[StageIn], Field(min_length=1, max_length=contracts.MOST_STAGES)]
    credited_to: Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_STAGES)] = 1
    payable_minutes: Annotated[int, Field(strict=True, ge=1)] = 60
    code_days: Annotated[int, Field(strict=True, ge=1)] = 30
    grace_hours: Annotated[int, Field(strict=True, ge=0)] = 48
    signs_codes: bool = False
    category: Annotated[str, Field(max_length=contracts.LONGEST_CODE)] = ""
    refunds: RefundTermsIn = RefundTermsIn()
    is_offered: bool = True
    reason: Reason


class StageOut(Schema):
    """A stage as it is offered or agreed."""

    name: str
    basis: contracts.Basis
    due: contracts.Due
    amount_minor: int
    share_bp: int
    due_on: date | None
    due_days: int
    gates_delivery: bool
    waits_for_acceptance: bool
    silence_days: int


class RefundTermsOut(Schema):
    """What the shop keeps."""

    deposit_kept_bp: int
    paid_kept_bp: int
    done_kept_bp: int


class StagePlanOut(Schema):
    """A version of a plan."""

    id: str
    code: str
    version: int
    name: str
    currency: str
    deposit_minor: int
    stages: list[StageOut]
    credited_to: int
    payable_minutes: int
    code_days: int
    grace_hours: int
    signs_codes: bool
    category: str
    refunds: RefundTermsOut
    is_offered: bool
    reason: str
    published_by: str
    published_at: datetime


class StagePlansOut(Schema):
    """Plans, each by its newest version; or versions of one, newest first."""

    items: list[StagePlanOut]


class StagedBuyerIn(Body):
    """Who buys. It is kept sealed."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    phone: Annotated[str, Field(min_length=1, max_length=40)]
    note: Annotated[str, Field(max_length=300)] = ""


class StagedSaleIn(Body):
    """A buyer wants what is sold by a plan."""

    stage_plan_code: Code
    storefront_code: Code
    buyer: StagedBuyerIn
    location_id: Id | None = None
    member_id: Id | None = None
    order_id: Id | None = None


class SaleCodeOut(Schema):
    """A redemption code, but for its number."""

    tail: str
    state: contracts.CodeState
    issued_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None
    location_id: str | None
    device: str
    is_provisional: bool


class SaleMoneyOut(Schema):
    """Money of one document of a sale; `number` 0 is the deposit's."""

    number: int
    document: str
    keep_minor: int
    received_minor: int
    returning_minor: int
    returned_minor: int
    given_minor: int
    open_minor: int


class SaleStageOut(StageOut):
    """A stage of a contract, and how far it has come."""

    number: int
    document: str
    state: contracts.StageState
    paid_minor: int
    released_minor: int
    open_minor: int
    due_at: datetime | None
    paid_at: datetime | None
    done_at: datetime | None
    accepted_at: datetime | None
    accepted_by: contracts.AcceptedBy


class SaleContractOut(Schema):
    """What was signed."""

    number: str
    amount_minor: int
    signed_on: date
    signed_at: datetime
    rules_at: datetime
    version: int
    photo_ids: list[str]


class ChangedStageOut(Schema):
    """A stage before or after a change, with what it comes to."""

    number: int
    name: str
    basis: contracts.Basis
    due: contracts.Due
    amount_minor: int


class SaleChangeOut(Schema):
    """A change order."""

    version: int
    state: contracts.ChangeState
    amount_minor: int
    before_minor: int
    refund_minor: int
    before: list[ChangedStageOut]
    stages: list[ChangedStageOut]
    reason: str
    proposed_at: datetime
    decided_at: datetime | None


class MaskedBuyerOut(Schema):
    """Who buys, as screens show it."""

    name: str
    phone: str


class StagedSaleOut(Schema):
    """A sale from its deposit to its end."""

    id: str
    number: str
    stage_plan_code: str
    stage_plan_version: int
    name: str
    state: contracts.SaleState
    currency: str
    deposit_minor: int
    location_id: str | None
    member_id: str | None
    order_id: str | None
    buyer: MaskedBuyerOut
    reserved_at: datetime
    deposit_until: datetime
    delivered_at: datetime | None
    ended_at: datetime | None
    why: str
    code: SaleCodeOut | None
    contract: SaleContractOut | None
    stages: list[SaleStageOut]
    money: list[SaleMoneyOut]
    changes: list[SaleChangeOut]


class ReservedSaleOut(Schema):
    """A sale, and the path of its buyer's page."""

    sale: StagedSaleOut
    buyer_path: str


class BuyerPathOut(Schema):
    """The path of a buyer's page."""

    buyer_path: str


class StageTenderIn(Body):
    """One part of a payment."""

    account_code: Code
    amount_minor: Minor
    way: Annotated[str, Field(max_length=20)] = "qr"
    token: Annotated[str, Field(max_length=512)] = ""


class StagePaymentIn(Body):
    """Parts that come to the whole of what is open; `stage` 0 is the deposit."""

    stage: StageNumber
    tenders: Annotated[list[StageTenderIn], Field(min_length=1, max_length=8)]


class StagePaymentOut(Schema):
    """What is asked for; how it stands is asked of payments."""

    payment_intent_id: str
    document: str
    state: str
    amount_minor: int
    received_minor: int


class StagedContractIn(Body):
    """What was signed: without `stages` those of the plan. Photos were handed in before."""

    number: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NUMBER)]
    amount_minor: Minor
    signed_on: date
    photo_ids: Annotated[list[Id], Field(min_length=1, max_length=contracts.MOST_PHOTOS)]
    stages: Annotated[list[StageIn], Field(max_length=contracts.MOST_STAGES)] | None = None


class ContractGoodsIn(Body):
    """So many units of a SKU."""

    sku_code: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]


class GoodsRecipientIn(Body):
    """Who gets the goods of a contract (without a name: the buyer), and where."""

    name: Annotated[str, Field(max_length=100)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    province: Annotated[str, Field(max_length=60)] = ""
    city: Annotated[str, Field(min_length=1, max_length=60)]
    district: Annotated[str, Field(max_length=60)] = ""
    address: Annotated[str, Field(min_length=1, max_length=300)]
    latitude: float | None = None
    longitude: float | None = None


class SendGoodsIn(Body):
    """Which goods of a contract go to whom."""

    goods: Annotated[list[ContractGoodsIn], Field(min_length=1, max_length=100)]
    recipient: GoodsRecipientIn


class MilestoneIn(Body):
    """Work of a stage is done; photos of it were handed in before."""

    photo_ids: Annotated[list[Id], Field(min_length=1, max_length=contracts.MOST_PHOTOS)]
    note: Annotated[str, Field(max_length=contracts.LONGEST_NOTE)] = ""


class StageAcceptanceIn(Body):
    """The six digits that the buyer shows."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class DraftStageIn(StageIn):
    """An unpaid stage by its number, or a new one (0)."""

    number: StageNumber = 0


class ChangeOrderIn(Body):
    """Another total; the stages replace all that are unpaid."""

    amount_minor: Minor
    stages: Annotated[list[DraftStageIn], Field(max_length=contracts.MOST_STAGES)]
    reason: Reason


class SaleCancelIn(Body):
    """Whose doing it is, and why."""

    fault: Literal["buyer", "shop"]
    reason: Reason
