"""What agents hold open in the asynchronous process: the Model Context Protocol under `/mcp`."""

from __future__ import annotations

from functools import partial
from typing import cast

from asgiref.typing import ASGI3Application
from django.conf import settings

from santong.agents.tools.application import METADATA_PATH, PATH, application
from santong.kernel.streams import Mount

LOCAL = "http://127.0.0.1:8000"


def mounts(*, streams_url: str, issuer_url: str, hosts: list[str]) -> list[Mount]:
    """One application under two paths: the tools, and where to get a token for them.

    `streams_url` is where others reach it, `issuer_url` whose OAuth server gives tokens. Requests
    under names that are not among `hosts` are refused. It lives once.
    """
    app = application(streams_url=streams_url, issuer_url=issuer_url, hosts=hosts)
    served = cast("ASGI3Application", app)
    return [
        Mount(path=PATH, application=served, running=partial(app.router.lifespan_context, app)),
        Mount(path=METADATA_PATH, application=served),
    ]


MOUNTS = mounts(
    streams_url=settings.SANTONG_STREAMS_URL or settings.SANTONG_PUBLIC_URL or LOCAL,
    issuer_url=settings.SANTONG_PUBLIC_URL or LOCAL,
    hosts=settings.ALLOWED_HOSTS,
)
