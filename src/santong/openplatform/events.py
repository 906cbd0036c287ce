"""The facts of openplatform: who an app is, never what it signs with."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("openplatform.app_state_changed.v1", aggregate="app_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AppStateChanged:
    """An app went on trial, live, was suspended, or goes on. Told in its developer's tenant."""

    app_id: int
    app_key: str
    from_state: str
    to_state: str


@fact("openplatform.app_authorised.v1", aggregate="authorisation_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AppAuthorised:
    """This merchant lets an app do something."""

    authorisation_id: int
    app_key: str
    packs: tuple[str, ...]


@fact("openplatform.app_authorisation_revoked.v1", aggregate="authorisation_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AppAuthorisationRevoked:
    """This merchant does not let the app do anything any more."""

    authorisation_id: int
    app_key: str
