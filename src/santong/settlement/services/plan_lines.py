"""What is payable to parties, as lines of a payout run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from santong.payments import public as payments
from santong.settlement import contracts
from santong.settlement.models import Party, PayoutLine, PayoutRun
from santong.settlement.rules.limits import limits_from_json
from santong.settlement.rules.planning import allot, plan
from santong.settlement.selectors.due import due_of_documents, owed_of_documents, taken_out_of
from santong.settlement.selectors.ledger import balances_of_parties

# Head office has its money already, a marketplace keeps its own, and who is to come is nobody.
UNPAID_KINDS = ("head_office", "marketplace", "to_come")
NO_RECEIVER = "no receiver at this account"
# Of one party in one run; what is beyond leaves the account.
MOST_SHARES = 1_000


def plan_lines(run: PayoutRun, rows: Sequence[Party]) -> list[PayoutLine]:
    """Lines for what is payable to each, cut as the provider takes it; nothing is written.

    Every transfer is its own request.
    """
    stand = balances_of_parties(
        merchant_id=run.merchant_id, party_ids=[row.id for row in rows], currency=run.currency
    )
    payable = {
        row.id: stand[row.id].payable_minor
        for row in rows
        if stand[row.id].payable_minor >= run.minimum_minor
    }
    reachable = {row.id for row in rows if _is_reachable(row, run)}
    source = _Payments(run, [party_id for party_id in payable if party_id in reachable])
    limits = replace(limits_from_json(run.limits), receivers_per_request=1, most_a_day_minor=None)
    made = plan(
        allot(payable_by_party=payable, due=source.due, left=source.left),
        limits=limits,
        requests_made=source.requests,
    )
    beyond = plan([replace(each, payment="") for each in made.beyond], limits=limits)
    begun = run.lines // limits.per_second
    then = begun + 1 + max((part.second for part in made.parts), default=0)
    lines: list[PayoutLine] = []
    numbers: defaultdict[int, int] = defaultdict(int)
    for begins, parts in ((begun, made.parts), (then, beyond.parts)):
        for part in parts:
            numbers[part.party_id] += 1
            is_reachable = part.party_id in reachable
            lines.append(
                PayoutLine(
                    merchant_id=run.merchant_id,
                    run=run,
                    party_id=part.party_id,
                    number=numbers[part.party_id],
                    state="planned" if is_reachable else "left_out",
                    planned_minor=part.amount_minor,
                    amount_minor=part.amount_minor,
                    why="" if is_reachable else NO_RECEIVER,
                    tender_id=int(part.payment) if part.payment else None,
                    delay_seconds=begins + part.second,
                )
            )
    source.mark_last(lines)
    return lines


def _is_reachable(party: Party, run: PayoutRun) -> bool:
    return party.account_code == run.account_code and party.receiver_sealed is not None


class _Payments:
    """The payments out of which a run may pay parties; none, where it pays out of the account."""

    def __init__(self, run: PayoutRun, party_ids: Sequence[int]) -> None:
        self.merchant_id = run.merchant_id
        self.due: list[contracts.DueOfDocument] = []
        self.left: list[contracts.LeftOfPayment] = []
        self.requests: dict[str, int] = {}
        self.document_of: dict[int, str] = {}
        self.taken_of: defaultdict[str, int] = defaultdict(int)
        if run.way == "payments" and party_ids:
            self._read(run, party_ids)

    def _read(self, run: PayoutRun, party_ids: Sequence[int]) -> None:
        due = due_of_documents(
            merchant_id=run.merchant_id,
            party_ids=party_ids,
            currency=run.currency,
            most=MOST_SHARES,
        )
        found = payments.left_to_share(
            merchant_id=run.merchant_id,
            account_code=run.account_code,
            documents=sorted({each.document for each in due}),
        )
        self.document_of = {each.tender_id: each.document for each in found}
        self.requests = {str(each.tender_id): each.requests for each in found}
        had: defaultdict[tuple[int, str], int] = defaultdict(int)
        planned: defaultdict[int, int] = defaultdict(int)
        taken = taken_out_of(merchant_id=run.merchant_id, tender_ids=list(self.document_of))
        for (party_id, tender_id, is_planned), minor in taken.items():
            had[party_id, self.document_of[tender_id]] += minor
            self.taken_of[self.document_of[tender_id]] += minor
            if is_planned:
                planned[tender_id] += minor
                self.requests[str(tender_id)] += 1
        self.left = [
            contracts.LeftOfPayment(
                document=each.document,
                payment=str(each.tender_id),
                left_minor=each.left_minor - planned[each.tender_id],
            )
            for each in found
        ]
        self.due = [
            replace(each, amount_minor=each.amount_minor - had[each.party_id, each.document])
            for each in due
        ]

    def mark_last(self, lines: Sequence[PayoutLine]) -> None:
        """Who takes the last of a document out of a payment frees the rest of that payment."""
        if not self.document_of:
            return
        owed = owed_of_documents(
            merchant_id=self.merchant_id,
            documents=set(self.document_of.values()),
            unpaid_kinds=UNPAID_KINDS,
        )
        last: dict[int, PayoutLine] = {}
        for line in lines:
            if line.tender_id is not None and line.state == "planned":
                self.taken_of[self.document_of[line.tender_id]] += line.amount_minor
                last[line.tender_id] = line
        for tender_id, line in last.items():
            document = self.document_of[tender_id]
            line.is_last_share = self.taken_of[document] >= owed.get(document, 0)
