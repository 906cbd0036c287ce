"""Whoever is erased is gone from the lines: names, what waits, what is tried again, the logs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from santong.customers import public as customers
from santong.gateway import public as gateway
from santong.gateway.models import Call, MemberSync, Operation
from santong.gateway.rules.point_changes import POINT_CHANGE
from santong.gateway.rules.said import Said
from santong.gateway.selectors.lines import line_by_id
from santong.gateway.selectors.sync import identity_place, operation_place
from santong.gateway.services.claim_work import claim_work
from santong.gateway.services.settle_work import settle_work
from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW
from santong.gateway.tests.platform import (
    BIND,
    BIND_QUERY,
    MEMBER_QUERY,
    REGISTER,
    Shop,
    make_connected_shop,
    make_older_crm,
    phone,
)
from santong.gateway.tests.simulated import Simulated
from santong.gateway.tests.test_personal_data import spelled, texts_of_the_cell
from santong.kernel import cells, crypto, relay, tenancy

pytestmark = pytest.mark.usefixtures("database")

NICK, OUID, MIX_KEY = "欧阳要忘记", "AAH-forget-me", "Ab3dE9"
LATER = NOW.replace(year=2027)
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def shop(merchant: int, side: Simulated) -> Shop:
    """A marketplace's shop with an older CRM behind it; both listen, and hide numbers."""
    make_older_crm(merchant, side)
    return make_connected_shop(merchant, behind_code="old-crm", url=side.url, mix_key=MIX_KEY)


def person_of(shop: Shop, number: str) -> int:
    with tenancy.scope(merchant_id=shop.merchant_id):
        wanted = customers.Identifier("phone", number)
        found = customers.find(merchant_id=shop.merchant_id, identifiers=[wanted])
    (person_id,) = found[wanted]
    return person_id


def erase(shop: Shop, person_id: int) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        customers.erase_person(
            merchant_id=shop.merchant_id, person_id=person_id, reason="asked for it", now=NOW
        )


def all_that_is_sealed(shop: Shop) -> str:
    """Everything that the queues say, opened."""
    said = []
    with tenancy.scope(merchant_id=shop.merchant_id):
        for name in MemberSync.objects.of_merchant(shop.merchant_id):
            place = identity_place(connection_id=name.connection_id, member_id=name.member_id)
            said.append((bytes(name.identity_sealed), place))
        for row in Operation.objects.of_merchant(shop.merchant_id):
            place = operation_place(connection_id=row.connection_id, serial_no=row.serial_no)
            said.append((bytes(row.body_sealed), place))
        return "".join(
            crypto.decrypt(merchant_id=shop.merchant_id, sealed=sealed, place=place).decode()
            for sealed, place in said
            if sealed
        )


def work_of(shop: Shop) -> list[tuple[str, str]]:
    with tenancy.scope(merchant_id=shop.merchant_id):
        rows = Operation.objects.of_merchant(shop.merchant_id).order_by("id")
        return list(rows.values_list("state", "code"))


def points(number: str, record_id: str) -> dict[str, Any]:
    mixed = customers.mix_mobile(mobile=number, key=MIX_KEY)
    return {"record_id": record_id, "type": "1", "point": 5, "mix_mobile": mixed}


def test_nothing_that_waits_or_was_logged_names_an_erased_person(
    shop: Shop, side: Simulated, capfd: pytest.CaptureFixture[str]
) -> None:
    number = phone()
    mixed = customers.mix_mobile(mobile=number, key=MIX_KEY)
    asked = {"mobile": number, "taobao_nick": NICK, "ouid": OUID}
    side.moods.choose = lambda: "telling"
    side.echoes = f"{NICK} {number} is not known"
    for method in (BIND_QUERY, MEMBER_QUERY, BIND, REGISTER, BIND_QUERY, REGISTER, "tmall.fly"):
        shop.platform.call(method, {**asked, "type": "1"})
    shop.platform.call(BIND_QUERY, {"mobile": {number: NICK}, number: number, NICK: "x"})
    shop.platform.call(POINT_CHANGE, points(number, "r1"))
    for month in range(1, 5):
        deliver(merchant_id=shop.merchant_id, clock=partial(LATER.replace, month=month))
    person_id = person_of(shop, number)
    with tenancy.scope(merchant_id=shop.merchant_id):
        exported: Any = customers.export_person(
            merchant_id=shop.merchant_id, person_id=person_id, reason="asked for it", now=NOW
        ).parts["gateway"]
    before = all_that_is_sealed(shop)

    erase(shop, person_id)
    relay.drain(cell=cells.cell_of(shop.merchant_id), wait_seconds=120)
    asked_before = len(side.heard)
    side.moods.choose = lambda: "well"
    deliver(merchant_id=shop.merchant_id, clock=lambda: LATER.replace(month=12))

    assert [each["names"] for each in exported["names"]] == [{"mix_nick": NICK, "ouid": OUID}]
    assert [each["method"] for each in exported["waiting"]] == [
        REGISTER,
        MEMBER_QUERY,
        "tmall.mei.crm.callback.point.change",
    ]
    assert exported["waiting"][0]["says"]["mobile"] == number
    assert all(each in before for each in (number, mixed, OUID))
    assert all_that_is_sealed(shop) == ""
    assert work_of(shop) == [("refused", "person_erased")] * 3
    assert len(side.heard) == asked_before
    wanted = {form for secret in (number, mixed, NICK, OUID) for form in spelled(secret)}
    found = {
        (place, form)
        for place, value in texts_of_the_cell(shop.merchant_id)
        for form in wanted
        if form in value
    }
    assert found == set()
    logged = "".join(capfd.readouterr())
    assert [form for form in wanted if form in logged] == []
    with tenancy.scope(merchant_id=shop.merchant_id):
        directions = Call.objects.of_merchant(shop.merchant_id).values_list("direction", "outcome")
        assert {("in", "ok"), ("out", "failed")} <= set(directions)
        assert gateway.check_invariants(merchant_id=shop.merchant_id) == []


def test_an_answer_about_somebody_who_is_no_member_goes_with_the_person(
    shop: Shop, side: Simulated
) -> None:
    side.moods.choose = lambda: "broken"
    hers, others = phone(), phone()
    with tenancy.scope(merchant_id=shop.merchant_id):
        customers.resolve(
            merchant_id=shop.merchant_id,
            identifiers=[customers.Identifier("phone", hers)],
            profile=None,
            source="till",
            now=NOW,
        )
    for record_id, number in (("r1", hers), ("r2", others)):
        shop.platform.call(POINT_CHANGE, points(number, record_id))

    erase(shop, person_of(shop, hers))

    assert work_of(shop) == [("refused", "person_erased"), ("waiting", "")]
    said = all_that_is_sealed(shop)
    assert customers.mix_mobile(mobile=hers, key=MIX_KEY) not in said
    assert customers.mix_mobile(mobile=others, key=MIX_KEY) in said


def test_what_a_worker_holds_at_that_moment_is_not_kept_by_it(shop: Shop) -> None:
    number = phone()
    shop.platform.call(REGISTER, {"mobile": number, "ouid": OUID})
    with tenancy.scope(merchant_id=shop.merchant_id):
        crm = gateway.connections(merchant_id=shop.merchant_id, now=NOW)[0]
        line = line_by_id(merchant_id=shop.merchant_id, connection_id=crm.id)
        assert line is not None
        (parcel,) = claim_work(
            merchant_id=shop.merchant_id, line=line, most=8, until=LATER, now=LATER
        )

    erase(shop, person_of(shop, number))
    with tenancy.scope(merchant_id=shop.merchant_id):
        settle_work(
            merchant_id=shop.merchant_id,
            parcel=parcel,
            said=Said(outcome="failed", code="no_answer", document={}),
            jitter_thousandths=0,
            now=LATER,
        )

    assert parcel.fields["mobile"] == number
    assert work_of(shop) == [("refused", "person_erased")] * 2
    assert all_that_is_sealed(shop) == ""


def test_whoever_registers_at_that_moment_is_forgotten_whole_or_somebody_new(
    shop: Shop, at_once: AtOnce
) -> None:
    for round_number in range(6):
        number = phone()
        asked = {"mobile": number, "ouid": f"AAH-{round_number}"}
        shop.platform.call(REGISTER, asked)
        person_id = person_of(shop, number)

        at_once(
            lambda one=person_id: erase(shop, one),
            lambda these=asked: shop.platform.call(BIND, {**these, "type": "1"}),
            lambda these=asked: shop.platform.call(REGISTER, {**these, "extend": "x"}),
        )

        with tenancy.scope(merchant_id=shop.merchant_id):
            wanted = customers.Identifier("phone", number)
            lives = customers.find(merchant_id=shop.merchant_id, identifiers=[wanted])[wanted]
        assert person_id not in lives
        assert bool(re.search(number, all_that_is_sealed(shop))) <= bool(lives)
        assert (f"AAH-{round_number}" in all_that_is_sealed(shop)) == bool(lives)


def test_a_body_that_is_no_json_is_not_repeated(shop: Shop) -> None:
    number = phone()

    address, body, content_type, headers = shop.platform.signed(
        BIND, body=f'{{"mobile": "{number}"'.encode()
    )
    answer = json.loads(shop.platform.send(address, body, content_type, headers).content)

    assert answer["failMessage"] == "body"
    (logged,) = shop.log()
    assert (logged.request, logged.code) == ({}, "isv.invalid-parameter body")
