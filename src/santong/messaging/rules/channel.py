"""What the channel's frames say: who asks to be let in, and what a message looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.kernel.signing import SIGN, is_fresh, is_same_signature, top_sign
from santong.messaging.contracts import LONGEST_GROUP, ChannelMessage
from santong.messaging.rules.frames import (
    CONNECT_ACK,
    DATA,
    KIND,
    SEND,
    Frame,
    byte,
    date,
    int64,
    text,
)

SIGNED: Final = ("app_key", "group_name", "timestamp")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a client is not let in: the number and the words that TOP's router has for it."""

    status: int
    phrase: str


NO_APP: Final = Refusal(29, "Invalid App Key")
WRONG_SIGN: Final = Refusal(25, "Invalid signature")
STALE: Final = Refusal(31, "Invalid Timestamp")
WRONG_GROUP: Final = Refusal(41, "Invalid Arguments:group_name")
NO_RIGHT: Final = Refusal(11, "Insufficient isv permissions")
TOO_MANY: Final = Refusal(7, "App Call Limited")


def refusal_of(*, frame: Frame, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """Why whoever says this is not let in; None if they may come in.

    `secrets` are those of the app that are good now; none, and there is no such app. What was
    signed more than ten minutes ago is refused, as a call to the router is.
    """
    if not secrets:
        return NO_APP
    group_name = frame.text("group_name")
    if not 0 < len(group_name) <= LONGEST_GROUP:
        return WRONG_GROUP
    if not is_fresh(timestamp=frame.text("timestamp"), now=now):
        return STALE
    given = frame.text(SIGN)
    params = {name: frame.text(name) for name in SIGNED}
    good = [
        is_same_signature(given=given, expected=connect_sign(secret=secret, params=params))
        for secret in secrets
    ]
    return None if any(good) else WRONG_SIGN


def connect_sign(*, secret: str, params: dict[str, str]) -> str:
    """The signature of a CONNECT: MD5 over app key, group and timestamp, in upper-case hex."""
    return top_sign(method="md5", secret=secret, params=params)


def accepted(*, token: str) -> Frame:
    """The answer to who may come in: what every frame of theirs has to bring."""
    return Frame(type=CONNECT_ACK, token=token)


def refused(*, refusal: Refusal) -> Frame:
    """The answer to who may not."""
    return Frame(type=CONNECT_ACK, status=refusal.status, phrase=refusal.phrase)


def data(*, token: str, message: ChannelMessage, now: datetime) -> Frame:
    """A message as a client reads it. The token is the client's own."""
    return Frame(
        type=SEND,
        token=token,
        content={
            KIND: byte(DATA),
            "id": int64(message.id),
            "topic": text(message.topic),
            "content": text(message.content),
            "publisher": text(message.publisher or "santong"),
            "userid": int64(message.user_id),
            "nick": text(message.user_nick),
            "time": date(_milliseconds(message.published_at)),
            "outtime": date(_milliseconds(now)),
            "dataid": text(str(message.id)),
        },
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000)
