"""One app's group on this process: its clients share what waits for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog
from django.db import DatabaseError

from santong.kernel import cells
from santong.kernel.threads import in_thread
from santong.messaging.contracts import ChannelMessage
from santong.messaging.services.queue import AGAIN_AFTER
from santong.messaging.streams.queue import MOST, confirm, consume, give_back

# So many messages of a client may be on their way or unconfirmed.
WINDOW: Final = 100
SHORTEST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 1.0

log = structlog.get_logger(__name__)

Give = Callable[[ChannelMessage], Awaitable[None]]


@dataclass(eq=False)
class Member:
    """A client of a group: what it may still be given, and what it has not confirmed."""

    outgoing: asyncio.Queue[ChannelMessage] = field(default_factory=asyncio.Queue)
    held: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    has_pulled: bool = False
    to_confirm: set[int] = field(default_factory=set)
    confirming: asyncio.Task[None] | None = None

    def room(self, *, now: datetime) -> int:
        """How many more it may be given. What comes again by itself is not held any more."""
        for queued_id, (_, since) in list(self.held.items()):
            if now - since < AGAIN_AFTER:
                break
            del self.held[queued_id]
        return WINDOW - len(self.held) if self.has_pulled else 0

    def take(self, message: ChannelMessage, *, now: datetime) -> None:
        """Give it a message, which it then holds."""
        self.held.pop(message.id, None)
        self.held[message.id] = (message.merchant_id, now)
        self.outgoing.put_nowait(message)


class Group:
    """Asks the database for what is due while a client has room, and shares it out.

    Asking now and then, not being told: one short statement a second for each group that somebody
    listens to, no connection held, and nothing that could be missed.
    """

    def __init__(self, *, app_key: str, group_name: str) -> None:
        self.app_key = app_key
        self.group_name = group_name
        self.members: list[Member] = []
        self._asking: asyncio.Task[None] | None = None
        self._stirred = asyncio.Event()

    def join(self, member: Member) -> None:
        """Let a client share."""
        self.members.append(member)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())

    async def leave(self, member: Member) -> None:
        """Let a client go; what it has not confirmed is given to another at once."""
        self.members.remove(member)
        if not self.members and self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if member.confirming is not None:
            await member.confirming
        by_seller: defaultdict[int, list[int]] = defaultdict(list)
        for queued_id, (merchant_id, _) in member.held.items():
            by_seller[merchant_id].append(queued_id)
        if by_seller:
            await in_thread(
                give_back, app_key=self.app_key, ids_by_seller=dict(by_seller), now=_now()
            )

    def pull(self, member: Member) -> None:
        """A client asks for messages."""
        member.has_pulled = True
        self._stirred.set()

    def confirm(self, member: Member, queued_id: int) -> None:
        """A client is done with a message. Several confirmations share a trip to the database."""
        member.held.pop(queued_id, None)
        member.to_confirm.add(queued_id)
        self._stirred.set()
        if member.confirming is None or member.confirming.done():
            member.confirming = asyncio.create_task(self._confirm(member))

    async def _confirm(self, member: Member) -> None:
        while member.to_confirm:
            ids = [member.to_confirm.pop() for _ in range(min(MOST, len(member.to_confirm)))]
            try:
                await in_thread(confirm, app_key=self.app_key, ids=ids)
            except (DatabaseError, cells.MerchantIsMoving) as failure:
                # They come again, and are confirmed then.
                log.warning("confirmations_lost", count=len(ids), error=str(failure))

    async def _ask(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                given = await self._share()
            except DatabaseError as failure:
                log.warning("channel_waits_for_database", error=str(failure))
                given, pause = 0, LONGEST_PAUSE
            pause = SHORTEST_PAUSE if given else min(pause * 1.5, LONGEST_PAUSE)
            if not given:
                self._stirred.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stirred.wait(), pause)

    async def _share(self) -> int:
        """Ask for as much as there is room for, and give it to those with the most room."""
        now = _now()
        room = {member: member.room(now=now) for member in self.members}
        wanted = min(sum(room.values()), MOST)
        if wanted <= 0:
            return 0
        found = await in_thread(
            consume,
            app_key=self.app_key,
            group_name=self.group_name,
            quantity=wanted,
            now=now,
        )
        for message in found:
            there = [member for member in self.members if member in room]
            if not there:
                # All have gone meanwhile: it comes again when its time has passed.
                break
            member = max(there, key=lambda each: room[each])
            room[member] -= 1
            member.take(message, now=now)
        return len(found)


def _now() -> datetime:
    return datetime.now(UTC)
