"""The door of stagedsales: what other contexts may use."""

from __future__ import annotations

from santong.stagedsales.contracts import (
    ACCEPTED_BY,
    BASES,
    CHANGE_STATES,
    CODE_STATES,
    DEPOSIT,
    DUES,
    NOT_CHECKED_OFFLINE,
    SALE_STATES,
    STAGE_STATES,
    Buyer,
    ContractGoods,
    DoubleRedemption,
    DraftStage,
    OfflineRedemption,
    PlanTerms,
    Redemption,
    RefundTerms,
    Reserved,
    SaleChange,
    SaleCode,
    SaleContract,
    SaleMoney,
    SaleStage,
    StagedSale,
    StagePlan,
    StageTerms,
    SyncResult,
)
from santong.stagedsales.errors import (
    AlreadyRedeemed,
    CodeMisread,
    CodeOver,
    CodeRefused,
    NothingOpen,
    SalePassed,
    TooManyCodeTries,
)
from santong.stagedsales.rules.drawing import Drawing, qr
from santong.stagedsales.selectors.invariants import check_invariants
from santong.stagedsales.selectors.links import link_path
from santong.stagedsales.selectors.persons import export_person
from santong.stagedsales.selectors.plans import plan_by_code, plans, versions_of
from santong.stagedsales.selectors.previews import (
    open_drafts,
    preview_change,
    preview_contract,
)
from santong.stagedsales.selectors.sales import (
    code_for_buyer,
    double_redemptions,
    sale_by_id,
    sale_of_document,
    sales_page,
    unpaid_gates,
)
from santong.stagedsales.services.accept_change import accept_change
from santong.stagedsales.services.accept_stage import accept_by_code, accept_stage
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.end_change import decline_change, withdraw_change
from santong.stagedsales.services.forget_person import forget_person
from santong.stagedsales.services.propose_change import propose_change
from santong.stagedsales.services.publish_plan import publish_plan
from santong.stagedsales.services.record_delivery import record_delivery
from santong.stagedsales.services.record_milestone import record_milestone
from santong.stagedsales.services.redeem import redeem
from santong.stagedsales.services.renew_link import renew_link
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.services.reserve import reserve
from santong.stagedsales.services.reveal_buyer import reveal_buyer
from santong.stagedsales.services.send_goods import send_goods
from santong.stagedsales.services.sign_contract import sign_contract
from santong.stagedsales.services.sync_redemptions import sync_redemptions

__all__ = [
    "ACCEPTED_BY",
    "BASES",
    "CHANGE_STATES",
    "CODE_STATES",
    "DEPOSIT",
    "DUES",
    "NOT_CHECKED_OFFLINE",
    "SALE_STATES",
    "STAGE_STATES",
    "AlreadyRedeemed",
    "Buyer",
    "CodeMisread",
    "CodeOver",
    "CodeRefused",
    "ContractGoods",
    "DoubleRedemption",
    "DraftStage",
    "Drawing",
    "NothingOpen",
    "OfflineRedemption",
    "PlanTerms",
    "Redemption",
    "RefundTerms",
    "Reserved",
    "SaleChange",
    "SaleCode",
    "SaleContract",
    "SaleMoney",
    "SalePassed",
    "SaleStage",
    "StagePlan",
    "StageTerms",
    "StagedSale",
    "SyncResult",
    "TooManyCodeTries",
    "accept_by_code",
    "accept_change",
    "accept_stage",
    "cancel_sale",
    "check_invariants",
    "code_for_buyer",
    "decline_change",
    "double_redemptions",
    "export_person",
    "forget_person",
    "link_path",
    "open_drafts",
    "plan_by_code",
    "plans",
    "preview_change",
    "preview_contract",
    "propose_change",
    "publish_plan",
    "qr",
    "record_delivery",
    "record_milestone",
    "redeem",
    "renew_link",
    "request_payment",
    "reserve",
    "reveal_buyer",
    "sale_by_id",
    "sale_of_document",
    "sales_page",
    "send_goods",
    "sign_contract",
    "sync_redemptions",
    "unpaid_gates",
    "versions_of",
    "withdraw_change",
]
