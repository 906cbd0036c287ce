"""What a session key opens, for whom, for how long, and what a merchant consents to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import Actor
from santong.merchants.public import PERMISSIONS
from santong.merchants.tests.factories import make_brand, make_staff
from santong.openplatform import contracts, errors
from santong.openplatform.models import AccessToken, RefreshToken
from santong.openplatform.public import (
    actor_of,
    authorisation_of,
    authorise,
    revoke_authorisation,
    session_of,
    suspend_app,
)
from santong.openplatform.tests.factories import (
    NOW,
    app_of,
    assert_sound,
    let_in,
    make_app,
    make_sandbox,
)

DAY = timedelta(days=1)


@pytest.fixture
def owner(new_merchant: Callable[..., int]) -> int:
    return new_merchant()


@pytest.fixture
def seller(new_merchant: Callable[..., int]) -> int:
    return new_merchant(cell="second")


def test_a_session_key_is_good_for_one_app_and_one_seller(owner: int, seller: int) -> None:
    let = let_in(make_app(owner), seller, packs=["base", "goods"], location_ids=[7])
    other = make_app(owner)

    session = session_of(app=let.app, session_key=let.session_key, now=NOW)

    assert session is not None
    assert (session.merchant_id, session.user_id, session.staff_id) == (
        seller,
        seller,
        let.staff_id,
    )
    assert session.packs == {"base", "goods"}
    assert session.location_ids == frozenset({7})
    assert session_of(app=other.app, session_key=let.session_key, now=NOW) is None
    assert session_of(app=let.app, session_key=let.tokens.refresh_token, now=NOW) is None
    assert session_of(app=let.app, session_key="nonsense", now=NOW) is None
    assert session_of(app=let.app, session_key=let.session_key, now=NOW + DAY) is None
    actor = actor_of(session=session)
    assert (actor.kind, actor.id) == ("app", let.app.app_key)
    assert actor.may("stock.adjust")
    assert not actor.may("orders.view"), "the app has the pack, the merchant did not consent"
    assert_sound(owner, seller)


def test_keys_are_kept_as_hashes(owner: int, seller: int) -> None:
    let = let_in(make_app(owner), seller)

    with tenancy.scope(merchant_id=seller):
        kept = bytes(AccessToken.objects.get(merchant_id=seller).key_hash)
        kept += bytes(RefreshToken.objects.get(merchant_id=seller).key_hash)

    assert let.session_key.encode() not in kept
    assert let.session_key not in repr(let.tokens)
    assert len(kept) == 64


def test_what_is_revoked_opens_nothing_from_then_on(owner: int, seller: int) -> None:
    let = let_in(make_app(owner), seller)
    assert session_of(app=let.app, session_key=let.session_key, now=NOW) is not None
    named: dict[str, Any] = {
        "merchant_id": seller,
        "app_key": let.app.app_key,
        "reason": "ends",
        "now": NOW,
    }

    with tenancy.scope(merchant_id=seller):
        revoke_authorisation(**named)
        revoked = revoke_authorisation(**named)
        assert authorisation_of(merchant_id=seller, app_key=let.app.app_key) is None

    assert session_of(app=let.app, session_key=let.session_key, now=NOW) is None
    assert revoked.revoked_at == NOW
    again = let_in(let.made, seller)
    assert session_of(app=let.app, session_key=let.session_key, now=NOW) is None, "ended is ended"
    assert session_of(app=let.app, session_key=again.session_key, now=NOW) is not None
    assert_sound(owner, seller)


def test_a_suspended_app_opens_nothing(owner: int, seller: int) -> None:
    let = let_in(make_app(owner), seller)

    with tenancy.scope(merchant_id=owner):
        suspend_app(merchant_id=owner, app_key=let.app.app_key, reason="leak", now=NOW)

    app = app_of(let.app.app_key)
    assert session_of(app=app, session_key=let.session_key, now=NOW) is None


def test_an_app_on_trial_is_let_in_by_sandboxes_only(owner: int, seller: int) -> None:
    made = make_app(owner, state="sandbox")

    with pytest.raises(errors.AppStateForbids):
        let_in(made, seller)
    make_sandbox(seller)
    let = let_in(made, seller)

    assert session_of(app=made.app, session_key=let.session_key, now=NOW) is not None


class Person:
    """Somebody of the seller's, who consents."""

    def __init__(self, seller: int, permissions: frozenset[str], places: Any = None) -> None:
        self.seller = seller
        with tenancy.scope(merchant_id=seller):
            self.id = make_staff(seller).id
        self.actor = Actor(
            kind="staff", id=str(self.id), name="x", permissions=permissions, location_ids=places
        )

    def consents(self, app: contracts.App, **named: Any) -> contracts.Authorisation:
        with tenancy.scope(merchant_id=self.seller, actor=self.actor):
            return authorise(
                merchant_id=self.seller,
                app=app,
                consent=contracts.Consent(**{"packs": frozenset({"goods"}), **named}),
                staff_id=self.id,
                now=NOW,
            )


def test_nobody_lets_an_app_do_what_they_may_not_do_themselves(owner: int, seller: int) -> None:
    app = make_app(owner, packs=("goods", "members"), personal_data="masked").app
    with tenancy.scope(merchant_id=seller):
        brand = make_brand(seller).id
    boss = Person(seller, PERMISSIONS)
    of_one_place = Person(seller, PERMISSIONS, frozenset({7}))
    without_stock = Person(seller, PERMISSIONS - {"stock.adjust"})
    clerk = Person(seller, frozenset({"catalog.view"}))

    with pytest.raises(PermissionMissing):
        clerk.consents(app)
    with pytest.raises(errors.MoreThanOwn) as refused:
        without_stock.consents(app)
    assert refused.value.permissions == ["stock.adjust"]
    beyonds: list[dict[str, Any]] = [
        {},
        {"location_ids": frozenset({7, 8})},
        {"brand_ids": frozenset({brand})},
    ]
    for beyond in beyonds:
        with pytest.raises(errors.MoreThanOwn):
            of_one_place.consents(app, **beyond)
    with pytest.raises(errors.AskedTooMuch):
        boss.consents(app, personal_data="plain")
    with pytest.raises(errors.UnknownPack):
        boss.consents(app, packs=frozenset({"orders"}))
    with tenancy.scope(merchant_id=seller):
        assert authorisation_of(merchant_id=seller, app_key=app.app_key) is None

    assert of_one_place.consents(app, location_ids=frozenset({7})).location_ids == (7,)
    assert boss.consents(app).packs == ("goods",)


def test_a_brand_without_places_brings_none(owner: int, seller: int) -> None:
    with tenancy.scope(merchant_id=seller):
        brand = make_brand(seller).id
    let = let_in(make_app(owner), seller, location_ids=[3], brand_ids=[brand])

    session = session_of(app=let.app, session_key=let.session_key, now=NOW)

    assert session is not None
    assert session.location_ids == frozenset({3})


def test_whoever_sees_persons_plainly_may_have_them_revealed(owner: int, seller: int) -> None:
    made = make_app(owner, packs=("orders",), personal_data="plain")

    masked = let_in(made, seller, personal_data="masked")
    plain = let_in(made, seller, personal_data="plain")

    session = session_of(app=made.app, session_key=plain.session_key, now=NOW)
    assert session is not None
    assert session.sees_personal_data == "plain"
    assert "personal_data.reveal" in session.permissions
    both = session_of(app=made.app, session_key=masked.session_key, now=NOW)
    assert both is not None
    assert both.permissions == session.permissions, "consent is the merchant's, not the session's"
