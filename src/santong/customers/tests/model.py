"""Who is recognised by what, as a page of Python: rows, ways, edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from santong.customers.contracts import Identifier, Kind

ACCOUNTS = ("storefront", "card")
# Small, and different, so that a number comes to so many and one more in a few steps.
CAPS: dict[Kind, int] = {"phone": 1, "email": 2, "storefront": 1, "card": 1}
CONTACTS = ("phone", "email")

Accounts = Mapping[str, frozenset[Identifier]]


class Refused(Exception):
    """By a word."""


@dataclass
class Graph:
    """Persons by row: whom a row leads to, who has which identifier, whom each joins."""

    leads_to: dict[int, int | None] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    carriers: defaultdict[Identifier, set[int]] = field(default_factory=lambda: defaultdict(set))
    joins: dict[Identifier, int] = field(default_factory=dict)
    shared: set[Identifier] = field(default_factory=set)
    apart: set[frozenset[int]] = field(default_factory=set)
    merges: dict[int, tuple[int, int]] = field(default_factory=dict)

    def current(self, row: int) -> int:
        above = self.leads_to[row]
        return row if above is None else self.current(above)

    def rows(self, person: int) -> set[int]:
        return {row for row in self.leads_to if self.current(row) == person}

    def who_has(self, one: Identifier) -> set[int]:
        return {self.current(row) for row in self.carriers[one]}

    def holder(self, one: Identifier) -> int | None:
        return self.current(self.joins[one]) if one in self.joins else None

    def resolve(self, asked: Sequence[Identifier], *, new_row: int) -> tuple[int, set[int]]:
        """Who it is, and who else turned out to be the same one."""
        group: list[int] = []
        accounts: Accounts = {}
        conflicting: set[Identifier] = set()
        for one in asked:
            holder = self.holder(one)
            if holder in group:
                continue
            own = self._accounts(one, holder)
            if self._differ(accounts, own) or self._are_apart(holder, group):
                conflicting.add(one)
                continue
            accounts = {
                kind: accounts.get(kind, frozenset()) | own.get(kind, frozenset())
                for kind in {*accounts, *own}
            }
            group += [] if holder is None else [holder]
        person = min(group, default=new_row)
        self.leads_to.setdefault(person, None)
        others = set(group) - {person}
        for gone in others:
            self.leads_to[gone] = person
        self._tell(person, asked, conflicting=conflicting)
        return person, others

    def attach(self, row: int, asked: Sequence[Identifier]) -> None:
        person = self._living(row)
        taken = {one for one in asked if self.holder(one) not in {None, person}}
        if any(one.kind in ACCOUNTS for one in taken):
            raise Refused("taken")
        self._tell(person, asked, conflicting=taken)

    def detach(self, row: int, one: Identifier) -> None:
        rows = self.rows(self._living(row))
        if not self.carriers[one] & rows:
            raise Refused("nobody's")
        self.carriers[one] -= rows
        if self.joins.get(one) in rows:
            del self.joins[one]

    def merge(self, row: int, other: int) -> tuple[int, int]:
        kept, gone = sorted((self.current(row), self.current(other)))
        if kept == gone:
            raise Refused("same")
        if {kept, gone} & self.erased:
            raise Refused("erased")
        self.leads_to[gone] = kept
        return kept, gone

    def undo(self, merge_id: int) -> None:
        kept, gone = self.merges[merge_id]
        if self.current(gone) in self.erased:
            raise Refused("erased")
        if self.leads_to[gone] is None or frozenset((merge_id,)) in self.apart:
            raise Refused("undone")
        self.leads_to[gone] = None
        self.apart |= {frozenset((kept, gone)), frozenset((merge_id,))}

    def erase(self, row: int) -> None:
        rows = self.rows(self._living(row))
        for one, carriers in self.carriers.items():
            had = carriers & rows
            carriers.difference_update(rows)
            if self.joins.get(one) in rows:
                del self.joins[one]
            if had and not carriers:
                self.shared.discard(one)
        self.erased |= rows

    def _living(self, row: int) -> int:
        person = self.current(row)
        if person in self.erased:
            raise Refused("erased")
        return person

    def _tell(
        self, person: int, asked: Sequence[Identifier], *, conflicting: set[Identifier]
    ) -> None:
        for one in asked:
            holder = self.holder(one)
            if holder == person:
                continue
            moves = holder is not None and one.is_verified and one.kind in CONTACTS
            if moves:
                self.carriers[one].discard(self.joins.pop(one))
            self.carriers[one].add(person)
            if moves or (holder is None and one not in self.shared and one not in conflicting):
                self.joins[one] = person
            elif one not in self.shared and len(self.who_has(one)) > CAPS[one.kind]:
                self.shared.add(one)
                self.joins.pop(one, None)

    def _accounts(self, one: Identifier, holder: int | None) -> Accounts:
        if holder is None:
            is_account = one.kind in ACCOUNTS and one not in self.shared
            return {one.kind: frozenset({one})} if is_account else {}
        mine = [known for known in self.joins if self.holder(known) == holder]
        return {
            kind: frozenset(known for known in mine if known.kind == kind)
            for kind in ACCOUNTS
            if any(known.kind == kind for known in mine)
        }

    def _differ(self, some: Accounts, others: Accounts) -> bool:
        return any(kind in some and not some[kind] & others[kind] for kind in others)

    def _are_apart(self, holder: int | None, group: Iterable[int]) -> bool:
        if holder is None:
            return False
        return any(
            frozenset((row, another)) in self.apart
            for member in group
            for row in self.rows(member)
            for another in self.rows(holder)
        )
