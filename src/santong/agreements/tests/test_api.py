"""Agreements over HTTP."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from santong.agreements import public as agreements
from santong.agreements.tests.factories import make_accepted, make_with_paper
from santong.evidence.tests.factories import FILM, make_photo
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token

EVERY = ["agreements.view", "agreements.offer", "agreements.handle", "agreements.edit"]
DAMAGE = {
    "kind": "damage",
    "params": {"report_hours": 72},
    "remedy": "compensate",
    "amount": {"basis": "share", "value": 500},
}


class Caller:
    """A program with a token."""

    def __init__(self, merchant: int, permissions: list[str]) -> None:
        with tenancy.scope(merchant_id=merchant):
            self.secret = make_token(merchant, permissions=permissions)
        self.keys = iter(range(1_000))

    def get(self, path: str, *, expect: int = 200) -> Any:
        answer = Client().get(f"/api/v1{path}", headers=self._headers())
        assert answer.status_code == expect, answer.content.decode()
        return answer

    def post(self, path: str, body: Any, *, expect: int = 201, key: str = "") -> Any:
        answer = Client().post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._headers(key),
        )
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)

    def upload(self, path: str, fields: dict[str, Any], *, expect: int = 201, key: str = "") -> Any:
        answer = Client().post(f"/api/v1{path}", fields, headers=self._headers(key))
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)

    def _headers(self, key: str = "") -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.secret}",
            "Idempotency-Key": key or f"key-{next(self.keys)}",
        }


@pytest.fixture
def caller(merchant: int) -> Caller:
    return Caller(merchant, EVERY)


def offered(caller: Caller, **more: Any) -> Any:
    body = {"document": "stagedsale:1", "terms": [DAMAGE], "total_minor": 100_000, **more}
    return caller.post("/agreements", body)


def test_an_offer_is_accepted_checked_and_superseded(caller: Caller) -> None:
    made = offered(caller)

    accepted = caller.post(
        f"/agreements/{made['id']}/accept", {"name": "王小明", "signed_in": "member:17"}, expect=200
    )
    checked = caller.get(f"/agreements/{made['id']}/verification").json()
    newer = caller.post(f"/agreements/{made['id']}/supersede", {"terms": [DAMAGE]})
    listed = caller.get("/agreements?document=stagedsale:1").json()

    assert made["path"].startswith("/a/")
    assert made["terms"][0]["sentence_en"].endswith("Then you are paid 5% of the total.")
    assert (accepted["state"], accepted["accepted_how"]) == ("accepted", "channel")
    assert (accepted["accepted_name"], accepted["link"]["number"]) == ("王**", 1)
    assert (checked["is_unchanged"], checked["findings"]) == (True, [])
    assert newer["version"] == 2
    assert [each["state"] for each in listed["items"]] == ["offered", "accepted"]


def test_a_window_that_is_too_long_is_refused_with_its_field(caller: Caller) -> None:
    window = {
        **DAMAGE,
        "kind": "delivery_window",
        "params": {"start": "2031-04-20", "end": "2031-04-25"},
    }

    refused = caller.post(
        "/agreements",
        {"document": "stagedsale:1", "terms": [DAMAGE, window], "total_minor": 100_000},
        expect=422,
    )

    assert refused["code"] == "kernel.field_invalid"
    assert refused["pointer"] == "/terms/1/params/end"


def test_an_answer_with_a_secret_is_not_given_twice(caller: Caller) -> None:
    body = {"document": "stagedsale:1", "terms": [DAMAGE], "total_minor": 100_000}
    caller.post("/agreements", body, key="same")

    again = caller.post("/agreements", body, key="same", expect=409)

    assert again["code"] == "kernel.answer_not_kept"
    assert len(caller.get("/agreements").json()["items"]) == 1


def test_a_claim_is_granted_and_counted(caller: Caller) -> None:
    made = offered(caller)
    caller.post(f"/agreements/{made['id']}/accept", {"name": "王小明"}, expect=200)

    claimed = caller.post(
        f"/agreements/{made['id']}/claims", {"term": 1, "said": "裂了", "key": "a"}
    )
    granted = caller.post(f"/breaches/{claimed['id']}/grant", {"answer": "确认"}, expect=200)
    late = caller.post(f"/breaches/{claimed['id']}/reject", {"answer": "不"}, expect=409)

    assert (claimed["state"], claimed["said"]) == ("claimed", "裂了")
    assert (granted["state"], granted["amount_minor"]) == ("owed", 5_000)
    assert late["code"] == "agreements.claim_passed"
    (listed,) = caller.get("/breaches?state=owed").json()["items"]
    assert listed["id"] == claimed["id"]
    (counted,) = caller.get("/agreement-figures").json()
    assert (counted["kind"], counted["broken"]) == ("damage", 1)


def test_photos_come_in_as_forms_and_as_json_and_the_same_is_the_same(caller: Caller) -> None:
    made = offered(caller)
    path = f"/agreements/{made['id']}/evidence"
    photo = make_photo()

    first = caller.upload(path, {"kind": "photo", "file": SimpleUploadedFile("a.jpg", photo)})
    again = caller.post(
        path,
        {"kind": "photo", "name": "b.jpg", "content_base64": base64.b64encode(photo).decode()},
    )
    listed = caller.get(path).json()
    content = caller.get(f"{path}/{first['id']}/content")

    assert first["id"] == again["id"]
    assert [each["id"] for each in listed] == [first["id"]]
    assert content.content == photo
    assert content["Content-Type"] == "image/jpeg"


def test_a_form_that_is_sent_again_has_one_effect(caller: Caller) -> None:
    made = offered(caller)
    path = f"/agreements/{made['id']}/evidence"

    def send(content: bytes, expect: int) -> Any:
        fields = {"kind": "photo", "file": SimpleUploadedFile("a.jpg", content)}
        return caller.upload(path, fields, key="photo", expect=expect)

    assert send(make_photo(), 201) == send(make_photo(), 201)
    assert send(make_photo(colour="red"), 409)["code"] == "kernel.idempotency_key_reused"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "photo"}, "/file"),
        ({"kind": "photo", "file": SimpleUploadedFile("a.mp4", FILM)}, "/file"),
        ({"file": SimpleUploadedFile("a.jpg", b"x")}, "/kind"),
        ({"kind": "photo", "latitude": "91", "file": SimpleUploadedFile("a", b"x")}, "/latitude"),
    ],
)
def test_a_file_that_is_refused_says_which_field(
    caller: Caller, fields: dict[str, Any], pointer: str
) -> None:
    made = offered(caller)

    refused = caller.upload(f"/agreements/{made['id']}/evidence", fields, expect=422)

    assert refused["pointer"] == pointer


def test_a_file_of_another_agreement_is_not_given(caller: Caller) -> None:
    made = offered(caller)
    other = offered(caller, document="stagedsale:2")
    kept = caller.upload(
        f"/agreements/{made['id']}/evidence",
        {"kind": "photo", "file": SimpleUploadedFile("a.jpg", make_photo())},
    )

    caller.get(f"/agreements/{other['id']}/evidence/{kept['id']}/content", expect=404)


def test_who_may_only_look_changes_nothing(merchant: int) -> None:
    caller = Caller(merchant, ["agreements.view"])
    with tenancy.scope(merchant_id=merchant):
        made = make_accepted(merchant)

    refused = caller.post("/agreements", {}, expect=403)
    caller.upload(f"/agreements/{made.id}/evidence", {"kind": "photo"}, expect=403)

    assert refused["permission"] == "agreements.offer"
    assert caller.get(f"/agreements/{made.id}").json()["state"] == "accepted"


def test_the_paper_is_there_once_it_is_made(merchant: int, caller: Caller) -> None:
    with tenancy.scope(merchant_id=merchant):
        bare, made = make_accepted(merchant), make_with_paper(merchant)

    caller.get(f"/agreements/{bare.id}/paper", expect=404)
    paper = caller.get(f"/agreements/{made.id}/paper")

    assert paper.content.startswith(b"%PDF-")


def test_templates_and_settings_are_read_and_written(caller: Caller) -> None:
    term = {**DAMAGE, "kind": "delivery_window", "params": {"after_days": 15, "days": 3}}
    body = {"code": "sofa", "name": "沙发", "category": "furniture", "terms": [term], "newest": 0}

    caller.post("/agreement-templates", body)
    moved = caller.post("/agreement-templates", body, expect=409)
    settings = caller.post("/agreement-settings", {"max_window_days": 5}, expect=200)

    assert moved["code"] == "agreements.template_moved"
    assert caller.get("/agreement-templates/sofa").json()["version"] == 1
    assert settings["max_window_days"] == 5
    assert caller.get("/agreement-settings").json() == settings
    kinds = caller.get("/agreement-term-kinds").json()
    assert [each["kind"] for each in kinds] == list(agreements.KINDS)
