"""The wallet over HTTP, by state."""

from __future__ import annotations

from typing import Any

from django.test import Client

from santong.benefits.tests.factories import make_coupon
from santong.benefits.tests.steps import end
from santong.kernel import tenancy
from santong.membership.tests.factories import make_member
from santong.merchants.tests.factories import make_token


def test_a_wallet_is_asked_by_state(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        member_id = make_member(merchant_id=merchant).member.id
        usable, void = (make_coupon(merchant_id=merchant, member_id=member_id) for _ in range(2))
        end(merchant, void)
        secret = make_token(merchant, permissions={"benefits.view"})

    def asked(query: str) -> Any:
        return Client().get(
            f"/api/v1/members/{member_id}/wallet{query}",
            headers={"Authorization": f"Bearer {secret}"},
        )

    everything, some, both = asked(""), asked("?state=void"), asked("?state=void&state=upcoming")
    assert [each["coupon_id"] for each in everything.json()["items"]] == [
        str(void.id),
        str(usable.id),
    ]
    assert [each["coupon_id"] for each in some.json()["items"]] == [str(void.id)]
    assert both.json()["items"] != []
    assert asked("?state=lost").status_code == 422
