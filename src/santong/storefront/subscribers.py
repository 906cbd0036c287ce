"""What storefront does when it hears of members, of payers, and of what buyers wait for."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.events import CaseDecided
from santong.agreements.events import AgreementOffered, RemedyDone
from santong.fieldservice.events import VisitBooked, VisitMissed, VisitOffered, VisitRescheduled
from santong.kernel.facts import subscribe
from santong.membership.events import MemberClosed, MemberUnbound
from santong.orders import public as orders
from santong.payments.events import MoneyReceived
from santong.presales.events import BalanceOpened
from santong.stagedsales.events import ChangeProposed, CodeIssued, ContractSigned, StageDue
from santong.storefront.services.close_sessions import close_sessions_of
from santong.storefront.services.join_by_payment import join_by_payment
from santong.storefront.services.tell import tell, tell_of_case


@subscribe(MemberClosed)
def end_sessions_of_who_left(fact: MemberClosed, *, merchant_id: int, now: datetime) -> None:
    """Log a member out everywhere who has left every programme."""
    close_sessions_of(
        merchant_id=merchant_id, member_id=fact.member_id, reason="member left", now=now
    )


@subscribe(MemberUnbound)
def end_sessions_of_who_was_unbound(
    fact: MemberUnbound, *, merchant_id: int, now: datetime
) -> None:
    """Log a member out everywhere whose account was taken away: the phone proves them again."""
    close_sessions_of(
        merchant_id=merchant_id, member_id=fact.member_id, reason="account unbound", now=now
    )


@subscribe(MoneyReceived)
def win_whoever_paid(fact: MoneyReceived, *, merchant_id: int, now: datetime) -> None:
    """Make whoever paid for an order a member, where the merchant has said so."""
    order_id = orders.order_of_document(document=fact.document)
    if order_id is not None:
        join_by_payment(
            merchant_id=merchant_id, order_id=order_id, tender_id=fact.tender_id, now=now
        )


@subscribe(VisitOffered)
def tell_that_a_visit_can_be_booked(fact: VisitOffered, *, merchant_id: int, now: datetime) -> None:
    """Let a buyer choose when somebody comes."""
    tell(merchant_id=merchant_id, kind="visit_offered", subject=f"visit:{fact.visit_id}", now=now)


@subscribe(VisitBooked)
def tell_when_somebody_comes(fact: VisitBooked, *, merchant_id: int, now: datetime) -> None:
    """Tell a buyer the window."""
    tell(merchant_id=merchant_id, kind="visit_booked", subject=f"visit:{fact.visit_id}", now=now)


@subscribe(VisitRescheduled)
def tell_that_a_visit_has_moved(fact: VisitRescheduled, *, merchant_id: int, now: datetime) -> None:
    """Tell a buyer the new window; whoever moved it themselves knows."""
    if fact.by != "buyer":
        tell(
            merchant_id=merchant_id,
            kind="visit_moved",
            subject=f"visit:{fact.visit_id}",
            mark=fact.window_from.isoformat(),
            now=now,
        )


@subscribe(VisitMissed)
def tell_that_a_visit_was_missed(fact: VisitMissed, *, merchant_id: int, now: datetime) -> None:
    """Let a buyer choose anew."""
    tell(merchant_id=merchant_id, kind="visit_missed", subject=f"visit:{fact.visit_id}", now=now)


@subscribe(CodeIssued)
def tell_that_there_is_a_code(fact: CodeIssued, *, merchant_id: int, now: datetime) -> None:
    """Lead a buyer to their code."""
    tell(merchant_id=merchant_id, kind="code_issued", subject=f"stagedsale:{fact.sale_id}", now=now)


@subscribe(ContractSigned)
def tell_that_a_contract_is_signed(
    fact: ContractSigned, *, merchant_id: int, now: datetime
) -> None:
    """Lead a buyer to their contract."""
    tell(
        merchant_id=merchant_id,
        kind="contract_signed",
        subject=f"stagedsale:{fact.sale_id}",
        now=now,
    )


@subscribe(StageDue)
def tell_that_a_stage_is_due(fact: StageDue, *, merchant_id: int, now: datetime) -> None:
    """Ask a buyer to pay a stage."""
    tell(
        merchant_id=merchant_id,
        kind="stage_due",
        subject=f"stagedsale:{fact.sale_id}",
        mark=str(fact.number),
        now=now,
    )


@subscribe(ChangeProposed)
def tell_that_a_change_is_proposed(
    fact: ChangeProposed, *, merchant_id: int, now: datetime
) -> None:
    """Ask a buyer to decide about a change."""
    tell(
        merchant_id=merchant_id,
        kind="change_proposed",
        subject=f"stagedsale:{fact.sale_id}",
        mark=str(fact.version),
        now=now,
    )


@subscribe(AgreementOffered)
def tell_that_an_agreement_is_offered(
    fact: AgreementOffered, *, merchant_id: int, now: datetime
) -> None:
    """Ask a buyer to accept terms."""
    tell(
        merchant_id=merchant_id,
        kind="agreement_offered",
        subject=f"agreement:{fact.agreement_id}",
        now=now,
    )


@subscribe(RemedyDone)
def tell_that_a_breach_is_made_good(fact: RemedyDone, *, merchant_id: int, now: datetime) -> None:
    """Tell a buyer what was done about a breach."""
    tell(
        merchant_id=merchant_id,
        kind="remedy_done",
        subject=f"agreement:{fact.agreement_id}",
        mark=str(fact.breach_id),
        now=now,
    )


@subscribe(BalanceOpened)
def tell_that_a_balance_can_be_paid(
    fact: BalanceOpened, *, merchant_id: int, now: datetime
) -> None:
    """Ask a buyer to pay the balance."""
    tell(
        merchant_id=merchant_id,
        kind="balance_opened",
        subject=f"presale:{fact.presale_id}",
        now=now,
    )


@subscribe(CaseDecided)
def tell_that_a_case_is_decided(fact: CaseDecided, *, merchant_id: int, now: datetime) -> None:
    """Lead a buyer to the decision about their case."""
    tell_of_case(
        merchant_id=merchant_id,
        case_id=fact.case_id,
        order_id=fact.order_id,
        decided_at=fact.decided_at,
        now=now,
    )
