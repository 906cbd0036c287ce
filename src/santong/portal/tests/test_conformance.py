"""The suite against endpoints that really listen: good ones pass, each fault is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.portal import public as portal
from santong.portal.models import ConformanceRun
from santong.portal.services.work_on_run import CLAIM_LIVES, MOST_CLAIMS, claim_run, note_results
from santong.portal.spi.carry_out import carry_out
from santong.portal.tests.brand import APP_KEY, MEMBER, MIX_KEY, SECRET, Brand, listening

pytestmark = pytest.mark.usefixtures("database")

AtOnce = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def on_this_machine(settings: Settings) -> None:
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def brand() -> Iterator[Brand]:
    with listening() as found:
        yield found


def begin(merchant: int, url: str, now: datetime, **changes: Any) -> portal.Run:
    told: dict[str, Any] = {
        "app_key": APP_KEY,
        "secret": SECRET,
        "url": url,
        "seller_name": "三通旗舰店",
        "member_mobile": MEMBER,
        "mobile_key": MIX_KEY,
        **changes,
    }
    with tenancy.scope(merchant_id=merchant):
        return portal.begin_run(merchant_id=merchant, new=portal.NewRun(**told), now=now)


def tried(merchant: int, brand: Brand, now: datetime, **changes: Any) -> portal.Run:
    run = begin(merchant, brand.url, now, **changes)
    assert carry_out(merchant_id=merchant, clock=lambda: datetime.now(UTC)) == 1
    return again(merchant, run)


def again(merchant: int, run: portal.Run) -> portal.Run:
    with tenancy.scope(merchant_id=merchant):
        return portal.run_by_id(merchant_id=merchant, run_id=run.id)


def faults(run: portal.Run) -> dict[str, str]:
    return {result.code: result.reason for result in run.results if not result.has_passed}


def test_an_endpoint_that_keeps_the_contracts_passes(
    merchant: int, brand: Brand, now: datetime
) -> None:
    first = tried(merchant, brand, now)
    second = tried(merchant, brand, now)

    assert (faults(first), faults(second)) == ({}, {})
    assert first.state == "done"
    assert first.has_passed
    assert len(first.results) == first.cases_total > 20
    with tenancy.scope(merchant_id=merchant):
        assert portal.has_passed(merchant_id=merchant, app_key=APP_KEY)
        (told,) = ConformanceRun.objects.filter(id=first.id)
    assert bytes(told.sealed) == b"", "what it was told is gone"


def test_each_fault_is_found_and_named(merchant: int, brand: Brand, now: datetime) -> None:
    expected = {
        "nobody": {"offers_registration_to_nobody": "other_code"},
        "register": {
            "registers": "other_code",
            "binds_again_without_failing": "other_code",
            "knows_who_is_bound": "other_code",
            "shows_a_bound_member": "other_code",
            "unbinds": "other_code",
            "knows_who_is_not_bound": "other_code",
            "binds": "other_code",
            "registers_many_at_once": "other_code",
            "of_many_at_once_one_is_a_member": "other_code",
        },
        "bind_twice": {"binds_again_without_failing": "other_code"},
        "bound": {"knows_who_is_bound": "other_code"},
        "unbind": {"knows_who_is_not_bound": "other_code"},
        "doubles": {"of_many_at_once_one_is_a_member": "other_code"},
        "no_obfuscated": {"knows_obfuscated_numbers": "not_bindable"},
        "older_names": {"takes_the_older_names": "not_bindable"},
        "unknown_fields": {"passes_over_unknown_fields": "not_bindable"},
        "breaks": {"goes_on_after_a_broken_body": "broke"},
        "other_app": {"refuses_another_app": "took_it"},
        "unsigned": {"refuses_without_signature": "took_it"},
        "drops_empty": {"signs_empty_values": "not_bindable"},
        "no_headers": {"signs_named_headers": "not_bindable"},
        "says_text": {"answers_as_json": "not_json"},
        "any_sign": {"refuses_another_secret": "took_it", "refuses_a_changed_body": "took_it"},
    }
    found = {}
    for fault in expected:
        brand.faults = {fault}
        run = tried(merchant, brand, now)
        found[fault] = faults(run)
        assert not run.has_passed

    assert found == expected


def test_points_in_fractions_are_found_wherever_a_member_is_shown(
    merchant: int, brand: Brand, now: datetime
) -> None:
    brand.faults = {"fractions"}

    run = tried(merchant, brand, now)

    assert faults(run)["finds_a_member"] == "points_not_whole"
    assert set(faults(run).values()) == {"points_not_whole"}


def test_what_is_only_advised_does_not_fail_the_run(
    merchant: int, brand: Brand, now: datetime
) -> None:
    brand.faults = {"old", "form"}

    run = tried(merchant, brand, now)

    assert faults(run) == {"refuses_what_is_old": "took_it", "takes_a_form": "not_bindable"}
    assert run.has_passed
    assert run.failures == 2


def test_nobody_at_the_address_is_said_in_every_case(merchant: int, now: datetime) -> None:
    with listening() as gone:
        url = gone.url
    run = begin(merchant, url, now)

    carry_out(merchant_id=merchant, clock=lambda: datetime.now(UTC))

    done = again(merchant, run)
    assert {result.reason for result in done.results if result.method} == {"no_answer"}
    assert not done.has_passed


def test_one_run_of_an_app_at_a_time(
    merchant: int, brand: Brand, now: datetime, at_once: AtOnce
) -> None:
    made = at_once(*[lambda: begin(merchant, brand.url, now)] * 4)

    runs = [each for each in made if isinstance(each, portal.Run)]
    assert len(runs) == 1
    assert all(isinstance(each, portal.Run | portal.RunGoesOn) for each in made)
    assert begin(merchant, brand.url, now, app_key="10000002").state == "waiting"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "ftp://example.com"}, "/url"),
        ({"url": "https://"}, "/url"),
        ({"seller_name": " "}, "/seller_name"),
        ({"member_mobile": "138"}, "/member_mobile"),
        ({"member_mobile": "+1 202 555 0100"}, "/member_mobile"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    merchant: int, now: datetime, changes: dict[str, str], pointer: str
) -> None:
    given = {"url": "http://127.0.0.1/", **changes}
    with pytest.raises(FieldInvalid) as refused:
        begin(merchant, given.pop("url"), now, **given)

    assert refused.value.pointer == pointer


def test_a_run_whose_worker_died_is_taken_over_and_at_last_given_up(
    merchant: int, now: datetime
) -> None:
    run = begin(merchant, "http://127.0.0.1:9/", now)
    claims = []
    for turn in range(MOST_CLAIMS):
        with tenancy.scope(merchant_id=merchant):
            at = now + turn * CLAIM_LIVES
            claims.append(claim_run(merchant_id=merchant, now=at))
            assert claim_run(merchant_id=merchant, now=at + timedelta(seconds=1)) is None

    first, *_, last = claims
    assert first is not None
    assert last is not None
    assert len({claimed.subject.made_up_mobile(1) for claimed in claims if claimed}) == MOST_CLAIMS
    with tenancy.scope(merchant_id=merchant):
        end: dict[str, Any] = {"results": [], "cases_total": 1, "is_done": True, "now": now}
        assert not note_results(merchant_id=merchant, claimed=first, **end)
        assert claim_run(merchant_id=merchant, now=now + MOST_CLAIMS * CLAIM_LIVES) is None
    assert again(merchant, run).state == "broken_off"
    with tenancy.scope(merchant_id=merchant):
        assert not note_results(merchant_id=merchant, claimed=last, **end)
