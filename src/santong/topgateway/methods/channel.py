"""The message channel over HTTP: what an application may hear of a seller, and what waits for it.

`consume` and `confirm` are the application's own, over all its sellers; they need no session, and
may be sent again: what is not confirmed comes again, what is confirmed stays so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from santong.messaging import public as messaging
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.rules.arguments import Asked, Document, Id, Text, Words
from santong.topgateway.rules.declaring import method
from santong.topgateway.rules.outline import Item

DEFAULT_GROUP: Final = "default"
MOST: Final = 200
LONGEST_ID: Final = 18


class Consumed(Asked):
    """Of which group, and how many."""

    group_name: Text = Field(DEFAULT_GROUP, description="The group of the application.")
    quantity: Id = Field(100, description="How many, 200 at most.", ge=1, le=MOST)


class Confirmed(Asked):
    """Messages that were taken."""

    s_message_ids: Words = Field(description=f"Their ids, {MOST} at most.", min_length=1)
    group_name: Text = Field(DEFAULT_GROUP, description="The group; it is not looked at.")


class Permitted(Asked):
    """What the application may hear of the seller."""

    topics: Words | None = Field(
        None, description="Topics, in place of those before; without them all of the platform's."
    )
    group_name: Text = Field(DEFAULT_GROUP, description="The group that gets the messages.")


class UserNamed(Asked):
    """Whose permit; it is always the session's seller."""

    nick: Text | None = Field(None, description="The seller; it is not looked at.")
    user_platform: Text | None = Field(None, description="It is not looked at.")


class UserAsked(UserNamed):
    """Whose permit is read."""

    fields: Words | None = Field(None, description="What to tell; all of it is told.")


class Produced(Asked):
    """What an application has to say of a seller."""

    topic: Text = Field(description="A topic of the application's own: `bu_group_Event`.")
    content: Document = Field(description="A JSON object, as text.")
    media_content: Text | None = Field(None, description="It is not looked at.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TmcMessage:
    """A message."""

    id: Annotated[int, "Its number: what is confirmed."]
    topic: Annotated[str, "What it is about."]
    content: Annotated[str, "What happened, as JSON text."]
    pub_time: Annotated[datetime, "When it happened, GMT+8."]
    pub_app_key: Annotated[str, "The application that produced it; the platform is `santong`."]
    user_id: Annotated[int, "The seller, by number."]
    user_nick: Annotated[str, "The seller."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """What waits."""

    messages: Annotated[
        tuple[TmcMessage, ...], "The longest waiting seller first.", Item("tmc_message")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """How it went."""

    is_success: Annotated[bool, "Whether anything was there to do it to."]


@dataclass(frozen=True, slots=True, kw_only=True)
class TmcUser:
    """What an application may hear of a seller."""

    user_id: Annotated[int, "The seller, by number."]
    user_nick: Annotated[str, "The seller."]
    is_valid: Annotated[bool, "Whether messages are kept for it."]
    topics: Annotated[tuple[str, ...], "What it hears.", Item("string")]
    group_name: Annotated[str, "The group that gets them."]
    created: Annotated[datetime, "Since when, GMT+8."]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneUser:
    """What an application may hear of a seller, if it may."""

    tmc_user: Annotated[TmcUser | None, "The permit."]


@method("taobao.tmc.messages.consume", pack="messages", does="reads", needs_session=False)
def consume(call: Call, asked: Consumed) -> Messages:
    """Take what waits for a group. What is not confirmed within a minute comes again."""
    found = messaging.consume(
        app_key=call.app_key, group_name=asked.group_name, quantity=asked.quantity, now=call.now
    )
    return Messages(messages=tuple(_message(each) for each in found))


@method("taobao.tmc.messages.confirm", pack="messages", does="writes", needs_session=False)
def confirm(call: Call, asked: Confirmed) -> Success:
    """Be done with messages. One that is not there, or not the application's, is passed over."""
    messaging.confirm(app_key=call.app_key, ids=_ids(asked.s_message_ids))
    return Success(is_success=True)


@method("taobao.tmc.user.permit", pack="messages", does="writes", permission="messages.edit")
def permit(call: Call, asked: Permitted) -> Success:
    """Hear of these topics of the seller from now on, in place of those before."""
    messaging.permit(
        merchant_id=call.merchant_id,
        app_key=call.app_key,
        topics=asked.topics or (),
        user_id=call.user_id,
        user_nick=call.user_nick,
        group_name=asked.group_name,
        now=call.now,
    )
    return Success(is_success=True)


@method("taobao.tmc.user.cancel", pack="messages", does="writes", permission="messages.edit")
def cancel(call: Call, _asked: UserNamed) -> Success:
    """Hear nothing of the seller any more; what is not confirmed is gone."""
    done = messaging.cancel_permit(merchant_id=call.merchant_id, app_key=call.app_key, now=call.now)
    return Success(is_success=done)


@method("taobao.tmc.user.get", pack="messages", does="reads", permission="messages.view")
def get(call: Call, _asked: UserAsked) -> OneUser:
    """Read what the application hears of the seller."""
    found = messaging.permit_of(merchant_id=call.merchant_id, app_key=call.app_key)
    if found is None:
        return OneUser(tmc_user=None)
    return OneUser(
        tmc_user=TmcUser(
            user_id=found.user_id,
            user_nick=found.user_nick,
            is_valid=True,
            topics=found.topics,
            group_name=found.group_name,
            created=found.since,
        )
    )


@method("taobao.tmc.message.produce", pack="messages", does="writes", permission="messages.edit")
def produce(call: Call, asked: Produced) -> Success:
    """Say something of the seller to the other applications that it lets hear it."""
    heard = messaging.produce(
        merchant_id=call.merchant_id,
        app_key=call.app_key,
        topic=asked.topic,
        content=asked.content,
        now=call.now,
    )
    return Success(is_success=heard)


def _message(each: messaging.ChannelMessage) -> TmcMessage:
    return TmcMessage(
        id=each.id,
        topic=each.topic,
        content=each.content,
        pub_time=each.published_at,
        pub_app_key=each.publisher or "santong",
        user_id=each.user_id,
        user_nick=each.user_nick,
    )


def _ids(words: Sequence[str]) -> list[int]:
    for word in words:
        if not (word.isascii() and word.isdigit() and len(word) <= LONGEST_ID):
            why = "s_message_ids: whole numbers with commas between them"
            raise Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    return [int(word) for word in words]


METHODS = (consume, confirm, permit, cancel, get, produce)
