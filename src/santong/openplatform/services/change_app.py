"""A developer changes what an app is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.kernel import audit
from santong.kernel.errors import VersionMoved
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.models import App
from santong.openplatform.rules import addresses, fields
from santong.openplatform.selectors.apps import forget_apps
from santong.openplatform.services.lock_app import lock_app


@all_or_nothing
def change_app(
    *,
    merchant_id: int,
    app_key: str,
    version: int,
    wanted: contracts.AppChange,
    now: datetime,
) -> contracts.RegisteredApp:
    """Change what is named; other processes see it within five seconds.

    A pack that a live app chooses anew waits for its approval, and for merchants' consent.
    Raises NoSuch, VersionMoved, FieldInvalid, UnknownPack. Locks the app.
    """
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    if row.version != version:
        raise VersionMoved(version=row.version)
    before = _set(row, _checked(wanted))
    if not before:
        return row.as_contract()
    row.version += 1
    row.save(update_fields=[*before, "version"])
    forget_apps()
    audit.record(
        audit.Change(
            action="openplatform.change_app",
            subject="app",
            subject_id=row.id,
            reason="changed",
            before=before,
            after={field: getattr(row, field) for field in before},
        ),
        now=now,
    )
    return row.as_contract()


def _checked(wanted: contracts.AppChange) -> dict[str, Any]:
    """What is to be, by field."""
    found: dict[str, Any] = {}
    if wanted.name is not None:
        found["name"] = fields.clean_name(wanted.name)
    if wanted.description is not None:
        found["description"] = fields.clean_description(wanted.description)
    if wanted.packs is not None:
        found["packs"] = fields.checked_packs(wanted.packs)
    if wanted.personal_data is not None:
        found["personal_data"] = wanted.personal_data
    if wanted.redirect_uris is not None:
        found["redirect_uris"] = addresses.checked_redirects(wanted.redirect_uris)
    if wanted.ip_ranges is not None:
        found["ip_ranges"] = addresses.checked_ranges(wanted.ip_ranges)
    if wanted.calls_per_minute is not None:
        found["calls_per_minute"] = fields.checked_calls(wanted.calls_per_minute)
    return found


def _set(row: App, wanted: dict[str, Any]) -> dict[str, Any]:
    """Set what differs; what stood there before, by field."""
    before = {
        field: getattr(row, field) for field in wanted if getattr(row, field) != wanted[field]
    }
    for field in before:
        setattr(row, field, wanted[field])
    return before
