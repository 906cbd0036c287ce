"""Answers and refusals in every style, as the published clients expect them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from xml.etree import ElementTree as ET

import pytest

from santong.kernel.tests.vectors import ABSENT, FILE, cases_of
from santong.topgateway import errors
from santong.topgateway.contracts import Style
from santong.topgateway.errors import Refused
from santong.topgateway.rules.envelope import content_type_of, refusal, root_of, written
from santong.topgateway.rules.outline import Item, check_answer, outline_of

CONSUME = "taobao.tmc.messages.consume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: Annotated[int, "Its number."]
    topic: Annotated[str, "What it is about."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    messages: Annotated[tuple[Message, ...], "Messages.", Item("tmc_message")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    said: Annotated[str, "Text."]
    is_so: Annotated[bool, "Yes or no."]
    at: Annotated[datetime, "When."]
    names: Annotated[tuple[str, ...], "Names.", Item("name")]
    first: Annotated[Message | None, "The first."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misleading:
    code: Annotated[int, "Of the business."]


def answer(style: Style, sent: object, method: str = CONSUME) -> str:
    return written(
        sent, outline=outline_of(type(sent)), method=method, style=style, request_id="r1"
    )


@pytest.fixture
def known() -> dict[str, Any]:
    """What the published clients were shown, by its name."""
    if not FILE.is_file():
        pytest.skip(ABSENT.kwargs["reason"])
    envelope: Any = cases_of("envelope")
    return {example["id"]: example for example in envelope["examples"]}


@pytest.mark.parametrize(
    ("method", "root"),
    [
        ("taobao.time.get", "time_get_response"),
        ("taobao.omniorder.store.accpeted", "omniorder_store_accpeted_response"),
        ("tmall.crm.member.bind.query", "tmall_crm_member_bind_query_response"),
        ("taobao.qimen.deliveryorder.create", "qimen_deliveryorder_create_response"),
        ("alibaba.member.point.operate", "alibaba_member_point_operate_response"),
    ],
)
def test_a_root_is_named_after_its_method(method: str, root: str) -> None:
    assert root_of(method) == root


def test_a_list_is_written_as_the_official_client_reads_it(known: dict[str, Any]) -> None:
    message = Message(id=123456789, topic="tmall_mei_PointChange")
    sent = Messages(messages=(message,))

    assert answer("json", sent) == known["list-json"]["text"]
    assert answer("simple", sent) == known["list-simplify"]["text"]
    assert answer("xml", sent) == (
        '<?xml version="1.0" encoding="utf-8"?><tmc_messages_consume_response>'
        '<messages list="true"><tmc_message><id>123456789</id>'
        "<topic>tmall_mei_PointChange</topic></tmc_message></messages>"
        "<request_id>r1</request_id></tmc_messages_consume_response>"
    )


def test_a_flat_answer_never_carries_its_root(known: dict[str, Any]) -> None:
    wrong = json.loads(known["simplify-must-not-be-wrapped"]["text"])

    said = json.loads(answer("simple", Messages(messages=())))

    assert said.keys().isdisjoint(wrong)
    assert said == {"messages": [], "request_id": "r1"}


def test_a_refusal_is_written_as_the_official_client_reads_it(known: dict[str, Any]) -> None:
    wrong = Refused(errors.INVALID_SIGNATURE, "isv.invalid-signature", "x")
    shown = json.loads(known["error-json"]["text"])["error_response"]

    for style in ("json", "simple"):
        said = json.loads(refusal(wrong, style=style, request_id="r2"))["error_response"]
        assert said == shown | {"msg": "Invalid Signature"}
        assert list(said) == list(shown)


def test_a_refusal_in_xml_and_bare() -> None:
    wrong = Refused(errors.MISSING_ARGUMENTS, "isv.missing-parameter", "tid: <missing> & so on")

    told = ET.fromstring(refusal(wrong, style="xml", request_id="r2"))  # noqa: S314  our own
    bare = json.loads(refusal(wrong, style="plain", request_id="r2"))

    assert told.tag == "error_response"
    assert {each.tag: each.text for each in told} == {
        "code": "40",
        "msg": "Missing Required Arguments",
        "sub_code": "isv.missing-parameter",
        "sub_msg": "tid: <missing> & so on",
        "request_id": "r2",
    }
    assert (bare["flag"], bare["code"], bare["sub_code"]) == (
        "failure",
        "40",
        "isv.missing-parameter",
    )


EVERYTHING = Everything(
    said='<b> & "三" \x0b]]>',
    is_so=True,
    at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    names=("a",),
)


def test_every_kind_of_value_is_written() -> None:
    said = json.loads(answer("json", EVERYTHING, "m"))["m_response"]
    told = ET.fromstring(answer("xml", EVERYTHING, "m"))  # noqa: S314  our own

    assert said == {
        "said": '<b> & "三" \x0b]]>',
        "is_so": True,
        "at": "2026-01-02 11:04:05",
        "names": {"name": ["a"]},
        "request_id": "r1",
    }
    assert [each.text for each in told] == [
        '<b> & "三" \ufffd]]>',
        "true",
        "2026-01-02 11:04:05",
        None,
        "r1",
    ]


@pytest.mark.parametrize(("style", "type_"), [("xml", "text/xml"), ("json", "application/json")])
def test_the_type_is_one_that_clients_read(style: Style, type_: str) -> None:
    assert content_type_of(style).startswith(type_)


def test_an_answer_that_would_read_as_a_failure_is_not_declared() -> None:
    with pytest.raises(AssertionError):
        check_answer(outline_of(Misleading))
