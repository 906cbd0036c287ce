"""OAuth 2.0 and OpenID Connect over HTTP: an app, a browser, and somebody who consents."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_staff
from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.calls.sessions import session_of
from santong.openplatform.models import Authorisation, AuthorisationCode
from santong.openplatform.oauth.signing import rotate_key
from santong.openplatform.rules.lifetimes import KEPT_AFTER_END, SESSION
from santong.openplatform.services.forget_keys import forget_keys
from santong.openplatform.services.revoke_authorisation import revoke_authorisation
from santong.openplatform.tests.factories import CALLBACK, assert_sound, let_in, make_app
from santong.openplatform.tests.flow import VERIFIER, Flow, challenge_of, logged_in

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def seller(new_merchant: Callable[..., int]) -> int:
    return new_merchant(cell="second")


@pytest.fixture
def flow(merchant: int, seller: int) -> Flow:
    """An app of one merchant, and the head office of another."""
    return Flow(make_app(merchant, packs=("goods", "orders"), personal_data="plain"), seller)


def test_software_of_the_trade_gets_a_session_by_changing_the_host_alone(flow: Flow) -> None:
    shown = flow.browser.get(f"/authorize?{flow.asked(view='web', state='s 1')}")
    code, back = flow.consents(path="/authorize", view="web", state="s 1")
    answer = flow.exchange(code, path="/token")

    assert shown.status_code == 200
    assert flow.made.app.name in shown.content.decode()
    assert urlsplit(back)._replace(query="").geturl() == CALLBACK
    assert parse_qs(urlsplit(back).query)["state"] == ["s 1"]
    assert answer.status_code == 200
    got = answer.json()
    assert got["taobao_user_id"] == str(flow.seller)
    assert got["taobao_user_nick"] == "测试商家"
    assert (got["expires_in"], got["re_expires_in"]) == (86_400, 2_592_000)
    assert answer["Cache-Control"] == "no-store"
    assert "id_token" not in got
    session = flow.session(got)
    assert session is not None
    assert session.packs == {"base", "goods", "orders"}
    assert session.staff_id == flow.staff_id
    assert_sound(flow.seller, flow.made.app.owner_id)


def test_a_session_key_is_a_bearer_token_of_the_api(flow: Flow) -> None:
    code, _ = flow.consents(personal_data="masked", scope="goods")
    key = flow.exchange(code).json()["access_token"]
    program = Client(headers={"Authorization": f"Bearer {key}"})

    assert program.get("/api/v1/styles").status_code == 200
    assert program.get("/api/v1/orders").status_code == 403, "not asked for"
    with tenancy.scope(merchant_id=flow.seller):
        revoke_authorisation(
            merchant_id=flow.seller, app_key=flow.made.app_key, reason="ends", now=flow.now
        )
    assert program.get("/api/v1/styles").status_code == 401


def test_who_logs_in_is_said_in_a_token_that_the_app_can_check(flow: Flow) -> None:
    code, _ = flow.consents(scope="openid profile", nonce="n-1")
    got = flow.exchange(code).json()
    anybody = Client()
    configuration = anybody.get("/.well-known/openid-configuration").json()
    keys = anybody.get(urlsplit(configuration["jwks_uri"]).path).json()["keys"]

    claims = jwt.decode(
        got["id_token"],
        jwt.PyJWK(keys[0]).key,
        algorithms=["RS256"],
        audience=flow.made.app_key,
        issuer=configuration["issuer"],
    )

    assert claims["sub"] == f"{flow.seller}.{flow.staff_id}"
    assert (claims["nonce"], claims["name"]) == ("n-1", "林静")
    assert all(set(key) == {"kty", "use", "alg", "kid", "n", "e"} for key in keys)
    told = anybody.get(
        urlsplit(configuration["userinfo_endpoint"]).path,
        headers={"Authorization": f"Bearer {got['access_token']}"},
    ).json()
    assert told["sub"] == claims["sub"]
    assert told["preferred_username"] == claims["preferred_username"]
    session = flow.session(got)
    assert session is not None
    assert session.permissions == frozenset(), "who asks only who somebody is may do nothing"
    assert anybody.get("/oauth/userinfo").status_code == 401


def test_what_was_signed_before_a_rotation_can_still_be_checked(flow: Flow) -> None:
    code, _ = flow.consents(scope="openid")
    token = flow.exchange(code).json()["id_token"]

    rotate_key(now=flow.now)

    keys = {key["kid"]: key for key in Client().get("/oauth/jwks").json()["keys"]}
    kid = jwt.get_unverified_header(token)["kid"]
    assert len(keys) == 2
    assert list(keys).index(kid) == 1, "the new one stands first"
    jwt.decode(token, jwt.PyJWK(keys[kid]).key, algorithms=["RS256"], audience=flow.made.app_key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM directory.signing_key ORDER BY number DESC LIMIT 1")
        assert b"PRIVATE" not in bytes(cursor.fetchone()[0])


def test_of_many_who_bring_one_code_one_is_answered_and_then_nobody_has_anything(
    flow: Flow, at_once: AtOnce
) -> None:
    code, _ = flow.consents()

    answers = at_once(*[lambda: flow.exchange(code) for _ in range(6)])

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert {a.json()["error"] for a in answers if a.status_code == 400} == {"invalid_grant"}
    assert flow.session(won) is None, "a code that comes again ends what it gave"
    assert flow.refresh(won["refresh_token"]).status_code == 400
    assert_sound(flow.seller)


def test_a_refresh_token_that_comes_again_ends_its_family(flow: Flow, at_once: AtOnce) -> None:
    first = flow.exchange(flow.consents()[0]).json()
    second = flow.refresh(first["refresh_token"]).json()
    assert flow.session(second) is not None
    assert flow.session(first) is not None, "the key before is good until its time"

    answers = at_once(*[lambda: flow.refresh(second["refresh_token"]) for _ in range(5)])

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]
    (third,) = [answer.json() for answer in answers if answer.status_code == 200]
    for got in (first, second, third):
        assert flow.session(got) is None
    assert_sound(flow.seller)


def test_an_app_without_a_secret_proves_itself_by_a_challenge(merchant: int, seller: int) -> None:
    flow = Flow(make_app(merchant, is_public=True, packs=("goods",)), seller)
    challenge = {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"}
    plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}

    for asked in ({}, plain, {"code_challenge": VERIFIER}):
        refused = flow.browser.get(f"/oauth/authorize?{flow.asked(**asked)}")
        assert parse_qs(urlsplit(refused["Location"]).query)["error"] == ["invalid_request"]
    code, _ = flow.consents(**challenge)
    named = {"grant_type": "authorization_code", "client_id": flow.made.app_key, "code": code}
    post = Client().post

    for wrong in ({}, {"code_verifier": "x" * 43}):
        body = {**named, "redirect_uri": CALLBACK, **wrong}
        assert post("/oauth/token", body).status_code == 400
    right = {**named, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    assert post("/oauth/token", right).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_secret": "0" * 32},
        {"client_secret": ""},
        {"client_id": "99999999999"},
        {"redirect_uri": f"{CALLBACK}/"},
        {"code": "sac_1_h8o1_" + "0" * 48},
        {"code": "nonsense"},
        {"grant_type": "password"},
        {"grant_type": "client_credentials"},
    ],
    ids=str,
)
def test_a_code_is_good_only_with_all_that_it_was_asked_for_with(
    flow: Flow, wrong: dict[str, str]
) -> None:
    code, _ = flow.consents()

    refused = flow.exchange(code, **wrong)

    assert refused.status_code in {400, 401}
    assert "access_token" not in refused.json()
    assert flow.exchange(code).status_code == 200, "it was not used up"


def test_a_code_is_good_for_a_minute(flow: Flow) -> None:
    code, _ = flow.consents()
    with tenancy.scope(merchant_id=flow.seller):
        codes = AuthorisationCode.objects.of_merchant(flow.seller)
        codes.update(expires_at=codes.get().issued_at)

    assert flow.exchange(code).json()["error"] == "invalid_grant"


def test_a_browser_is_sent_nowhere_but_where_the_app_has_registered(flow: Flow) -> None:
    for asked in (
        {"redirect_uri": "https://evil.example/cb"},
        {"redirect_uri": f"{CALLBACK}?x=1"},
        {"redirect_uri": f"{CALLBACK}/"},
        {"client_id": "99999999999"},
        {"client_id": ""},
    ):
        refused = flow.browser.get(f"/oauth/authorize?{flow.asked(**asked)}")
        assert refused.status_code == 400, asked
        assert "Location" not in refused
    for asked, error in (
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "members"}, "invalid_scope"),
        ({"scope": "openid", "prompt": "none"}, "login_required"),
    ):
        back = flow.browser.get(f"/oauth/authorize?{flow.asked(**asked)}")["Location"]
        assert back.startswith(f"{CALLBACK}?")
        assert parse_qs(urlsplit(back).query)["error"] == [error], asked


def test_who_is_not_logged_in_logs_in_first_and_comes_back(flow: Flow) -> None:
    asked = f"/oauth/authorize?{flow.asked()}"

    sent = Client().get(asked)

    assert sent.status_code == 302
    assert parse_qs(urlsplit(sent["Location"]).query)["next"] == [asked]
    assert urlsplit(sent["Location"]).path == settings.LOGIN_URL


def test_nobody_but_head_office_consents_and_a_no_goes_back_to_the_app(flow: Flow) -> None:
    with tenancy.scope(merchant_id=flow.seller):
        clerk = make_staff(flow.seller, role="clerk")
    at_the_till = logged_in(flow.seller, clerk.login)
    address = f"/oauth/authorize?{flow.asked()}"

    assert at_the_till.get(address).status_code == 403
    assert at_the_till.post(address, {"decision": "allow"}).status_code == 403
    denied = flow.browser.post(address, {"decision": "deny"})
    assert parse_qs(urlsplit(denied["Location"]).query)["error"] == ["access_denied"]
    with tenancy.scope(merchant_id=flow.seller):
        assert not Authorisation.objects.of_merchant(flow.seller).exists()

    flow.consents()
    logging_in = f"/oauth/authorize?{flow.asked(scope='openid')}"
    assert at_the_till.post(logging_in, {"decision": "allow"}).status_code == 302


def test_a_merchants_own_app_needs_no_browser_but_needs_its_consent(merchant: int) -> None:
    made = make_app(merchant, packs=("goods",))
    own = {"grant_type": "client_credentials"}
    header = base64.b64encode(f"{made.app_key}:{made.secret}".encode()).decode()
    program = Client(headers={"Authorization": f"Basic {header}"})

    assert program.post("/oauth/token", own).json()["error"] == "unauthorized_client"
    let_in(made, merchant)
    got = program.post("/oauth/token", own).json()

    assert "refresh_token" not in got
    app = app_by_key(app_key=made.app_key, now=Flow.clock())
    assert app is not None
    session = session_of(app=app, session_key=got["access_token"], now=Flow.clock())
    assert session is not None
    assert (session.merchant_id, session.staff_id) == (merchant, None)


def test_an_app_asks_about_its_own_tokens_and_gives_them_back(flow: Flow, merchant: int) -> None:
    got = flow.exchange(flow.consents()[0]).json()
    other = Flow(make_app(merchant), flow.seller)

    def asks(by: Flow, path: str, token: str) -> Any:
        return Client().post(
            path,
            {"token": token, "client_id": by.made.app_key, "client_secret": by.made.secret},
        )

    live = asks(flow, "/oauth/introspect", got["access_token"]).json()
    assert (live["active"], live["client_id"]) == (True, flow.made.app_key)
    assert asks(flow, "/oauth/introspect", got["refresh_token"]).json()["active"] is True
    assert asks(other, "/oauth/introspect", got["access_token"]).json() == {"active": False}
    assert asks(other, "/oauth/revoke", got["access_token"]).status_code == 200
    assert flow.session(got) is not None, "another app gives nothing back for it"

    assert asks(flow, "/oauth/revoke", got["refresh_token"]).status_code == 200

    assert flow.session(got) is None
    assert asks(flow, "/oauth/introspect", got["access_token"]).json() == {"active": False}
    assert asks(flow, "/oauth/revoke", "nonsense").status_code == 200


def test_an_app_that_said_from_where_it_calls_gets_tokens_nowhere_else(
    merchant: int, seller: int
) -> None:
    flow = Flow(make_app(merchant, packs=("goods",), ip_ranges=("203.0.113.0/24",)), seller)
    code, _ = flow.consents()

    assert flow.exchange(code).status_code == 401
    assert flow.exchange(code, address="203.0.113.9").status_code == 200


def test_the_documents_say_where_everything_is(database: None) -> None:
    for name in ("openid-configuration", "oauth-authorization-server"):
        said = json.loads(Client().get(f"/.well-known/{name}").content)
        assert said["code_challenge_methods_supported"] == ["S256"]
        for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            assert said[key].startswith(said["issuer"])


def test_what_ended_long_ago_is_forgotten(flow: Flow) -> None:
    got = flow.exchange(flow.consents()[0]).json()
    later = flow.now + SESSION + KEPT_AFTER_END + timedelta(days=1)

    with tenancy.scope(merchant_id=flow.seller):
        assert forget_keys(merchant_id=flow.seller, now=flow.now) == 0
        assert forget_keys(merchant_id=flow.seller, now=later) == 1

    assert flow.refresh(got["refresh_token"]).status_code == 400
    with tenancy.scope(merchant_id=flow.seller):
        assert not AuthorisationCode.objects.of_merchant(flow.seller).exists()
