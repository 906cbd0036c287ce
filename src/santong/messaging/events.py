"""The facts of messaging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("messaging.webhook_failing.v1", aggregate="webhook_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookFailing:
    """An endpoint does not take messages; it is asked again, less and less often."""

    webhook_id: int
    name: str
    since: datetime


@fact("messaging.webhook_recovered.v1", aggregate="webhook_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookRecovered:
    """An endpoint that was failing takes messages again."""

    webhook_id: int
    name: str


@fact("messaging.webhook_paused.v1", aggregate="webhook_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookPausedByItself:
    """Nothing is sent to an endpoint any more until somebody resumes it: `why` says what it did.

    `failed_too_long`, or `gone`: it answered 410.
    """

    webhook_id: int
    name: str
    why: str
