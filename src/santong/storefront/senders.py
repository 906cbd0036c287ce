"""How messages leave for a phone. A provider of short messages is one class with one method."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Protocol

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from santong.kernel import tenancy
from santong.storefront.errors import NotSent
from santong.storefront.services.claim_notices import claim_notices
from santong.storefront.services.keep_message import keep_message
from santong.storefront.services.settle_notice import settle_notice

log = structlog.get_logger(__name__)


class Sender(Protocol):
    """Hands messages to whoever carries them; named by the setting SANTONG_MESSAGE_SENDER."""

    def send(self, *, merchant_id: int, phone: str, text: str, now: datetime) -> None:
        """Hand on one message to a phone (E.164), within seconds, or raise what went wrong.

        Runs outside any transaction.
        """
        ...


class KeptMessages:
    """The simulated sender: a message goes no further than the merchant's own table, sealed."""

    def send(self, *, merchant_id: int, phone: str, text: str, now: datetime) -> None:
        """Keep the message; `./santong manage last_message` shows it."""
        with tenancy.scope(merchant_id=merchant_id):
            keep_message(merchant_id=merchant_id, phone=phone, text=text, now=now)


def send(*, merchant_id: int, phone: str, text: str, now: datetime) -> None:
    """Send a message by the sender of this installation, at most once. Raises NotSent."""
    try:
        _sender(settings.SANTONG_MESSAGE_SENDER).send(
            merchant_id=merchant_id, phone=phone, text=text, now=now
        )
    except Exception as failure:
        # What went wrong, by its kind alone: its words may hold the phone.
        log.warning("message_not_sent", merchant_id=merchant_id, why=type(failure).__name__)
        raise NotSent from failure


def send_notices(*, merchant_id: int, clock: Callable[[], datetime], most: int = 50) -> int:
    """Send what is due of a merchant's notices, each outside any transaction; how many were tried.

    A notice whose sender dies between sending and noting it is sent once more: twice is better
    than never.
    """
    with tenancy.scope(merchant_id=merchant_id):
        due = claim_notices(merchant_id=merchant_id, most=most, now=clock())
    for notice in due:
        try:
            send(merchant_id=merchant_id, phone=notice.phone, text=notice.text, now=clock())
            why = ""
        except NotSent as failure:
            why = type(failure.__cause__ or failure).__name__
        with tenancy.scope(merchant_id=merchant_id):
            settle_notice(
                merchant_id=merchant_id,
                notice_id=notice.id,
                claim=notice.claim,
                why=why,
                now=clock(),
            )
    return len(due)


@cache
def _sender(name: str) -> Sender:
    sender: Sender = import_string(name)()
    return sender
