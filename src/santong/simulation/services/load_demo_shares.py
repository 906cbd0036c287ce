from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.kernel.actors import Actor
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments
from santong.settlement import public as settlement
from santong.simulation.contracts import Crew, Progress, Step, Worked
from santong.simulation.rules.demo.money import Sold, month_to_close
from santong.simulation.rules.demo.shape import CURRENCY
from santong.simulation.services.open_demo_accounts import PAID_OUT_FROM
from santong.simulation.services.place_demo_order import place_demo_order
from santong.simulation.services.take_step import actor_at, take_step

TERMS: Final = settlement.SharingTerms(
    rules=(
        settlement.Rule(code="clerk", role="clerk", rate_bp=300),
        settlement.Rule(code="pick-and-pack", role="filler", fixed_minor=500),
        settlement.Rule(
            code="brand-fee",
            role="head_office",
            rate_bp=800,
            when=settlement.When(seller_of="dealer"),
        ),
        settlement.Rule(
            code="mall",
            role="marketplace",
            rate_bp=500,
            when=settlement.When(channels=("marketplace",)),
        ),
        settlement.Rule(code="platform", role="platform", rate_bp=60),
    ),
    owners=(
        settlement.OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_000),
        settlement.OwnerTerms(goods_of="head_office", kind="commission", rate_bp=2_500),
    ),
)
FINANCE: Final = Actor(kind="staff", id="0", name="finance")
HEAD_OFFICE: Final = Actor(kind="system", id="head-office", name="head office")
STEPS: Final[tuple[Step, ...]] = ("accepted", "picking", "packed", "ready", "collected")
RECEIVERS: Final = ("dealer", "place", "clerk")
# A receiver of the simulated provider who sends back what it is given.
SENDS_BACK: Final = "returns"


def publish_demo_rules(*, merchant_id: int, now: datetime) -> None:
    """Rules by which sales are shared from now on; once. Emits RulesPublished."""
    with tenancy.scope(merchant_id=merchant_id, actor=FINANCE):
        if not settlement.rule_sets_page(merchant_id=merchant_id, limit=1):
            draft = settlement.draft_rules(
                merchant_id=merchant_id, base_version=0, terms=TERMS, reason="框架协议", now=now
            )
            with tenancy.acting_as(HEAD_OFFICE):
                settlement.publish_rule_draft(
                    merchant_id=merchant_id, draft_id=draft.id, revision=draft.revision, now=now
                )


def load_demo_sales(
    *, merchant_id: int, sold: Sequence[Sold], crew: Crew, progress: Progress
) -> None:
    """What was sold at counters last month: paid, collected and shared at its time.

    Emits what orders, fulfilment and sharing emit.
    """
    for each in sold:
        with tenancy.scope(merchant_id=merchant_id):
            sell_at_counter(merchant_id=merchant_id, sold=each, crew=crew)
        progress(1)


@all_or_nothing
def sell_at_counter(*, merchant_id: int, sold: Sold, crew: Crew) -> None:
    """One sale from the till to the buyer's hands, with the shares of who took part; once.

    Raises OutOfStock. Emits what orders, fulfilment and sharing emit.
    """
    order = place_demo_order(merchant_id=merchant_id, order=sold.order)
    settlement.freeze_shares(merchant_id=merchant_id, order_id=order.id, now=sold.paid_at)
    document = orders.document_of(order_id=order.id)
    for work in fulfilment.start_order(
        merchant_id=merchant_id, order_id=order.id, now=sold.paid_at
    ):
        if work.state != "offered":
            continue
        with tenancy.acting_as(actor_at(crew=crew, location_id=work.location_id)):
            for number, step in enumerate(STEPS):
                take_step(
                    merchant_id=merchant_id,
                    work=work,
                    step=step,
                    worked=Worked(),
                    now=sold.paid_at + timedelta(minutes=3 * number),
                )
        settlement.assign_filler(
            merchant_id=merchant_id,
            order_id=order.id,
            location_id=work.location_id,
            quantity_by_line={line.order_line_id: line.quantity for line in work.lines},
            key=f"work:{work.id}",
            now=sold.collected_at,
        )
    settlement.record_receipt(
        merchant_id=merchant_id,
        document=document,
        received_at=sold.collected_at,
        now=sold.collected_at,
    )


def load_demo_statements(*, merchant_id: int, now: datetime) -> None:
    """The month is closed: a dealer agrees, a clerk does not, and payouts are approved; once.

    One receiver sends back what it is paid. Emits what closing and paying out emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        settlement.release_due(merchant_id=merchant_id, limit=10_000, now=now)
        if settlement.payout_runs_page(merchant_id=merchant_id, limit=1):
            return
        month = month_to_close(now)
        with tenancy.acting_as(FINANCE):
            settlement.close_month(merchant_id=merchant_id, month=month, now=now)
        _agree_and_disagree(merchant_id, now)
        if not _name_receivers(merchant_id, now):
            return
        with tenancy.acting_as(FINANCE):
            run = settlement.draft_payouts(
                merchant_id=merchant_id,
                account_code=PAID_OUT_FROM,
                currency=CURRENCY,
                minimum_minor=100,
                limits=settlement.PayoutLimits(),
                now=now,
            )
        with tenancy.acting_as(HEAD_OFFICE):
            settlement.approve_payouts(merchant_id=merchant_id, run_id=run.id, now=now)
        settlement.send_payouts(
            merchant_id=merchant_id, limit=1_000, now=now + timedelta(minutes=1)
        )


def end_demo_payouts(*, merchant_id: int, now: datetime) -> None:
    """How transfers ended, as the facts will tell once more. Emits PayoutEnded."""
    with tenancy.scope(merchant_id=merchant_id):
        for run in settlement.payout_runs_page(merchant_id=merchant_id, limit=1):
            lines = settlement.payout_lines_page(merchant_id=merchant_id, run_id=run.id, limit=200)
            for line in lines:
                _end(merchant_id, line.transfer_id, now)


def _end(merchant_id: int, transfer_id: int | None, now: datetime) -> None:
    if transfer_id is None:
        return
    sent = payments.transfer_by_id(merchant_id=merchant_id, transfer_id=transfer_id)
    if sent.state in ("done", "failed", "returned"):
        settlement.end_payout(
            merchant_id=merchant_id,
            transfer_id=transfer_id,
            state=sent.state,
            why=sent.why,
            now=now,
        )


def draft_next_payout(*, merchant_id: int, now: datetime) -> None:
    """What came back waits in the next payout, for somebody to approve it; once."""
    with tenancy.scope(merchant_id=merchant_id, actor=FINANCE):
        if len(settlement.payout_runs_page(merchant_id=merchant_id, limit=2)) == 1:
            settlement.draft_payouts(
                merchant_id=merchant_id,
                account_code=PAID_OUT_FROM,
                currency=CURRENCY,
                minimum_minor=100,
                limits=settlement.PayoutLimits(),
                now=now,
            )


def _agree_and_disagree(merchant_id: int, now: datetime) -> None:
    statements = settlement.statements_page(merchant_id=merchant_id, limit=200)
    of_dealers = [each for each in statements if each.party_code.startswith("dealer:")]
    of_clerks = [each for each in statements if each.party_code.startswith("clerk:")]
    for statement in of_dealers[:1]:
        settlement.confirm_statement(merchant_id=merchant_id, statement_id=statement.id, now=now)
    for statement in of_clerks[:1]:
        entry = settlement.entries_page(
            merchant_id=merchant_id,
            party_id=statement.party_id,
            currency=CURRENCY,
            limit=1,
        )[0]
        settlement.dispute_entry(
            merchant_id=merchant_id,
            statement_id=statement.id,
            entry_id=entry.id,
            reason="这一单是我和同事一起接待的",
            now=now,
        )


def _name_receivers(merchant_id: int, now: datetime) -> int:
    """Everybody who is owed something can be paid; the last clerk's account is closed by then."""
    parties = [
        party
        for kind in RECEIVERS
        for party in settlement.parties_page(merchant_id=merchant_id, kind=kind, limit=200)
    ]
    for party in parties:
        prefix = SENDS_BACK if party == parties[-1] else "openid"
        settlement.name_receiver(
            merchant_id=merchant_id,
            party_id=party.id,
            account_code=PAID_OUT_FROM,
            receiver=f"{prefix}-{party.code}",
            reason="签约",
            now=now,
        )
    return len(parties)
