"""The tables of settlement."""

from santong.settlement.models.entries import Entry
from santong.settlement.models.parties import Party, PartyReader
from santong.settlement.models.payouts import PayoutLine, PayoutRun
from santong.settlement.models.rule_drafts import RuleDraft, RulePolicy
from santong.settlement.models.rule_sets import RuleSet
from santong.settlement.models.sales import (
    DueBatch,
    Part,
    RefundBearer,
    RefundedLines,
    Reversal,
    Sale,
    SaleLine,
    Share,
)
from santong.settlement.models.statements import Claim, Statement

__all__ = [
    "Claim",
    "DueBatch",
    "Entry",
    "Part",
    "Party",
    "PartyReader",
    "PayoutLine",
    "PayoutRun",
    "RefundBearer",
    "RefundedLines",
    "Reversal",
    "RuleDraft",
    "RulePolicy",
    "RuleSet",
    "Sale",
    "SaleLine",
    "Share",
    "Statement",
]
