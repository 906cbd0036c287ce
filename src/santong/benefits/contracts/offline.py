"""Redemptions that tills made without asking, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

UploadOutcome = Literal["counted", "double", "refused"]
UPLOAD_OUTCOMES: tuple[UploadOutcome, ...] = get_args(UploadOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineUse:
    """What a till noted when it took a coupon offline; `key` names it among the till's."""

    key: str
    code: str
    amount_minor: int
    redeemed_at: datetime
    location_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadResult:
    """What became of one of them: counted, used elsewhere before, or refused, and why."""

    key: str
    coupon_id: int | None
    outcome: UploadOutcome
    why: str
    first_till: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleUse:
    """One coupon that two tills took; it was counted once."""

    id: int
    coupon_id: int
    till: str
    first_till: str
    amount_minor: int
    redeemed_at: datetime
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """By which tills know the merchant's signature."""

    version: int
    public: bytes
