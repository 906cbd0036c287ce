"""Which apps a merchant lets in."""

from __future__ import annotations

from santong.openplatform import contracts
from santong.openplatform.models import Authorisation


def authorisations(*, merchant_id: int) -> list[contracts.Authorisation]:
    """Every app that a merchant lets in or has let in, oldest first."""
    rows = Authorisation.objects.of_merchant(merchant_id).order_by("id")
    return [row.as_contract() for row in rows]


def authorisation_of(*, merchant_id: int, app_key: str) -> contracts.Authorisation | None:
    """What a merchant lets an app do now; None if nothing."""
    row = (
        Authorisation.objects.of_merchant(merchant_id)
        .filter(app_key=app_key, revoked_at=None)
        .first()
    )
    return row.as_contract() if row else None
