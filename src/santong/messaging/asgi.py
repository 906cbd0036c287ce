"""What messaging lets the asynchronous process serve: webhooks go out while it lives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime

from santong.kernel.streams import Mount
from santong.kernel.threads import in_thread
from santong.messaging.rules.channel import NO_APP, NO_RIGHT
from santong.messaging.senders.rounds import going_round
from santong.messaging.streams.channel import AppUnknown, Channel
from santong.openplatform import public as openplatform

PACK = "messages"


def _secrets_of(app_key: str, now: datetime) -> Sequence[str]:
    app = openplatform.app_by_key(app_key=app_key, now=now)
    if app is None or app.state not in {"sandbox", "live"}:
        raise AppUnknown(NO_APP)
    if PACK not in app.packs:
        raise AppUnknown(NO_RIGHT)
    return app.secrets


@asynccontextmanager
async def _running() -> AsyncIterator[None]:
    """Webhooks go round in a thread; clients of the channel are told when the process ends."""
    with ExitStack() as rounds:
        rounds.enter_context(going_round())
        async with channel.open():
            yield
        await in_thread(rounds.close)


channel = Channel(secrets_of=_secrets_of)
MOUNTS = (Mount(path="/tmc", application=channel, running=_running),)
