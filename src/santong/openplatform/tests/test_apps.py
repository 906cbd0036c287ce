"""Apps: a key for all merchants, secrets that rotate, states, and a list before going live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, VersionMoved
from santong.kernel.models import AuditEntry
from santong.kernel.tenancy import Actor
from santong.openplatform import contracts, errors
from santong.openplatform.models import AppSecret
from santong.openplatform.public import (
    app_by_key,
    approve_packs,
    change_app,
    checks_of_app,
    flush_calls,
    go_live,
    is_sandbox,
    log_call,
    open_sandbox,
    record_conformance,
    register_app,
    registered_app,
    resume_app,
    rotate_app_secret,
    start_trial,
    suspend_app,
)
from santong.openplatform.tests.factories import NOW, app_of, assert_sound, make_app, make_sandbox

HOUR = timedelta(hours=1)


def test_an_app_is_registered_and_found_by_its_key_alone(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        app, secret = register_app(
            merchant_id=merchant,
            wanted=contracts.NewApp(name=" ERP ", packs=("goods",), ip_ranges=("10.0.0.0/8",)),
            now=NOW,
        )

    found = app_of(app.app_key)

    assert (found.owner_id, found.name, found.state) == (merchant, "ERP", "draft")
    assert found.packs == {"base", "goods"}
    assert found.secrets == (secret.secret,)
    assert len(secret.secret) == 32
    assert not found.may_call, "a draft calls nobody"
    assert secret.secret not in repr(found) + repr(secret)
    with tenancy.scope(merchant_id=merchant):
        sealed = AppSecret.objects.get(merchant_id=merchant).sealed
        (entry,) = AuditEntry.objects.filter(merchant_id=merchant, subject="app")
    assert secret.secret.encode() not in bytes(sealed)
    assert secret.secret not in str(entry.after)
    assert_sound(merchant)


def test_what_nobody_registered_is_nobodys(merchant: int) -> None:
    assert app_by_key(app_key="99999999999", now=NOW) is None
    assert app_by_key(app_key="not a key", now=NOW) is None


def test_a_key_that_is_brought_along_belongs_to_one_app_of_all_merchants(
    new_merchant: Callable[..., int],
) -> None:
    first, second = new_merchant(), new_merchant(cell="second")
    key = make_app(first).app_key
    brought: dict[str, Any] = {
        "app_key": f"{key}0123",
        "secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    }
    make_app(first, **brought)

    def again(merchant_id: int, **named: Any) -> None:
        with tenancy.scope(merchant_id=merchant_id):
            register_app(
                merchant_id=merchant_id, wanted=contracts.NewApp(name="x", **named), now=NOW
            )

    for owner in (first, second):
        with pytest.raises(errors.AppKeyTaken):
            again(owner, **brought)
    for wrong in ({"app_key": "0123456"}, {"app_key": "12x"}, {"secret": "short"}):
        with pytest.raises(FieldInvalid):
            again(second, **wrong)
    assert app_of(brought["app_key"]).secrets == (brought["secret"],)
    assert_sound(first, second)


def test_while_a_secret_rotates_two_are_good_and_then_one(merchant: int) -> None:
    made = make_app(merchant)

    def rotate(older_lives: timedelta) -> contracts.NewSecret:
        with tenancy.scope(merchant_id=merchant):
            return rotate_app_secret(
                merchant_id=merchant,
                app_key=made.app_key,
                older_lives=older_lives,
                reason="yearly",
                now=NOW,
            )

    second = rotate(HOUR)

    assert app_of(made.app_key).secrets == (second.secret, made.secret)
    assert app_of(made.app_key, now=NOW + HOUR).secrets == (second.secret,)
    with pytest.raises(errors.TwoAppSecretsAlready):
        rotate(HOUR)
    assert app_of(made.app_key, now=NOW).secrets == (second.secret, made.secret)
    third = rotate(timedelta(0))
    assert app_of(made.app_key).secrets == (third.secret,), "after a leak the others end at once"
    assert_sound(merchant)


def test_an_app_goes_live_once_its_list_is_gone_through(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        app, _ = register_app(
            merchant_id=merchant, wanted=contracts.NewApp(name="CRM", packs=("members",)), now=NOW
        )
    key = app.app_key
    named: dict[str, Any] = {"merchant_id": merchant, "app_key": key, "now": NOW}
    with tenancy.scope(merchant_id=merchant):
        start_trial(**named)
        with pytest.raises(errors.NotReady) as refused, transaction.atomic():
            go_live(**named)
    assert refused.value.open_checks == [
        "described",
        "redirect",
        "approved",
        "called",
        "conformance",
        "ip_ranges",
    ]
    log_call(
        record=contracts.CallRecord(
            app_key=key,
            owner_id=merchant,
            seller_id=None,
            method="taobao.time.get",
            at=NOW,
            milliseconds=1,
        )
    )
    flush_calls()

    with tenancy.scope(merchant_id=merchant):
        change_app(
            merchant_id=merchant,
            app_key=key,
            version=2,
            wanted=contracts.AppChange(
                description="Members of the brand",
                redirect_uris=("https://crm.example.com/cb",),
                ip_ranges=("203.0.113.7", "2001:db8::/32"),
            ),
            now=NOW,
        )
        approve_packs(packs=["base", "members"], reason="looked at", **named)
        record_conformance(passed_at=NOW, report="run 7", **named)
        assert all(check.is_met for check in checks_of_app(merchant_id=merchant, app_key=key))
        live = go_live(**named)

    assert live.state == "live"
    assert app_of(key).may_call
    assert_sound(merchant)


def test_a_live_app_uses_only_what_was_approved(merchant: int) -> None:
    made = make_app(merchant, packs=("goods",))

    with tenancy.scope(merchant_id=merchant):
        change_app(
            merchant_id=merchant,
            app_key=made.app_key,
            version=1,
            wanted=contracts.AppChange(packs=("goods", "members")),
            now=NOW,
        )

    assert app_of(made.app_key).packs == {"base", "goods"}
    with tenancy.scope(merchant_id=merchant):
        approve_packs(
            merchant_id=merchant,
            app_key=made.app_key,
            packs=["base", "goods", "members"],
            reason="looked at",
            now=NOW,
        )
    assert app_of(made.app_key).packs == {"base", "goods", "members"}


def test_a_suspended_app_calls_nobody_and_goes_on_as_what_it_was(merchant: int) -> None:
    made = make_app(merchant)
    named: dict[str, Any] = {
        "merchant_id": merchant,
        "app_key": made.app_key,
        "reason": "leak",
        "now": NOW,
    }

    with tenancy.scope(merchant_id=merchant):
        suspend_app(**named)
    suspended = app_of(made.app_key)
    with tenancy.scope(merchant_id=merchant):
        resumed = resume_app(**named)
        with pytest.raises(errors.AppStateForbids), transaction.atomic():
            resume_app(**named)

    assert not suspended.may_call
    assert resumed.state == "live"
    assert app_of(made.app_key).may_call


def test_a_change_says_which_version_it_was_made_from(merchant: int) -> None:
    made = make_app(merchant)
    wanted = contracts.AppChange(name="POS")

    with tenancy.scope(merchant_id=merchant):
        with pytest.raises(VersionMoved), transaction.atomic():
            change_app(
                merchant_id=merchant, app_key=made.app_key, version=7, wanted=wanted, now=NOW
            )
        changed = change_app(
            merchant_id=merchant, app_key=made.app_key, version=1, wanted=wanted, now=NOW
        )

    assert (changed.name, changed.version) == ("POS", 2)
    assert app_of(made.app_key).name == "POS"


def test_a_developer_does_not_approve_what_their_own_app_may_do(merchant: int) -> None:
    made = make_app(merchant, state="sandbox")
    make_sandbox(merchant)
    developer = Actor(kind="staff", id="1", name="x", permissions=frozenset({"apps.authorise"}))
    clerk = Actor(kind="staff", id="2", name="y")
    named: dict[str, Any] = {
        "merchant_id": merchant,
        "app_key": made.app_key,
        "packs": ["base"],
        "reason": "mine",
    }

    for person, refusal in ((developer, errors.NotApprovedHere), (clerk, Exception)):
        with (
            tenancy.scope(merchant_id=merchant, actor=person),
            pytest.raises(refusal),
            transaction.atomic(),
        ):
            approve_packs(**named, now=NOW)


def test_who_registers_gets_a_merchant_of_their_own_to_try_things_in(database: None) -> None:
    opened = open_sandbox(name="某某软件", login="dev", person="韩梅", now=NOW)

    with tenancy.scope(merchant_id=opened.merchant_id):
        assert is_sandbox(merchant_id=opened.merchant_id)
    assert opened.code.startswith("sandbox-")
    assert opened.password not in repr(opened)


def test_whoever_runs_the_platform_approves_and_renews_keys(merchant: int) -> None:
    made = make_app(merchant, state="sandbox", packs=("goods",))
    make_sandbox(merchant)
    said = StringIO()

    call_command("approve_app", made.app_key, "goods", reason="looked at", stdout=said)
    call_command("rotate_signing_key", stdout=said)

    with tenancy.scope(merchant_id=merchant):
        app = registered_app(merchant_id=merchant, app_key=made.app_key)
    assert app.approved_packs == ("goods",)
    assert "signing with" in said.getvalue()
    for key, packs in (("99999999999", []), (made.app_key, ["members"])):
        with pytest.raises(CommandError):
            call_command("approve_app", key, *packs, reason="looked at")
