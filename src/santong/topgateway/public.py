"""The door of topgateway: what it can be asked to do, for documents and the explorer."""

from __future__ import annotations

from santong.topgateway.contracts import (
    Argument,
    Example,
    Member,
    MethodDescription,
    ReadCall,
    Refusal,
)
from santong.topgateway.documents.wire import read_call
from santong.topgateway.errors import Refused
from santong.topgateway.methods.reference import (
    EXAMPLE_AT,
    described_methods,
    example_of,
    reference_page,
    refusals,
)
from santong.topgateway.methods.samples import samples_of
from santong.topgateway.selectors import check_invariants

__all__ = [
    "EXAMPLE_AT",
    "Argument",
    "Example",
    "Member",
    "MethodDescription",
    "ReadCall",
    "Refusal",
    "Refused",
    "check_invariants",
    "described_methods",
    "example_of",
    "read_call",
    "reference_page",
    "refusals",
    "samples_of",
]
