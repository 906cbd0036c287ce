"""Whoever asks to be forgotten is found nowhere: in no table and no log. Nor were they before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection

from santong.customers import public as customers
from santong.kernel import cells, tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import AT_THE_TILL, make_programme
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


def known_everywhere(merchant_id: int, head: Caller) -> tuple[str, str]:
    """Come in by every door; give the person's id and an order that is still open."""
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
    return person, order


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

    person, order = known_everywhere(merchant, head)
    exported = ask_about(head, person, order)
    tell_all()

    assert exported["customers"]["profile"]["name"] == NAME
    assert exported["orders"]["orders"][0]["recipient"]["phone"] == PHONE
    assert len(exported["membership"]["members"]) == 1
    assert rows_that_say(merchant, [*PLAIN, mixed]) == set()
    indexes = blind_indexes(merchant)
    assert len(indexes) > len(IDENTIFIERS)
    assert "customers_identity" in rows_that_say(merchant, indexes)

    refused = head.post(f"/persons/{person}/erase", {"reason": "asked for it"}, expect=409)
    assert (refused["code"], refused["order_ids"]) == ("orders.person_still_served", [order])
    head.post(f"/orders/{order}/cancel", {"reason": "asked for it"})
    erased = head.post(f"/persons/{person}/erase", {"reason": "asked for it"})
    tell_all()

    assert erased["person_ids"] == [person]
    assert rows_that_say(merchant, [*PLAIN, mixed, *indexes]) == set()
    assert head.get(f"/persons/{person}")["state"] == "erased"
    shown = head.get(f"/orders/{order}")
    assert (shown["recipient"]["name"], shown["recipient"]["phone"]) == ("", "")
    assert shown["total"]["amount_minor"] == 19_900
    with tenancy.scope(merchant_id=merchant):
        for check in (customers.check_invariants, membership.check_invariants):
            assert check(merchant_id=merchant) == []
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
