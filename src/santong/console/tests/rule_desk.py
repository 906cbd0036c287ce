"""Who keeps the rules of sharing at their screens, and what they type into a row."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from santong.console.tests.desk import Desk
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_dealer, make_staff
from santong.settlement import public as settlement
from santong.settlement.tests.factories import make_sale, make_shop, publish

NEW = "/console/share-rules/drafts/new/"
CLERK = settlement.Rule(code="guide", role="clerk", rate_bp=500)
# What stands in a row of the form.
GUIDE = {
    "rules.0.code": "guide",
    "rules.0.role": "clerk",
    "rules.0.base": "paid",
    "rules.0.rate": "12.5",
    "rules.0.fixed": "",
    "rules.0.min": "",
    "rules.0.max": "20",
    "rules.0.bearer": "",
    "rules.0.party_code": "",
    "rules.0.due_basis": "receipt",
    "rules.0.due_days": "15",
    "rules.0.sellers": "S001，S002",
    "rules.0.seller_of": "any",
    "rules.0.filler_of": "any",
    "rules.0.owners": "any",
}
REST = {
    "rest_due_basis": "receipt",
    "rest_due_days": "7",
    "valid_from": "",
    "reason": "guides earn more",
}


def desk(merchant_id: int, login: str) -> Desk:
    """Somebody of the merchant who has logged in and reads English."""
    with tenancy.scope(merchant_id=merchant_id):
        code = merchants.merchant(merchant_id=merchant_id).code
    client = Client(headers={"accept-language": "en"})
    client.post("/log-in/", {"merchant": code, "login": login, "password": PASSWORD, "next": ""})
    client.cookies["django_language"] = "en"
    return Desk(client)


def sold_by_rules(merchant: int) -> str:
    """A store that has sold twice by rules, and the people of the merchant."""
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant)
        publish(merchant, CLERK, now=just_now())
        for price_minor in (10_000, 30_000):
            make_sale(shop, guide="G1", seller=shop.own_code, price_minor=price_minor)
        make_staff(merchant, login="first", role="finance", name="出纳")
        make_staff(merchant, login="second", role="finance", name="主管")
        make_staff(merchant, login="boss", role="head_office")
        make_staff(merchant, login="developer", role="developer")
        make_staff(merchant, login="service", role="customer_service")
        make_staff(merchant, login="g1", role="clerk", location_id=shop.own)
        dealer = make_dealer(merchant)
        make_staff(merchant, login="dealer", role="dealer", dealer_id=dealer.id)
        return shop.own_code


def just_now() -> datetime:
    """Pages ask a real clock which rules are in force."""
    return datetime.now(UTC)


def waiting(merchant: int) -> settlement.RuleDraft:
    with tenancy.scope(merchant_id=merchant):
        return settlement.rule_drafts_page(merchant_id=merchant, state="draft")[0]


def versions(merchant: int) -> list[int]:
    with tenancy.scope(merchant_id=merchant):
        return [each.version for each in settlement.rule_sets_page(merchant_id=merchant)]


def drafted(merchant: int, **other: str) -> settlement.RuleDraft:
    """A draft that the first of finance typed in."""
    desk(merchant, "first").send(
        f"{NEW}save/", **{**GUIDE, **REST, "base_version": "1", "rules.0.sellers": "", **other}
    )
    return waiting(merchant)
