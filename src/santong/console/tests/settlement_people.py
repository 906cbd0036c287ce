"""A merchant with people of finance and of a store, for pages about shares and payouts."""

from __future__ import annotations

from django.test import Client

from santong.console.tests.desk import Desk
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.settlement.tests.factories import Shop, make_clerks


def desk(merchant_id: int, login: str) -> Desk:
    """Somebody of the merchant who has logged in and reads English."""
    with tenancy.scope(merchant_id=merchant_id):
        code = merchants.merchant(merchant_id=merchant_id).code
    client = Client(headers={"accept-language": "en"})
    client.post("/log-in/", {"merchant": code, "login": login, "password": PASSWORD, "next": ""})
    client.cookies["django_language"] = "en"
    return Desk(client)


def make_people(merchant: int) -> Shop:
    """Two clerks who are each owed ten yuan, and the people of the merchant."""
    with tenancy.scope(merchant_id=merchant):
        made = make_clerks(merchant, "g1", "g2")
        make_staff(merchant, login="first", role="finance", name="出纳")
        make_staff(merchant, login="second", role="finance", name="主管")
        make_staff(merchant, login="service", role="customer_service")
        make_staff(merchant, login="g1", role="clerk", location_id=made.own)
        make_staff(merchant, login="chief", role="store_manager", location_id=made.own)
        return made
