"""Whatever is done to members and accounts, in whatever order, a page of Python says the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.customers import events as customers_events
from santong.customers import public as customers
from santong.membership import public as membership
from santong.membership.contracts import Programme
from santong.membership.models import BoundIdentity
from santong.membership.selectors.bindings import index_of
from santong.membership.tests.factories import NOW, hear, join_by_phone, make_programme, make_shop
from santong.membership.tests.model import Another, Being, Club, Nobody, Somebody

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "25"))
STEPS = 30
PERSONS = 3
ACCOUNTS = ("red", "blue")
REFUSALS: dict[type[Exception], type[Exception]] = {
    Nobody: membership.NotAMember,
    Somebody: membership.IdentityBound,
    Another: membership.AlreadyBound,
}

persons = st.integers(0, PERSONS - 1)
places = st.integers(0, 1)
accounts = st.sampled_from(ACCOUNTS)


class BindingMachine(RuleBasedStateMachine):
    """Three persons, two shops with two accounts each, and every command."""

    merchant_id: ClassVar[int]
    programme: ClassVar[Programme]
    shops: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.block = transaction.atomic()
        self.block.__enter__()
        self.phones = [f"1390000000{place}" for place in range(PERSONS)]
        self.ids = [
            customers.resolve(
                merchant_id=self.merchant_id,
                identifiers=[customers.Identifier("phone", phone)],
                profile=None,
                source="test",
                now=NOW,
            ).person_id
            for phone in self.phones
        ]
        self.model = Club(leads_to={person: person for person in range(PERSONS)})
        self.member_ids: dict[int, int] = {}
        self.merge_facts: list[customers.Merge] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(person=persons)
    def join(self, person: int) -> None:
        is_new = self.model.join(person)

        joined = join_by_phone(
            merchant_id=self.merchant_id,
            programme=self.programme,
            phone=self.phones[person],
            now=self._later(),
        )

        assert joined.is_new == is_new
        being = self.model.member(person)
        assert being is not None
        self.member_ids.setdefault(being.order, joined.member.id)

    @rule(person=persons, place=places, name=accounts)
    def bind(self, person: int, place: int, name: str) -> None:
        shop = self.shops[place]
        bound = self._both(
            lambda: self.model.bind(person, shop, name),
            membership.bind,
            storefront_code=shop,
            phone=self.phones[person],
            identities=[self._account(shop, name)],
        )

        assert bound is None or bound[0] == bound[1].is_new

    @rule(place=places, name=accounts)
    def unbind(self, place: int, name: str) -> None:
        shop = self.shops[place]

        unbound = membership.unbind(
            merchant_id=self.merchant_id,
            storefront_code=shop,
            identities=[self._account(shop, name)],
            reason="test",
            now=self._later(),
        )

        assert unbound == self.model.unbind(shop, name)

    @rule(person=persons, way=st.sampled_from(["close", "reopen"]))
    def leave_or_come_back(self, person: int, way: str) -> None:
        being = self.model.member(person)
        if being is not None:
            commands: dict[str, Callable[..., Any]] = {
                "close": membership.close_member,
                "reopen": membership.reopen_member,
            }
            getattr(self.model, way)(being)
            commands[way](
                merchant_id=self.merchant_id,
                member_id=self.member_ids[being.order],
                reason="test",
                now=self._later(),
            )

    @rule()
    def a_year_passes(self) -> None:
        self.now += timedelta(days=400)
        self.model.sleep()
        membership.review_dormancy(merchant_id=self.merchant_id, limit=100, now=self.now)

    @rule(one=persons, other=persons)
    def merge(self, one: int, other: int) -> None:
        if self.model.who(one) != self.model.who(other):
            self.model.merge(one, other)
            merge = customers.merge(
                merchant_id=self.merchant_id,
                first_id=self.ids[one],
                second_id=self.ids[other],
                reason="test",
                now=self._later(),
            )
            self.merge_facts.append(merge)
            hear(
                customers_events.PersonsMerged(
                    kept_id=merge.kept_id, gone_id=merge.gone_id, merge_id=merge.id
                ),
                merchant_id=self.merchant_id,
                now=self.now,
            )

    @precondition(lambda self: self.merge_facts)
    @rule()
    def undo_the_last_merge(self) -> None:
        self.model.undo()
        merge = self.merge_facts.pop()
        customers.undo_merge(
            merchant_id=self.merchant_id, merge_id=merge.id, reason="test", now=self._later()
        )
        hear(
            customers_events.MergeUndone(
                kept_id=merge.kept_id, gone_id=merge.gone_id, merge_id=merge.id
            ),
            merchant_id=self.merchant_id,
            now=self.now,
        )

    @invariant()
    def members_are_what_the_model_says(self) -> None:
        found = membership.members_by_id(
            merchant_id=self.merchant_id, member_ids=self.member_ids.values()
        )
        for being in self.model.beings:
            member = found[self.member_ids[being.order]]
            assert (member.state, self._cards(member)) == (being.state, self._modelled(being))
        for person in range(PERSONS):
            wanted = self.model.member(person)
            member_by_phone = membership.find_member(
                merchant_id=self.merchant_id, phone=self.phones[person]
            )
            assert (member_by_phone and member_by_phone.id) == (
                wanted and self.member_ids[wanted.order]
            )

    @invariant()
    def accounts_show_whom_the_model_says(self) -> None:
        names = {
            index_of(merchant_id=self.merchant_id, identity=self._account(shop, name)): (shop, name)
            for shop in self.shops
            for name in ACCOUNTS
        }
        live = BoundIdentity.objects.of_merchant(self.merchant_id).filter(is_live=True)
        shown = {
            names[bytes(index)]: member_id
            for index, member_id in live.values_list("value_index", "binding__member_id")
        }
        assert shown == {
            name: self.member_ids[link.being.order] for name, link in self.model.shown.items()
        }

    @invariant()
    def the_books_are_sound(self) -> None:
        assert membership.check_invariants(merchant_id=self.merchant_id) == []

    def _both(self, modelled: Callable[[], bool], command: Callable[..., Any], **named: Any) -> Any:
        """Ask model and product; both do it, or both refuse for the same reason."""
        try:
            wanted = modelled()
        except tuple(REFUSALS) as refusal:
            try:
                with transaction.atomic():
                    command(merchant_id=self.merchant_id, now=self._later(), **named)
            except REFUSALS[type(refusal)]:
                return None
            raise AssertionError(f"{command.__name__} did what the model refuses") from refusal
        return wanted, command(merchant_id=self.merchant_id, now=self._later(), **named)

    def _later(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    @staticmethod
    def _account(shop: str, name: str) -> customers.Identifier:
        return customers.Identifier("storefront", name, shop)

    @staticmethod
    def _cards(member: membership.Member) -> list[str]:
        return sorted(card.state for card in member.cards)

    @staticmethod
    def _modelled(being: Being) -> list[str]:
        return sorted(being.cards.values())


def test_members_and_accounts_behave_like_the_model(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shops = tuple(make_shop(merchant_id=merchant_id, programme=programme) for _ in range(2))
    machine = type(
        "Machine",
        (BindingMachine,),
        {"merchant_id": merchant_id, "programme": programme, "shops": shops},
    )

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
