"""Whoever asks to be forgotten is found nowhere: in no table and no log. Nor were they before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from santong.benefits import public as benefits
from santong.benefits.models import SupplyRequest
from santong.benefits.services.record_failure import record_failure
from santong.benefits.services.record_receipt import record_receipt
from santong.benefits.tests.factories import make_batch
from santong.benefits.tests.supplies import make_supply
from santong.customers import public as customers
from santong.kernel import cells, tenancy
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.tests.factories import AT_THE_TILL, make_programme
from santong.payments import public as payments
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import NOW, open_shop, order_document

PHONE = "13977665544"
MIX_KEY = "Ab3dE9"
NAME, EMAIL, ADDRESS = "欧阳静姝", "jingshu.ouyang@example.com", "梧桐里 77 弄 5 号 402 室"
OPEN_ID, NICK = "AAHx-open-id-of-jingshu", "静姝爱逛街"
PLAIN = (PHONE, NAME, EMAIL, ADDRESS, OPEN_ID, NICK)
IDENTIFIERS = [
    {"kind": "phone", "value": f"+86 {PHONE}", "is_verified": True},
    {"kind": "email", "value": EMAIL},
    {"kind": "storefront", "value": OPEN_ID, "scope": "flagship"},
    {"kind": "mix_nick", "value": NICK, "scope": "flagship"},
    {"kind": "device", "value": "ipad-of-jingshu"},
]


def rows_that_say(merchant_id: int, needles: Iterable[str]) -> set[str]:
    """Tables in which a needle stands, as text or as the bytes of it: whatever the column."""
    written = [form for needle in needles for form in (needle, needle.encode().hex())]
    pattern = "|".join(map(re.escape, written))
    found = set()
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        schemas = ["directory", "public", cells.cell_of(merchant_id).schema]
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s)"
            " AND has_table_privilege(format('%%I.%%I', schemaname, tablename), 'SELECT')",
            [schemas],
        )
        tables = cursor.fetchall()
        assert {"customers_identity", "orders_order", "kernel_auditentry"} <= {
            table for _, table in tables
        }
        for schema, table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{schema}"."{table}" t WHERE t::text ~* %s',  # noqa: S608  names of tables, from the catalogue
                [pattern],
            )
            if cursor.fetchone() != (0,):
                found.add(table)
    return found


def blind_indexes(merchant_id: int) -> list[str]:
    """What finds the person by equality, in hexadecimal digits, in whichever table."""
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(blind_index, 'hex') FROM customers_identity UNION ALL"
            " SELECT encode(phone_index, 'hex') FROM orders_order UNION ALL"
            " SELECT encode(value_index, 'hex') FROM membership_boundidentity"
        )
        return [index for (index,) in cursor.fetchall()]


def given_and_spent(merchant_id: int, member: membership.Member, head: Caller) -> str:
    """Coupons, their use and their return, points that come and go; give a coupon that was used.

    Clerks and suppliers say who it is wherever a text is taken.
    """
    with tenancy.scope(merchant_id=merchant_id):
        supply = make_supply(merchant_id=merchant_id, kind="api", product="film", adapter="none")
        batches = [
            make_batch(merchant_id=merchant_id),
            make_batch(merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id),
        ]
    used, back, wrong, delivered, refused = (
        head.post(
            "/coupon-claims",
            {
                "batch_id": str(batch.id),
                "member_id": str(member.id),
                "channel": "online",
                "key": f"claim-{number}",
            },
            expect=201,
        )["id"]
        for number, batch in enumerate([batches[0]] * 3 + [batches[1]] * 2)
    )
    with tenancy.scope(merchant_id=merchant_id):
        for coupon in (used, back):
            benefits.redeem(
                merchant_id=merchant_id,
                coupon_id=int(coupon),
                channel="store",
                amount_minor=500,
                key=f"till-{coupon}",
                now=datetime.now(UTC),
            )
        for coupon, record in ((delivered, record_receipt), (refused, record_failure)):
            request = SupplyRequest.objects.of_merchant(merchant_id).get(coupon_id=int(coupon))
            said = "receipt" if record is record_receipt else "error"
            record(
                merchant_id=merchant_id,
                request_id=request.id,
                now=NOW,
                **{said: f"to {EMAIL}, {PHONE}"},
            )
        earn_and_spend(merchant_id, member)
    for reason in (f"{NAME} called", f"call {PHONE}", EMAIL):
        head.post("/coupon-returns", {"coupon_id": back, "reason": reason, "key": "r"}, expect=422)
        head.post(f"/coupons/{wrong}/void", {"reason": reason, "key": "v"}, expect=422)
    head.post(
        "/coupon-claims",
        {
            "batch_id": str(batches[0].id),
            "member_id": str(member.id),
            "channel": "online",
            "key": f"welcome:{PHONE}",
        },
        expect=422,
    )
    head.post("/coupon-returns", {"coupon_id": back, "reason": "torn", "key": "r"})
    return str(used)


def earn_and_spend(merchant_id: int, member: membership.Member) -> None:
    """Points by the books alone; who writes there is kept from naming anybody."""
    (card,) = member.cards
    programme = membership.programme_by_id(merchant_id=merchant_id, programme_id=card.programme_id)
    asset = programme.points_asset
    mine = payments.AccountKey(asset, "available", f"member:{member.id}")
    for kind, amount in (("issued", 900), ("redeemed", -400)):
        other = payments.AccountKey(asset, kind, f"brand:{programme.brand_id}")
        txn = payments.NewTxn(
            key=kind,
            kind=kind,
            entries=(payments.NewEntry(mine, amount), payments.NewEntry(other, -amount)),
            occurred_at=NOW,
            reason="a gift",
        )
        payments.post(merchant_id=merchant_id, source="journey", txn=txn, now=NOW)
        with pytest.raises(FieldInvalid), transaction.atomic():
            payments.post(
                merchant_id=merchant_id,
                source="journey",
                txn=replace(txn, key="more", reason=f"for {PHONE}"),
                now=NOW,
            )


def known_everywhere(merchant_id: int, head: Caller) -> tuple[str, str, str, str]:
    """Come in by every door; give the person's id, an open order, a used coupon, the card."""
    person = head.post(
        "/persons/resolve",
        {
            "identifiers": IDENTIFIERS,
            "profile": {"name": NAME, "birthday": "1988-02-29", "address": ADDRESS},
            "source": "journey",
        },
        expect=201,
    )["person_id"]
    with tenancy.scope(merchant_id=merchant_id):
        programme = make_programme(merchant_id=merchant_id)
        joined = membership.join(
            merchant_id=merchant_id,
            programme_code=programme.code,
            identifiers=[customers.Identifier("phone", PHONE)],
            profile=customers.Profile(name=NAME),
            source=AT_THE_TILL,
            now=NOW,
        )
    assert str(joined.member.person_id) == person
    document = order_document()
    document["recipient"] |= {"name": NAME, "phone": PHONE, "address": ADDRESS}
    document |= {"buyer_note": f"call {PHONE}", "member_reference": joined.member.number}
    order = head.post("/orders", document, expect=201)["order"]["id"]
    head.post(
        f"/persons/{person}/consents",
        {
            "purpose": "marketing",
            "channel": "sms",
            "text_version": "v1",
            "text_hash": "00" * 32,
            "place": "store:SH1",
            "given_at": "2026-11-11T15:27:00+08:00",
        },
    )
    return person, order, given_and_spent(merchant_id, joined.member, head), joined.card.number


def ask_about(head: Caller, person: str, order: str) -> dict[str, Any]:
    head.post("/persons/find", {"identifiers": IDENTIFIERS})
    head.post(f"/persons/{person}/reveal", {"reason": "to call back"})
    head.post(f"/orders/{order}/reveal-recipient", {"reason": "to call back"})
    exported = head.post(f"/persons/{person}/export", {"reason": "asked for it"})
    parts: dict[str, Any] = exported["parts"]
    return parts


def test_a_person_is_found_nowhere(merchant: int, capfd: pytest.CaptureFixture[str]) -> None:
    open_shop(merchant, near=2)
    head = caller(merchant)
    with tenancy.scope(merchant_id=merchant):
        customers.set_mix_key(merchant_id=merchant, scope="flagship", key=MIX_KEY, now=NOW)
    mixed = customers.mix_mobile(mobile=PHONE, key=MIX_KEY)

    person, order, used, card = known_everywhere(merchant, head)
    exported = ask_about(head, person, order)
    tell_all()

    assert exported["customers"]["profile"]["name"] == NAME
    assert exported["orders"]["orders"][0]["recipient"]["phone"] == PHONE
    assert len(exported["membership"]["members"]) == 1
    coupons = {each["id"]: each for each in exported["benefits"]["coupons"]}
    assert (len(coupons), coupons[used]["batch"], coupons[used]["state"]) == (
        5,
        "双十一券",
        "redeemed",
    )
    assert f"to {EMAIL}, {PHONE}" in {each["supplier_code"] for each in coupons.values()}
    (account,) = exported["membership"]["ledger"]
    assert (account["posted"], [each["amount"] for each in account["entries"]]) == (
        500,
        [900, -400],
    )
    assert rows_that_say(merchant, [*PLAIN, mixed]) == set()
    indexes = blind_indexes(merchant)
    assert len(indexes) > len(IDENTIFIERS)
    assert "customers_identity" in rows_that_say(merchant, indexes)
    assert rows_that_say(merchant, [card]) == {"membership_card"}

    refused = head.post(f"/persons/{person}/erase", {"reason": "asked for it"}, expect=409)
    assert (refused["code"], refused["order_ids"]) == ("orders.person_still_served", [order])
    head.post(f"/orders/{order}/cancel", {"reason": "asked for it"})
    erased = head.post(f"/persons/{person}/erase", {"reason": "asked for it"})
    tell_all()

    assert erased["person_ids"] == [person]
    assert rows_that_say(merchant, [*PLAIN, mixed, card, *indexes]) == set()
    assert head.get(f"/persons/{person}")["state"] == "erased"
    shown = head.get(f"/orders/{order}")
    assert (shown["recipient"]["name"], shown["recipient"]["phone"]) == ("", "")
    assert shown["total"]["amount_minor"] == 19_900
    with tenancy.scope(merchant_id=merchant):
        for context in (customers, membership, benefits, payments):
            assert context.check_invariants(merchant_id=merchant) == []
        stays = benefits.coupon_by_id(merchant_id=merchant, coupon_id=int(used))
    assert (stays.state, stays.amount_minor) == ("redeemed", 500)
    logged = "".join(capfd.readouterr())
    assert [needle for needle in (*PLAIN, mixed) if needle in logged] == []


def test_what_is_looked_for_would_be_found(merchant: int) -> None:
    head = caller(merchant)
    with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (merchant_id, key, request_hash, status, body,"
            " content_type, created_at) VALUES (%s, %s, '', 200, %s, '', now())",
            [merchant, NAME, PHONE.encode()],
        )

    assert head.get("/me")
    assert rows_that_say(merchant, [PHONE]) == {"kernel_idempotencykey"}
    assert rows_that_say(merchant, [NAME]) == {"kernel_idempotencykey"}
