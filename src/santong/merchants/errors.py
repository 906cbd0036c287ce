"""What merchants refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotAllowed


@dataclass
class CodeTaken(Conflict):
    """Another thing of this kind has the code."""

    code: ClassVar[str] = "merchants.code_taken"
    kind: str
    key: str


@dataclass
class LogInRefused(NotAllowed):
    """Merchant, log-in and password do not belong together. It is not said which is wrong."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "merchants.log_in_refused"


@dataclass
class TooManyTries(LimitExceeded):
    """Too many wrong passwords; the next try is heard after a pause."""

    code: ClassVar[str] = "merchants.too_many_tries"
    retry_after_seconds: int


@dataclass
class PasswordTooWeak(Invalid):
    """The new password is too short, too common or the old one."""

    code: ClassVar[str] = "merchants.password_too_weak"
    reason: str


@dataclass
class MoreThanOwnPermissions(NotAllowed):
    """Nobody gives away what they do not have."""

    code: ClassVar[str] = "merchants.more_than_own_permissions"
    permissions: tuple[str, ...]


@dataclass
class LastHeadOffice(Conflict):
    """Somebody must remain who can manage the merchant."""

    code: ClassVar[str] = "merchants.last_head_office"
