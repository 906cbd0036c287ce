"""How a contract changes: proposed, and agreed to at once, later, or never."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from santong.stagedsales.contracts import DraftStage, StageTerms
from santong.stagedsales.services.accept_change import accept_change
from santong.stagedsales.services.end_change import decline_change, withdraw_change
from santong.stagedsales.services.propose_change import propose_change
from santong.stagedsales.tests.machine import Sale
from santong.stagedsales.tests.model import Proposal

picks = st.integers(0, 5)


class Changes(Sale):
    """What store and buyer do about another total and other stages."""

    @precondition(lambda self: self.model.stages)
    @rule(
        more=st.integers(-1_500, 1_500),
        drafts=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 400)), max_size=3),
        is_plain=st.booleans(),
        is_agreed=st.booleans(),
    )
    def change(
        self,
        more: int,
        drafts: list[tuple[int, int]],
        is_plain: bool,  # noqa: FBT001  drawn
        is_agreed: bool,  # noqa: FBT001  drawn
    ) -> None:
        total = max(1, self.model.total + more)
        self._propose(total, self._plain_drafts(total) if is_plain else drafts)
        if is_agreed and self.proposals:
            self._agree(len(self.proposals) - 1)

    @precondition(lambda self: self.model.stages)
    @rule(cuts=st.lists(st.integers(1, 60), min_size=1, max_size=2))
    def less_is_wanted_than_was_paid(self, cuts: list[int]) -> None:
        """Once, or once more: paid stages that nobody has accepted shrink."""
        for cut in cuts:
            paid = sum(stage.amount for stage in self.model.stages if stage.is_paid)
            if paid > cut and self._propose(paid - cut, []):
                self._agree(len(self.proposals) - 1)

    @precondition(lambda self: self.proposals)
    @rule(pick=picks)
    def the_buyer_agrees(self, pick: int) -> None:
        """To the newest, or to one that was on the page before."""
        self._agree(len(self.proposals) - 1 - pick % len(self.proposals))

    @precondition(lambda self: self.proposals)
    @rule(pick=picks, is_stores_doing=st.booleans())
    def a_proposal_comes_to_nothing(self, pick: int, is_stores_doing: bool) -> None:  # noqa: FBT001
        proposal = self.proposals[pick % len(self.proposals)]
        self._both(
            lambda: proposal.end("withdrawn" if is_stores_doing else "declined"),
            withdraw_change if is_stores_doing else decline_change,
            sale_id=self.sale_id,
            version=proposal.version,
        )

    def _propose(self, total: int, wanted: list[tuple[int, int]]) -> bool:
        expected: list[int] = []
        change = self._both(
            lambda: expected.append(deepcopy(self.model).change(total, wanted)),
            propose_change,
            sale_id=self.sale_id,
            amount_minor=total,
            drafts=[_draft(number, amount) for number, amount in wanted],
            reason="another wish",
        )
        if change is None:
            return False
        assert change.refund_minor == expected[0]
        for before in self.proposals:
            before.withdraw()
        self.proposals.append(
            Proposal(change.version, total, wanted, basis=self.model.basis()),
        )
        return True

    def _agree(self, place: int) -> None:
        proposal = self.proposals[place]
        self._both(
            lambda: self.model.agree(proposal),
            accept_change,
            sale_id=self.sale_id,
            version=proposal.version,
        )

    def _plain_drafts(self, total: int) -> list[tuple[int, int]]:
        """What a store would ask for: what is unpaid stays, and a new stage takes the rest."""
        paid = sum(stage.amount for stage in self.model.stages if stage.is_paid)
        unpaid = [each.number for each in self.model.stages if not each.is_paid and not each.over]
        if total <= paid:
            return []
        open_minor = total - paid
        share = open_minor // (len(unpaid) + 1)
        return [(number, share) for number in unpaid if share] + [(0, 0)]


def _draft(number: int, amount: int) -> DraftStage:
    terms = StageTerms(
        name="x",
        basis="fixed" if amount else "remainder",
        due="milestone",
        amount_minor=amount,
    )
    return DraftStage(number=number, terms=terms)
