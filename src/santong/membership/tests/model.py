"""What members and bindings are, on a page: persons, one programme, accounts on two shops."""

from __future__ import annotations

from dataclasses import dataclass, field

Account = tuple[str, str]


class Nobody(Exception):
    """No member is found."""


class Somebody(Exception):
    """The account shows another member."""


class Another(Exception):
    """The member shows under another account."""


@dataclass
class Being:
    """A member: as whom, in which order, with which cards."""

    person: int
    order: int
    is_closed: bool = False
    carried_by: Being | None = None
    cards: dict[int, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        if self.carried_by is not None:
            return "merged"
        if self.is_closed:
            return "closed"
        return "active" if "active" in self.cards.values() else "dormant"


@dataclass(eq=False)
class Link:
    """One binding: bound again, it is another."""

    being: Being


@dataclass
class Undo:
    """What one merge has done."""

    kept_person: int
    gone_person: int
    kept: Being | None = None
    gone: Being | None = None
    kept_was: int = -1
    cards: dict[int, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)


@dataclass
class Club:
    """Every member, and whom each account shows."""

    leads_to: dict[int, int]
    beings: list[Being] = field(default_factory=list)
    shown: dict[Account, Link] = field(default_factory=dict)
    merges: list[Undo] = field(default_factory=list)

    def who(self, person: int) -> int:
        while self.leads_to[person] != person:
            person = self.leads_to[person]
        return person

    def member(self, person: int) -> Being | None:
        wanted = self.who(person)
        return next((b for b in self.beings if b.person == wanted and not b.carried_by), None)

    def join(self, person: int) -> bool:
        found = self.member(person)
        if found is None:
            order = len(self.beings)
            self.beings.append(Being(self.who(person), order, cards={order: "active"}))
            return True
        self._wake(found)
        return False

    def bind(self, person: int, shop: str, account: str) -> bool:
        found = self.member(person)
        if found is None or found.is_closed:
            raise Nobody
        link = self.shown.get((shop, account))
        if link and link.being is not found:
            raise Somebody
        here = [
            name for (at, name), each in self.shown.items() if at == shop and each.being is found
        ]
        if here and account not in here:
            raise Another
        self._wake(found)
        self.shown[shop, account] = link or Link(found)
        return not here

    def unbind(self, shop: str, account: str) -> bool:
        return self.shown.pop((shop, account), None) is not None

    def close(self, being: Being) -> None:
        if not being.is_closed:
            being.is_closed = True
            being.cards = _all_but_merged(being.cards, "closed")
            self.shown = {name: e for name, e in self.shown.items() if e.being is not being}

    def reopen(self, being: Being) -> None:
        if being.is_closed:
            self._wake(being)

    def sleep(self) -> None:
        for being in self.beings:
            being.cards = {c: "dormant" if s == "active" else s for c, s in being.cards.items()}

    def merge(self, one: int, other: int) -> None:
        kept_person, gone_person = sorted((self.who(one), self.who(other)))
        kept, gone = self.member(kept_person), self.member(gone_person)
        done = Undo(kept_person, gone_person)
        self.leads_to[gone_person] = kept_person
        self.merges.append(done)
        if gone is None:
            return
        if kept is None:
            done.kept, done.kept_was, gone.person = gone, gone.person, kept_person
            return
        kept, gone = sorted((kept, gone), key=lambda each: (each.is_closed, each.order))
        done.kept, done.gone, done.kept_was = kept, gone, kept.person
        done.cards = dict(gone.cards)
        done.links = [link for link in self.shown.values() if link.being is gone]
        kept.cards |= dict.fromkeys(gone.cards, "merged")
        gone.carried_by, gone.cards, kept.person = kept, {}, kept_person
        for link in done.links:
            link.being = kept

    def undo(self) -> None:
        """The last merge, and what came after it stays."""
        done = self.merges.pop()
        self.leads_to[done.gone_person] = done.gone_person
        if done.kept is None:
            return
        if done.gone is None:
            done.kept.person = done.kept_was
            return
        done.gone.carried_by, done.kept.person = None, done.kept_was
        for card, state in done.cards.items():
            del done.kept.cards[card]
            done.gone.cards[card] = state
        for link in done.links:
            link.being = done.gone

    def _wake(self, being: Being) -> None:
        being.is_closed = False
        being.cards = _all_but_merged(being.cards, "active")


def _all_but_merged(cards: dict[int, str], state: str) -> dict[int, str]:
    return {card: "merged" if was == "merged" else state for card, was in cards.items()}
