"""A topic of TOP in words: the facts that it is told of, and a content made as real ones are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from santong.messaging.contracts import TopTopicDescription
from santong.messaging.rules.top_topics import TOP_TOPICS, Known, beijing

AT: Final = datetime.fromisoformat("2026-11-11T00:30:00+08:00")
_KNOWN: Final = Known(
    merchant_id=310001,
    nick="三通旗舰店",
    tid="2000001234567890",
    status="WAIT_SELLER_SEND_GOODS",
    payment_minor=19_900,
    code_by_sku={},
    store_name="人民广场店",
    store_code="CN001",
    at=AT,
)

ExampleOf = Callable[[str], Mapping[str, Any]]


def described_top_topics(*, example_of: ExampleOf) -> list[TopTopicDescription]:
    """Every topic of the message channel by name; `example_of` gives a fact's data by its name."""
    facts_by_name: dict[str, list[str]] = {}
    contents: dict[str, str] = {}
    for topic in sorted(TOP_TOPICS, key=lambda each: each.name):
        facts_by_name.setdefault(topic.name, []).append(topic.fact)
        told = topic.contents(example_of(topic.fact), _KNOWN)
        if told:
            contents.setdefault(topic.name, json.dumps(told[0], ensure_ascii=False))
    return [
        TopTopicDescription(name=name, facts=tuple(facts), content=contents.get(name, "{}"))
        for name, facts in facts_by_name.items()
    ]


def example_value(*, schema: Mapping[str, Any], defined: Mapping[str, Any], name: str = "") -> Any:
    """A value that a JSON Schema allows, as an example shows it."""
    if "$ref" in schema:
        inner = defined[str(schema["$ref"]).rpartition("/")[2]]
        return example_value(schema=inner, defined=defined, name=name)
    if "anyOf" in schema:
        return example_value(schema=schema["anyOf"][0], defined=defined, name=name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [""])[0])
    kind = schema.get("type")
    if kind == "object":
        return {
            each: example_value(schema=told, defined=defined, name=each)
            for each, told in schema.get("properties", {}).items()
        }
    if kind == "array":
        return [example_value(schema=schema.get("items", {}), defined=defined, name=name)]
    return _plain(kind, schema, name)


def _plain(kind: object, schema: Mapping[str, Any], name: str) -> Any:
    if kind == "integer":
        return 19_900 if name.endswith("_minor") else 1
    if kind == "boolean":
        return True
    if schema.get("format") == "date-time":
        return AT.isoformat()
    if kind == "string" and name == "kind":
        return "store"
    return beijing(AT)[:10] if schema.get("format") == "date" else name or "text"
