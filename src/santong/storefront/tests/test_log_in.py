"""A phone, a code, and in: over HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, override_settings

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.merchants.tests.factories import NOW, PASSWORD, make_staff
from santong.storefront.models import MemberSession, OneTimeCode
from santong.storefront.tests.factories import (
    Buyer,
    Shop,
    code_sent_to,
    new_phone,
    open_shop,
    text_of,
    wait_a_day,
)

# As a Chinese keyboard may write it.
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "13800138000")


def sessions(shop: Shop) -> int:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return int(MemberSession.objects.of_merchant(shop.merchant_id).count())


def test_somebody_new_joins_and_has_a_card(buyer: Buyer) -> None:
    asked = buyer.ask()
    typed = buyer.type_code()
    joined = buyer.agree()

    assert asked["Location"] == buyer.shop.path("log-in/code/")
    assert typed["Location"] == buyer.shop.path("join/agree/")
    assert joined["Location"] == buyer.shop.path("card/")
    page = buyer.open("card/")
    assert page.status_code == 200
    assert "Show this at the till" in text_of(page)


def test_a_member_is_in_at_once(buyer: Buyer) -> None:
    buyer.join()
    wait_a_day(buyer)
    elsewhere = Buyer(buyer.shop, phone=buyer.phone)

    answer = elsewhere.log_in()

    assert answer["Location"] == buyer.shop.path("card/")
    assert sessions(buyer.shop) == 2


def test_the_cookie_can_only_be_sent(buyer: Buyer) -> None:
    buyer.join()

    cookie = buyer.client.cookies["santong_member"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == buyer.shop.path()
    assert not cookie["secure"]
    assert 29 * 86_400 < int(cookie["max-age"]) <= 30 * 86_400


@override_settings(SESSION_COOKIE_SECURE=True)
def test_behind_tls_the_cookie_is_sent_over_tls_alone(buyer: Buyer) -> None:
    buyer.join()

    assert buyer.client.cookies["santong_member"]["secure"]


@pytest.mark.parametrize("typed", ["138 0013 8000", "+86 138-0013-8000", WIDE])
def test_a_number_may_be_written_in_many_ways(shop: Shop, typed: str) -> None:
    answer = Buyer(shop, phone=typed).ask()

    assert answer.status_code == 302
    assert code_sent_to(shop.merchant_id, "13800138000")


@pytest.mark.parametrize("typed", ["", "12345", "010-62345678", "hello", "138001380000", "+861234"])
def test_what_is_no_mobile_phone_gets_no_code(shop: Shop, typed: str) -> None:
    answer = Buyer(shop, phone=typed).ask()

    assert answer.status_code == 422
    assert "mobile" in text_of(answer)


def test_a_stranger_cannot_learn_who_is_a_member(buyer: Buyer) -> None:
    def page(phone: str) -> tuple[Any, ...]:
        somebody = Buyer(buyer.shop, phone=phone)
        asked = somebody.ask()
        shown = somebody.text("log-in/code/")
        wrong = somebody.type_code("000000" if somebody.code() != "000000" else "111111")
        hidden = f"{phone[:3]}****{phone[-4:]}"
        texts = [shown, text_of(wrong)]
        return (
            asked.status_code,
            asked["Location"],
            wrong.status_code,
            *(re.sub(r"\d+ s", "", text.replace(hidden, "…")) for text in texts),
        )

    buyer.join()
    wait_a_day(buyer)

    assert page(buyer.phone) == page(new_phone())


def test_a_wrong_code_says_how_many_tries_are_left_and_five_are_enough(buyer: Buyer) -> None:
    buyer.ask()
    right = buyer.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    answers = [buyer.type_code(wrong) for _ in range(5)]
    late = buyer.type_code(right)

    assert [each.status_code for each in answers] == [403, 403, 403, 403, 409]
    assert "4 more times" in text_of(answers[0])
    assert "1 more time." in text_of(answers[3])
    assert late["Location"] == buyer.shop.path("log-in/")
    assert sessions(buyer.shop) == 0


def test_a_code_works_once(buyer: Buyer) -> None:
    buyer.join()
    wait_a_day(buyer)
    buyer.ask()
    code = buyer.code()
    ticket = buyer.client.cookies["santong_ticket"].value

    buyer.type_code(code)
    buyer.client.cookies["santong_ticket"] = ticket
    again = buyer.type_code(code)

    assert again["Location"] == buyer.shop.path("log-in/")
    assert sessions(buyer.shop) == 2


def test_a_newer_code_takes_the_place_of_the_old(buyer: Buyer) -> None:
    buyer.ask()
    old, old_ticket = buyer.code(), buyer.client.cookies["santong_ticket"].value
    wait_a_day(buyer)
    buyer.send("log-in/again/")
    new, new_ticket = buyer.code(), buyer.client.cookies["santong_ticket"].value

    buyer.client.cookies["santong_ticket"] = old_ticket
    with_old = buyer.type_code(old)
    buyer.client.cookies["santong_ticket"] = new_ticket
    with_new = buyer.type_code(new)

    assert with_old["Location"] == buyer.shop.path("log-in/")
    assert with_new["Location"] == buyer.shop.path("join/agree/")


def test_a_code_opens_nothing_in_another_browser(buyer: Buyer) -> None:
    buyer.ask()
    thief = Buyer(buyer.shop)

    answer = thief.type_code(buyer.code())

    assert answer["Location"] == buyer.shop.path("log-in/")
    assert buyer.type_code()["Location"] == buyer.shop.path("join/agree/")


def test_a_phone_is_sent_one_code_a_minute_wherever_it_is_asked_from(buyer: Buyer) -> None:
    buyer.ask()

    refused = Buyer(buyer.shop, phone=buyer.phone).ask()

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Try again in" in text_of(refused)


def test_an_address_may_not_ask_for_ever(shop: Shop) -> None:
    first = Buyer(shop)

    answers = [Buyer(shop, address=first.address).ask() for _ in range(101)]

    assert [each.status_code for each in answers] == [302] * 100 + [429]
    assert Buyer(shop).ask().status_code == 302


def test_a_bearer_of_many_tickets_cannot_guess_for_ever(shop: Shop) -> None:
    first = Buyer(shop)
    answers = []
    for _ in range(13):
        guesser = Buyer(shop, address=first.address)
        guesser.ask()
        wrong = f"{(int(guesser.code()) + 1) % 1_000_000:06}"
        answers += [guesser.type_code(wrong).status_code for _ in range(4)]

    assert answers[:50] == [403] * 50
    assert answers[50:] == [429] * 2


def test_a_message_that_does_not_leave_is_owned_up_to(buyer: Buyer) -> None:
    with override_settings(SANTONG_MESSAGE_SENDER=f"{__name__}.BrokenSender"):
        answer = buyer.ask()

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "santong_ticket" not in buyer.client.cookies


class BrokenSender:
    """A carrier whose line is down."""

    def send(self, *, phone: str, **_: object) -> None:
        raise TimeoutError(phone)


def test_what_went_wrong_with_a_message_is_logged_without_the_phone(
    buyer: Buyer, capfd: pytest.CaptureFixture[str]
) -> None:
    with override_settings(SANTONG_MESSAGE_SENDER=f"{__name__}.BrokenSender"):
        buyer.ask()
    wait_a_day(buyer)
    buyer.join()

    told = capfd.readouterr()
    assert "message_not_sent" in told.out
    assert buyer.phone not in told.out + told.err


def test_a_page_is_gone_on_to_only_if_it_is_the_merchants(buyer: Buyer) -> None:
    def goes_to(wanted: str) -> str:
        somebody = Buyer(buyer.shop)
        somebody.send("log-in/", phone=somebody.phone, next=wanted)
        somebody.type_code()
        return str(somebody.agree()["Location"])

    card = buyer.shop.path("card/")

    assert goes_to(buyer.shop.path("mine/")) == buyer.shop.path("mine/")
    assert goes_to("https://elsewhere.example/") == card
    assert goes_to(f"//elsewhere.example{card}") == card
    assert goes_to("/console/") == card


@pytest.mark.parametrize("page", ["card/", "mine/", ""])
def test_whoever_is_not_in_is_sent_to_the_door(buyer: Buyer, page: str) -> None:
    answer = buyer.open(page)

    assert answer.status_code == 302
    assert answer["Location"].startswith(buyer.shop.path("log-in/?next="))


def test_who_is_in_needs_no_door(buyer: Buyer) -> None:
    buyer.join()

    assert buyer.open("log-in/")["Location"] == buyer.shop.path("card/")


def test_out_is_out(buyer: Buyer) -> None:
    buyer.join()
    kept = buyer.client.cookies["santong_member"].value

    buyer.send("log-out/")
    buyer.client.cookies["santong_member"] = kept

    assert buyer.open("card/")["Location"].startswith(buyer.shop.path("log-in/"))
    assert sessions(buyer.shop) == 0


def test_a_key_that_somebody_brings_along_is_never_made_good(buyer: Buyer) -> None:
    planted = "A" * 43
    buyer.client.cookies["santong_member"] = planted

    buyer.join()

    assert buyer.client.cookies["santong_member"].value != planted
    thief = Client()
    thief.cookies["santong_member"] = planted
    assert thief.get(buyer.shop.path("card/")).status_code == 302


def test_another_merchants_cookie_opens_nothing(buyer: Buyer, new_merchant: Any) -> None:
    other = Buyer(open_shop(new_merchant()))
    other.join()
    buyer.join()
    thief = Client()
    thief.cookies["santong_member"] = other.client.cookies["santong_member"].value

    answer = thief.get(buyer.shop.path("card/"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(buyer.shop.path("log-in/"))


def test_a_form_from_another_site_does_nothing(buyer: Buyer) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(buyer.shop.path("log-in/"), {"phone": buyer.phone})

    assert answer.status_code == 403


def test_the_phone_is_in_no_table_in_the_clear_and_forgotten_once_it_is_used(buyer: Buyer) -> None:
    buyer.ask()
    with tenancy.scope(merchant_id=buyer.shop.merchant_id):
        sealed = bytes(OneTimeCode.objects.of_merchant(buyer.shop.merchant_id).get().phone_sealed)
    buyer.type_code()
    buyer.agree()

    with tenancy.scope(merchant_id=buyer.shop.merchant_id):
        row = OneTimeCode.objects.of_merchant(buyer.shop.merchant_id).get()
    assert buyer.phone.encode() not in sealed
    assert (row.state, bytes(row.phone_sealed)) == ("spent", b"")


def test_a_merchant_that_is_not_there_has_no_door(database: None) -> None:
    answers = [Client().get(f"/m/nobody-here/{page}") for page in ("", "log-in/", "card/")]

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert "/console/" not in answers[0].content.decode()


def test_staff_who_are_logged_in_are_strangers_at_the_members_door(
    buyer: Buyer, shop: Shop
) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        make_staff(shop.merchant_id, login="lin")
    typed = {"merchant": shop.code, "login": "lin", "password": PASSWORD, "next": ""}
    buyer.client.post("/log-in/", typed)

    assert buyer.open("card/").status_code == 302
    buyer.join()
    assert buyer.open("card/").status_code == 200
    assert buyer.client.get("/console/").status_code == 200


def test_a_phone_that_two_members_have_lets_in_the_one_whom_it_identifies(
    buyer: Buyer,
) -> None:
    shop, phone = buyer.shop, customers.Identifier("phone", buyer.phone)
    with tenancy.scope(merchant_id=shop.merchant_id):
        first, second = (
            membership.join(
                merchant_id=shop.merchant_id,
                programme_code=shop.programme.code,
                identifiers=[customers.Identifier("storefront", account, "tmall"), phone],
                profile=None,
                source=membership.JoinSource(kind="storefront"),
                now=NOW,
            ).member
            for account in ("one", "another")
        )

    answer = buyer.log_in()

    assert first.id != second.id
    assert answer["Location"] == shop.path("card/")
    with tenancy.scope(merchant_id=shop.merchant_id):
        session = MemberSession.objects.of_merchant(shop.merchant_id).get()
    assert session.member_id == first.id
