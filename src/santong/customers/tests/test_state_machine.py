"""Whatever is told of persons, in whatever order, they are who a page of Python says they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from santong.customers import public as customers
from santong.customers.contracts import KINDS, Identifier
from santong.customers.selectors.graph import holders
from santong.customers.selectors.sealing import blind_index
from santong.customers.tests.factories import NOW
from santong.customers.tests.model import CAPS, Graph, Refused
from santong.kernel.errors import NoSuch

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "25"))
STEPS = 25
POOL = [
    *(Identifier("phone", f"+861390000000{number}") for number in range(3)),
    *(Identifier("card", f"C{number}", "club") for number in range(3)),
    *(Identifier("storefront", f"X{number}", "flagship") for number in range(2)),
]

singles = st.sampled_from(POOL)
several = st.lists(singles, min_size=1, max_size=3, unique=True)
someone = st.integers(0, 30)


class PersonMachine(RuleBasedStateMachine):
    """Three numbers, three cards, two accounts, and every command."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.graph = Graph()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(asked=several, is_verified=st.booleans())
    def resolve(self, asked: Sequence[Identifier], *, is_verified: bool) -> None:
        wanted = _strongest_first(asked, is_verified=is_verified)

        found = customers.resolve(
            merchant_id=self.merchant_id,
            identifiers=wanted,
            profile=None,
            source="test",
            now=NOW,
        )

        person, others = self.graph.resolve(wanted, new_row=found.person_id)
        assert (found.person_id, set(found.merged)) == (person, others)

    @rule(number=someone, asked=several, is_verified=st.booleans())
    def attach(self, number: int, asked: Sequence[Identifier], *, is_verified: bool) -> None:
        wanted = _strongest_first(asked, is_verified=is_verified)
        self._both(
            number,
            lambda row: self.graph.attach(row, wanted),
            customers.attach,
            identifiers=wanted,
            source="test",
        )

    @rule(number=someone, one=singles)
    def detach(self, number: int, one: Identifier) -> None:
        self._both(
            number,
            lambda row: self.graph.detach(row, one),
            customers.detach,
            identifier=one,
            reason="test",
        )

    @rule(number=someone)
    def erase(self, number: int) -> None:
        # Rarely, or nobody would be left.
        if number % 5 == 0:
            self._both(number, self.graph.erase, customers.erase_person, reason="test")

    @rule(number=someone, other=someone)
    def merge(self, number: int, other: int) -> None:
        first, second = self._row(number), self._row(other)
        if first is None or second is None:
            return
        said = _outcome(lambda: self.graph.merge(first, second))
        done = _outcome(
            lambda: self._run(customers.merge, first_id=first, second_id=second, reason="test")
        )
        assert done[0] == said[0]
        if done[1] is not None:
            assert (done[1].kept_id, done[1].gone_id) == said[1]
            self.graph.merges[done[1].id] = said[1]

    @rule(number=someone)
    def undo(self, number: int) -> None:
        merges = sorted(self.graph.merges)
        if merges:
            merge_id = merges[number % len(merges)]
            said = _outcome(lambda: self.graph.undo(merge_id))
            done = _outcome(
                lambda: self._run(customers.undo_merge, merge_id=merge_id, reason="test")
            )
            assert done[0] == said[0]

    @invariant()
    def every_way_ends_where_the_model_says(self) -> None:
        rows = list(self.graph.leads_to)
        now_at = customers.current_ids(merchant_id=self.merchant_id, person_ids=rows)
        assert now_at == {row: self.graph.current(row) for row in rows}

    @invariant()
    def everybody_has_what_the_model_says(self) -> None:
        found = customers.find(merchant_id=self.merchant_id, identifiers=POOL)
        for one in POOL:
            assert set(found[one]) == self.graph.who_has(one)
            holder = self.graph.holder(one)
            assert holder is None or found[one][0] == holder

    @invariant()
    def everybody_is_joined_by_what_the_model_says(self) -> None:
        indexes = [blind_index(merchant_id=self.merchant_id, identifier=one) for one in POOL]
        found = holders(merchant_id=self.merchant_id, indexes=indexes, stale_before=NOW)
        assert [(holder.person_id, holder.is_shared) for holder in found] == [
            (self.graph.holder(one), one in self.graph.shared) for one in POOL
        ]

    @invariant()
    def all_that_must_hold_holds(self) -> None:
        assert customers.check_invariants(merchant_id=self.merchant_id) == []

    def _row(self, number: int) -> int | None:
        rows = sorted(self.graph.leads_to)
        return rows[number % len(rows)] if rows else None

    def _both(
        self,
        number: int,
        model: Callable[[int], object],
        command: Callable[..., object],
        **about: object,
    ) -> None:
        """The model and the product do the same, or refuse for the same reason."""
        row = self._row(number)
        if row is None:
            return
        said = _outcome(lambda: model(row))
        done = _outcome(lambda: self._run(command, person_id=row, **about))
        assert done[0] == said[0]

    def _run(self, command: Callable[..., Any], **about: object) -> Any:
        with transaction.atomic():
            return command(merchant_id=self.merchant_id, now=NOW, **about)


def _strongest_first(asked: Sequence[Identifier], *, is_verified: bool) -> list[Identifier]:
    return sorted(
        (replace(one, is_verified=is_verified) for one in asked),
        key=lambda one: (KINDS.index(one.kind), one.scope, one.value),
    )


REFUSALS: dict[type[Exception], str] = {
    customers.IdentifierTaken: "taken",
    NoSuch: "nobody's",
    customers.SamePerson: "same",
    customers.PersonErased: "erased",
    customers.MergeUndone: "undone",
}


def _outcome(command: Callable[[], Any]) -> tuple[str, Any]:
    """What comes of it: an answer, or why it was refused."""
    try:
        return "done", command()
    except Refused as refused:
        return str(refused), None
    except tuple(REFUSALS) as refused:
        return REFUSALS[type(refused)], None


def test_persons_are_who_the_model_says(merchant_id: int) -> None:
    PersonMachine.merchant_id = merchant_id
    # With the product's own cap, few runs would bring a number to so many.
    customers.set_identity_cap(
        merchant_id=merchant_id, kind="phone", persons_most=CAPS["phone"], now=NOW
    )

    run_state_machine_as_test(
        PersonMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
