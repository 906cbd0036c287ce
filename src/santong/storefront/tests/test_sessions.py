"""How long a member stays in, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.storefront import public as storefront
from santong.storefront.models import KeptMessage, MemberSession, OneTimeCode
from santong.storefront.services.forget_expired import forget_expired
from santong.storefront.tests.factories import Buyer, Shop, tell_all


def session_of(shop: Shop) -> MemberSession:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return MemberSession.objects.of_merchant(shop.merchant_id).get()


def change(shop: Shop, **values: datetime) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        MemberSession.objects.of_merchant(shop.merchant_id).update(**values)


def test_a_session_that_is_used_lives_on(buyer: Buyer) -> None:
    buyer.join()
    now = datetime.now(UTC)
    change(buyer.shop, refreshed_at=now - timedelta(days=2), expires_at=now + timedelta(days=1))

    answer = buyer.open("card/")

    assert answer.cookies["santong_member"]["max-age"] > 29 * 86_400
    assert session_of(buyer.shop).expires_at > now + timedelta(days=29)


def test_a_session_is_not_written_to_with_every_page(buyer: Buyer) -> None:
    buyer.join()
    before = session_of(buyer.shop)

    answer = buyer.open("card/")

    assert "santong_member" not in answer.cookies
    assert session_of(buyer.shop).refreshed_at == before.refreshed_at


def test_a_session_does_not_live_for_ever(buyer: Buyer) -> None:
    buyer.join()
    now = datetime.now(UTC)
    opened = now - timedelta(days=170)
    change(buyer.shop, opened_at=opened, refreshed_at=now - timedelta(days=2))

    buyer.open("card/")

    assert session_of(buyer.shop).expires_at == opened + timedelta(days=180)


def test_a_session_that_has_ended_opens_nothing(buyer: Buyer) -> None:
    buyer.join()
    now = datetime.now(UTC)
    change(buyer.shop, opened_at=now - timedelta(days=40), expires_at=now - timedelta(seconds=1))

    assert buyer.open("card/").status_code == 302


def test_who_has_left_is_out_at_once_and_their_sessions_end(buyer: Buyer) -> None:
    buyer.join()
    shop, member_id = buyer.shop, session_of(buyer.shop).member_id
    with tenancy.scope(merchant_id=shop.merchant_id):
        membership.close_member(
            merchant_id=shop.merchant_id,
            member_id=member_id,
            reason="asked for",
            now=datetime.now(UTC),
        )

    at_once = Buyer(shop)
    at_once.client.cookies = buyer.client.cookies
    tell_all()

    assert at_once.open("card/").status_code == 302
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert MemberSession.objects.of_merchant(shop.merchant_id).count() == 0
        assert storefront.check_invariants(merchant_id=shop.merchant_id) == []


def test_what_nobody_can_use_any_more_is_forgotten(buyer: Buyer) -> None:
    buyer.join()
    shop = buyer.shop
    now = datetime.now(UTC)

    with tenancy.scope(merchant_id=shop.merchant_id):
        early = forget_expired(merchant_id=shop.merchant_id, now=now)
        late = forget_expired(merchant_id=shop.merchant_id, now=now + timedelta(days=31))
        left = [
            model.objects.of_merchant(shop.merchant_id).count()
            for model in (MemberSession, OneTimeCode, KeptMessage)
        ]

    assert early == 0
    assert late == 3
    assert left == [0, 0, 0]


def test_doctor_finds_what_is_wrong(buyer: Buyer) -> None:
    buyer.join()
    shop = buyer.shop
    merchant_id = shop.merchant_id
    now = datetime.now(UTC)
    change(shop, expires_at=now + timedelta(days=400))
    with tenancy.scope(merchant_id=merchant_id):
        MemberSession.objects.create(
            merchant_id=merchant_id,
            member_id=2**40,
            key_hash=b"x" * 32,
            opened_at=now,
            refreshed_at=now,
            expires_at=now + timedelta(days=1),
        )

        found = storefront.check_invariants(merchant_id=merchant_id)
        later = storefront.check_invariants(merchant_id=merchant_id, now=now + timedelta(days=2))

    assert {finding.rule for finding in found} == {
        "a session is a member's",
        "no session lasts for ever",
    }
    assert {finding.rule for finding in later} == {
        "no session lasts for ever",
        "old codes are forgotten",
        "old messages are forgotten",
    }


def test_what_was_ticked_is_kept_with_the_text_that_was_shown(shop: Shop) -> None:
    here = Buyer(shop, language="zh-hans")
    here.ask()
    here.type_code()

    here.agree(agree="on", marketing="on")

    with tenancy.scope(merchant_id=shop.merchant_id):
        member = membership.member_by_id(
            merchant_id=shop.merchant_id, member_id=session_of(shop).member_id
        )
        kept = customers.consents_of(merchant_id=shop.merchant_id, person_id=member.person_id)
    assert [(each.topic.purpose, each.topic.channel, each.is_granted) for each in kept] == [
        ("service", "sms", True),
        ("marketing", "sms", True),
    ]
    assert {each.text_version for each in kept} == {"2026-11.zh-hans"}
    assert {len(each.text_hash) for each in kept} == {64}


def test_a_developer_sees_the_last_message(buyer: Buyer) -> None:
    buyer.ask()
    out = StringIO()

    call_command("last_message", merchant=buyer.shop.code, phone=buyer.phone, stdout=out)

    assert buyer.code() in out.getvalue()


def test_there_may_be_no_message(buyer: Buyer) -> None:
    out = StringIO()

    call_command("last_message", merchant=buyer.shop.code, phone=buyer.phone, stdout=out)

    assert "Nothing was sent" in out.getvalue()
    with pytest.raises(CommandError, match="no merchant"):
        call_command("last_message", merchant="nobody-here", phone=buyer.phone)
    with pytest.raises(CommandError, match="mobile"):
        call_command("last_message", merchant=buyer.shop.code, phone="12")
