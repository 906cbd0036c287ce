"""The document of webhooks describes each topic, and every reference in it leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from santong.config import reference
from santong.config.asyncapi import asyncapi
from santong.messaging import public as messaging

# What AsyncAPI 3.0 asks of a document, as far as ours goes.
STRUCTURE = {
    "type": "object",
    "required": ["asyncapi", "info", "channels", "operations", "components"],
    "additionalProperties": False,
    "properties": {
        "asyncapi": {"const": "3.0.0"},
        "info": {"type": "object", "required": ["title", "version"]},
        "defaultContentType": {"type": "string"},
        "channels": {
            "additionalProperties": {
                "type": "object",
                "required": ["address", "messages"],
                "properties": {"messages": {"minProperties": 1}},
            }
        },
        "operations": {
            "additionalProperties": {
                "type": "object",
                "required": ["action", "channel", "messages"],
                "properties": {"action": {"enum": ["send", "receive"]}},
            }
        },
        "components": {
            "properties": {
                "messages": {
                    "additionalProperties": {
                        "required": ["name", "payload", "headers", "summary"],
                        "properties": {"summary": {"minLength": 1}},
                    }
                },
                "schemas": {"additionalProperties": {"type": "object"}},
            }
        },
    },
}


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def there(document: Any, reference_to: str) -> bool:
    found = document
    for part in reference_to.removeprefix("#/").split("/"):
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True


def test_it_is_an_asyncapi_document_in_which_every_reference_leads_somewhere() -> None:
    document = json.loads(reference.documents()["asyncapi.json"])

    assert list(Draft202012Validator(STRUCTURE).iter_errors(document)) == []
    assert set(document["channels"]) == messaging.NAMES
    assert [each for each in references(document) if not there(document, each)] == []
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_a_message_as_it_is_sent_is_what_the_document_says() -> None:
    document = asyncapi(reference.event_schemas())
    schema = {
        "$ref": "#/components/messages/santong.stock.counted.v1/payload",
        "components": document["components"],
    }
    message = {
        "specversion": "1.0",
        "id": "msg_1_1",
        "source": "/merchants/1",
        "type": "santong.stock.counted.v1",
        "subject": "location_id:7",
        "time": "2026-11-11T07:27:00Z",
        "data": {"location_id": "7", "skus": [{"sku_id": "8", "delta": -1, "on_hand": 3}]},
    }

    def errors(data: dict[str, Any]) -> int:
        return len(list(Draft202012Validator(schema).iter_errors({**message, "data": data})))

    assert errors({"location_id": "7", "skus": [{"sku_id": "8", "delta": -1, "on_hand": 3}]}) == 0
    assert errors({"location_id": 7, "skus": []}) == 1
    assert errors({"location_id": "7", "skus": [{"sku_id": 8, "delta": 0, "on_hand": 0}]}) == 1
