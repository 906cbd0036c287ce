"""Keys of programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.merchants import public as merchants
from santong.merchants.models import ApiToken
from santong.merchants.rules.keys import read_token
from santong.merchants.rules.permissions import PERMISSIONS, PERMISSIONS_BY_ROLE, ROLES
from santong.merchants.selectors.tokens import NoGoodToken, forget_tokens, good_token
from santong.merchants.tests.factories import make_staff, make_token

CLERK = PERMISSIONS_BY_ROLE["clerk"]


def actor_with(secret: str, now: datetime) -> tenancy.Actor:
    key = read_token(secret)
    assert key is not None
    return good_token(key=key, now=now).actor


def test_only_a_hash_of_the_secret_is_kept(merchant_id: int) -> None:
    secret = make_token(merchant_id)

    row = ApiToken.objects.get()

    assert len(bytes(row.secret_hash)) == 32
    assert secret.rsplit("_", 1)[-1] not in str(vars(row))


def test_a_token_may_do_what_it_asks_for(merchant_id: int, now: datetime) -> None:
    secret = make_token(merchant_id, permissions={"orders.place", "orders.view"})

    actor = actor_with(secret, now)

    assert actor.kind == "token"
    assert actor.permissions == {"orders.place", "orders.view"}
    assert actor.location_ids is None


def test_nobody_makes_a_token_that_may_do_more(merchant_id: int) -> None:
    with pytest.raises(merchants.MoreThanOwnPermissions) as refused:
        make_token(merchant_id, role="clerk", permissions={"orders.view", "staff.edit"})

    assert refused.value.permissions == ("staff.edit",)


def test_a_token_cannot_make_one_that_may_do_more_than_itself(
    merchant_id: int, now: datetime
) -> None:
    chief = make_staff(merchant_id)
    small = merchants.create_token(
        merchant_id=merchant_id,
        staff_id=chief.id,
        name="small",
        permissions={"tokens.edit"},
        now=now,
    )

    with (
        tenancy.acting_as(actor_with(small.secret, now)),
        pytest.raises(merchants.MoreThanOwnPermissions),
    ):
        merchants.create_token(
            merchant_id=merchant_id,
            staff_id=chief.id,
            name="large",
            permissions={"tokens.edit", "orders.view"},
            now=now,
        )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(role=st.sampled_from(ROLES), wanted=st.frozensets(st.sampled_from(sorted(PERMISSIONS))))
def test_what_a_token_may_do_never_exceeds_its_owner(
    merchant_id: int, now: datetime, role: str, wanted: frozenset[str]
) -> None:
    person = make_staff(merchant_id, role=role)
    allowed = wanted & PERMISSIONS_BY_ROLE[role]
    if not allowed:
        return
    made = merchants.create_token(
        merchant_id=merchant_id, staff_id=person.id, name="x", permissions=allowed, now=now
    )
    (grant,) = merchants.grants_of(merchant_id=merchant_id, staff_id=person.id)
    merchants.grant_role(merchant_id=merchant_id, staff_id=person.id, role="clerk", now=now)
    make_staff(merchant_id, role="head_office")

    before = actor_with(made.secret, now).permissions
    merchants.revoke_role(merchant_id=merchant_id, grant_id=grant.id, reason="less", now=now)
    after = actor_with(made.secret, now).permissions

    assert before == allowed
    assert after == allowed & (frozenset() if role == "clerk" else CLERK)


def test_a_token_is_good_until_it_expires(merchant_id: int, now: datetime) -> None:
    person = make_staff(merchant_id)
    made = merchants.create_token(
        merchant_id=merchant_id,
        staff_id=person.id,
        name="x",
        permissions={"orders.view"},
        expires_at=now + timedelta(hours=1),
        now=now,
    )

    actor_with(made.secret, now + timedelta(minutes=59))

    with pytest.raises(NoGoodToken):
        actor_with(made.secret, now + timedelta(hours=1))


def test_a_token_that_is_revoked_is_worthless(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        secret = make_token(merchant)
        actor = actor_with(secret, now)
    with tenancy.scope(merchant_id=merchant):
        actor_with(secret, now)

    with tenancy.scope(merchant_id=merchant):
        merchants.revoke_token(
            merchant_id=merchant, token_id=int(actor.id), reason="leaked", now=now
        )

    with tenancy.scope(merchant_id=merchant), pytest.raises(NoGoodToken):
        actor_with(secret, now)


def test_another_process_takes_a_revoked_token_for_good_for_a_few_seconds_only(
    merchant: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenancy.scope(merchant_id=merchant):
        secret = make_token(merchant)
    with tenancy.scope(merchant_id=merchant):
        actor = actor_with(secret, now)
        ApiToken.objects.filter(id=int(actor.id)).update(revoked_at=now)
    with tenancy.scope(merchant_id=merchant):
        still_good = actor_with(secret, now)

    monkeypatch.setattr("santong.kernel.remembered.time.monotonic", lambda: 2.0**40)

    assert still_good == actor
    with tenancy.scope(merchant_id=merchant), pytest.raises(NoGoodToken):
        actor_with(secret, now)


def test_the_tokens_of_somebody_disabled_are_worthless(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_staff(merchant)
        secret = make_token(merchant, role="developer", permissions={"orders.view"})
        owner = ApiToken.objects.get().created_by_id
        actor_with(secret, now)

    with tenancy.scope(merchant_id=merchant):
        merchants.update_staff(
            merchant_id=merchant, staff_id=owner, is_active=False, expected_version=1, now=now
        )

    with tenancy.scope(merchant_id=merchant), pytest.raises(NoGoodToken):
        actor_with(secret, now)


def test_revoking_twice_is_revoking_once(merchant_id: int, now: datetime) -> None:
    make_token(merchant_id)
    (token,) = merchants.tokens(merchant_id=merchant_id)

    first = merchants.revoke_token(
        merchant_id=merchant_id, token_id=token.id, reason="leaked", now=now
    )
    again = merchants.revoke_token(
        merchant_id=merchant_id,
        token_id=token.id,
        reason="leaked",
        now=now + timedelta(hours=1),
    )

    assert first == again


@pytest.mark.parametrize(
    ("permissions", "expires"), [(set(), 1), ({"fly"}, 1), ({"orders.view"}, 0)]
)
def test_a_token_asks_for_something_known_and_lasts(
    merchant_id: int, now: datetime, permissions: set[str], expires: int
) -> None:
    person = make_staff(merchant_id)

    with pytest.raises(FieldInvalid):
        merchants.create_token(
            merchant_id=merchant_id,
            staff_id=person.id,
            name="x",
            permissions=permissions,
            expires_at=now + timedelta(hours=expires),
            now=now,
        )


def test_a_token_has_an_owner(merchant_id: int, now: datetime) -> None:
    with pytest.raises(NoSuch):
        merchants.create_token(
            merchant_id=merchant_id,
            staff_id=10**9,
            name="x",
            permissions={"orders.view"},
            now=now,
        )


def test_the_same_secret_means_nothing_to_another_merchant(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        secret = make_token(theirs)
    forged = f"st_{ours:x}_{secret.rsplit('_', 1)[0]}"
    request = RequestFactory().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})

    with tenancy.scope(merchant_id=ours):
        found = merchants.Credentials().actor_of(request, ours)

    assert found is None
    assert read_token(forged) is None


def test_use_is_noted_at_most_once_a_minute(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        secret = make_token(merchant)
    request = RequestFactory().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    noted = []

    for _ in range(3):
        with tenancy.scope(merchant_id=merchant):
            merchants.Credentials().actor_of(request, merchant)
            noted.append(ApiToken.objects.get().last_used_at)

    assert noted[0] is not None
    assert noted[0] == noted[1] == noted[2]


def test_two_calls_of_one_program_do_not_wait_for_each_other(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        secret = make_token(merchant)
    request = RequestFactory().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})

    def call() -> str:
        forget_tokens()
        with tenancy.scope(merchant_id=merchant):
            actor = merchants.Credentials().actor_of(request, merchant)
            assert actor is not None
            return actor.name

    assert at_once(*[call] * 16) == ["till"] * 16
