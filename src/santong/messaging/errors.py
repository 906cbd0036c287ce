"""The refusals of messaging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from santong.kernel.errors import Conflict, LimitExceeded


@dataclass
class TwoSecretsAlready(Conflict):
    """While a secret is rotated two are good; a third has to wait until the oldest has ended."""

    code: ClassVar[str] = "messaging.two_secrets_already"
    older_until: datetime


@dataclass
class WebhookPaused(Conflict):
    """Nothing is sent to a webhook that is paused; resume it first."""

    code: ClassVar[str] = "messaging.webhook_paused"
    webhook_id: int


@dataclass
class TooManyWebhooks(LimitExceeded):
    """A merchant has at most so many webhooks."""

    code: ClassVar[str] = "messaging.too_many_webhooks"
    most: int
