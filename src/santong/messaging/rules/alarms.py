"""Which facts are alarms, and what a mail says of them: in both languages, without any name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The subject and the text of a mail; `once` is what makes it the same alarm."""

    subject: str
    body: str
    once: str


def _connection_alarm(fact: Mapping[str, Any]) -> Words:
    failed, share = fact["failures"], fact["percentage"]
    return Words(
        subject=f"[Santong] 连接报警:{failed} 次失败,错误率 {share} · {failed} failures, {share}",
        body=(
            f"连接 {fact['connection_id']}:最近 5 分钟 {fact['calls']} 次调用,失败 {failed} 次,"
            f"错误率 {share}。\n"
            f"Connection {fact['connection_id']}: {failed} of {fact['calls']} calls failed in"
            f" 5 minutes, error rate {share}.\n"
        ),
        once=f"alarm:{fact['alarm_id']}",
    )


def _connection_recovered(fact: Mapping[str, Any]) -> Words:
    return Words(
        subject="[Santong] 连接已恢复 · connection recovered",
        body=(
            f"连接 {fact['connection_id']} 已恢复。\n"
            f"Connection {fact['connection_id']} does not fail too often any more.\n"
        ),
        once=f"recovered:{fact['alarm_id']}",
    )


def _webhook_failing(fact: Mapping[str, Any]) -> Words:
    return Words(
        subject=f"[Santong] 回调失败:{fact['name']} · webhook failing",
        body=(
            f"回调“{fact['name']}”无法接收消息,将继续重试。\n"
            f"The webhook “{fact['name']}” does not take messages; they are sent again later.\n"
        ),
        once=f"failing:{fact['webhook_id']}:{fact['since']}",
    )


def _webhook_paused(fact: Mapping[str, Any]) -> Words:
    return Words(
        subject=f"[Santong] 回调已暂停:{fact['name']} · webhook paused",
        body=(
            f"回调“{fact['name']}”长时间失败或已停用,已暂停发送;请检查后在消息中心恢复。\n"
            f"The webhook “{fact['name']}” failed for too long or is gone, and is paused. Resume it"
            " in the message centre once it answers.\n"
        ),
        once=f"paused:{fact['webhook_id']}",
    )


ALARMS: Final[Mapping[str, Callable[[Mapping[str, Any]], Words]]] = {
    "gateway.connection_alarm.v1": _connection_alarm,
    "gateway.connection_recovered.v1": _connection_recovered,
    "messaging.webhook_failing.v1": _webhook_failing,
    "messaging.webhook_paused.v1": _webhook_paused,
}
