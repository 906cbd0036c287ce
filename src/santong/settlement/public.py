"""The door of settlement: who took part in a sale, what each is owed of it, and what was paid."""

from santong.settlement.contracts import (
    Due,
    OwnerTerms,
    Party,
    PartyBalance,
    Reversal,
    ReversalKind,
    Rule,
    RuleSet,
    Share,
    SharedSale,
    Terms,
    TransferPrice,
    When,
)
from santong.settlement.errors import MoreThanLeft, NotPaid, ReversalTaken, TooEarly
from santong.settlement.selectors.invariants import check_invariants
from santong.settlement.selectors.rule_sets import (
    rule_set_at,
    rule_set_by_version,
    rule_sets_page,
)
from santong.settlement.selectors.sales import is_shared, shared_sale
from santong.settlement.services.assign_filler import assign_filler
from santong.settlement.services.cancel_pieces import cancel_pieces
from santong.settlement.services.freeze_shares import freeze_shares
from santong.settlement.services.publish_rules import publish_rules
from santong.settlement.services.record_acceptance import record_acceptance
from santong.settlement.services.record_receipt import record_receipt
from santong.settlement.services.release_due import release_due
from santong.settlement.services.restore_shares import restore_shares
from santong.settlement.services.reverse_shares import reverse_shares

__all__ = [
    "Due",
    "MoreThanLeft",
    "NotPaid",
    "OwnerTerms",
    "Party",
    "PartyBalance",
    "Reversal",
    "ReversalKind",
    "ReversalTaken",
    "Rule",
    "RuleSet",
    "Share",
    "SharedSale",
    "Terms",
    "TooEarly",
    "TransferPrice",
    "When",
    "assign_filler",
    "cancel_pieces",
    "check_invariants",
    "freeze_shares",
    "is_shared",
    "publish_rules",
    "record_acceptance",
    "record_receipt",
    "release_due",
    "restore_shares",
    "reverse_shares",
    "rule_set_at",
    "rule_set_by_version",
    "rule_sets_page",
    "shared_sale",
]
