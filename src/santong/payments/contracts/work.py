"""What a provider is to be asked next, claimed by whoever asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from santong.payments.contracts.providers import Ask, RefundAsk, TransferAsk

About = Literal["payment", "refund", "transfer"]
ABOUTS: tuple[About, ...] = get_args(About)
WorkStep = Literal[
    "ask", "query", "capture", "close", "refund", "query_refund", "transfer", "query_sent"
]
WORK_STEPS: tuple[WorkStep, ...] = get_args(WorkStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call to a provider, claimed: whoever holds the claim makes it and settles it.

    `reference` is our number of what it is about; `payment_reference` that of the payment. A buyer
    who is to be shown something and has not been (`is_shown`) cannot pay.
    """

    work_id: int
    claim: int
    attempts: int
    about: About
    step: WorkStep
    account_code: str
    provider: str
    reference: str
    payment_reference: str
    amount_minor: int
    expires_at: datetime
    is_shown: bool = True
    ask: Ask | None = None
    refund: RefundAsk | None = None
    transfer: TransferAsk | None = None
