"""Somebody looks at what an app wants to do, and lets it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel import audit, tenancy
from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import NotApprovedHere, UnknownPack
from santong.openplatform.rules.fields import clean_reason, in_order
from santong.openplatform.selectors.apps import forget_apps
from santong.openplatform.selectors.sandboxes import is_sandbox
from santong.openplatform.services.lock_app import lock_app

APPROVE = "apps.authorise"


@all_or_nothing
def approve_packs(
    *, merchant_id: int, app_key: str, packs: Collection[str], reason: str, now: datetime
) -> contracts.RegisteredApp:
    """Let an app have these packs when it is live, instead of whatever was approved before.

    A merchant approves its own apps; those of sandboxes are approved by whoever runs the platform.
    Raises NoSuch, UnknownPack, PermissionMissing, NotApprovedHere, FieldInvalid. Locks the app.
    """
    reason = clean_reason(reason)
    actor = tenancy.current().actor
    if actor.kind != "system":
        if not actor.may(APPROVE):
            raise PermissionMissing(permission=APPROVE)
        if is_sandbox(merchant_id=merchant_id):
            raise NotApprovedHere(app_key=app_key)
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    if unknown := sorted(set(packs) - set(row.packs)):
        raise UnknownPack(packs=unknown)
    before, row.approved_packs = row.approved_packs, in_order(packs)
    row.version += 1
    row.save(update_fields=["approved_packs", "version"])
    forget_apps()
    audit.record(
        audit.Change(
            action="openplatform.approve_packs",
            subject="app",
            subject_id=row.id,
            reason=reason,
            before={"approved_packs": before},
            after={"approved_packs": row.approved_packs},
        ),
        now=now,
    )
    return row.as_contract()
