"""Refusals as a tool's answer: an error that the agent can read, with what is missing."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext, override
from mcp_types import CallToolResult, TextContent

from santong.kernel.errors import DomainError
from santong.kernel.http.problems import plain


def refused_result(refused: DomainError) -> CallToolResult:
    """A problem document, as text and as data."""
    document = problem_of(refused)
    text = json.dumps(document, ensure_ascii=False)
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=document,
        is_error=True,
    )


def problem_of(refused: DomainError) -> dict[str, Any]:
    """The members of a problem document (RFC 9457), with its title in both languages."""
    titles = {}
    for language, name in (("en", "title"), ("zh-hans", "title_zh")):
        with override(language):
            titles[name] = gettext(refused.code)
    members = json.loads(json.dumps(refused.members(), default=plain))
    return {
        "type": f"urn:santong:problem:{refused.code}",
        "code": refused.code,
        "status": refused.status,
        **titles,
        **members,
    }
