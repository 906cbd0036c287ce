"""What a staged sale should be after anything that can happen to it, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

DEPOSIT = 100
WHOLE = 10_000
# What the plan of the machine says.
FIRST_BP, MIDDLE = 3_000, 400
PAID_KEPT_BP, DONE_KEPT_BP = 1_000, 8_000


class Refused(Exception):
    """The model would not do this."""


@dataclass
class Doc:
    """Money of a document: what is to stay, what is there, what came in all."""

    keep: int
    net: int = 0
    came: int = 0
    lost: int = 0

    def take(self, amount: int) -> None:
        """Money comes in; what nobody owes goes back at once."""
        self.came += amount
        self.net = min(self.net + amount, max(self.keep, self.net))

    def let_stay(self, keep: int) -> None:
        self.keep = keep
        self.net = min(self.net, keep)


@dataclass
class Stage:
    """A stage: due once what it waits for has happened, or once its money was lost."""

    number: int
    doc: Doc
    amount: int
    waits_for: Literal["signing", "milestone", "acceptance"]
    is_done: bool = False
    is_accepted: bool = False
    is_due: bool = False
    over: Literal["", "waived", "refunded"] = ""

    @property
    def is_paid(self) -> bool:
        return not self.over and self.doc.net >= self.amount

    @property
    def state(self) -> str:
        if self.over:
            return self.over
        if self.is_paid:
            return "released" if self.is_accepted else "paid"
        return "due" if self.is_due else "planned"


@dataclass
class Proposal:
    """A change that waits for its buyer, and what it was proposed for."""

    version: int
    total: int
    drafts: list[tuple[int, int]]
    basis: list[tuple[int, int, int, str]]
    state: str = "proposed"

    def withdraw(self) -> None:
        """Another was proposed, or nothing comes of the sale."""
        if self.state == "proposed":
            self.state = "withdrawn"

    def end(self, to: str) -> None:
        if self.state not in {"proposed", to}:
            raise Refused
        self.state = to


@dataclass
class Model:
    """One sale."""

    phase: Literal["reserved", "code_issued", "redeemed", "contract", "ended"] = "reserved"
    docs: dict[int, Doc] = field(default_factory=lambda: {0: Doc(keep=DEPOSIT)})
    stages: list[Stage] = field(default_factory=list[Stage])
    total: int = 0
    fights: int = 0

    @property
    def state(self) -> str:
        if self.phase == "ended":
            docs = self.docs.values()
            has_come = any(doc.came for doc in docs)
            return "refunded" if has_come and not any(doc.net for doc in docs) else "cancelled"
        if self.fights:
            return "disputed"
        if self.phase != "contract":
            return self.phase
        live = [stage for stage in self.stages if not stage.over]
        if all(stage.state == "released" for stage in live):
            return "closed"
        if all(stage.is_accepted for stage in live):
            return "accepted"
        begun = any(stage.is_paid or stage.is_done for stage in live)
        return "in_progress" if begun else "contracted"

    def _check(self, *states: str) -> None:
        if self.state not in states:
            raise Refused

    def _under_contract(self) -> None:
        self._check("contracted", "in_progress", "accepted")

    def take(self, number: int, amount: int) -> None:
        self.docs[number].take(amount)
        if self.phase == "reserved" and self.docs[0].net >= DEPOSIT:
            self.phase = "code_issued"

    def redeem(self) -> None:
        self._check("code_issued")
        self.phase = "redeemed"

    def sign(self, total: int) -> None:
        self._check("redeemed")
        first = total * FIRST_BP // WHOLE
        rest = total - first - MIDDLE
        if total < DEPOSIT or first < DEPOSIT or rest <= 0:
            raise Refused
        self.phase, self.total = "contract", total
        self.docs[0].keep = first
        self.docs |= {2: Doc(keep=MIDDLE), 3: Doc(keep=rest)}
        self.stages = [
            Stage(1, self.docs[0], first, "signing", is_due=True),
            Stage(2, self.docs[2], MIDDLE, "milestone"),
            Stage(3, self.docs[3], rest, "acceptance"),
        ]

    def stage(self, number: int) -> Stage:
        return next(stage for stage in self.stages if stage.number == number)

    def open_of(self, number: int) -> int:
        """What of a stage can be asked for."""
        self._under_contract()
        stage = self.stage(number)
        if stage.state not in {"planned", "due"}:
            raise Refused
        return stage.amount - stage.doc.net

    def part_of(self, number: int) -> int:
        """A little less than what can be asked for of a stage."""
        try:
            return self.open_of(number) - 1
        except Refused:
            return 0

    def finish(self, number: int) -> None:
        self._under_contract()
        stage = self.stage(number)
        if stage.over or stage.is_accepted:
            raise Refused
        stage.is_done = True
        stage.is_due |= stage.waits_for == "milestone"

    def accept(self, number: int) -> None:
        stage = self.stage(number)
        if stage.is_accepted:
            return
        self._under_contract()
        if stage.over or not stage.is_done:
            raise Refused
        stage.is_accepted = True
        stage.is_due |= stage.waits_for == "acceptance"

    def fight(self) -> None:
        self.fights += 1

    def win(self) -> None:
        self.fights -= 1

    def lose(self, number: int, amount: int) -> None:
        """The buyer has it back: what was paid is owed again."""
        paid = [stage for stage in self.stages if stage.is_paid]
        self.fights -= 1
        self.docs[number].net -= amount
        self.docs[number].lost += amount
        for stage in paid:
            stage.is_due |= not stage.is_paid
        waits = self.phase in {"code_issued", "redeemed"}
        if waits and not self.fights and self.docs[0].net < DEPOSIT:
            self._end()

    def basis(self) -> list[tuple[int, int, int, str]]:
        """What a change was proposed for: if it differs, the buyer agrees to something else."""
        return [
            (
                stage.number,
                stage.amount,
                min(stage.doc.net, stage.amount),
                stage.state if stage.is_paid else "",
            )
            for stage in self.stages
        ]

    def agree(self, proposal: Proposal) -> None:
        """What was agreed to once is agreed to."""
        if proposal.state == "accepted":
            return
        self._under_contract()
        if proposal.state != "proposed" or proposal.basis != self.basis():
            raise Refused
        self.change(proposal.total, proposal.drafts)
        proposal.state = "accepted"

    def change(self, total: int, drafts: list[tuple[int, int]]) -> int:
        """Paid stages stay; drafts (number or 0, amount or 0 for the rest) replace the others."""
        self._under_contract()
        live = [stage for stage in self.stages if not stage.over]
        paid = [stage for stage in live if stage.is_paid]
        unpaid = {stage.number: stage for stage in live if not stage.is_paid}
        if total < sum(stage.amount for stage in paid if stage.is_accepted) or total < 1:
            raise Refused
        numbers = [number for number, _ in drafts if number]
        if len(set(numbers)) < len(numbers) or set(numbers) - unpaid.keys():
            raise Refused
        rest = total - sum(stage.amount for stage in paid)
        if rest <= 0:
            if drafts:
                raise Refused
            return self._shrink(total, paid, list(unpaid.values()), -rest)
        return self._plan(total, rest, unpaid, drafts)

    def _shrink(self, total: int, paid: list[Stage], unpaid: list[Stage], by: int) -> int:
        back = sum(stage.doc.net for stage in unpaid)
        for stage in unpaid:
            self._close(stage)
        for stage in sorted(paid, key=lambda each: -each.number):
            if stage.is_accepted or not by:
                continue
            cut = min(by, stage.amount)
            by, back = by - cut, back + cut
            if cut == stage.amount:
                self._close(stage)
            else:
                stage.amount -= cut
                stage.doc.let_stay(stage.amount)
        self.total = total
        return back

    def _plan(
        self, total: int, rest: int, unpaid: dict[int, Stage], drafts: list[tuple[int, int]]
    ) -> int:
        open_ended = [number for number, amount in drafts if not amount]
        left = rest - sum(amount for _, amount in drafts)
        if len(open_ended) != 1 or left <= 0:
            raise Refused
        amounts = [(number, amount or left) for number, amount in drafts]
        named = {number: amount for number, amount in amounts if number}
        back = 0
        for stage in unpaid.values():
            if stage.doc.net and stage.number not in named:
                raise Refused
            over = stage.doc.net - named.get(stage.number, 0)
            if stage.number in named and over > 0:
                if len(drafts) > 1:
                    raise Refused
                back += over
        self.total = total
        for stage in unpaid.values():
            if stage.number not in named:
                self._close(stage)
                continue
            stage.amount = named[stage.number]
            stage.doc.let_stay(stage.amount)
            stage.waits_for = "milestone"
            stage.is_due = stage.is_done
        following = max(stage.number for stage in self.stages)
        for number, amount in amounts:
            if not number:
                following += 1
                self.docs[following] = Doc(keep=amount)
                self.stages.append(Stage(following, self.docs[following], amount, "milestone"))
        return back

    def _close(self, stage: Stage) -> None:
        stage.over = "refunded" if stage.doc.net else "waived"
        stage.amount = 0
        stage.doc.let_stay(0)

    def cancel(self, *, is_shops_fault: bool) -> int:
        if self.state in {"closed", "cancelled", "refunded", "disputed"}:
            raise Refused
        before = sum(doc.net for doc in self.docs.values())
        if self.phase != "contract":
            self._end()
        else:
            for stage in self.stages:
                if not stage.over:
                    self._cancel_stage(stage, is_shops_fault=is_shops_fault)
            self.phase = "ended"
        return before - sum(doc.net for doc in self.docs.values())

    def _cancel_stage(self, stage: Stage, *, is_shops_fault: bool) -> None:
        net = min(stage.doc.net, stage.amount)
        if stage.state == "released":
            stage.doc.let_stay(net)
            return
        deposit = min(net, DEPOSIT if stage.number == 1 else 0)
        bp = DONE_KEPT_BP if stage.is_done else PAID_KEPT_BP
        kept = 0 if is_shops_fault else deposit + (net - deposit) * bp // WHOLE
        stays_paid = stage.is_paid and kept == net
        had_money = net > 0
        stage.doc.let_stay(kept)
        if not stays_paid:
            stage.over = "refunded" if had_money else "waived"

    def _end(self) -> None:
        self.phase = "ended"
        self.docs[0].let_stay(0)
