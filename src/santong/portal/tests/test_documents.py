"""Documents say what the registries say: nothing is left out, and examples are what is taken."""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.test import Client

from santong.messaging import public as messaging
from santong.qimen import public as qimen
from santong.topgateway import public as topgateway

pytestmark = pytest.mark.usefixtures("database")

READER = Client(headers={"accept-language": "en"})


def page(path: str) -> str:
    answer = READER.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def test_everybody_reads_every_method_with_its_arguments_answer_and_errors() -> None:
    listed = page("/developers/docs/")

    for method in topgateway.described_methods():
        assert f"/developers/docs/methods/{method.name}/" in listed
        text = page(f"/developers/docs/methods/{method.name}/")
        names = [each.name for each in method.arguments] + [each.name for each in method.answer]
        assert [name for name in names if name not in text] == []
        assert method.about in text
        example = topgateway.example_of(method=method.name)
        assert json.dumps(json.loads(example.json), ensure_ascii=False, indent=2) in text
        assert "Invalid Signature" in text


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("fullinfo", "en", "taobao.trade.fullinfo.get"),
        ("pickup code", "en", "taobao.omniorder.storecollect.query"),
        ("取货码", "zh-hans", "taobao.omniorder.storecollect.query"),
        ("serial_no", "en", "alibaba.member.point.operate"),
    ],
)
def test_a_search_finds_by_name_argument_and_word(words: str, language: str, found: str) -> None:
    reader = Client(headers={"accept-language": language})

    text = reader.get("/developers/docs/", {"q": words}).content.decode()

    assert found in text
    assert "taobao.time.get" not in text


def test_documents_of_the_bus_and_topics_are_all_there() -> None:
    listed = page("/developers/docs/qimen/")
    for document in qimen.described_documents():
        assert document.method in listed
        assert "<request" in page(f"/developers/docs/qimen/{document.name}/")
    heard = page("/developers/docs/topics/")
    assert [each.name for each in messaging.TOPICS if each.name not in heard] == []
    assert [name for name in messaging.TOP_NAMES if name not in heard] == []
    assert "total_minor" in page("/developers/docs/topics/santong.order.paid.v1/")


def test_worked_examples_are_computed() -> None:
    signing = page("/developers/docs/signing/")

    assert "66987CB115214E59E6EC978214934FB8" in signing
    assert "find_orders" in page("/developers/docs/mcp/")
    assert "/oauth/token" in page("/developers/docs/oauth/")
    assert "v1," in page("/developers/docs/webhooks/")
    assert "Insufficient ISV Permissions" in page("/developers/docs/errors/")
    assert json.loads(READER.get("/api/v1/asyncapi.json").content)["asyncapi"] == "3.0.0"


@pytest.mark.parametrize(
    "path", ["docs/nothing/", "docs/methods/taobao.no.such/", "docs/topics/x/", "docs/qimen/x/"]
)
def test_what_there_is_not_is_not_found(path: str) -> None:
    assert READER.get(f"/developers/{path}").status_code == 404
