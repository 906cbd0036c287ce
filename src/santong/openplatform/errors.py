"""The refusals of openplatform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, NotAllowed


@dataclass
class AppKeyTaken(Conflict):
    """Another app has this key."""

    code: ClassVar[str] = "openplatform.app_key_taken"
    app_key: str


@dataclass
class AppStateForbids(Conflict):
    """In its state the app cannot do this, or have it done to it."""

    code: ClassVar[str] = "openplatform.app_state_forbids"
    app_key: str
    state: str


@dataclass
class TwoAppSecretsAlready(Conflict):
    """Two secrets are good already: end the older one first, or wait."""

    code: ClassVar[str] = "openplatform.two_secrets_already"
    older_until: datetime


@dataclass
class NotReady(Conflict):
    """Lines of the list that is gone through before an app goes live are open."""

    code: ClassVar[str] = "openplatform.not_ready"
    open_checks: list[str]


@dataclass
class UnknownPack(Invalid):
    """There is no function pack of this code, or the app did not choose it."""

    code: ClassVar[str] = "openplatform.unknown_pack"
    packs: list[str]


@dataclass
class AskedTooMuch(NotAllowed):
    """More was consented to than the app asks for."""

    code: ClassVar[str] = "openplatform.asked_too_much"
    personal_data: str


@dataclass
class MoreThanOwn(NotAllowed):
    """Nobody lets an app do what they may not do themselves, or where they may not."""

    code: ClassVar[str] = "openplatform.more_than_own"
    permissions: list[str]


@dataclass
class NotApprovedHere(NotAllowed):
    """Whoever runs the platform approves the apps of sandboxes; developers do not."""

    code: ClassVar[str] = "openplatform.not_approved_here"
    app_key: str
