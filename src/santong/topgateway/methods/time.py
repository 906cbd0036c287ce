"""The platform's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from santong.topgateway.contracts import Call
from santong.topgateway.rules.arguments import Asked
from santong.topgateway.rules.declaring import method


class Nothing(Asked):
    """No arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """What time it is."""

    time: Annotated[datetime, "The time here, GMT+8."]


@method("taobao.time.get", pack="base", does="reads", needs_session=False)
def time_get(call: Call, _asked: Nothing) -> Time:
    """Tell the time, so that a client can set its clock before it signs."""
    return Time(time=call.now)


METHODS = (time_get,)
