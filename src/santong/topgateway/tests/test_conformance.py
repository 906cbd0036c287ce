"""What every method of the registry keeps, whatever it does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from xml.etree import ElementTree as ET

import pytest
from pydantic import BaseModel

from santong.merchants.public import PERMISSIONS
from santong.openplatform import public as openplatform
from santong.topgateway import errors
from santong.topgateway.errors import Refused
from santong.topgateway.methods.registry import METHOD_BY_NAME
from santong.topgateway.rules.declaring import Method
from santong.topgateway.rules.envelope import root_of, written
from santong.topgateway.rules.outline import Outline, Part

METHODS = list(METHOD_BY_NAME.values())
NAMES = list(METHOD_BY_NAME)
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def sample_of(declared: Any) -> Any:
    """A value as JSON would send it."""
    while get_origin(declared) in {Annotated, Union, UnionType}:
        declared = get_args(declared)[0]
    if get_origin(declared) is Literal:
        return get_args(declared)[0]
    if get_origin(declared) is tuple:
        inner = get_args(declared)[0]
        return [sample_of(inner)] if issubclass(inner, BaseModel) else "1"
    if issubclass(declared, BaseModel):
        return {name: sample_of(f.annotation) for name, f in declared.model_fields.items()}
    return {int: "1", str: "x", bool: "true", datetime: "2026-01-02 11:04:05"}[declared]


def arguments_of(method: Method) -> dict[str, object]:
    """As they travel: what is structured is one JSON text."""
    found = {name: sample_of(f.annotation) for name, f in method.asks.model_fields.items()}
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in found.items()
    }


def answer_of(outline: Outline) -> Any:
    """An answer with everything in it, each list with two items."""
    values = {part.name: part_of(part) for part in outline.parts}
    return outline.made_from(**values)


def part_of(part: Part) -> Any:
    one = answer_of(part.inner) if part.inner else BY_KIND[part.kind]
    return (one, one) if part.item else one


BY_KIND: Mapping[str, Any] = {
    "text": '三 & <"x">',
    "number": 2**63 - 1,
    "flag": True,
    "moment": AT,
}


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_it_takes_what_it_declares(method: Method) -> None:
    assert method.read(arguments_of(method)) is not None


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_each_argument_that_is_missing_is_named(method: Method) -> None:
    whole = arguments_of(method)
    required = [name for name, field in method.asks.model_fields.items() if field.is_required()]

    for name in required:
        with pytest.raises(Refused) as refused:
            method.read({other: value for other, value in whole.items() if other != name})
        assert refused.value.code == errors.MISSING_ARGUMENTS
        assert refused.value.sub_msg.startswith(f"{name}: ")


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_each_argument_of_a_wrong_kind_is_named(method: Method) -> None:
    whole = arguments_of(method)

    for name in whole:
        for wrong in ({"a": 1.5}, 1.5, "\x00", "\ud800"):
            with pytest.raises(Refused) as refused:
                method.read({**whole, name: wrong})
            assert refused.value.code == errors.INVALID_ARGUMENTS or "missing" in str(refused.value)
            assert refused.value.sub_msg.startswith(name)


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_its_answer_has_the_declared_shape_in_every_style(method: Method) -> None:
    answer = answer_of(method.answers)
    said = {
        style: written(
            answer,
            outline=method.answers,
            method=method.name,
            style=style,
            request_id="r1",
        )
        for style in ("json", "simple", "plain", "xml")
    }

    wrapped = json.loads(said["json"])
    assert list(wrapped) == [root_of(method.name)]
    inside, flat = wrapped[root_of(method.name)], json.loads(said["simple"])
    assert inside.pop("request_id") == flat.pop("request_id") == "r1"
    assert_shape(inside, method.answers, is_flat=False)
    assert_shape(flat, method.answers, is_flat=True)
    assert said["plain"] == said["simple"]
    root = ET.fromstring(said["xml"])  # noqa: S314  our own
    assert (root.tag, root[-1].tag) == (root_of(method.name), "request_id")
    root.remove(root[-1])
    assert_elements(root, method.answers)


def assert_shape(said: Mapping[str, Any], outline: Outline, *, is_flat: bool) -> None:
    assert list(said) == [part.name for part in outline.parts]
    for part in outline.parts:
        value = said[part.name]
        if part.item and not is_flat:
            assert list(value) == [part.item]
            value = value[part.item]
        for each in value if part.item else [value]:
            if part.inner:
                assert_shape(each, part.inner, is_flat=is_flat)
            else:
                assert each == TOLD[part.kind]


TOLD: Mapping[str, Any] = {**BY_KIND, "moment": "2026-01-02 11:04:05"}
TOLD_IN_XML: Mapping[str, Any] = {**TOLD, "number": str(2**63 - 1), "flag": "true"}


def assert_elements(element: ET.Element, outline: Outline) -> None:
    assert [each.tag for each in element] == [part.name for part in outline.parts]
    for part, child in zip(outline.parts, element, strict=True):
        items = list(child) if part.item else [child]
        if part.item:
            assert child.get("list") == "true"
            assert [each.tag for each in items] == [part.item, part.item]
        for each in items:
            if part.inner:
                assert_elements(each, part.inner)
            else:
                assert each.text == TOLD_IN_XML[part.kind]


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_it_is_in_a_pack_that_has_its_permission(method: Method) -> None:
    pack = openplatform.PACKS[method.pack]

    assert method.permission in {*pack.permissions, ""}
    assert method.permission in {*PERMISSIONS, ""}
    assert method.permission or not method.needs_session


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_all_of_it_is_explained(method: Method) -> None:
    assert all(field.description for field in method.asks.model_fields.values())
    assert all(part.about for part in method.answers.parts)


@pytest.mark.parametrize(
    "sent", [1.0, "1.0", "1e3", "9223372036854775808", "-1", "٣", True, "1 ", "0x1", "9" * 5_000]
)
def test_an_id_never_passes_a_float(sent: object) -> None:
    method = METHOD_BY_NAME["taobao.trade.fullinfo.get"]

    with pytest.raises(Refused) as refused:
        method.read({"tid": sent})

    assert refused.value.sub_msg.startswith("tid: ")


def test_an_id_of_64_bits_stays_whole() -> None:
    asked: Any = METHOD_BY_NAME["taobao.trade.fullinfo.get"].read({"tid": "9223372036854775807"})

    assert asked.tid == 2**63 - 1
