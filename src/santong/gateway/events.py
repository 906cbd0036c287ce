"""What has happened on the lines to others."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("gateway.connection_alarm.v1", aggregate="connection_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionAlarm:
    """Too many calls of a connection failed: `failures` of `calls` in the window, "12.12 %"."""

    connection_id: int
    alarm_id: int
    calls: int
    failures: int
    percentage: str


@fact("gateway.connection_recovered.v1", aggregate="connection_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionRecovered:
    """An alarm has ended: the calls of the window do not fail too often any more."""

    connection_id: int
    alarm_id: int
    calls: int
    failures: int
    percentage: str
