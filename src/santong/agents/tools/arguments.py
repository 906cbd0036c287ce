"""What agents send, read as a tool takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from santong.agents.errors import ArgumentsInvalid
from santong.agents.tools.registry import AnyTool


def understood(tool: AnyTool, arguments: Mapping[str, Any]) -> Any:
    """What was sent, as the tool takes it. Raises ArgumentsInvalid, which repeats no value."""
    try:
        return tool.takes.model_validate(dict(arguments))
    except ValidationError as wrong:
        problems = tuple(
            f"{'.'.join(str(part) for part in each['loc']) or 'arguments'}: {each['msg']}"
            for each in wrong.errors(include_input=False, include_url=False)
        )
        raise ArgumentsInvalid(tool=tool.name, problems=problems) from None
