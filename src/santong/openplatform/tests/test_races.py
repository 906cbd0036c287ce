"""What is contended comes out exactly: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from santong.kernel import tenancy
from santong.openplatform import contracts
from santong.openplatform.errors import AppKeyTaken, TwoAppSecretsAlready
from santong.openplatform.models import App, AppSecret, Authorisation
from santong.openplatform.services.register_app import register_app
from santong.openplatform.services.revoke_authorisation import revoke_authorisation
from santong.openplatform.services.rotate_app_secret import rotate_app_secret
from santong.openplatform.services.start_trial import start_trial
from santong.openplatform.tests.factories import NOW, app_of, assert_sound, let_in, make_app

AtOnce = Callable[..., list[Any]]


def test_a_key_that_many_merchants_bring_is_ones(
    new_merchant: Callable[..., int], at_once: AtOnce
) -> None:
    merchants = [new_merchant(cell=cell) for cell in ("main", "second", "main", "second")]
    key = f"7{make_app(merchants[0]).app_key}7"

    def brings(merchant_id: int) -> contracts.RegisteredApp:
        with tenancy.scope(merchant_id=merchant_id):
            wanted = contracts.NewApp(name="ERP", app_key=key)
            return register_app(merchant_id=merchant_id, wanted=wanted, now=NOW)[0]

    results = at_once(*[lambda m=merchant: brings(m) for merchant in merchants])

    (won,) = [each for each in results if isinstance(each, contracts.RegisteredApp)]
    assert sum(isinstance(each, AppKeyTaken) for each in results) == 3
    assert app_of(key).owner_id == won.owner_id
    assert_sound(*merchants)


def test_of_secrets_that_are_rotated_at_once_two_are_good_at_most(
    merchant: int, at_once: AtOnce
) -> None:
    key = make_app(merchant).app_key

    def rotate() -> contracts.NewSecret:
        with tenancy.scope(merchant_id=merchant):
            return rotate_app_secret(
                merchant_id=merchant,
                app_key=key,
                older_lives=timedelta(hours=1),
                reason="yearly",
                now=NOW,
            )

    results = at_once(*[rotate for _ in range(5)])

    assert sum(isinstance(each, contracts.NewSecret) for each in results) == 1
    assert sum(isinstance(each, TwoAppSecretsAlready) for each in results) == 4
    with tenancy.scope(merchant_id=merchant):
        assert AppSecret.objects.of_merchant(merchant).count() == 2
    assert_sound(merchant)


def test_an_app_that_is_let_in_and_shut_out_at_once_is_one_of_the_two(
    new_merchant: Callable[..., int], at_once: AtOnce
) -> None:
    owner, seller = new_merchant(), new_merchant()
    made = make_app(owner)
    let_in(made, seller)

    def shut_out() -> None:
        with tenancy.scope(merchant_id=seller):
            revoke_authorisation(merchant_id=seller, app_key=made.app_key, reason="ends", now=NOW)

    results = at_once(*[lambda: let_in(made, seller), shut_out] * 3)

    # Whoever is shut out between consent and session gets none, and is told so.
    assert [r for r in results if isinstance(r, Exception) and not _told(r)] == []
    with tenancy.scope(merchant_id=seller):
        assert Authorisation.objects.of_merchant(seller).count() == 1
    assert_sound(owner, seller)


def test_a_trial_that_is_begun_by_many_begins_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        app, _ = register_app(merchant_id=merchant, wanted=contracts.NewApp(name="x"), now=NOW)

    def begin() -> contracts.RegisteredApp:
        with tenancy.scope(merchant_id=merchant):
            return start_trial(merchant_id=merchant, app_key=app.app_key, now=NOW)

    assert {each.state for each in at_once(*[begin for _ in range(5)])} == {"sandbox"}
    with tenancy.scope(merchant_id=merchant):
        assert App.objects.of_merchant(merchant).get().version == 2


def _told(raised: Exception) -> bool:
    return getattr(raised, "code", "") == "openplatform.app_state_forbids"
