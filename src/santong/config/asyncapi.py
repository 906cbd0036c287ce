"""What a receiver of webhooks may hear, as AsyncAPI 3.0: generated from topics and facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from santong.messaging import public as messaging

_HEADERS = {
    "type": "object",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {"type": "string", "description": "The same at every try: keep it."},
        "webhook-timestamp": {"type": "string", "description": "Seconds since 1970, of this try."},
        "webhook-signature": {
            "type": "string",
            "description": "Standard Webhooks: `v1,` and base64 of HMAC-SHA-256, one a secret.",
        },
    },
}


def asyncapi(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The document: a channel, a message and a schema of its data for each topic."""
    topics = sorted(messaging.TOPICS, key=lambda topic: topic.name)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Santong webhooks",
            "version": "1",
            "description": (
                "CloudEvents 1.0 in the structured mode, one a request, signed as Standard Webhooks"
                " says. At least once; in order for each `subject`."
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            topic.name: {
                "address": topic.name,
                "messages": {topic.name: {"$ref": f"#/components/messages/{topic.name}"}},
            }
            for topic in topics
        },
        "operations": {
            f"send:{topic.name}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "messages": [{"$ref": f"#/channels/{topic.name}/messages/{topic.name}"}],
                "bindings": {"http": {"method": "POST"}},
            }
            for topic in topics
        },
        "components": {
            "messages": {topic.name: _message(topic, schemas[topic.fact]) for topic in topics},
            "schemas": {topic.name: _data(schemas[topic.fact], topic.name) for topic in topics},
        },
    }


def _message(topic: messaging.Topic, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": topic.name,
        "title": schema["title"],
        "summary": " ".join(schema["description"].split()),
        "contentType": "application/cloudevents+json",
        "headers": _HEADERS,
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
            "properties": {
                "specversion": {"const": "1.0"},
                "id": {"type": "string"},
                "source": {"type": "string", "format": "uri-reference"},
                "type": {"const": topic.name},
                "subject": {
                    "type": "string",
                    "description": f"`{schema['x-ordered-by']}:…`: messages of one come in order.",
                },
                "time": {"type": "string", "format": "date-time"},
                "datacontenttype": {"const": "application/json"},
                "sequence": {"type": "string", "description": "Grows from message to message."},
                "data": {"$ref": f"#/components/schemas/{topic.name}"},
            },
        },
    }


def _data(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The fact's own schema with ids as text; what it defines is referred to where it lies now."""
    plain = {word: value for word, value in schema.items() if not word.startswith(("$sch", "$id"))}
    plain.pop("x-ordered-by", None)
    moved: dict[str, Any] = _moved(messaging.outward_schema(schema=plain), name)
    return moved


def _moved(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {
            word: f"#/components/schemas/{name}/{each.removeprefix('#/')}"
            if word == "$ref"
            else _moved(each, name)
            for word, each in value.items()
        }
    if isinstance(value, list):
        return [_moved(each, name) for each in value]
    return value
