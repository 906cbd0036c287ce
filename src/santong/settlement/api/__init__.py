"""Shares, payouts and statements over HTTP."""

from __future__ import annotations

from santong.settlement.api import parties, payouts, rule_drafts, rules, shares, statements
from santong.settlement.api.routes import router

__all__ = ["parties", "payouts", "router", "rule_drafts", "rules", "shares", "statements"]
