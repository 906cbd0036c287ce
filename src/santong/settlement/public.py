"""The door of settlement: who took part in a sale, what each is owed of it, and what was paid."""

from santong.settlement.contracts import (
    BASES,
    CLAIM_STATES,
    DUE_BASES,
    ENTRY_KINDS,
    PARTY_KINDS,
    PAYOUT_STATES,
    PAYOUT_WAYS,
    REVERSAL_KINDS,
    ROLES,
    RUN_STATES,
    SHARE_STATES,
    STATEMENT_STATES,
    Booked,
    BookedSide,
    Claim,
    Due,
    OwnerTerms,
    Party,
    PartyBalance,
    PartyEntry,
    PayoutLimits,
    PayoutLine,
    PayoutRun,
    Reversal,
    ReversalKind,
    Rule,
    RuleSet,
    Share,
    SharedSale,
    SharingTerms,
    Simulated,
    Sold,
    Statement,
    TransferPrice,
    When,
)
from santong.settlement.errors import (
    AlreadyClaimed,
    ClaimAnswered,
    LinePassed,
    MonthOpen,
    MoreThanLeft,
    NothingToPay,
    NotPaid,
    OpenClaims,
    ReversalTaken,
    RunPassed,
    SameHands,
    TooEarly,
)
from santong.settlement.selectors.invariants import check_invariants
from santong.settlement.selectors.ledger import balances_of_parties, booked_of
from santong.settlement.selectors.parties import (
    parties_by_id,
    parties_by_text,
    parties_page,
    party_by_id,
)
from santong.settlement.selectors.payouts import (
    in_transit_of_parties,
    payout_line,
    payout_lines_of_party,
    payout_lines_page,
    payout_run,
    payout_runs_page,
)
from santong.settlement.selectors.rule_sets import (
    rule_set_at,
    rule_set_by_id,
    rule_sets_page,
)
from santong.settlement.selectors.sales import is_shared, shared_sale
from santong.settlement.selectors.shares import shares_page
from santong.settlement.selectors.sight import parties_seen
from santong.settlement.selectors.simulation import simulate_rules
from santong.settlement.selectors.statements import (
    claim_by_id,
    claims_page,
    entries_page,
    statement_by_id,
    statements_page,
)
from santong.settlement.services.answer_claim import accept_claim, refuse_claim
from santong.settlement.services.approve_payouts import approve_payouts, cancel_payouts
from santong.settlement.services.assign_filler import assign_filler
from santong.settlement.services.cancel_pieces import cancel_pieces
from santong.settlement.services.close_month import close_month
from santong.settlement.services.confirm_statement import confirm_statement
from santong.settlement.services.dispute_entry import dispute_entry
from santong.settlement.services.draft_payouts import continue_draft, draft_payouts
from santong.settlement.services.end_payout import end_payout
from santong.settlement.services.freeze_shares import freeze_shares
from santong.settlement.services.name_receiver import name_receiver
from santong.settlement.services.publish_rules import publish_rules
from santong.settlement.services.record_acceptance import record_acceptance
from santong.settlement.services.record_receipt import record_receipt
from santong.settlement.services.release_due import release_due
from santong.settlement.services.restore_shares import restore_shares
from santong.settlement.services.retry_payout import retry_payout
from santong.settlement.services.reverse_shares import reverse_shares
from santong.settlement.services.send_payouts import send_payouts

__all__ = [
    "BASES",
    "CLAIM_STATES",
    "DUE_BASES",
    "ENTRY_KINDS",
    "PARTY_KINDS",
    "PAYOUT_STATES",
    "PAYOUT_WAYS",
    "REVERSAL_KINDS",
    "ROLES",
    "RUN_STATES",
    "SHARE_STATES",
    "STATEMENT_STATES",
    "AlreadyClaimed",
    "Booked",
    "BookedSide",
    "Claim",
    "ClaimAnswered",
    "Due",
    "LinePassed",
    "MonthOpen",
    "MoreThanLeft",
    "NotPaid",
    "NothingToPay",
    "OpenClaims",
    "OwnerTerms",
    "Party",
    "PartyBalance",
    "PartyEntry",
    "PayoutLimits",
    "PayoutLine",
    "PayoutRun",
    "Reversal",
    "ReversalKind",
    "ReversalTaken",
    "Rule",
    "RuleSet",
    "RunPassed",
    "SameHands",
    "Share",
    "SharedSale",
    "SharingTerms",
    "Simulated",
    "Sold",
    "Statement",
    "TooEarly",
    "TransferPrice",
    "When",
    "accept_claim",
    "approve_payouts",
    "assign_filler",
    "balances_of_parties",
    "booked_of",
    "cancel_payouts",
    "cancel_pieces",
    "check_invariants",
    "claim_by_id",
    "claims_page",
    "close_month",
    "confirm_statement",
    "continue_draft",
    "dispute_entry",
    "draft_payouts",
    "end_payout",
    "entries_page",
    "freeze_shares",
    "in_transit_of_parties",
    "is_shared",
    "name_receiver",
    "parties_by_id",
    "parties_by_text",
    "parties_page",
    "parties_seen",
    "party_by_id",
    "payout_line",
    "payout_lines_of_party",
    "payout_lines_page",
    "payout_run",
    "payout_runs_page",
    "publish_rules",
    "record_acceptance",
    "record_receipt",
    "refuse_claim",
    "release_due",
    "restore_shares",
    "retry_payout",
    "reverse_shares",
    "rule_set_at",
    "rule_set_by_id",
    "rule_sets_page",
    "send_payouts",
    "shared_sale",
    "shares_page",
    "simulate_rules",
    "statement_by_id",
    "statements_page",
]
