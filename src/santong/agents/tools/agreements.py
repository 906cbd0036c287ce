"""What was promised beside the goods, and whether it is kept, for agents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.agents.tools.registry import Asked, Call, Told, Tool, Words
from santong.agents.tools.shapes import Id, Money, PageAsked, cut
from santong.agreements import public as agreements
from santong.kernel.http.pages import before_id, id_of
from santong.orders import public as orders

MOST_TERMS = 30
MOST_BREACHES = 30


class AgreementsAsked(PageAsked):
    """Agreements of an order, in a state, or all; newest first."""

    order_id: Id | None = None
    state: agreements.AgreementState | None = None


class FiguresAsked(Asked):
    """Nothing to say."""


class TermTold(Told):
    """One promise, as the buyer read it."""

    number: int
    kind: str
    promise_zh: str
    promise_en: str
    remedy: str
    outcome: str


class BreachTold(Told):
    """A term that was not kept, and what has gone back for it."""

    term_number: int
    kind: str
    state: str
    remedy: str
    days_late: int
    broken_at: datetime
    amount: Money
    paid_back: Money


class AgreementTold(Told):
    """An agreement, its terms, and how each stands: open, kept or broken."""

    agreement_id: str
    number: int
    document: str
    state: str
    category: str
    accepted_at: datetime | None
    claims_until: datetime | None
    terms: list[TermTold]
    breaches: list[BreachTold]


class AgreementsTold(Told):
    """A page of agreements, newest first."""

    agreements: list[AgreementTold]
    next_cursor: str | None


class FigureTold(Told):
    """How often terms of a kind were kept and broken, and what the broken ones cost."""

    kind: str
    open: int
    kept: int
    broken: int
    paid: Money


class FiguresTold(Told):
    """Of all agreements that were accepted."""

    figures: list[FigureTold]


def _list(call: Call, asked: AgreementsAsked) -> AgreementsTold:
    document = ""
    if asked.order_id is not None:
        document = orders.document_of(order_id=id_of(asked.order_id, kind="order"))
    found = agreements.agreements_page(
        merchant_id=call.merchant_id,
        states=[asked.state] if asked.state else [],
        document=document,
        location_ids=call.actor.location_ids,
        below_id=before_id(asked.cursor),
        limit=asked.limit + 1,
    )
    rows, cursor = cut(found, limit=asked.limit, ids=[each.id for each in found])
    return AgreementsTold(agreements=[_agreement(each) for each in rows], next_cursor=cursor)


def _agreement(found: agreements.Agreement) -> AgreementTold:
    terms = list(zip(found.terms, found.outcome_by_term, strict=True))
    return AgreementTold(
        agreement_id=str(found.id),
        number=found.number,
        document=found.document,
        state=found.state,
        category=found.category,
        accepted_at=found.accepted_at,
        claims_until=found.claims_until,
        terms=[
            TermTold(
                number=term.number,
                kind=term.kind,
                promise_zh=agreements.promise(term=term, language="zh-hans"),
                promise_en=agreements.promise(term=term, language="en"),
                remedy=term.remedy,
                outcome=outcome,
            )
            for term, outcome in terms[:MOST_TERMS]
        ],
        breaches=[_breach(each) for each in found.breaches[:MOST_BREACHES]],
    )


def _breach(breach: agreements.Breach) -> BreachTold:
    return BreachTold(
        term_number=breach.term_number,
        kind=breach.kind,
        state=breach.state,
        remedy=breach.remedy,
        days_late=breach.days_late,
        broken_at=breach.broken_at,
        amount=Money(amount_minor=breach.amount_minor, currency=breach.currency),
        paid_back=Money(amount_minor=breach.done_minor, currency=breach.currency),
    )


def _figures(call: Call, _asked: FiguresAsked) -> FiguresTold:
    return FiguresTold(
        figures=[
            FigureTold(
                kind=each.kind,
                open=each.open,
                kept=each.kept,
                broken=each.broken,
                paid=Money(amount_minor=each.paid_minor, currency=each.currency),
            )
            for each in agreements.kept_and_broken(merchant_id=call.merchant_id)
        ]
    )


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        name="list_agreements",
        title=Words(zh="服务约定", en="Service agreements"),
        about=Words(
            zh="一张订单或全部的服务约定：每项承诺、是否兑现、违约与赔付。",
            en="Service agreements of an order, or all: each promise, whether it was kept, breaches"
            " and what was paid for them.",
        ),
        permission="agreements.view",
        takes=AgreementsAsked,
        gives=AgreementsTold,
        does=_list,
    ),
    Tool(
        name="promises_kept",
        title=Words(zh="承诺兑现统计", en="How promises are kept"),
        about=Words(
            zh="各类承诺兑现和违反的次数，以及违反的花费。",
            en="How often promises of each kind were kept and broken, and what that cost.",
        ),
        permission="agreements.edit",
        takes=FiguresAsked,
        gives=FiguresTold,
        does=_figures,
    ),
)
