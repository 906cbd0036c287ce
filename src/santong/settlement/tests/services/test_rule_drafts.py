"""Rules are proposed by one person and published by another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from santong.kernel.errors import FieldInvalid
from santong.payments.tests.factories import facts_told
from santong.settlement import public as settlement
from santong.settlement.events import RulesPublished
from santong.settlement.models import RuleDraft, RuleSet
from santong.settlement.tests.factories import (
    NOW,
    make_draft,
    make_sale,
    make_shop,
    publish,
    somebody,
)

FEE = settlement.Rule(code="fee", role="platform", rate_bp=60)
CLERK = settlement.Rule(code="clerk", role="clerk", rate_bp=500)
TOMORROW = NOW + timedelta(days=1)


@contextmanager
def refusal(kind: type[Exception], *, says: str = "") -> Iterator[pytest.ExceptionInfo[Any]]:
    """A command is refused, and the open transaction goes on without it."""
    with pytest.raises(kind, match=says) as found, transaction.atomic():
        yield found


def publish_draft(merchant: int, draft: settlement.RuleDraft, *, by: int = 2) -> settlement.RuleSet:
    with somebody(by):
        return settlement.publish_rule_draft(
            merchant_id=merchant, draft_id=draft.id, revision=draft.revision, now=NOW
        )


def change(
    merchant: int, draft: settlement.RuleDraft, *rules: settlement.Rule, by: int = 1, base: int = 0
) -> settlement.RuleDraft:
    with somebody(by):
        return settlement.change_rule_draft(
            merchant_id=merchant,
            draft_id=draft.id,
            revision=draft.revision,
            base_version=base,
            terms=settlement.SharingTerms(rules=rules),
            reason="changed",
            now=NOW,
        )


def test_a_draft_is_published_by_somebody_else(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE, valid_from=TOMORROW)

    published = publish_draft(merchant_id, draft)

    ended = settlement.rule_draft(merchant_id=merchant_id, draft_id=draft.id)
    assert (published.version, published.valid_from) == (1, TOMORROW)
    assert (published.drafted_by, published.published_by) == ("staff:1", "staff:2")
    assert (published.terms, published.reason) == (draft.terms, "spring")
    assert (ended.state, ended.ended_by, ended.rule_set_id) == (
        "published",
        "staff:2",
        published.id,
    )
    assert [fact.version for fact in facts_told(merchant_id=merchant_id, kind=RulesPublished)] == [
        1
    ]


def test_publishing_twice_publishes_once(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE)

    first, second = publish_draft(merchant_id, draft), publish_draft(merchant_id, draft)

    assert first == second
    assert len(settlement.rule_sets_page(merchant_id=merchant_id)) == 1
    with refusal(settlement.DraftPassed):
        publish_draft(merchant_id, draft, by=3)


def test_a_drafter_decides_nothing_and_the_draft_still_waits(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE)

    with refusal(settlement.OwnDraft):
        publish_draft(merchant_id, draft, by=1)
    with somebody(1), refusal(settlement.OwnDraft):
        settlement.decline_rule_draft(
            merchant_id=merchant_id, draft_id=draft.id, reason="no", now=NOW
        )

    assert settlement.rule_draft(merchant_id=merchant_id, draft_id=draft.id) == draft
    assert settlement.rule_sets_page(merchant_id=merchant_id) == []


def test_the_database_keeps_drafter_and_publisher_apart(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE)
    version = publish_draft(merchant_id, make_draft(merchant_id, CLERK))
    rows = RuleDraft.objects.of_merchant(merchant_id).filter(id=draft.id)

    with (
        pytest.raises(IntegrityError, match="who_drafts_rules_does_not_publish_them"),
        transaction.atomic(),
    ):
        RuleSet.objects.create(
            merchant_id=merchant_id,
            version=9,
            terms={},
            reason="x",
            valid_from=NOW,
            drafted_by="staff:1",
            published_by="staff:1",
            published_at=NOW,
        )
    with refusal(IntegrityError, says="decide_on_them"):
        rows.update(state="published", ended_by="staff:1", ended_at=NOW, rule_set=version.id)
    with refusal(IntegrityError, says="decide_on_them"):
        rows.update(state="declined", ended_by="staff:1", ended_at=NOW)


def test_a_draft_is_changed_by_its_drafter_and_is_looked_at_again(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE)

    with refusal(settlement.NotYourDraft):
        change(merchant_id, draft, CLERK, by=2)
    changed = change(merchant_id, draft, CLERK)
    with refusal(settlement.DraftChanged):
        change(merchant_id, draft, FEE)
    with refusal(settlement.DraftChanged):
        publish_draft(merchant_id, draft)

    assert (changed.revision, changed.terms.rules, changed.reason) == (2, (CLERK,), "changed")
    assert publish_draft(merchant_id, changed).terms.rules == (CLERK,)


def test_an_outdated_draft_says_so_and_is_taken_up_anew(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE)
    publish_draft(merchant_id, make_draft(merchant_id, CLERK, by=3))

    outdated = settlement.rule_draft(merchant_id=merchant_id, draft_id=draft.id)
    with refusal(settlement.DraftOutdated) as refused:
        publish_draft(merchant_id, draft)
    with refusal(settlement.DraftOutdated):
        change(merchant_id, draft, FEE)
    anew = change(merchant_id, draft, FEE, CLERK, base=1)

    assert outdated.is_outdated
    assert (refused.value.base_version, refused.value.newest_version) == (0, 1)
    assert (anew.is_outdated, anew.base_version) == (False, 1)
    assert publish_draft(merchant_id, anew).version == 2


def test_a_draft_is_withdrawn_by_its_drafter_only(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE)
    asked = {"merchant_id": merchant_id, "draft_id": draft.id, "now": NOW}

    with somebody(2), refusal(settlement.NotYourDraft):
        settlement.withdraw_rule_draft(**asked, reason="no")  # type: ignore[arg-type]
    with somebody(1):
        gone = settlement.withdraw_rule_draft(**asked, reason="a mistake")  # type: ignore[arg-type]
        again = settlement.withdraw_rule_draft(**asked, reason="again")  # type: ignore[arg-type]

    assert (gone.state, gone.ended_why) == ("withdrawn", "a mistake")
    assert again == gone
    with refusal(settlement.DraftPassed):
        publish_draft(merchant_id, draft)
    with refusal(settlement.DraftPassed):
        change(merchant_id, draft, CLERK)


def test_a_draft_that_waited_too_long_for_its_day_is_changed_first(merchant_id: int) -> None:
    draft = make_draft(merchant_id, FEE, valid_from=TOMORROW)

    with somebody(2), refusal(settlement.TooEarly):
        settlement.publish_rule_draft(
            merchant_id=merchant_id,
            draft_id=draft.id,
            revision=1,
            now=TOMORROW + timedelta(minutes=1),
        )

    assert publish_draft(merchant_id, change(merchant_id, draft, FEE)).valid_from == NOW


def test_what_nobody_could_share_by_is_not_drafted(merchant_id: int) -> None:
    with refusal(FieldInvalid) as refused:
        make_draft(merchant_id, FEE, settlement.Rule(code="fee", role="clerk"))

    assert refused.value.pointer == "/terms/rules/1/code"
    assert settlement.rule_drafts_page(merchant_id=merchant_id) == []


def test_a_person_alone_publishes_only_where_that_is_allowed(merchant_id: int) -> None:
    asked = {
        "merchant_id": merchant_id,
        "terms": settlement.SharingTerms(rules=(FEE,)),
        "reason": "spring",
        "now": NOW,
    }

    with somebody(1), refusal(settlement.SecondPersonNeeded):
        settlement.publish_rules(**asked)  # type: ignore[arg-type]
    settlement.set_rule_policy(
        merchant_id=merchant_id, may_publish_alone=True, reason="one of us", now=NOW
    )
    with somebody(1):
        published = settlement.publish_rules(**asked)  # type: ignore[arg-type]

    assert (published.drafted_by, published.published_by) == ("", "staff:1")


def test_drafts_are_compared_over_the_newest_sales(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, CLERK, now=NOW - timedelta(days=3))
    for paid_minor in (10_000, 30_000):
        make_sale(shop, guide="G1", seller=shop.own_code, price_minor=paid_minor)
    more = settlement.Rule(code="clerk", role="clerk", rate_bp=1_000)

    found = settlement.compare_rules(
        merchant_id=merchant_id,
        before=settlement.SharingTerms(rules=(CLERK,)),
        after=settlement.SharingTerms(rules=(more, FEE)),
    )

    assert (found.sales, found.moved) == (2, 2)
    assert {each.party_code: (each.before_minor, each.after_minor) for each in found.parties} == {
        "clerk:G1": (2_000, 4_000),
        "head_office": (38_000, 35_760),
        "platform": (0, 240),
    }
    assert [each.paid_minor for each in found.samples] == [30_000, 10_000]
    same = settlement.compare_rules(
        merchant_id=merchant_id,
        before=settlement.SharingTerms(rules=(CLERK,)),
        after=settlement.SharingTerms(rules=(CLERK,)),
    )
    assert (same.moved, same.samples) == (0, ())
    assert len(same.parties) == 2


def test_a_comparison_asks_as_often_for_many_sales_as_for_one(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    terms = settlement.SharingTerms(rules=(CLERK,))

    asked, sales = list[int](), list[int]()
    for _ in range(3):
        make_sale(shop, guide="G1", seller=shop.own_code)
        with CaptureQueriesContext(connection) as queries:
            found = settlement.compare_rules(
                merchant_id=merchant_id, before=settlement.SharingTerms(), after=terms
            )
        asked.append(len(queries))
        sales.append(found.moved)

    assert sales == [1, 2, 3]
    assert asked == [2, 2, 2]
