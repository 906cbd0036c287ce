"""Whatever is told of persons, in whatever order, they are who a page of Python says they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from santong.customers import public as customers
from santong.customers.contracts import KINDS, Identifier
from santong.customers.selectors.graph import holders
from santong.customers.selectors.sealing import blind_index
from santong.customers.tests.factories import NOW
from santong.customers.tests.model import ACCOUNTS, CAPS, CONTACTS, Graph, Refused
from santong.kernel.errors import NoSuch

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "25"))
STEPS = 25
POOL = [
    *(Identifier("phone", f"+861390000000{number}") for number in range(2)),
    *(Identifier("email", f"{number}@mail.invalid") for number in range(2)),
    *(Identifier("card", f"C{number}", "club") for number in range(3)),
    *(Identifier("storefront", f"X{number}", "flagship") for number in range(2)),
]
LENT = [one for one in POOL if one.kind in CONTACTS]
ACCOUNTS_OF_POOL = [one for one in POOL if one.kind in ACCOUNTS]

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

    @initialize()
    def some_are_known(self) -> None:
        """Somebody for each account, and somebody with a number: there are always some to merge."""
        for one in (*ACCOUNTS_OF_POOL, LENT[0]):
            self.come([one])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(asked=several, is_verified=st.booleans())
    def resolve(self, asked: Sequence[Identifier], *, is_verified: bool) -> None:
        self.come(asked, is_verified=is_verified)

    def come(self, asked: Sequence[Identifier], *, is_verified: bool = False) -> None:
        wanted = _strongest_first(dict.fromkeys(asked), is_verified=is_verified)

        found = customers.resolve(
            merchant_id=self.merchant_id,
            identifiers=wanted,
            profile=None,
            source="test",
            now=NOW,
        )

        person, others = self.graph.resolve(wanted, new_row=found.person_id)
        assert (found.person_id, set(found.merged)) == (person, others)

    def attach_one(self, number: int, one: Identifier) -> None:
        self._both(
            number,
            lambda row: self.graph.attach(row, [one]),
            customers.attach,
            identifiers=[one],
            source="test",
        )

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

    @rule(numbers=st.lists(someone, min_size=2, max_size=4), one=st.sampled_from(LENT))
    def lend(self, numbers: Sequence[int], one: Identifier) -> None:
        """A contact goes from hand to hand: to as many as its cap lets, and beyond."""
        for number in numbers:
            self.attach_one(number, one)

    @rule(one=st.sampled_from(ACCOUNTS_OF_POOL), others=several)
    def meet(self, one: Identifier, others: Sequence[Identifier]) -> None:
        """An account that is somebody's comes with what is somebody else's."""
        self.come([one, *others])

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
        if first is not None and second is not None:
            self.merge_two(first, second)

    def merge_two(self, first: int, second: int) -> None:
        said = _outcome(lambda: self.graph.merge(first, second))
        done = _outcome(
            lambda: self._run(customers.merge, first_id=first, second_id=second, reason="test")
        )
        assert done[0] == said[0]
        if done[1] is not None:
            assert (done[1].kept_id, done[1].gone_id) == said[1]
            self.graph.merges[done[1].id] = said[1]

    @rule(number=someone, comes_back=st.booleans())
    def undo(self, number: int, *, comes_back: bool) -> None:
        if merges := sorted(self.graph.merges):
            self.undo_one(merges[number % len(merges)], comes_back=comes_back)

    @rule(
        numbers=st.lists(someone, min_size=3, max_size=3, unique=True),
        in_a_row=st.booleans(),
        last=st.booleans(),
        comes_back=st.booleans(),
    )
    def three_turn_out_to_be_one_and_do_not(
        self, numbers: Sequence[int], *, in_a_row: bool, last: bool, comes_back: bool
    ) -> None:
        """Each leads to the next, or two to the same one; and then one merge is undone."""
        people = sorted({row for each in numbers if (row := self._row(each)) is not None})
        if len(people) == len(numbers):
            oldest, middle, youngest = people
            before = set(self.graph.merges)
            self.merge_two(*((middle, youngest) if in_a_row else (oldest, middle)))
            self.merge_two(*((oldest, middle) if in_a_row else (oldest, youngest)))
            if made := sorted(set(self.graph.merges) - before):
                self.undo_one(made[-1] if last else made[0], comes_back=comes_back)

    def undo_one(self, merge_id: int, *, comes_back: bool) -> None:
        """Undo a merge; and what the two are known by comes together once more."""
        said = _outcome(lambda: self.graph.undo(merge_id))
        done = _outcome(lambda: self._run(customers.undo_merge, merge_id=merge_id, reason="test"))
        assert done[0] == said[0]
        if comes_back and said[0] == "done":
            two = [self.graph.current(row) for row in self.graph.merges[merge_id]]
            known = [
                next((one for one in POOL if self.graph.holder(one) == person), None)
                for person in two
            ]
            if None not in known:
                self.come([one for one in known if one is not None])

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


def _strongest_first(asked: Iterable[Identifier], *, is_verified: bool) -> list[Identifier]:
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
    # With the product's own caps, few runs would bring an identifier to so many.
    for kind, most in CAPS.items():
        customers.set_identity_cap(merchant_id=merchant_id, kind=kind, persons_most=most, now=NOW)

    run_state_machine_as_test(
        PersonMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
