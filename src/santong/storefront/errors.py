"""What storefront refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotAllowed, Unavailable


@dataclass
class PhoneInvalid(Invalid):
    """That is no number of a mobile phone."""

    code: ClassVar[str] = "storefront.phone_invalid"


@dataclass
class CodeWrong(NotAllowed):
    """The code is not the one that was sent."""

    code: ClassVar[str] = "storefront.code_wrong"
    left: int


@dataclass
class CodeOver(Conflict):
    """The code has expired, was used, replaced by a newer one, or was typed wrong too often."""

    code: ClassVar[str] = "storefront.code_over"


@dataclass
class TooManyTries(LimitExceeded):
    """Too many codes were asked for, or too many were wrong; the next is heard after a pause."""

    code: ClassVar[str] = "storefront.too_many_tries"
    retry_after_seconds: int


@dataclass
class NotSent(Unavailable):
    """The message could not be handed on; the same request may succeed later."""

    code: ClassVar[str] = "storefront.not_sent"
    retry_after_seconds: int = 60


@dataclass
class ConsentMissing(Invalid):
    """Nobody becomes a member without agreeing to it."""

    code: ClassVar[str] = "storefront.consent_missing"


@dataclass
class NothingToJoin(Conflict):
    """The merchant has no programme that takes members."""

    code: ClassVar[str] = "storefront.nothing_to_join"


@dataclass
class PhoneShared(Conflict):
    """Several members have the phone, and it says of none of them who they are."""

    code: ClassVar[str] = "storefront.phone_shared"


@dataclass
class CannotDecline(Conflict):
    """A member before the payment, or too long after it."""

    code: ClassVar[str] = "storefront.cannot_decline"
    order_id: str
