"""What is wrong with a live system: every context checks its own invariants."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, with the rows that break it."""

    context: str
    rule: str
    detail: str
