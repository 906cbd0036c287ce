"""The page on which a buyer pays at the simulated provider."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.payments.contracts.providers import Access, Ask, Seen
from santong.payments.providers.simulated import PROVIDER
from santong.payments.tests.at_providers import make_access, make_ask

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def access(merchant: int) -> Access:
    return make_access(merchant)


def page_of(access: Access, **given: Any) -> tuple[Ask, str]:
    """A payment that is asked for now, and where its page is."""
    until = datetime.now(UTC) + timedelta(minutes=15)
    ask = make_ask(**{"expires_at": until, **given})
    shown, _ = PROVIDER.ask(access=access, ask=ask)
    return ask, shown.payload.removeprefix("http://127.0.0.1:9")


def seen(access: Access, ask: Ask) -> Seen:
    return PROVIDER.query(access=access, reference=ask.reference)


def test_a_buyer_sees_what_is_asked_and_pays(access: Access) -> None:
    ask, page = page_of(access)
    client = Client()

    shown = client.get(page, headers={"Accept-Language": "zh-hans"})
    answer = client.post(page, {"action": "pay"})
    after = client.get(page, headers={"Accept-Language": "en"})

    text = unescape(shown.content.decode())
    assert shown.status_code == 200
    assert "测试商家" in text
    assert "支付 ¥129.00" in text
    assert "order 17" in text
    assert "no-store" in shown["Cache-Control"]
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert ">Paid</p>" in after.content.decode()
    assert seen(access, ask).state == "paid"


def test_what_comes_too_late_is_told_and_changes_nothing(access: Access) -> None:
    ask, page = page_of(access)
    PROVIDER.close(access=access, reference=ask.reference)

    answer = Client().post(page, {"action": "pay"}, headers={"Accept-Language": "en"})

    assert answer.status_code == 409
    assert "That came too late" in answer.content.decode()
    assert seen(access, ask).state == "closed"


@pytest.mark.parametrize("action", ["", "steal", "\x00", "pay" * 1_000])
def test_whatever_is_no_action_changes_nothing(access: Access, action: str) -> None:
    ask, page = page_of(access)

    answer = Client().post(page, {"action": action})

    assert answer.status_code == 400
    assert seen(access, ask).state == "waiting"


@pytest.mark.parametrize("token", ["x", "1-", "1-abcdefgh", "ffffffffffffff-abcdefgh", "1-a/b"])
def test_a_page_of_nobody_is_not_there(database: None, token: str) -> None:
    assert Client().get(f"/pay/simulated/{token}").status_code == 404


def test_a_token_of_another_merchant_opens_nothing(access: Access, new_merchant: Any) -> None:
    _, page = page_of(access)
    other = new_merchant()
    secret = page.rpartition("/")[2].partition("-")[2]

    answer = Client().post(f"/pay/simulated/{other:x}-{secret}", {"action": "pay"})

    assert answer.status_code == 404


def test_whoever_is_logged_in_as_staff_pays_as_anybody(access: Access, new_merchant: Any) -> None:
    ask, page = page_of(access)
    client = Client()
    log_in(client, new_merchant())

    answer = client.post(page, {"action": "pay"})

    assert answer.status_code == 302
    assert seen(access, ask).state == "paid"


def log_in(client: Client, merchant_id: int) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        person = make_staff(merchant_id)
        merchant = merchants.merchant(merchant_id=merchant_id)
    fields = {"merchant": merchant.code, "login": person.login, "password": PASSWORD}
    assert client.post("/log-in/", fields).status_code == 302


def test_nobody_pays_from_another_site(access: Access) -> None:
    ask, page = page_of(access)

    answer = Client(enforce_csrf_checks=True).post(page, {"action": "pay"})

    assert answer.status_code == 403
    assert seen(access, ask).state == "waiting"


def test_pages_have_tokens_that_nobody_guesses(access: Access) -> None:
    pages = {page_of(access)[1] for _ in range(5)}

    assert len(pages) == 5
    assert min(map(len, pages)) >= len("/pay/simulated/1-") + 32


@pytest.mark.parametrize(
    ("return_url", "is_shown"),
    [
        ("/m/demo/card/", True),
        ("https://shop.example/thanks", True),
        ("http://testserver/s/link/", True),
        ("javascript:alert(1)", False),
        ("//evil.example", False),
        ("http://evil.example", False),
    ],
)
def test_a_buyer_goes_back_to_the_shop_and_nowhere_else(
    access: Access, return_url: str, *, is_shown: bool
) -> None:
    _, page = page_of(access, way="scan", return_url=return_url)

    text = Client().get(page).content.decode()

    assert (f'href="{return_url}"' in text) is is_shown


def test_a_payment_is_disputed_and_decided_on_its_page(access: Access) -> None:
    ask, page = page_of(access, way="scan")
    client = Client()

    answers: list[int] = []
    offered: list[list[str]] = []
    for action in ("dispute", "dispute", "decide_for_the_buyer", "decide_for_the_shop"):
        offered.append(
            re.findall(r'name="action" value="(d\w+)"', client.get(page).content.decode())
        )
        answers.append(client.post(page, {"action": action}).status_code)

    decisions = ["decide_for_the_shop", "decide_for_the_buyer"]
    assert answers == [302, 409, 302, 409]
    assert offered == [["dispute"], decisions, decisions, []]
    assert seen(access, ask).state == "paid"
