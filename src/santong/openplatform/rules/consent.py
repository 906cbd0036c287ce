"""What a merchant may let an app do: no more than it asks, no more than who says so may do."""

from __future__ import annotations

from collections.abc import Callable

from santong.openplatform.contracts import PERSONAL_DATA, App, Consent
from santong.openplatform.rules.packs import permissions_of

Places = frozenset[int] | None


def may_be_authorised(*, app: App, seller_is_sandbox: bool) -> bool:
    """Whether a merchant may let an app in: in trial, only sandboxes and nobody's real data."""
    return app.state == "live" or (app.state == "sandbox" and seller_is_sandbox)


def consented_permissions(*, consent: Consent) -> frozenset[str]:
    """What a consent comes to."""
    return permissions_of(packs=consent.packs, personal_data=consent.personal_data)


def asks_too_much(*, app: App, consent: Consent) -> bool:
    """Whether people are told of more than the app asks for."""
    return PERSONAL_DATA.index(consent.personal_data) > PERSONAL_DATA.index(app.personal_data)


def beyond_own(
    *,
    permissions: frozenset[str],
    places: Places,
    may: Callable[[str], bool],
    own_places: Callable[[str], Places],
) -> list[str]:
    """The permissions that somebody lacks, altogether or at some of the places."""
    return sorted(
        permission
        for permission in permissions
        if not may(permission) or not _within(places, own_places(permission))
    )


def _within(inner: Places, outer: Places) -> bool:
    return outer is None or (inner is not None and inner <= outer)
