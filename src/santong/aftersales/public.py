"""The door of aftersales: what is asked for after the sale, and what becomes of it."""

from __future__ import annotations

from santong.aftersales.contracts import (
    CASE_STATES,
    CHANNELS,
    ENDED,
    FAULTS,
    KINDS,
    REASONS,
    WAYS,
    Case,
    CaseLine,
    CasePolicy,
    Claimable,
    DamagedUnits,
    Decided,
    Decision,
    Facts,
    Message,
    NewCase,
    NewCaseLine,
    NewUnit,
    Policy,
    Proposal,
    Receipt,
    ReceivedLine,
    RefundStep,
    Repair,
    Replacement,
    Warranty,
    WarrantyTerms,
)
from santong.aftersales.errors import (
    CasePassed,
    KeyTaken,
    MoreThanArrived,
    MoreThanAwaited,
    MoreThanLeft,
    NoReturnsHere,
    ReasonMissing,
)
from santong.aftersales.selectors.cases import (
    case_by_id,
    case_by_number,
    case_of_order_made,
    cases_of_order,
    cases_page,
    decisions_of,
    messages_of,
    receipts_of,
    refunds_of,
    repair_of,
    replacements_of,
)
from santong.aftersales.selectors.damaged import damaged_at
from santong.aftersales.selectors.finding import orders_meant
from santong.aftersales.selectors.invariants import check_invariants
from santong.aftersales.selectors.persons import export_person
from santong.aftersales.selectors.policies import (
    current_policy,
    current_warranty,
    policies,
    warranties,
)
from santong.aftersales.selectors.proposals import proposal_of, replay_decision
from santong.aftersales.selectors.units import claimable_of
from santong.aftersales.services.cancel_case import cancel_case
from santong.aftersales.services.decide_case import decide_alone, decide_case
from santong.aftersales.services.follow_refund import retry_refund
from santong.aftersales.services.forget_person import forget_person
from santong.aftersales.services.open_case import open_case
from santong.aftersales.services.open_link import open_link
from santong.aftersales.services.publish_policy import publish_policy, publish_warranty
from santong.aftersales.services.receive_goods import receive_goods
from santong.aftersales.services.refuse_goods import close_short, refuse_goods
from santong.aftersales.services.settle_damaged import settle_damaged
from santong.aftersales.services.write_message import write_message

__all__ = [
    "CASE_STATES",
    "CHANNELS",
    "ENDED",
    "FAULTS",
    "KINDS",
    "REASONS",
    "WAYS",
    "Case",
    "CaseLine",
    "CasePassed",
    "CasePolicy",
    "Claimable",
    "DamagedUnits",
    "Decided",
    "Decision",
    "Facts",
    "KeyTaken",
    "Message",
    "MoreThanArrived",
    "MoreThanAwaited",
    "MoreThanLeft",
    "NewCase",
    "NewCaseLine",
    "NewUnit",
    "NoReturnsHere",
    "Policy",
    "Proposal",
    "ReasonMissing",
    "Receipt",
    "ReceivedLine",
    "RefundStep",
    "Repair",
    "Replacement",
    "Warranty",
    "WarrantyTerms",
    "cancel_case",
    "case_by_id",
    "case_by_number",
    "case_of_order_made",
    "cases_of_order",
    "cases_page",
    "check_invariants",
    "claimable_of",
    "close_short",
    "current_policy",
    "current_warranty",
    "damaged_at",
    "decide_alone",
    "decide_case",
    "decisions_of",
    "export_person",
    "forget_person",
    "messages_of",
    "open_case",
    "open_link",
    "orders_meant",
    "policies",
    "proposal_of",
    "publish_policy",
    "publish_warranty",
    "receipts_of",
    "receive_goods",
    "refunds_of",
    "refuse_goods",
    "repair_of",
    "replacements_of",
    "replay_decision",
    "retry_refund",
    "settle_damaged",
    "warranties",
    "write_message",
]
