"""The door of gateway: connections, how they fare, and what waits to be sent."""

from santong.gateway.contracts import (
    CONNECTION_KINDS,
    Alarm,
    BreakerState,
    CallMade,
    Connection,
    ConnectionChange,
    ConnectionKind,
    ConnectionState,
    Direction,
    Health,
    LineState,
    LoggedCall,
    NewConnection,
    NewSecret,
    Outcome,
    RefusalCode,
    Refused,
    Waiting,
    WaitingState,
)
from santong.gateway.errors import ConnectionCodeTaken, ConnectionPaused, TwoSecretsAlready
from santong.gateway.rules.alarm import Counts, percentage
from santong.gateway.rules.backoff import wait_before
from santong.gateway.rules.breaker import Breaker, failed, let_through, succeeded
from santong.gateway.selectors.connections import connection_by_id, connections
from santong.gateway.selectors.health import alarms, calls_of, health, line_states
from santong.gateway.selectors.invariants import check_invariants
from santong.gateway.selectors.persons import export_person
from santong.gateway.selectors.refusals import refused_calls_of, refused_since
from santong.gateway.selectors.waiting import waiting_of
from santong.gateway.services.create_connection import create_connection
from santong.gateway.services.forget_person import forget_person
from santong.gateway.services.judge_connection import judge_connection
from santong.gateway.services.log_call import log_call
from santong.gateway.services.pause_connection import pause_connection, resume_connection
from santong.gateway.services.rotate_secret import rotate_secret
from santong.gateway.services.send_now import send_now
from santong.gateway.services.take_in_order import TakenIn, take_in_order
from santong.gateway.services.update_connection import update_connection

__all__ = [
    "CONNECTION_KINDS",
    "Alarm",
    "Breaker",
    "BreakerState",
    "CallMade",
    "Connection",
    "ConnectionChange",
    "ConnectionCodeTaken",
    "ConnectionKind",
    "ConnectionPaused",
    "ConnectionState",
    "Counts",
    "Direction",
    "Health",
    "LineState",
    "LoggedCall",
    "NewConnection",
    "NewSecret",
    "Outcome",
    "RefusalCode",
    "Refused",
    "TakenIn",
    "TwoSecretsAlready",
    "Waiting",
    "WaitingState",
    "alarms",
    "calls_of",
    "check_invariants",
    "connection_by_id",
    "connections",
    "create_connection",
    "export_person",
    "failed",
    "forget_person",
    "health",
    "judge_connection",
    "let_through",
    "line_states",
    "log_call",
    "pause_connection",
    "percentage",
    "refused_calls_of",
    "refused_since",
    "resume_connection",
    "rotate_secret",
    "send_now",
    "succeeded",
    "take_in_order",
    "update_connection",
    "wait_before",
    "waiting_of",
]
