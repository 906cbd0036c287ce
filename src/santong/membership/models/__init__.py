"""The tables of membership."""

from __future__ import annotations

from santong.membership.models.accruals import Accrual, AccrualLine, ClawBack
from santong.membership.models.bindings import Binding, BoundIdentity
from santong.membership.models.burns import Burn, BurnReturn, ExpiryReminder, PointsRequest
from santong.membership.models.credits import PointsCredit
from santong.membership.models.imports import ImportBatch
from santong.membership.models.members import Attribution, Card, Member, MemberMerge
from santong.membership.models.programmes import Pool, Programme
from santong.membership.models.settlements import Settlement, SettlementLine
from santong.membership.models.terms import Authorisation, PoolTerms, ProgrammeTerms
from santong.membership.models.tiers import ExperienceEntry, TierChange, TierGrant

__all__ = [
    "Accrual",
    "AccrualLine",
    "Attribution",
    "Authorisation",
    "Binding",
    "BoundIdentity",
    "Burn",
    "BurnReturn",
    "Card",
    "ClawBack",
    "ExperienceEntry",
    "ExpiryReminder",
    "ImportBatch",
    "Member",
    "MemberMerge",
    "PointsCredit",
    "PointsRequest",
    "Pool",
    "PoolTerms",
    "Programme",
    "ProgrammeTerms",
    "Settlement",
    "SettlementLine",
    "TierChange",
    "TierGrant",
]
