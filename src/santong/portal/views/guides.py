"""Guides: what is true of every call, and of what calls back. Examples are computed, not pasted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from pydantic import TypeAdapter

from santong.agents import public as agents
from santong.kernel import facts
from santong.kernel.errors import NoSuch
from santong.kernel.signing import SIGN_METHODS, spi_sign
from santong.messaging import public as messaging
from santong.openplatform import public as openplatform
from santong.portal.rules.documents import flattened, laid_out
from santong.portal.rules.schemas import schema_lines
from santong.portal.rules.signing.steps import signing_of
from santong.portal.views.documents import (
    EXAMPLE_KEY,
    EXAMPLE_SECRET,
    EXAMPLE_SESSION,
    GUIDES,
    SECTION,
    code_lines,
    site_of,
)
from santong.portal.views.frame import open_page, shown
from santong.qimen import public as qimen

# The call of the platform's own published example, with its time.
_PUBLISHED: Final = {
    "method": "taobao.item.seller.get",
    "app_key": EXAMPLE_KEY,
    "session": EXAMPLE_SESSION,
    "timestamp": "2016-01-01 12:00:00",
    "format": "json",
    "v": "2.0",
    "fields": "num_iid,title,nick,price,num",
    "num_iid": "11223344",
}
_BODY: Final = '{"num_iid":11223344}'
_WEBHOOK_SECRET: Final = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  printed in public documents
_WEBHOOK_ID: Final = "msg_42_1007"
_WEBHOOK_AT: Final = "1794382020"


@open_page()
def guide_page(request: HttpRequest, guide: str) -> HttpResponse:
    """One of the guides. Raises NoSuch."""
    if guide not in GUIDES:
        raise NoSuch(kind="guide", key=guide[:80])
    values = _VALUES[guide](request)
    return shown(request, f"guides/{guide}", {"guide": guide, **values}, section=SECTION)


@open_page()
def qimen_page(request: HttpRequest, name: str) -> HttpResponse:
    """One document of the bus."""
    told = qimen.described_document(name=name)
    values = {
        "document": told,
        "fields": flattened(told.fields),
        "example": laid_out(told.example),
        "site": site_of(request),
    }
    return shown(request, "qimen_document", values, section=SECTION)


@open_page()
def topic_page(request: HttpRequest, name: str) -> HttpResponse:
    """One topic with its data."""
    for topic in messaging.TOPICS:
        if topic.name == name:
            schema = _outward(topic.fact)
            values = {
                "topic": topic,
                "about": " ".join(str(schema.get("description", "")).split()),
                "members": schema_lines(schema),
                "example": _pretty(_event(topic.name, schema)),
            }
            return shown(request, "topic", values, section=SECTION)
    raise NoSuch(kind="topic", key=name[:80])


def _signing(_: HttpRequest) -> Mapping[str, Any]:
    form = [
        signing_of(
            way=way,
            secret=EXAMPLE_SECRET,
            params={**_PUBLISHED, "sign_method": way},
            hidden=frozenset(),
        )
        for way in SIGN_METHODS
    ]
    system = {
        name: value for name, value in _PUBLISHED.items() if name not in {"fields", "num_iid"}
    }
    body = signing_of(
        way="md5",
        secret=EXAMPLE_SECRET,
        params={**system, "sign_method": "md5"},
        body=_BODY.encode(),
        hidden=frozenset(),
    )
    spi = {"app_key": EXAMPLE_KEY, "timestamp": "2016-01-01 12:00:00", "session": ""}
    spi_body = b'{"mobile":"13800138000"}'
    return {
        "secret": EXAMPLE_SECRET,
        "signings": form,
        "body": body,
        "raw_body": _BODY,
        "spi_text": "".join(name + spi[name] for name in sorted(spi)) + spi_body.decode(),
        "spi_sign": spi_sign(secret=EXAMPLE_SECRET, params=spi, headers={}, body=spi_body),
    }


def _oauth(request: HttpRequest) -> Mapping[str, Any]:
    return {
        "told": openplatform.server_metadata(issuer=site_of(request)),
        "packs": openplatform.pack_lines(packs=openplatform.PACKS),
        "persons": openplatform.person_lines(most="plain"),
        "lifetimes": openplatform.LIFETIMES,
    }


def _errors(_: HttpRequest) -> Mapping[str, Any]:
    return {"errors": code_lines(())}


def _qimen(request: HttpRequest) -> Mapping[str, Any]:
    return {"documents": qimen.described_documents(), "site": site_of(request)}


def _topics(_: HttpRequest) -> Mapping[str, Any]:
    return {
        "topics": [(topic, _about(topic.fact)) for topic in messaging.TOPICS],
        "top_topics": [
            (told, laid_out(told.content))
            for told in messaging.described_top_topics(example_of=_example_of)
        ],
    }


def _webhooks(_: HttpRequest) -> Mapping[str, Any]:
    name = "santong.order.paid.v1"
    (fact,) = (topic.fact for topic in messaging.TOPICS if topic.name == name)
    body = json.dumps(_event(name, _outward(fact)), ensure_ascii=False, separators=(",", ":"))
    signed = f"{_WEBHOOK_ID}.{_WEBHOOK_AT}.{body}"
    digest = hmac.new(base64.b64decode(_WEBHOOK_SECRET), signed.encode(), hashlib.sha256)
    return {
        "secret": f"whsec_{_WEBHOOK_SECRET}",
        "message_id": _WEBHOOK_ID,
        "sent_at": _WEBHOOK_AT,
        "body": body,
        "signature": f"v1,{base64.b64encode(digest.digest()).decode()}",
        "topics": len(messaging.TOPICS),
    }


def _mcp(request: HttpRequest) -> Mapping[str, Any]:
    return {
        "tools": [
            (tool, schema_lines(tool.takes.model_json_schema())) for tool in agents.every_tool()
        ],
        "site": site_of(request),
    }


_VALUES: Final[Mapping[str, Callable[[HttpRequest], Mapping[str, Any]]]] = {
    "signing": _signing,
    "oauth": _oauth,
    "errors": _errors,
    "qimen": _qimen,
    "topics": _topics,
    "webhooks": _webhooks,
    "mcp": _mcp,
}


def _schema(fact: str) -> dict[str, Any]:
    return TypeAdapter(facts.fact_types()[fact].cls).json_schema(mode="serialization")


def _outward(fact: str) -> dict[str, Any]:
    """What leaves of a fact: ids are text."""
    return messaging.outward_schema(schema=_schema(fact))


def _about(fact: str) -> str:
    return " ".join(str(_schema(fact).get("description", "")).split())


def _example_of(fact: str) -> Mapping[str, Any]:
    schema = _schema(fact)
    told: dict[str, Any] = messaging.example_value(schema=schema, defined=schema.get("$defs", {}))
    return told


def _event(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": _WEBHOOK_ID,
        "source": "/merchants/42",
        "type": name,
        "subject": "…",
        "time": "2026-11-11T07:27:00Z",
        "datacontenttype": "application/json",
        "sequence": "1007",
        "data": messaging.example_value(schema=schema, defined=schema.get("$defs", {})),
    }


def _pretty(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
