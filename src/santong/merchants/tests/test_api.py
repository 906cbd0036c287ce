"""Merchants over HTTP: what each credential may see and change."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.kernel.models import AuditEntry, IdempotencyKey
from santong.merchants import public as merchants
from santong.merchants.models import ApiToken, Brand
from santong.merchants.rules.permissions import PERMISSIONS
from santong.merchants.services.open_session import open_session
from santong.merchants.tests.factories import (
    make_brand,
    make_dealer,
    make_staff,
    make_storefront,
    make_token,
)

API = "/api/v1"


class Program:
    """A program that calls the API with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self.client.get(API + path)

    def post(self, path: str, body: dict[str, Any], *, key: str = "") -> Any:
        key = key or uuid.uuid4().hex
        return self.client.post(
            API + path, body, content_type="application/json", headers={"Idempotency-Key": key}
        )

    def patch(self, path: str, body: dict[str, Any], *, version: int | None) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self.client.patch(API + path, body, content_type="application/json", headers=headers)


def program(merchant_id: int, permissions: Collection[str] = PERMISSIONS) -> Program:
    with tenancy.scope(merchant_id=merchant_id):
        return Program(make_token(merchant_id, permissions=permissions))


def test_says_who_is_asking(merchant: int) -> None:
    me = program(merchant, {"orders.view", "merchants.view"}).get("/me").json()

    assert (me["kind"], me["merchant_id"]) == ("token", str(merchant))
    assert me["permissions"] == ["merchants.view", "orders.view"]
    assert me["location_ids"] is None


@pytest.mark.parametrize(
    ("path", "body", "changed"),
    [
        ("/brands", {"code": "spring", "name": "春晓"}, {"name": "秋实"}),
        ("/dealers", {"code": "east", "name": "华东", "contact": "沈"}, {"is_active": False}),
        ("/storefronts", {"code": "tmall", "name": "旗舰店", "channel": "h5"}, {"is_open": False}),
    ],
)
def test_a_part_is_made_shown_listed_and_changed(
    merchant: int, path: str, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    caller = program(merchant)

    made = caller.post(path, body)
    one = f"{path}/{made.json()['id']}"
    shown = caller.get(one)
    after = caller.patch(one, changed, version=1)

    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert shown.json() == made.json()
    assert caller.get(path).json() == {"items": [after.json()], "next_cursor": None}
    assert (after.status_code, after["ETag"]) == (200, '"2"')
    assert after.json() == {**made.json(), **changed, "version": 2}


def test_who_saw_an_older_version_changes_nothing(merchant: int) -> None:
    caller = program(merchant)
    brand = caller.post("/brands", {"code": "spring", "name": "春"}).json()
    one = f"/brands/{brand['id']}"
    caller.patch(one, {"name": "秋"}, version=1)

    late = caller.patch(one, {"name": "冬"}, version=1)
    blind = caller.patch(one, {"name": "冬"}, version=None)

    assert (late.status_code, late.json()["code"]) == (412, "kernel.version_moved")
    assert late.json()["version"] == 2
    assert (blind.status_code, blind.json()["code"]) == (428, "kernel.version_missing")
    assert caller.get(one).json()["name"] == "秋"


def test_a_list_is_walked_page_by_page(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        codes = [make_brand(merchant).code for _ in range(7)]
    caller = program(merchant)

    seen: list[str] = []
    page = caller.get("/brands?limit=3").json()
    while True:
        seen += [item["code"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        page = caller.get(f"/brands?limit=3&cursor={page['next_cursor']}").json()

    assert seen == codes[::-1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%00", "cursor=zz"])
def test_a_page_that_makes_no_sense_is_refused(merchant: int, query: str) -> None:
    answer = program(merchant).get(f"/brands?{query}")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_a_code_that_is_taken_is_a_conflict(merchant: int) -> None:
    caller = program(merchant)
    caller.post("/brands", {"code": "spring", "name": "春"})

    again = caller.post("/brands", {"code": "spring", "name": "春"})

    assert (again.status_code, again.json()["code"]) == (409, "merchants.code_taken")
    assert (again.json()["kind"], again.json()["key"]) == ("brand", "spring")


def test_a_dealers_contact_is_masked_and_each_look_at_it_is_kept(merchant: int) -> None:
    caller = program(merchant)
    made = caller.post("/dealers", {"code": "east", "name": "华东", "contact": "沈先生 138"})
    one = f"/dealers/{made.json()['id']}"

    revealed = caller.post(f"{one}/reveal-contact", {"reason": "late goods"})

    assert made.json()["contact"] == caller.get(one).json()["contact"] == "沈***"
    assert revealed.json() == {"contact": "沈先生 138"}
    assert revealed["Cache-Control"] == "no-store"
    with tenancy.scope(merchant_id=merchant):
        look = AuditEntry.objects.get(action="merchants.reveal_contact")
    assert (look.reason, look.actor_kind) == ("late goods", "token")


def test_somebody_new_logs_in_with_the_password_of_the_answer(merchant: int) -> None:
    caller = program(merchant)

    made = caller.post("/staff", {"login": "lin", "name": "林静"})
    granted = caller.post(f"/staff/{made.json()['staff']['id']}/grants", {"role": "clerk"})
    grants = caller.get(f"/staff/{made.json()['staff']['id']}/grants").json()

    assert made.status_code == granted.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert len(made.json()["password"]) == 14
    assert grants == [granted.json()]
    revoked = caller.post(f"/grants/{granted.json()['id']}/revoke", {"reason": "left"})
    assert revoked.status_code == 204
    assert caller.get(f"/staff/{made.json()['staff']['id']}/grants").json() == []


def test_an_answer_with_a_secret_is_given_once(merchant: int) -> None:
    caller = program(merchant)
    body = {"name": "till", "permissions": ["orders.view"]}

    first = caller.post("/tokens", body, key="make-till")
    again = caller.post("/tokens", body, key="make-till")

    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "kernel.answer_not_kept")
    with tenancy.scope(merchant_id=merchant):
        assert (
            ApiToken.objects.filter(name="till").exclude(permissions=sorted(PERMISSIONS)).count()
            == 1
        )
        kept = IdempotencyKey.objects.get(key="make-till")
        assert first.json()["secret"].encode() not in bytes(kept.body)


def test_a_token_made_over_http_works_until_it_is_revoked(merchant: int) -> None:
    caller = program(merchant)
    made = caller.post("/tokens", {"name": "till", "permissions": ["merchants.view"]}).json()
    till = Program(made["secret"])

    before = till.get("/brands").status_code
    revoked = caller.post(f"/tokens/{made['token']['id']}/revoke", {"reason": "stolen"})

    assert (before, revoked.status_code) == (200, 200)
    assert till.get("/brands").status_code == 401
    listed = {item["id"]: item for item in caller.get("/tokens").json()["items"]}
    assert listed[made["token"]["id"]]["revoked_at"] is not None
    assert made["secret"] not in str(listed)


def test_somebody_disabled_cannot_go_on(merchant: int) -> None:
    caller = program(merchant)
    with tenancy.scope(merchant_id=merchant):
        developer = make_staff(merchant, role="developer")
        made = merchants.create_token(
            merchant_id=merchant,
            staff_id=developer.id,
            name="theirs",
            permissions={"merchants.view"},
            now=datetime.now().astimezone(),
        )
    theirs = Program(made.secret)
    assert theirs.get("/brands").status_code == 200

    caller.patch(f"/staff/{developer.id}", {"is_active": False}, version=1)

    assert theirs.get("/brands").status_code == 401


READS = [
    ("/brands", "merchants.view"),
    ("/brands/1", "merchants.view"),
    ("/dealers", "merchants.view"),
    ("/dealers/1", "merchants.view"),
    ("/storefronts", "merchants.view"),
    ("/storefronts/1", "merchants.view"),
    ("/staff", "staff.view"),
    ("/staff/1", "staff.edit"),
    ("/staff/1/grants", "staff.edit"),
    ("/tokens", "tokens.view"),
]
WRITES: list[tuple[str, dict[str, Any], str]] = [
    ("/brands", {"code": "x", "name": "x"}, "merchants.edit"),
    ("/dealers", {"code": "x", "name": "x"}, "merchants.edit"),
    ("/storefronts", {"code": "x", "name": "x", "channel": "h5"}, "merchants.edit"),
    ("/dealers/1/reveal-contact", {"reason": "x"}, "personal_data.reveal"),
    ("/staff", {"login": "x", "name": "x"}, "staff.edit"),
    ("/staff/1/reset-password", {"reason": "x"}, "staff.edit"),
    ("/staff/1/grants", {"role": "clerk"}, "staff.edit"),
    ("/grants/1/revoke", {"reason": "x"}, "staff.edit"),
    ("/tokens", {"name": "x", "permissions": ["orders.view"]}, "tokens.edit"),
    ("/tokens/1/revoke", {"reason": "x"}, "tokens.edit"),
]


@pytest.mark.parametrize(("path", "permission"), READS)
def test_nothing_is_shown_without_the_permission(merchant: int, path: str, permission: str) -> None:
    answer = program(merchant, PERMISSIONS - {permission}).get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "kernel.permission_missing")
    assert answer.json()["permission"] == permission


@pytest.mark.parametrize(("path", "body", "permission"), WRITES)
def test_nothing_is_changed_without_the_permission(
    merchant: int, path: str, body: dict[str, Any], permission: str
) -> None:
    answer = program(merchant, PERMISSIONS - {permission}).post(path, body)

    assert (answer.status_code, answer.json()["code"]) == (403, "kernel.permission_missing")
    with tenancy.scope(merchant_id=merchant):
        assert not Brand.objects.exists()


@pytest.mark.parametrize("path", [path for path, _ in READS] + ["/me"])
def test_nobody_sees_anything_without_a_credential(database: None, path: str) -> None:
    answer: Any = Client().get(API + path)

    assert (answer.status_code, answer.json()["code"]) == (401, "kernel.unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic eA==", "Bearer st_1_x", "st_1_" + "x" * 43]
)
def test_a_credential_that_is_none_is_none(database: None, header: str) -> None:
    answer: Any = Client(headers={"authorization": header}).get(f"{API}/me")

    assert answer.status_code == 401


def test_a_foreign_credential_sees_and_changes_nothing(
    new_merchant: Callable[..., int],
) -> None:
    ours, theirs = new_merchant(), new_merchant(cell="second")
    with tenancy.scope(merchant_id=theirs):
        brand, dealer = make_brand(theirs), make_dealer(theirs, contact="沈")
        storefront, person = make_storefront(theirs), make_staff(theirs)
        (grant,) = merchants.grants_of(merchant_id=theirs, staff_id=person.id)
        make_token(theirs)
        token = merchants.tokens(merchant_id=theirs)[0]
        before = AuditEntry.objects.count()
    stranger = program(ours)

    answers = [
        stranger.get(f"/brands/{brand.id}"),
        stranger.get(f"/dealers/{dealer.id}"),
        stranger.get(f"/storefronts/{storefront.id}"),
        stranger.get(f"/staff/{person.id}"),
        stranger.get(f"/staff/{person.id}/grants"),
        stranger.patch(f"/brands/{brand.id}", {"name": "x"}, version=1),
        stranger.patch(f"/dealers/{dealer.id}", {"name": "x"}, version=1),
        stranger.patch(f"/storefronts/{storefront.id}", {"name": "x"}, version=1),
        stranger.patch(f"/staff/{person.id}", {"is_active": False}, version=1),
        stranger.post(f"/dealers/{dealer.id}/reveal-contact", {"reason": "x"}),
        stranger.post(f"/staff/{person.id}/grants", {"role": "clerk"}),
        stranger.post(f"/staff/{person.id}/reset-password", {"reason": "x"}),
        stranger.post(f"/grants/{grant.id}/revoke", {"reason": "x"}),
        stranger.post(f"/tokens/{token.id}/revoke", {"reason": "x"}),
        stranger.post(
            "/storefronts",
            {"code": "x", "name": "x", "channel": "h5", "brand_id": str(brand.id)},
        ),
    ]
    lists = [stranger.get(path).json()["items"] for path in ("/brands", "/dealers", "/storefronts")]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert lists == [[], [], []]
    with tenancy.scope(merchant_id=theirs):
        assert AuditEntry.objects.count() == before


def test_a_cookie_alone_cannot_command_the_api(merchant: int) -> None:
    """Without the header, which another site's form cannot send, nothing is done."""
    with tenancy.scope(merchant_id=merchant):
        person = make_staff(merchant)
        cookie = open_session(
            merchant_id=merchant, staff_id=person.id, now=datetime.now().astimezone()
        )
    browser = Client()
    browser.cookies["santong_session"] = cookie

    answer: Any = browser.post(
        f"{API}/brands", '{"code": "x", "name": "x"}', content_type="text/plain"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.idempotency_key_missing")
    with tenancy.scope(merchant_id=merchant):
        assert not Brand.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        '{"code": "x"}',
        '{"code": 5, "name": []}',
        '{"code": "x", "name": "\\u0000"}',
        '{"code": "x", "name": "\\ud800"}',
        '{"code": "x", "name": ""}',
        "[]",
        "null",
    ],
)
def test_a_body_that_makes_no_sense_is_refused(merchant: int, body: str) -> None:
    answer: Any = program(merchant).client.post(
        f"{API}/brands", body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    with tenancy.scope(merchant_id=merchant):
        assert not Brand.objects.exists()
