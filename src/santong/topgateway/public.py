"""The door of topgateway: what it can be asked to do, for documents and the explorer."""

from __future__ import annotations

from santong.topgateway.contracts import Argument, Member, MethodDescription
from santong.topgateway.methods.reference import described_methods, reference_page
from santong.topgateway.selectors import check_invariants

__all__ = [
    "Argument",
    "Member",
    "MethodDescription",
    "check_invariants",
    "described_methods",
    "reference_page",
]
