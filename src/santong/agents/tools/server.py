"""The Model Context Protocol's server: the official SDK speaks, `run` does the work in a thread.

Who calls is seen anew with every message, so a tool that somebody may not use is neither listed nor
called, and a revoked credential ends within seconds. No session is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import structlog
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool

import santong.agents.tools.joined  # noqa: F401  the contexts' tools are joined by being imported
from santong.agents.errors import ToolBroke
from santong.agents.tools import guide, run
from santong.agents.tools.confirm import input_of, output_of
from santong.agents.tools.refused import refused_result
from santong.agents.tools.registry import AnyTool, tool_named
from santong.kernel.errors import DomainError
from santong.kernel.threads import in_thread

NAME: Final = "santong"

Context = ServerRequestContext[Any, Any]

log = structlog.get_logger("santong.agents")


def server_for(token_of: Callable[[], str]) -> Server[Any]:
    """A server whose callers' credential `token_of` gives."""
    return Server(
        NAME,
        title="Santong",
        version="1",
        instructions=guide.INSTRUCTIONS,
        get_tool_input_schema=_schema_of,
        on_list_tools=partial(_list_tools, token_of),
        on_call_tool=partial(_call_tool, token_of),
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
    )


def bearer() -> str:
    """The token of the request at hand, which the transport has let through."""
    token = get_access_token()
    return token.token if token else ""


async def _list_tools(
    token_of: Callable[[], str], _context: Context, _asked: PaginatedRequestParams | None
) -> ListToolsResult:
    try:
        seen = await in_thread(run.seen_tools, token=token_of())
    except DomainError as refused:
        raise MCPError(code=INVALID_PARAMS, message=refused.code) from None
    return ListToolsResult(tools=[_listed(tool) for tool in seen], ttl_ms=0, cache_scope="private")


def _listed(tool: AnyTool) -> ListedTool:
    return ListedTool(
        name=tool.name,
        title=f"{tool.title.en} · {tool.title.zh}",
        description=tool.about.both,
        input_schema=input_of(tool).model_json_schema(),
        output_schema=output_of(tool).model_json_schema(mode="serialization"),
        annotations=ToolAnnotations(
            title=f"{tool.title.en} · {tool.title.zh}",
            read_only_hint=not tool.writes,
            destructive_hint=tool.writes,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _schema_of(name: str) -> dict[str, Any] | None:
    try:
        return input_of(tool_named(name)).model_json_schema()
    except DomainError:
        return None


async def _call_tool(
    token_of: Callable[[], str], context: Context, asked: CallToolRequestParams
) -> CallToolResult:
    client = context.session.client_params
    try:
        given = await in_thread(
            run.call_tool,
            token=token_of(),
            name=asked.name,
            arguments=asked.arguments or {},
            client=client.client_info.name if client else "",
        )
    except DomainError as refused:
        log.info("tool_refused", tool=asked.name[:64], code=refused.code)
        return refused_result(refused)
    except Exception:
        log.exception("tool_broke", tool=asked.name[:64])
        return refused_result(ToolBroke())
    text = json.dumps(given, ensure_ascii=False)
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=given, is_error=False
    )


async def _list_resources(
    _context: Context, _asked: PaginatedRequestParams | None
) -> ListResourcesResult:
    return ListResourcesResult(resources=guide.resources())


async def _read_resource(_context: Context, asked: ReadResourceRequestParams) -> ReadResourceResult:
    found = guide.read(str(asked.uri))
    if found is None:
        raise MCPError(code=INVALID_PARAMS, message="no such resource")
    return ReadResourceResult(contents=[found])


async def _list_prompts(
    _context: Context, _asked: PaginatedRequestParams | None
) -> ListPromptsResult:
    return ListPromptsResult(prompts=guide.prompts())


async def _get_prompt(_context: Context, asked: GetPromptRequestParams) -> GetPromptResult:
    found = guide.prompt(asked.name, (asked.arguments or {}).get("order", ""))
    if found is None:
        raise MCPError(code=INVALID_PARAMS, message="no such prompt")
    return found
