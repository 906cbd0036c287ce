"""How authorisations stand in the audit trail."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.membership.models import Authorisation


def record_authorisation(*, row: Authorisation, action: str, reason: str, now: datetime) -> None:
    """Write an authorisation into the trail."""
    audit.record(
        audit.Change(
            action=action,
            subject="authorisation",
            subject_id=row.id,
            reason=reason,
            after={
                "by_brand_id": row.by_brand_id,
                "to_brand_id": row.to_brand_id,
                "may_see": row.may_see,
                "may_accrue": row.may_accrue,
                "may_burn": row.may_burn,
                "earn_rate": row.earn_rate,
                "burn_rate": row.burn_rate,
                "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            },
        ),
        now=now,
    )
