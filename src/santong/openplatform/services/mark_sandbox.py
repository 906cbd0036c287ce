from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform.models import Sandbox
from santong.openplatform.selectors.sandboxes import forget_sandboxes


@all_or_nothing
def mark_sandbox(*, merchant_id: int, now: datetime) -> None:
    """Say of a merchant that it is there to try things in; it stays so."""
    row, is_new = Sandbox.objects.get_or_create(
        merchant_id=merchant_id, defaults={"opened_at": now}
    )
    forget_sandboxes()
    if is_new:
        audit.record(
            audit.Change(
                action="openplatform.open_sandbox",
                subject="sandbox",
                subject_id=row.id,
                reason="opened",
            ),
            now=now,
        )
