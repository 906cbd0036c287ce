"""What a consent may say, and what holds after all that was said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from santong.customers.contracts import (
    CHANNELS,
    LONGEST_CODE,
    LONGEST_VERSION,
    PURPOSES,
    ConsentEvent,
    Topic,
)
from santong.kernel.errors import FieldInvalid

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
REACHING = frozenset({"marketing", "service"})
# Clocks of tills differ; more than that is a mistake.
AHEAD = timedelta(minutes=10)


def checked_topic(topic: Topic) -> Topic:
    """What somebody consents to, if it makes sense. Raises FieldInvalid."""
    if topic.purpose not in PURPOSES:
        raise FieldInvalid(pointer="/purpose", reason="unknown")
    if topic.channel not in CHANNELS or bool(topic.channel) != (topic.purpose in REACHING):
        raise FieldInvalid(pointer="/channel", reason="a channel where somebody is reached")
    if bool(topic.processor) != (topic.purpose == "sharing"):
        raise FieldInvalid(pointer="/processor", reason="a processor where data is shared")
    if topic.processor:
        checked_code(topic.processor, pointer="/processor")
    return topic


def checked_code(code: str, *, pointer: str, most: int = LONGEST_CODE) -> str:
    """A code, never free text: what is kept as proof names nobody. Raises FieldInvalid."""
    if len(code) > most or not _CODE.fullmatch(code):
        raise FieldInvalid(pointer=pointer, reason=f"a code of 1 to {most} characters")
    return code


def checked_text(*, version: str, text_hash: str) -> bytes:
    """The text that was shown, by its version and SHA-256. Raises FieldInvalid."""
    checked_code(version, pointer="/text_version", most=LONGEST_VERSION)
    if not _HASH.fullmatch(text_hash):
        raise FieldInvalid(pointer="/text_hash", reason="a SHA-256 in 64 hexadecimal digits")
    return bytes.fromhex(text_hash)


def checked_moment(given_at: datetime, *, now: datetime) -> datetime:
    """When somebody said so: not in the future. Raises FieldInvalid."""
    if given_at > now + AHEAD:
        raise FieldInvalid(pointer="/given_at", reason="not yet")
    return min(given_at, now)


def is_granted(events: Iterable[ConsentEvent], *, topic: Topic, now: datetime) -> bool:
    """Whether a consent stands: the last word counts; of two at once the one that takes back."""
    said = [event for event in events if event.topic == topic and event.given_at <= now]
    if not said:
        return False
    return max(said, key=lambda event: (event.given_at, not event.is_granted)).is_granted
