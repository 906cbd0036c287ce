"""A member's own orders, and the way to their after-sales page."""

from __future__ import annotations

from santong.aftersales.tests.factories import NOW, make_bought
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.storefront.models import MemberSession
from santong.storefront.tests.factories import Buyer, Shop


def _order_of(buyer: Buyer) -> orders.Order:
    merchant_id = buyer.shop.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        member_id = MemberSession.objects.of_merchant(merchant_id).latest("id").member_id
        bought = make_bought(merchant_id)
        return orders.link_member(
            merchant_id=merchant_id, order_id=bought.order.id, member_id=member_id, now=NOW
        )


def test_a_member_finds_their_orders_and_asks_for_something_after_the_sale(shop: Shop) -> None:
    buyer = Buyer(shop)
    buyer.join()
    before = buyer.text("orders/")
    order = _order_of(buyer)

    listed = buyer.text("orders/")
    sent = buyer.send(f"orders/{order.id}/after-sale/")
    again = buyer.send(f"orders/{order.id}/after-sale/")
    page = buyer.client.get(sent["Location"])

    assert "You have no orders yet." in before
    assert order.external_number in listed
    assert (sent.status_code, page.status_code) == (302, 200)
    assert again["Location"] == sent["Location"]
    assert order.external_number in page.content.decode()


def test_nobody_opens_the_page_of_somebody_elses_order(shop: Shop) -> None:
    buyer, other = Buyer(shop), Buyer(shop)
    buyer.join()
    order = _order_of(buyer)
    other.join()

    answer = other.send(f"orders/{order.id}/after-sale/")

    assert answer.status_code == 404
    assert order.external_number not in other.text("orders/")
