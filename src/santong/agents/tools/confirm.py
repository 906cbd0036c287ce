"""Writes are said twice: what would happen and a code; then the same with the code, done once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from django.conf import settings
from pydantic import BaseModel, Field, create_model

from santong.agents.errors import ConfirmationMoved, ConfirmationOver, ConfirmationWrong
from santong.agents.rules import confirmations
from santong.agents.tools.arguments import understood
from santong.agents.tools.registry import AnyTool, Asked, Call, Preview, Told
from santong.kernel import audit, idempotency

CONFIRM: Final = "confirm"
_JSON: Final = "application/json"


class Announced(Told):
    """What a write would do, or what it has done. `result` is null until it is done."""

    is_done: bool
    would_zh: str
    would_en: str
    confirm: str | None = Field(description="Send the same call with this to have it done.")
    confirm_until: datetime | None


def input_of(tool: AnyTool) -> type[BaseModel]:
    """What a tool takes on the wire: a write also its code."""
    if not tool.writes:
        taken: type[BaseModel] = tool.takes
        return taken
    code = Field(
        max_length=confirmations.LENGTH,
        description="Empty to be told what would happen; then the code of that answer.",
    )
    fields: dict[str, Any] = {CONFIRM: (Annotated[str, code], "")}
    name = f"{tool.takes.__name__}Confirmed"
    return create_model(name, __base__=tool.takes, __doc__=tool.takes.__doc__, **fields)


def output_of(tool: AnyTool) -> type[BaseModel]:
    """What a tool gives on the wire: a write what it would do, and its result when it is done."""
    if not tool.writes:
        given: type[BaseModel] = tool.gives
        return given
    fields: dict[str, Any] = {"result": (tool.gives | None, ...)}
    name = f"{tool.gives.__name__}Announced"
    return create_model(name, __base__=Announced, __doc__=Announced.__doc__, **fields)


def confirmed(tool: AnyTool, call: Call, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What would happen and a code; with the code, what has happened, the same however often.

    Raises ConfirmationWrong, ConfirmationOver, ConfirmationMoved, and what the command raises.
    Locks the code.
    """
    code = str(arguments.get(CONFIRM) or "")
    said = {name: value for name, value in arguments.items() if name != CONFIRM}
    asked: Asked = understood(tool, said)
    command = confirmations.Command(
        merchant_id=call.merchant_id,
        actor=f"{call.actor.kind}:{call.actor.id}",
        tool=tool.name,
        asked=asked.model_dump(mode="json"),
    )
    if not code:
        return _announce(tool, call, asked, command)
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not confirmations.is_of(secrets=secrets, code=code, command=command):
        raise ConfirmationWrong(tool=tool.name)
    return _do_once(tool, call, asked, command, code)


def _announce(
    tool: AnyTool, call: Call, asked: Asked, command: confirmations.Command
) -> dict[str, Any]:
    would = _would(tool, call, asked)
    code = confirmations.code_of(
        secret=settings.SECRET_KEY, command=command, rests_on=would.rests_on, now=call.now
    )
    return _shown(tool, would, code=code, result=None)


def _do_once(
    tool: AnyTool, call: Call, asked: Asked, command: confirmations.Command, code: str
) -> dict[str, Any]:
    key = f"agents:{code}"
    hashed = idempotency.request_hash(command.written())
    first = idempotency.first_answer(merchant_id=call.merchant_id, key=key, hashed=hashed)
    if first is not None:
        answered: dict[str, Any] = json.loads(first.body)
        return answered
    if confirmations.is_over(code=code, now=call.now):
        raise ConfirmationOver(tool=tool.name)
    would = _would(tool, call, asked)
    if not confirmations.rests_on_same(code=code, rests_on=would.rests_on):
        raise ConfirmationMoved(tool=tool.name)
    result: Told = tool.does(call, asked)
    _record(tool, call, command)
    shown = _shown(tool, would, code=None, result=result)
    body = json.dumps(shown, ensure_ascii=False).encode()
    idempotency.remember(
        merchant_id=call.merchant_id,
        key=key,
        hashed=hashed,
        answer=idempotency.Answer(200, body, _JSON),
        now=call.now,
    )
    return shown


def _would(tool: AnyTool, call: Call, asked: Asked) -> Preview:
    assert tool.would is not None, "only a write is announced"
    would: Preview = tool.would(call, asked)
    return would


def _record(tool: AnyTool, call: Call, command: confirmations.Command) -> None:
    """That an agent did it, beside what the command itself records."""
    change = audit.Change(
        action=f"agents.{tool.name}",
        subject="agent",
        subject_id=int(call.actor.id) if call.actor.id.isdecimal() else 0,
        reason=str(command.asked.get("reason", "")),
        after={"tool": tool.name, "asked": dict(command.asked)},
    )
    audit.record(change, now=call.now)


def _shown(
    tool: AnyTool, would: Preview, *, code: str | None, result: Told | None
) -> dict[str, Any]:
    until = confirmations.expires_at(code=code) if code else None
    shown = output_of(tool)(
        is_done=result is not None,
        would_zh=would.words.zh,
        would_en=would.words.en,
        confirm=code,
        confirm_until=until,
        result=result,
    )
    return shown.model_dump(mode="json")
