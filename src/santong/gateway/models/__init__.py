"""The tables of the gateway: lines to others, what went over them, and what waits."""

from santong.gateway.models.calls import Alarm, Call
from santong.gateway.models.connections import Breaker, Connection, ConnectionSecret
from santong.gateway.models.queues import MemberSync, Operation
from santong.gateway.models.refusals import RefusedCalls
from santong.gateway.models.standings import StandingBehind

__all__ = [
    "Alarm",
    "Breaker",
    "Call",
    "Connection",
    "ConnectionSecret",
    "MemberSync",
    "Operation",
    "RefusedCalls",
    "StandingBehind",
]
