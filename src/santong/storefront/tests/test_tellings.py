"""Buyers are told what has happened to what is theirs: once, politely, while it is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from django.test import Client

from santong.aftersales.tests import factories as cases
from santong.agreements import public as agreements
from santong.agreements.events import RemedyDone
from santong.agreements.tests import factories as terms
from santong.fieldservice import public as fieldservice
from santong.fieldservice.tests import factories as visits
from santong.kernel import audit, tenancy
from santong.kernel.facts import subscribers
from santong.orders.tests.factories import RECIPIENT
from santong.presales import public as presales
from santong.presales.events import BalanceOpened
from santong.presales.tests import factories as ahead
from santong.stagedsales import public as stagedsales
from santong.stagedsales.tests import factories as staged
from santong.storefront.models import Notice
from santong.storefront.selectors.notices import notices_of
from santong.storefront.senders import send_notices
from santong.storefront.services.tell import tell
from santong.storefront.tests.factories import hear, messages_to

NOW = visits.NOW
TEN = visits.local(10)
IN_DAYS = visits.TOMORROW + timedelta(days=3)
WANG, QIAN = "+8613800138000", "+8619900001111"
PAYER = "+8613900000077"
HERE = "https://shop.example"
AtOnce = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def reachable(settings: Any) -> None:
    settings.SANTONG_PUBLIC_URL = HERE


def send(merchant_id: int, *, now: datetime = NOW) -> int:
    return send_notices(merchant_id=merchant_id, clock=lambda: now)


def told(merchant_id: int, phone: str = WANG, *, now: datetime = NOW) -> list[str]:
    """What a phone is told of all that has happened."""
    hear(merchant_id, now=now)
    send(merchant_id, now=now)
    return messages_to(merchant_id, phone)


def states(merchant_id: int, subject: str) -> list[tuple[str, str]]:
    with tenancy.scope(merchant_id=merchant_id):
        found = notices_of(merchant_id=merchant_id, subject=subject)
    return [(each.kind, each.state) for each in found]


def page_behind(text: str) -> str:
    found = re.search(r"https://shop\.example(/\S+/)$", text)
    assert found is not None, text
    return found[1]


def a_visit(merchant_id: int, **given: Any) -> fieldservice.Visit:
    with tenancy.scope(merchant_id=merchant_id):
        visits.make_team(merchant_id)
        return visits.make_visit(merchant_id, **given)


def book(merchant_id: int, visit_id: int, *, at: datetime = TEN) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        fieldservice.book(merchant_id=merchant_id, visit_id=visit_id, window_from=at, now=NOW)


def test_a_buyer_is_told_of_their_visit_and_the_link_opens_it(merchant: int) -> None:
    visit = a_visit(merchant)
    (offered,) = told(merchant)
    book(merchant, visit.id)
    _, booked = told(merchant)

    assert "可以预约了，请选择上门时间：" in offered
    assert "11月12日 10:00–12:00 上门" in booked
    with tenancy.scope(merchant_id=merchant):
        path = fieldservice.link_path(merchant_id=merchant, visit_id=visit.id, now=NOW)
    assert page_behind(offered) == page_behind(booked) == path
    assert Client().get(path).status_code == 200
    assert states(merchant, f"visit:{visit.id}") == [
        ("visit_offered", "sent"),
        ("visit_booked", "sent"),
    ]


def test_reading_the_phone_stands_in_the_trail_and_the_phone_in_no_log(
    merchant: int, caplog: pytest.LogCaptureFixture
) -> None:
    visit = a_visit(merchant)

    told(merchant)

    with tenancy.scope(merchant_id=merchant):
        trail = audit.trail_of(merchant_id=merchant, subject="visit", subject_ids=[visit.id])
    (read,) = [each for each in trail if each.action == "fieldservice.reveal_contact"]
    assert (read.actor_kind, read.reason) == ("system", "a message to the buyer")
    assert "13800138000" not in caplog.text


def test_what_is_not_so_any_more_is_not_told(merchant: int) -> None:
    visit = a_visit(merchant)
    hear(merchant, now=NOW)
    with tenancy.scope(merchant_id=merchant):
        fieldservice.cancel(
            merchant_id=merchant, visit_id=visit.id, by="buyer", reason="不装了", now=NOW
        )

    assert told(merchant) == []
    assert states(merchant, f"visit:{visit.id}") == [("visit_offered", "unwanted")]


def test_a_link_that_was_renewed_meanwhile_is_the_new_one(merchant: int) -> None:
    visit = a_visit(merchant)
    hear(merchant, now=NOW)
    with tenancy.scope(merchant_id=merchant):
        token = fieldservice.renew_link(merchant_id=merchant, visit_id=visit.id, now=NOW)

    (text,) = told(merchant)

    assert page_behind(text) == f"/v/{token}/"


def test_whoever_moved_a_visit_themselves_knows_the_others_are_told(merchant: int) -> None:
    visit = a_visit(merchant)
    book(merchant, visit.id, at=visits.local(10, on=IN_DAYS))
    of: dict[str, Any] = {"merchant_id": merchant, "visit_id": visit.id, "now": NOW}
    moves: tuple[tuple[int, Literal["technician", "buyer"]], ...] = (
        (12, "buyer"),
        (14, "technician"),
        (16, "technician"),
    )
    for hour, by in moves:
        with tenancy.scope(merchant_id=merchant):
            fieldservice.reschedule(
                **of, window_from=visits.local(hour, on=IN_DAYS), by=by, reason="车坏了"
            )

    told(merchant)

    # What was booked has moved twice since: each message that leaves says the last window.
    assert states(merchant, f"visit:{visit.id}") == [
        ("visit_booked", "sent"),
        ("visit_moved", "sent"),
    ]
    assert all("16:00–18:00" in text for text in messages_to(merchant, WANG))


def test_a_visit_that_was_missed_is_told_once_with_the_choice(merchant: int) -> None:
    visit = a_visit(merchant)
    book(merchant, visit.id)
    told(merchant)
    noon = visits.local(12, 30)
    with tenancy.scope(merchant_id=merchant):
        fieldservice.report_no_show(
            merchant_id=merchant, visit_id=visit.id, by="buyer", reason="没人来", now=noon
        )

    texts = told(merchant, now=noon)

    assert len(texts) == 2
    assert "我们没有上门，请重新选择时间：" in texts[-1]
    assert Client().get(page_behind(texts[-1])).status_code == 200


def test_nobody_is_woken(merchant: int) -> None:
    a_visit(merchant)
    night = datetime(2026, 11, 11, 15, 0, tzinfo=UTC)
    morning = datetime(2026, 11, 12, 0, 30, tzinfo=UTC)
    hear(merchant, now=night)

    assert (send(merchant, now=morning - timedelta(seconds=1)), send(merchant, now=morning)) == (
        0,
        1,
    )


def test_whoever_is_abroad_is_written_to_in_english(merchant: int) -> None:
    a_visit(merchant, contact=fieldservice.Contact(name="Ann", phone="+49 1512 3456789"))

    (text,) = told(merchant, "+4915123456789")

    assert "can be booked now. Choose when we come: " in text


def test_whoever_was_erased_or_has_no_phone_is_told_nothing(merchant: int) -> None:
    visit = a_visit(merchant, contact=fieldservice.Contact(name="王小明", phone="010-1234"))

    assert told(merchant) == []
    assert states(merchant, f"visit:{visit.id}") == []


def test_where_nobody_can_reach_us_nobody_is_told(merchant: int, settings: Any) -> None:
    settings.SANTONG_PUBLIC_URL = ""
    visit = a_visit(merchant)

    assert told(merchant) == []
    assert states(merchant, f"visit:{visit.id}") == []


def test_a_fact_that_many_hear_at_once_is_one_notice(merchant: int, at_once: AtOnce) -> None:
    visit = a_visit(merchant)

    def hears() -> bool:
        with tenancy.scope(merchant_id=merchant):
            return tell(
                merchant_id=merchant,
                kind="visit_offered",
                subject=f"visit:{visit.id}",
                now=NOW,
            )

    results = at_once(*[hears] * 8)

    assert sorted(results) == [False] * 7 + [True]
    with tenancy.scope(merchant_id=merchant):
        assert Notice.objects.of_merchant(merchant).count() == 1


def test_a_staged_sale_is_told_from_its_code_to_a_change(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        sale_id, code = staged.with_code(merchant_id=merchant)
    (coded,) = told(merchant, QIAN)
    with tenancy.scope(merchant_id=merchant):
        other = staged.signed(merchant_id=merchant)
        stagedsales.propose_change(
            merchant_id=merchant,
            sale_id=other,
            amount_minor=110_000,
            drafts=[
                stagedsales.DraftStage(number=each.number, terms=terms_of)
                for each, terms_of in zip(
                    staged.see(merchant, other).stages, staged.STAGES, strict=True
                )
            ],
            reason="加一扇门",
            now=NOW,
        )
    texts = told(merchant, QIAN)[1:]

    assert code not in coded
    assert "到店核销码" in coded
    assert [kind for kind, _ in states(merchant, f"stagedsale:{sale_id}")] == ["code_issued"]
    assert dict(states(merchant, f"stagedsale:{other}")) == {
        "contract_signed": "sent",
        "stage_due": "sent",
        "change_proposed": "sent",
    }
    assert any("应付¥" in text for text in texts)
    assert {Client().get(page_behind(text)).status_code for text in [coded, *texts]} == {200}


def test_terms_are_told_when_they_are_offered(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        offered = terms.make_offer(merchant)

    (text,) = told(merchant)

    assert states(merchant, offered.agreement.subject) == [("agreement_offered", "sent")]
    assert "服务约定待您确认" in text
    assert Client().get(page_behind(text)).status_code == 200


@pytest.mark.parametrize(
    ("term", "said"),
    [(terms.damage(remedy="replace"), "已为您补救"), (terms.MONEY_BACK, "退回¥60.00")],
)
def test_what_made_a_breach_good_is_told(merchant: int, term: agreements.Term, said: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = terms.make_paid_agreement(merchant, terms=(term,))
        breach = terms.claim(merchant, made)
        agreements.grant(merchant_id=merchant, breach_id=breach.id, answer="有划痕", now=NOW)
        fact = RemedyDone(
            breach_id=breach.id,
            agreement_id=made.id,
            document=made.document,
            term=1,
            remedy=term.remedy,
            currency="CNY",
            amount_minor=breach.amount_minor,
            made_good_by="",
            bearer="merchant",
            bearer_code="",
        )
        heard = subscribers()["storefront"]["agreements.remedy_done.v1"]
        heard(fact, merchant_id=merchant, now=NOW)

    send(merchant)

    (text,) = messages_to(merchant, WANG)
    assert said in text
    assert states(merchant, made.subject) == [("remedy_done", "sent")]
    assert Client().get(page_behind(text)).status_code == 200


def test_a_decided_case_is_told_with_the_page_of_that_case(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        bought = cases.make_bought(merchant)
        case = cases.make_case(bought)
        cases.accept(bought, case)

    (text,) = told(merchant, f"+86{RECIPIENT.phone}", now=cases.LATER)

    assert f"售后单{case.number}已有处理结果" in text
    assert page_behind(text).endswith(f"/{case.number}/")
    assert states(merchant, case.subject) == [("case_decided", "sent")]


def test_an_open_balance_is_told_while_it_can_be_paid(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        ahead.make_shop(merchant)
        presale = ahead.make_deposit(
            merchant, ahead.make_offer(merchant), recipient=ahead.buyer(77)
        )
        opened = BalanceOpened(
            presale_id=presale.id,
            order_id=presale.order_id,
            currency=presale.currency,
            balance_minor=presale.amounts.balance_minor,
            balance_until=presale.balance_until,
        )
        for _ in range(2):
            subscribers()["storefront"]["presales.balance_opened.v1"](
                opened, merchant_id=merchant, now=ahead.BALANCE_FROM
            )

    (text,) = told(merchant, PAYER, now=ahead.BALANCE_FROM)

    assert "可以支付了" in text
    with tenancy.scope(merchant_id=merchant):
        path = presales.path_of(merchant_id=merchant, presale=ahead.again(merchant, presale))
    assert page_behind(text) == path
