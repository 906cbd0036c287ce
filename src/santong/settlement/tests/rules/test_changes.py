"""What differs between two versions of the terms."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.settlement.contracts import Due, OwnerTerms, Rule, SharingTerms
from santong.settlement.rules.changes import changes_between

FEE = Rule(code="fee", role="platform", rate_bp=60)
CLERK = Rule(code="clerk", role="clerk", rate_bp=500)
AGREED = OwnerTerms(goods_of="dealer", kind="commission", rate_bp=1_000)
TERMS = SharingTerms(rules=(FEE, CLERK), owners=(AGREED,))


class Case(NamedTuple):
    name: str
    after: SharingTerms
    rules: tuple[tuple[str, str], ...] = ()
    owners: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    is_due_other: bool = False
    is_reordered: bool = False


CASES = [
    Case("the same terms differ in nothing", after=TERMS),
    Case(
        "a rule with another rate has changed in that",
        after=replace(TERMS, rules=(FEE, replace(CLERK, rate_bp=600))),
        rules=(("changed", "clerk"),),
        fields=("rate_bp",),
    ),
    Case(
        "a rule with another code is another rule",
        after=replace(TERMS, rules=(FEE, replace(CLERK, code="guide"))),
        rules=(("removed", "clerk"), ("added", "guide")),
    ),
    Case(
        "rules in another order stay what they are",
        after=replace(TERMS, rules=(CLERK, FEE)),
        is_reordered=True,
    ),
    Case(
        "a rule put in front of others moves none of them",
        after=replace(TERMS, rules=(Rule(code="new", role="dealer"), FEE, CLERK)),
        rules=(("added", "new"),),
    ),
    Case(
        "owners are the same by whom they bind",
        after=replace(TERMS, owners=(replace(AGREED, kind="transfer_price"),)),
        owners=("changed",),
        fields=("kind",),
    ),
    Case(
        "terms with one dealer stand beside those with any",
        after=replace(TERMS, owners=(AGREED, replace(AGREED, dealer="east"))),
        owners=("added",),
    ),
    Case(
        "the rest can be due at another time",
        after=replace(TERMS, rest_due=Due(days=0)),
        is_due_other=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_changes(case: Case) -> None:
    found = changes_between(before=TERMS, after=case.after)

    named = [(each.kind, (each.after or each.before or FEE).code) for each in found.rules]
    assert tuple(named) == case.rules
    assert tuple(each.kind for each in found.owners) == case.owners
    differing = [*(each.fields for each in found.rules), *(each.fields for each in found.owners)]
    assert tuple(name for names in differing for name in names) == case.fields
    assert bool(found.rest_due) == case.is_due_other
    assert found.is_reordered == case.is_reordered
    assert found.is_nothing == (case.after == TERMS)


rule = st.builds(
    Rule,
    code=st.sampled_from(["a", "b", "c", "d"]),
    role=st.sampled_from(["clerk", "platform"]),
    rate_bp=st.integers(min_value=0, max_value=3),
)
terms = st.builds(
    SharingTerms,
    rules=st.lists(rule, unique_by=lambda each: each.code, max_size=4).map(tuple),
    rest_due=st.builds(Due, days=st.integers(min_value=0, max_value=1)),
)


@given(before=terms, after=terms)
def test_nothing_differs_exactly_where_both_are_the_same(
    before: SharingTerms, after: SharingTerms
) -> None:
    assert changes_between(before=before, after=after).is_nothing == (before == after)
