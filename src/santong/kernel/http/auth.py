"""Who is asking: the credential's merchant first, its actor inside the merchant's scope."""

from __future__ import annotations

from typing import Any, Protocol

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import Actor


class MerchantRequest(HttpRequest):
    """A request with a credential that was recognised."""

    merchant_id: int
    actor: Actor


class Credentials(Protocol):
    """How the merchants context recognises a request; named in the settings."""

    def merchant_of(self, request: HttpRequest) -> int | None:
        """Which merchant the credential says it belongs to; reads no row of a cell."""
        ...

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        """Whose credential it is, if it is good. Runs in the merchant's scope."""
        ...


class Requires(HttpAuthBase):
    """Lets a request through whose actor has a permission, with the places that it covers."""

    openapi_scheme = "bearer"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any | None:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            return None
        if not actor.may(self.permission):
            raise PermissionMissing(permission=self.permission)
        narrowed = actor.at(self.permission)
        request.actor = narrowed  # type: ignore[attr-defined]
        return narrowed


class Recognised(HttpAuthBase):
    """Lets a request through that has a good credential, whatever it may do."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Any | None:
        return getattr(request, "actor", None)


recognised = Recognised()


def requires(permission: str) -> Requires:
    """An endpoint's guard: 401 without a good credential, 403 without the permission."""
    return Requires(permission)
