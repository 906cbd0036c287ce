"""What becomes of a case follows from its facts, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.aftersales.contracts import (
    KINDS,
    REASONS,
    CasePolicy,
    Decided,
    Facts,
    FactsLine,
    NewUnit,
    Promise,
    WarrantyTerms,
)
from santong.aftersales.rules.decide import (
    decide,
    facts_of_json,
    facts_to_json,
    proposal_of_json,
    proposal_to_json,
)
from santong.aftersales.rules.overruling import differing
from santong.aftersales.rules.replacing import priced
from santong.aftersales.rules.warranty import is_good, months_for, months_later

AT = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
GOODS = (("BED-1", "家具/床"), ("B", "家具/床"), ("C", "家具"), ("D", "家具店"))
LINE = FactsLine(
    order_line_id=1,
    sku_code="COAT",
    category="女装/连衣裙",
    quantity=1,
    value_minor=19_900,
    delivered_at=AT,
    warranty_months=0,
)
FACTS = Facts(
    kind="return",
    reason="wrong_size",
    way_back="mail",
    opened_at=AT + timedelta(days=2),
    currency="CNY",
    lines=(LINE,),
    photos=0,
    freight_minor=1_000,
    is_last=True,
    policy_version=0,
    policy=CasePolicy(),
)
MISSING = Promise(term="missing", reference="A000003", remedy="resend")
DAMAGE = Promise(term="damage", reference="A000003", remedy="replace")


class Case(NamedTuple):
    name: str
    facts: dict[str, Any]
    verdict: str
    reasons: tuple[str, ...]
    more: dict[str, Any]


CASES = [
    Case("in time", {}, "accept", ("in_time",), {"refund_minor": 19_900, "freight_by": "buyer"}),
    Case("too late", {"opened_at": AT + timedelta(days=8)}, "refuse", ("too_late",), {}),
    Case(
        "a fault may take longer to see",
        {"opened_at": AT + timedelta(days=8), "reason": "defective"},
        "accept",
        ("in_time", "freight_is_paid_back"),
        {"freight_minor": 1_000, "freight_by": "merchant"},
    ),
    Case(
        "carriage stays where something stays",
        {"reason": "defective", "is_last": False},
        "accept",
        ("in_time",),
        {"freight_minor": 0},
    ),
    Case("no photo", {"reason": "damaged"}, "ask", ("photo_missing",), {"refund_minor": 0}),
    Case(
        "with a photo",
        {"reason": "damaged", "photos": 1, "way_back": "shop"},
        "accept",
        ("in_time", "freight_is_paid_back"),
        {"freight_by": "nobody"},
    ),
    Case(
        "what the policy does not allow for such goods",
        {"policy": CasePolicy(kinds_by_category={"女装": ("exchange",)})},
        "refuse",
        ("kind_not_allowed",),
        {},
    ),
    Case(
        "the longest category counts",
        {"policy": CasePolicy(kinds_by_category={"女装": (), "女装/连衣裙": ("return",)})},
        "accept",
        ("in_time",),
        {},
    ),
    Case(
        "money alone is for faults",
        {"kind": "refund_only", "way_back": "none"},
        "refuse",
        ("no_fault_of_ours",),
        {},
    ),
    Case(
        "what never came is looked for",
        {"kind": "resend", "reason": "not_received"},
        "ask",
        ("parcel_to_be_looked_for",),
        {},
    ),
    Case(
        "what was agreed comes before what is allowed",
        {
            "kind": "return",
            "reason": "missing_part",
            "photos": 1,
            "opened_at": AT + timedelta(days=99),
            "promises": (DAMAGE, MISSING),
        },
        "accept",
        ("term_in_force",),
        {"kind": "resend", "needs_return": False, "term_reference": "A000003"},
    ),
    Case(
        "an agreed replacement takes the old one back",
        {"reason": "damaged", "photos": 1, "promises": (DAMAGE,)},
        "accept",
        ("term_in_force",),
        {"kind": "exchange", "needs_return": True, "freight_by": "merchant"},
    ),
    Case(
        "a repair without warranty is quoted",
        {"kind": "repair", "reason": "defective", "opened_at": AT + timedelta(days=400)},
        "accept",
        ("repair_is_quoted",),
        {"under_warranty": False, "may_go_alone": False},
    ),
    Case(
        "a repair under warranty",
        {"kind": "repair", "lines": (replace(LINE, warranty_months=12),)},
        "accept",
        ("under_warranty",),
        {"under_warranty": True},
    ),
    Case(
        "small enough to go alone",
        {"policy": CasePolicy(alone_minor=19_900)},
        "accept",
        ("in_time",),
        {"may_go_alone": True},
    ),
    Case(
        "too much to go alone",
        {"policy": CasePolicy(alone_minor=19_899)},
        "accept",
        ("in_time",),
        {"may_go_alone": False},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_decide(case: Case) -> None:
    proposal = decide(replace(FACTS, **case.facts))

    said = {name: getattr(proposal, name) for name in case.more}
    assert (proposal.verdict, proposal.reasons) == (case.verdict, case.reasons)
    assert said == case.more


any_facts = st.builds(
    Facts,
    kind=st.sampled_from(KINDS),
    reason=st.sampled_from(REASONS),
    way_back=st.sampled_from(("shop", "mail", "none")),
    opened_at=st.integers(0, 60).map(lambda days: AT + timedelta(days=days)),
    currency=st.just("CNY"),
    lines=st.lists(
        st.builds(
            FactsLine,
            order_line_id=st.integers(1, 9),
            sku_code=st.just("COAT"),
            category=st.sampled_from(("", "女装", "女装/连衣裙")),
            quantity=st.integers(1, 5),
            value_minor=st.integers(0, 10**7),
            delivered_at=st.sampled_from((None, AT)),
            warranty_months=st.integers(0, 24),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    photos=st.integers(0, 2),
    freight_minor=st.integers(0, 2_000),
    is_last=st.booleans(),
    policy_version=st.integers(0, 3),
    policy=st.builds(CasePolicy, alone_minor=st.integers(0, 10**7)),
    promises=st.sampled_from(((), (MISSING,), (DAMAGE,))),
)


@given(facts=any_facts)
def test_a_kept_decision_asked_again_is_the_same(facts: Facts) -> None:
    proposal = decide(facts)

    assert decide(facts_of_json(facts_to_json(facts))) == proposal
    assert proposal_of_json(proposal_to_json(proposal)) == proposal


@given(facts=any_facts)
def test_nothing_is_promised_beyond_what_units_and_carriage_are_worth(facts: Facts) -> None:
    proposal = decide(facts)

    assert proposal.refund_minor <= sum(line.value_minor for line in facts.lines)
    assert proposal.freight_minor <= facts.freight_minor
    assert proposal.verdict == "accept" or not proposal.may_go_alone
    assert proposal.verdict == "accept" or proposal.refund_minor == proposal.freight_minor == 0


def test_only_what_is_said_otherwise_overrules() -> None:
    proposal = decide(FACTS)
    refused = decide(replace(FACTS, opened_at=AT + timedelta(days=8)))

    assert differing(proposal, Decided()) == ()
    assert differing(proposal, Decided(kind="return", refund_minor=19_900)) == ()
    assert differing(proposal, Decided(refund_minor=1, needs_return=False)) == (
        "needs_return",
        "refund_minor",
    )
    assert differing(refused, Decided(verdict="refuse", refund_minor=3)) == ()
    assert differing(refused, Decided()) == ("verdict",)


def test_a_warranty_is_of_the_goods_then_of_their_kind_then_of_all() -> None:
    terms = WarrantyTerms(
        months=3, months_by_category={"家具": 12, "家具/床": 24}, months_by_sku={"BED-1": 60}
    )

    found = [
        months_for(terms, sku_code=sku, category=category)
        for sku, category in (
            ("BED-1", "家具/床"),
            ("B", "家具/床"),
            ("C", "家具"),
            ("D", "家具店"),
        )
    ]

    assert found == [60, 24, 12, 3]


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    end_of_january = datetime(2027, 1, 31, tzinfo=UTC)

    assert months_later(end_of_january, months=1) == datetime(2027, 2, 28, tzinfo=UTC)
    assert months_later(end_of_january, months=12) == datetime(2028, 1, 31, tzinfo=UTC)
    assert is_good(delivered_at=end_of_january, months=1, at=datetime(2027, 2, 28, tzinfo=UTC))
    assert not is_good(delivered_at=end_of_january, months=0, at=end_of_january)
    assert not is_good(delivered_at=None, months=9, at=end_of_january)


def test_what_is_sent_again_costs_nothing_and_an_exchange_what_it_replaces() -> None:
    free = priced([NewUnit(sku_code="A", quantity=3)], worth_minor=100, is_free=True)
    same = priced([NewUnit(sku_code="A", quantity=3)], worth_minor=100, is_free=False)
    dearer = priced(
        [NewUnit(sku_code="A", quantity=1, price_minor=150)], worth_minor=100, is_free=False
    )

    assert (free.lines[0].unit_price_minor, free.carried_minor) == (0, 0)
    line = same.lines[0]
    assert line.quantity * line.unit_price_minor - line.discount_minor == 100
    assert (same.carried_minor, dearer.carried_minor) == (100, 100)
