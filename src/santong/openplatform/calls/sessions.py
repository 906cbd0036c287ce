"""What a session key opens, and who calls with it."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import tenancy
from santong.kernel.cells import UnknownMerchant
from santong.kernel.tenancy import Actor
from santong.openplatform import contracts
from santong.openplatform.rules.keys import ReadKey, read_key
from santong.openplatform.selectors.sessions import (
    NoSession,
    SessionKey,
    known_sessions,
    session_by_key,
)


def session_of(*, app: contracts.App, session_key: str, now: datetime) -> contracts.Session | None:
    """What a session key opens for an app, as it was at most five seconds ago.

    It opens the seller's scope itself where it does not remember: call it outside any other.
    """
    key = read_key(session_key)
    if key is None or key.kind != "access" or key.app_key != app.app_key:
        return None
    try:
        found = known_sessions.get(_known_as(app, key), lambda: _read(app, key))
    except (NoSession, UnknownMerchant):
        return None
    is_good = app.may_call and now < found.expires_at
    return found if is_good else None


def actor_of(*, session: contracts.Session) -> Actor:
    """Who a call with this session is made by."""
    return Actor(
        kind="app",
        id=session.app_key,
        name=session.app_name,
        permissions=session.permissions,
        location_ids=session.location_ids,
    )


def _known_as(app: contracts.App, key: ReadKey) -> SessionKey:
    return key.merchant_id, key.hashed, app.packs, app.personal_data


def _read(app: contracts.App, key: ReadKey) -> contracts.Session:
    """In the seller's scope: that which is open already, where a request has opened it."""
    with tenancy.scope(merchant_id=key.merchant_id):
        return session_by_key(app=app, key=key)
