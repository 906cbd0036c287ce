"""Keys, addresses, packs and the list: decisions without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.merchants.public import PERMISSIONS
from santong.openplatform.rules import addresses, keys, states
from santong.openplatform.rules.budgets import Budgets, minute_of
from santong.openplatform.rules.packs import PACKS, lesser, permissions_of
from santong.openplatform.tests.factories import NOW

HEX = "0123456789abcdef" * 3


@given(
    kind=st.sampled_from(["access", "refresh", "code"]),
    merchant_id=st.integers(1, 2**63 - 1),
    number=st.integers(10_000, 10**18 - 1),
)
def test_a_key_says_whose_it_is(kind: keys.KeyKind, merchant_id: int, number: int) -> None:
    text = keys.written(kind=kind, merchant_id=merchant_id, app_key=str(number), secret=HEX)

    read = keys.read_key(text)

    assert read is not None
    assert (read.kind, read.merchant_id, read.app_key) == (kind, merchant_id, str(number))
    assert read.hashed == keys.hash_of(text)


@given(st.text(max_size=90))
def test_what_is_no_key_is_read_as_none(text: str) -> None:
    assert keys.read_key(text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"sat_0_h8o1_{HEX}",
        f"sat_zzzzzzzzzzzzz_h8o1_{HEX}",
        f"sat_1_1_{HEX}",
        f"sat_1_h8o1_{HEX}\n",
        f"sxx_1_h8o1_{HEX}",
    ],
)
def test_a_key_of_nobody_is_no_key(text: str) -> None:
    assert keys.read_key(text) is None


@pytest.mark.parametrize(
    ("uri", "is_good"),
    [
        ("https://erp.example.com/cb?a=1", True),
        ("https://erp.example.com:8443", True),
        ("http://127.0.0.1:5000/cb", True),
        ("http://[::1]/cb", True),
        ("com.example.erp:/cb", True),
        ("http://erp.example.com/cb", False),
        ("https://user@erp.example.com/cb", False),
        ("https://erp.example.com/cb#x", False),
        ("https://erp.example.com/c b", False),
        ("https://erp.example.com\\@evil.example", False),
        ("javascript:alert(1)", False),
        ("erp:/cb", False),
        ("//erp.example.com", False),
        ("https://", False),
        ("", False),
    ],
)
def test_where_a_browser_may_be_sent_to(uri: str, is_good: bool) -> None:  # noqa: FBT001  a table
    assert addresses.is_redirect(uri) is is_good


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("2001:db8::7", True),
        ("203.0.113.7", True),
        ("203.0.113.8", False),
        ("2001:db9::7", False),
        ("", False),
        ("10.1.2.3, 1.1.1.1", False),
    ],
)
def test_from_where_an_app_may_call(address: str, is_in: bool) -> None:  # noqa: FBT001  a table
    networks = addresses.networks_of(["10.0.0.0/8", "2001:db8::/32", "203.0.113.7/32"])

    assert addresses.is_within(address=address, networks=networks) is is_in
    assert addresses.is_within(address=address, networks=()), "no list lets everybody in"


def test_a_range_is_written_in_one_way() -> None:
    assert addresses.checked_ranges(["10.0.0.1", " 10.0.0.1/32 "]) == ["10.0.0.1/32"]
    for wrong in ("10.0.0.1/8", "here", "10.0.0.0/33"):
        with pytest.raises(FieldInvalid):
            addresses.checked_ranges([wrong])


def test_a_process_lets_through_what_it_was_granted_and_no_more() -> None:
    budgets, key, minute = Budgets(), ("1", "m"), minute_of(NOW)

    assert budgets.take(key, minute=minute) is None, "nobody knows yet"
    assert budgets.granted(key, 2, minute=minute)
    assert budgets.take(key, minute=minute)
    assert budgets.take(key, minute=minute) is None, "there may be more"
    assert not budgets.granted(key, 0, minute=minute)
    assert budgets.take(key, minute=minute) is False, "there is no more"


def test_packs_come_to_permissions() -> None:
    assert set(PACKS) == {
        "base",
        "goods",
        "orders",
        "stores",
        "members",
        "services",
        "messages",
        "qimen",
    }
    assert permissions_of(packs=(), personal_data="plain") == frozenset()
    plain = permissions_of(packs=("base",), personal_data="plain")
    assert plain == {"merchants.view", "personal_data.reveal"}
    assert lesser("plain", "masked") == lesser("masked", "encrypted") == "masked"


@pytest.mark.parametrize(
    ("packs", "missing"),
    [
        (("base",), []),
        (("orders",), ["ip_ranges"]),
        (("members",), ["conformance", "ip_ranges"]),
    ],
)
def test_who_sees_persons_says_from_where_and_who_answers_has_shown_it(
    packs: tuple[str, ...], missing: list[str]
) -> None:
    facts = states.Facts(
        name="ERP",
        description="Stock",
        packs=packs,
        approved_packs=packs,
        has_redirect=True,
        has_ip_ranges=False,
        has_passed_conformance=False,
        has_called=True,
    )

    assert states.open_checks(checks=states.go_live_checks(facts=facts)) == missing


@given(asked=st.lists(st.integers(0, 5), max_size=30), granted=st.lists(st.integers(0, 9)))
def test_no_call_passes_that_was_not_granted(asked: list[int], granted: list[int]) -> None:
    budgets, key, minute = Budgets(), ("1", "m"), minute_of(NOW)
    grants, passed, given_out = iter(granted), 0, 0

    for calls in asked:
        for _ in range(calls):
            passes = budgets.take(key, minute=minute)
            if passes is None:
                part = next(grants, 0)
                given_out += part
                passes = budgets.granted(key, part, minute=minute)
            passed += passes

    assert passed <= given_out
    assert passed == min(sum(asked), given_out) or 0 in granted


def test_what_packs_allow_is_known_to_merchants() -> None:
    allowed = frozenset[str]().union(*(pack.permissions for pack in PACKS.values()))

    assert allowed <= PERMISSIONS
    assert "apps.authorise" not in allowed, "no app lets another in"
