"""What is granted at a moment."""

from __future__ import annotations

from santong.aftersales import contracts
from santong.aftersales.models import PolicyVersion


def current_policy(*, merchant_id: int) -> contracts.Policy:
    """The newest policy; version 0 with the defaults while nothing was published."""
    row = _newest(merchant_id, "policy")
    if row is not None:
        return row.as_policy()
    return contracts.Policy(
        version=0, terms=contracts.CasePolicy(), reason="", published_by="", published_at=None
    )


def current_warranty(*, merchant_id: int) -> contracts.Warranty:
    """The newest warranty; version 0, which promises nothing, while none was published."""
    row = _newest(merchant_id, "warranty")
    if row is not None:
        return row.as_warranty()
    return contracts.Warranty(
        version=0, terms=contracts.WarrantyTerms(), reason="", published_by="", published_at=None
    )


def policies(*, merchant_id: int) -> list[contracts.Policy]:
    """All versions of the policy, the newest first."""
    return [row.as_policy() for row in _rows(merchant_id, "policy")]


def warranties(*, merchant_id: int) -> list[contracts.Warranty]:
    """All versions of the warranty, the newest first."""
    return [row.as_warranty() for row in _rows(merchant_id, "warranty")]


def _newest(merchant_id: int, about: str) -> PolicyVersion | None:
    rows = _rows(merchant_id, about)
    return rows[0] if rows else None


def _rows(merchant_id: int, about: str) -> list[PolicyVersion]:
    found = PolicyVersion.objects.of_merchant(merchant_id).filter(about=about)
    return list(found.order_by("-version")[:100])
