"""However many change what brands let one another do, one set of terms holds at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import days
from santong.membership.tests.races_of_points import AtOnce, in_scope, opened, refused

TERMS: dict[str, Any] = {
    "may_see": True,
    "may_accrue": True,
    "may_burn": True,
    "burn_rate": 1,
    "reason": "x",
}


def test_of_changes_and_ends_at_once_never_two_terms_hold(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant, membership.Terms())
    with tenancy.scope(merchant_id=merchant):
        given = membership.authorise(
            merchant_id=merchant,
            pool_code=club.programme.pool_code,
            by_brand_id=club.programme.brand_id,
            to_brand_id=club.programme.brand_id,
            earn_rate=0,
            valid_from=NOW - days(1),
            valid_until=None,
            now=NOW,
            **TERMS,
        )
    changes = [
        partial(
            membership.change_authorisation,
            merchant_id=merchant,
            authorisation_id=given.id,
            earn_rate=rate,
            valid_until=None,
            now=NOW,
            **TERMS,
        )
        for rate in range(1, 5)
    ]
    end = partial(
        membership.end_authorisation,
        merchant_id=merchant,
        authorisation_id=given.id,
        reason="over",
        now=NOW,
    )

    results = at_once(*[in_scope(club, each) for each in (*changes, end)])

    with tenancy.scope(merchant_id=merchant):
        rows = membership.authorisations_of(merchant_id=merchant, pool_id=given.pool_id)
    # One change comes first, or the end does: what has ended is not changed again.
    assert refused(results, membership.AuthorisationEnded) in {3, 4}
    assert (rows[0].valid_from, rows[0].valid_until) == (NOW - days(1), NOW)
    assert len(rows) == 5 - refused(results, membership.AuthorisationEnded)
    assert [row.valid_from for row in rows[1:]] == [NOW] * (len(rows) - 1)
