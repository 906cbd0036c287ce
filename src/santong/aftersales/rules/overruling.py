"""In what a decision differs from what the facts propose."""

from __future__ import annotations

from santong.aftersales.contracts import Decided, Proposal


def differing(proposal: Proposal, decided: Decided) -> tuple[str, ...]:
    """The parts of a decision that are not as proposed; what was left open never differs."""
    found = list[str]()
    if decided.verdict != proposal.verdict:
        found.append("verdict")
    if decided.verdict == "refuse":
        return tuple(found)
    for name in ("kind", "needs_return", "refund_minor", "freight_minor"):
        said = getattr(decided, name)
        if said is not None and said != getattr(proposal, name):
            found.append(name)
    return tuple(found)
