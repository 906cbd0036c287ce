"""The buyer's page: read, accepted, claimed, and nothing else for anybody."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from santong.agreements import public as agreements
from santong.agreements.models import AgreementTerm, ServiceAgreement
from santong.agreements.services.offer import offer
from santong.agreements.tests.factories import damage, drawn_name, new_agreement
from santong.evidence import public as evidence
from santong.evidence.tests.factories import make_photo
from santong.kernel import tenancy


@pytest.fixture
def offered(merchant: int) -> agreements.Offered:
    with tenancy.scope(merchant_id=merchant):
        return offer(
            merchant_id=merchant,
            new=new_agreement(terms=(damage(), damage(kind="missing"))),
            now=timezone.now(),
        )


def page(offered: agreements.Offered, more: str = "") -> str:
    return f"/a/{offered.token}/{more}"


def accept(offered: agreements.Offered, **fields: Any) -> Any:
    return Client().post(page(offered), {"agreed": "1", "name": "王小明", **fields})


def stands(merchant: int, offered: agreements.Offered) -> agreements.Agreement:
    with tenancy.scope(merchant_id=merchant):
        return agreements.agreement_by_id(merchant_id=merchant, agreement_id=offered.agreement.id)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("服务约定", "如有破损，签收后 72 小时内提出。免费更换。", "确认本约定")),
        ("en", ("Service agreement", "it is replaced free of charge", "Accept this agreement")),
    ],
)
def test_every_term_stands_there_in_plain_words(
    offered: agreements.Offered, language: str, words: tuple[str, ...]
) -> None:
    answer = Client().get(page(offered), headers={"Accept-Language": language})

    shown = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    for each in words:
        assert each in shown
    assert "王小明" not in shown
    assert "no-store" in answer["Cache-Control"]


def test_a_tick_and_a_name_accept_it_and_its_paper_is_there(
    merchant: int, offered: agreements.Offered
) -> None:
    answer = accept(offered)

    assert (answer.status_code, answer["Location"]) == (302, f"{page(offered)}#accepted")
    made = stands(merchant, offered)
    assert (made.state, made.accepted_how, made.accepted_name) == ("accepted", "name", "王**")
    assert made.paper_id is not None
    shown = Client().get(page(offered)).content.decode()
    assert "没有任何改动" in shown
    assert Client().get(page(offered, "agreement.pdf")).content.startswith(b"%PDF-")
    with tenancy.scope(merchant_id=merchant):
        row = ServiceAgreement.objects.get(id=made.id)
    assert (row.address_family, len(row.network_hash)) == ("ipv4", 32)


def test_a_drawn_signature_is_kept_and_shown_to_nobody(
    merchant: int, offered: agreements.Offered
) -> None:
    drawn = base64.b64encode(drawn_name()).decode()

    accept(offered, signature=f"data:image/png;base64,{drawn}")

    made = stands(merchant, offered)
    assert made.accepted_how == "signature"
    assert made.signature_id is not None
    with tenancy.scope(merchant_id=merchant):
        kept = evidence.content_of(merchant_id=merchant, evidence_id=made.signature_id)
    assert kept == drawn_name()
    assert f"/files/{made.signature_id}" not in Client().get(page(offered)).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"agreed": ""}, "请先勾选已阅读全部条款"),
        ({"name": " "}, "请填写姓名"),
        ({"signature": "data:text/html;base64,AAAA"}, 'role="alert"'),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_accepted(
    merchant: int, offered: agreements.Offered, fields: dict[str, str], words: str
) -> None:
    answer = accept(offered, **fields)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert stands(merchant, offered).state == "offered"


def test_a_claim_comes_in_with_its_photo(merchant: int, offered: agreements.Offered) -> None:
    accept(offered)
    photo = SimpleUploadedFile("a.jpg", make_photo())

    answer = Client().post(
        page(offered, "claims"), {"term": "1", "said": "有划痕", "key": "x", "photos": photo}
    )

    assert answer.status_code == HTTPStatus.FOUND
    (breach,) = stands(merchant, offered).breaches
    assert (breach.state, breach.reason, breach.found_by) == ("claimed", "有划痕", "buyer")
    with tenancy.scope(merchant_id=merchant):
        (kept,) = evidence.of_subject(merchant_id=merchant, subject=breach.subject)
    file = Client().get(page(offered, f"files/{kept.id}"))
    assert file.content == make_photo()
    assert Client().get(page(offered, f"files/{kept.id + 1}")).status_code == HTTPStatus.NOT_FOUND
    assert "待商家处理" in Client().get(page(offered)).content.decode()


def test_what_was_changed_is_said_on_the_page(merchant: int, offered: agreements.Offered) -> None:
    accept(offered)

    with tenancy.scope(merchant_id=merchant):
        rows = AgreementTerm.objects.filter(agreement_id=offered.agreement.id, number=1)
        rows.update(params={"report_hours": 7})

    shown = Client().get(page(offered)).content.decode()
    assert "第 1 条 · 提出时限（小时）" in shown
    assert "72 → 7" in shown
    assert "没有任何改动" not in shown


@pytest.mark.parametrize("token", ["x", "A" * 48, "A" * 47 + "_"])
def test_a_link_of_nobody_says_so(database: None, token: str) -> None:
    for more in ("", "agreement.pdf", "files/1"):
        answer = Client().get(f"/a/{token}/{more}")
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "链接" in answer.content.decode()


def test_another_link_of_the_same_merchant_opens_no_file_of_this_one(
    merchant: int, offered: agreements.Offered
) -> None:
    accept(offered)
    made = stands(merchant, offered)
    with tenancy.scope(merchant_id=merchant):
        other = offer(
            merchant_id=merchant, new=new_agreement(terms=(damage(),)), now=timezone.now()
        )

    assert Client().get(page(other, "agreement.pdf")).status_code == HTTPStatus.NOT_FOUND
    answer = Client().get(page(other, f"files/{made.record_id}"))
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_whoever_tries_too_often_waits(merchant: int, offered: agreements.Offered) -> None:
    answers = [accept(offered, agreed="").status_code for _ in range(13)]

    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert answers.count(422) == 12
    assert stands(merchant, offered).state == "offered"
