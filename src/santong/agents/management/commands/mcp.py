from __future__ import annotations

import sys
from typing import Any

import anyio
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from mcp.server.stdio import stdio_server

from santong.agents.tools.server import server_for
from santong.kernel.threads import close_threads


class Command(BaseCommand):
    """The agents' server for one program on this machine: over standard input and output."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        token: str = settings.SANTONG_MCP_TOKEN
        if not token:
            raise CommandError("SANTONG_MCP_TOKEN is not set: an API token says who is asking.")
        # What is printed is the protocol; what is logged goes beside it.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        try:
            anyio.run(_serve, token)
        finally:
            close_threads()


async def _serve(token: str) -> None:
    server = server_for(lambda: token)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
