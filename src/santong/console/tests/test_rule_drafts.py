"""Rules of sharing on the console: drafted by one person, and published by another."""

from __future__ import annotations

from typing import Any

import pytest

from santong.console.tests.rule_desk import (
    CLERK,
    GUIDE,
    NEW,
    REST,
    desk,
    drafted,
    just_now,
    sold_by_rules,
    versions,
    waiting,
)
from santong.kernel import tenancy
from santong.settlement import public as settlement
from santong.settlement.tests.factories import publish


@pytest.fixture
def place(merchant: int) -> str:
    """A store that has sold by rules, and the people of the merchant."""
    return sold_by_rules(merchant)


def test_what_is_typed_becomes_a_draft_that_another_person_publishes(
    merchant: int, place: str
) -> None:
    first, second = desk(merchant, "first"), desk(merchant, "second")

    _, kept = first.send(f"{NEW}save/", **GUIDE, **REST, base_version="1")
    draft = waiting(merchant)
    path = f"/console/share-rules/drafts/{draft.id}/"
    _, own = first.open(path)
    refused, _ = first.send(f"{path}publish/", revision="1")
    _, others = second.open(path)
    _, done = second.send(f"{path}publish/", revision="1")
    _, listed = second.open("/console/share-rules/")

    (rule,) = draft.terms.rules
    assert (rule.rate_bp, rule.max_minor, rule.due.days) == (1_250, 2_000, 15)
    assert rule.when.sellers == ("S001", "S002")
    assert "The draft is kept" in kept
    assert "another person has to publish them" in own
    assert refused == 403
    assert "Publish" in others
    assert "Decline the draft" in others
    assert "Version 2 is published" in done
    assert versions(merchant) == [2, 1]
    assert "guides earn more" in listed
    assert "Drafted by 出纳 · Published by 主管" in listed
    assert "12.5 % of what was paid" in listed
    assert "1 thing changed" in listed


def test_the_second_person_sees_what_the_draft_moves_and_for_whom(
    merchant: int, place: str
) -> None:
    draft = drafted(merchant, **{"rules.0.max": "", "rules.0.rate": "10"})

    _, seen = desk(merchant, "second").open(f"/console/share-rules/drafts/{draft.id}/")

    assert "What changes against version 1" in seen
    assert "Before Clerk 5 % of what was paid" in seen
    assert "Changed to Clerk 10 % of what was paid" in seen
    assert "The newest 2 paid orders, shared by both: 2 would be shared otherwise." in seen
    assert "Clerk G1 ¥20.00 ¥40.00 +¥20.00" in seen
    assert "Head office ¥380.00 ¥360.00 −¥20.00" in seen


def test_an_outdated_draft_is_taken_up_anew_with_what_came_between(
    merchant: int, place: str
) -> None:
    draft = drafted(merchant)
    with tenancy.scope(merchant_id=merchant):
        fee = settlement.Rule(code="fee", role="platform", rate_bp=60)
        publish(merchant, CLERK, fee, now=just_now())
    first, second = desk(merchant, "first"), desk(merchant, "second")
    path = f"/console/share-rules/drafts/{draft.id}/"

    _, own = first.open(path)
    _, others = second.open(path)
    late, _ = second.send(f"{path}publish/", revision="1")
    _, form = first.open(f"{path}edit/")
    stale, refused = first.send(
        f"{path}edit/save/", **GUIDE, **REST, base_version="1", revision="1"
    )
    _, anew = first.send(f"{path}edit/save/", **GUIDE, **REST, base_version="2", revision="1")
    _, done = second.send(f"{path}publish/", revision="2")

    assert "version 2 has been published since" in own
    assert "Take it up anew" in own
    assert "Publish" not in others.partition("What happens next")[2].partition("Decline")[0]
    assert (late, stale) == (409, 409)
    assert "Version 2 was published since this draft was begun" in form
    assert "Platform 0.6 % of what was paid" in form
    assert "Version 2 was published since this draft was begun" in refused
    assert "The draft is kept" in anew
    assert "Version 3 is published" in done


def test_what_was_changed_after_it_was_looked_at_is_not_published(
    merchant: int, place: str
) -> None:
    draft = drafted(merchant)
    path = f"/console/share-rules/drafts/{draft.id}/"
    first, second = desk(merchant, "first"), desk(merchant, "second")

    first.send(f"{path}edit/save/", **GUIDE, **REST, base_version="1", revision="1")
    status, refused = second.send(f"{path}publish/", revision="1")

    assert status == 409
    assert "The draft was changed since it was looked at" in refused
    assert versions(merchant) == [1]


def test_a_draft_is_declined_by_another_and_withdrawn_by_its_drafter(
    merchant: int, place: str
) -> None:
    first, second = desk(merchant, "first"), desk(merchant, "second")
    path = f"/console/share-rules/drafts/{drafted(merchant).id}/"

    own, _ = first.send(f"{path}decline/", reason="no")
    empty, _ = second.send(f"{path}decline/", reason="")
    _, declined = second.send(f"{path}decline/", reason="too much")
    over = f"/console/share-rules/drafts/{drafted(merchant).id}/"
    theirs, _ = second.send(f"{over}withdraw/", reason="no")
    edit, _ = second.open(f"{over}edit/")
    _, withdrawn = first.send(f"{over}withdraw/", reason="a mistake")

    assert (own, empty, theirs, edit) == (403, 422, 403, 403)
    assert "declined" in declined
    assert "too much" in declined
    assert "withdrawn" in withdrawn
    assert "a mistake" in withdrawn
    assert versions(merchant) == [1]


SEES = {"first": 200, "boss": 200, "developer": 200, "service": 403, "g1": 403, "dealer": 403}
DRAFTS = {"first": 200, "boss": 200, "developer": 403, "service": 403, "g1": 403, "dealer": 403}


@pytest.mark.parametrize("login", SEES)
def test_finance_and_head_office_keep_the_rules_developers_look_and_nobody_else(
    merchant: int, place: str, login: str
) -> None:
    draft = drafted(merchant)
    path = f"/console/share-rules/drafts/{draft.id}/"
    at = desk(merchant, login)

    seen = [at.open(each)[0] for each in ("/console/share-rules/", path)]
    form, _ = at.open(NEW)
    tried, _ = at.send(f"{NEW}again/", **GUIDE, **REST, do="try")
    sent: dict[str, Any] = {**GUIDE, **REST, "base_version": "1"}
    published, _ = at.send(f"{path}publish/", revision="1")

    assert seen == [SEES[login]] * 2
    assert (form, tried) == (DRAFTS[login], DRAFTS[login])
    # The drafter does not publish; who may not see the page does not, either.
    assert (published == 200) == (login == "boss")
    assert (versions(merchant) == [2, 1]) == (login == "boss")
    assert (at.send(f"{NEW}save/", **sent)[0] == 403) == (DRAFTS[login] == 403)
