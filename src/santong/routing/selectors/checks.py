"""What must hold of decisions, in a live system."""

from __future__ import annotations

from itertools import islice

from santong.kernel.doctor import Finding
from santong.routing.models import SourcingDecision
from santong.routing.rules.decide import RULES_VERSION, decide

REPLAYED = 200


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Take the newest decisions again and compare: a decision can always be explained."""
    rows = SourcingDecision.objects.of_merchant(merchant_id).filter(rules_version=RULES_VERSION)
    findings = []
    for row in islice(rows.order_by("-id").iterator(chunk_size=REPLAYED), REPLAYED):
        decision = row.as_contract()
        if decide(sourcing=decision.sourcing) != decision.choice:
            findings.append(
                Finding(
                    "routing",
                    "a decision taken again is the same",
                    f"decision {row.id} of order {row.order_id}",
                )
            )
    return findings
