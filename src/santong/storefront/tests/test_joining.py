"""Joining by a link, with a tick."""

from __future__ import annotations

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_brand
from santong.storefront.tests.factories import Buyer, Shop, open_programme, text_of, wait_a_day
from santong.stores.tests.factories import make_location


def only_member(shop: Shop) -> membership.Member:
    with tenancy.scope(merchant_id=shop.merchant_id):
        (found,) = membership.members_page(merchant_id=shop.merchant_id, before_id=2**62, limit=10)
        return found


def credited(shop: Shop) -> list[tuple[str, int | None, str]]:
    member = only_member(shop)
    with tenancy.scope(merchant_id=shop.merchant_id):
        found = membership.attributions_of(merchant_id=shop.merchant_id, member_id=member.id)
    return [(each.kind, each.location_id, each.guide_code) for each in found]


def test_the_store_and_the_guide_are_credited_with_who_scans(buyer: Buyer) -> None:
    page = buyer.text("join/", store=buyer.shop.store.code, guide="G017")

    buyer.join(store=buyer.shop.store.code, guide="G017")

    assert buyer.shop.store.name in page
    assert credited(buyer.shop) == [("guide", buyer.shop.store.id, "G017")]


def test_a_store_alone_is_a_scan(buyer: Buyer) -> None:
    buyer.join(store=buyer.shop.store.code)

    assert credited(buyer.shop) == [("scan", buyer.shop.store.id, "")]


def test_without_a_link_nobody_is_credited(buyer: Buyer) -> None:
    buyer.join()

    assert credited(buyer.shop) == [("storefront", None, "")]


def test_a_link_that_has_grown_old_still_lets_people_in(buyer: Buyer) -> None:
    buyer.join(store="closed-long-ago", guide="\u200bG\x7f")

    assert credited(buyer.shop) == [("storefront", None, "")]


def test_without_the_tick_nobody_becomes_a_member(buyer: Buyer) -> None:
    buyer.ask()
    buyer.type_code()

    refused = buyer.agree(marketing="on")
    joined = buyer.agree(agree="on")

    assert refused.status_code == 422
    assert "Tick the first box" in text_of(refused)
    assert joined.status_code == 302


def test_nothing_is_ticked_beforehand(buyer: Buyer) -> None:
    buyer.ask()
    buyer.type_code()

    page = buyer.open("join/agree/").content.decode()

    assert page.count('type="checkbox"') == 2
    assert "checked" not in page


def test_a_store_of_another_brand_offers_that_brands_card(buyer: Buyer) -> None:
    shop = buyer.shop
    with tenancy.scope(merchant_id=shop.merchant_id):
        brand = make_brand(shop.merchant_id)
        other = open_programme(shop.merchant_id, brand_id=brand.id, name="远山会员")
        store = make_location(merchant_id=shop.merchant_id, brand_id=brand.id)
    buyer.join()

    led = buyer.open("join/", store=store.code)
    page = text_of(buyer.client.get(led["Location"]))
    buyer.send("join/agree/", agree="on", store=store.code)

    assert "远山会员" in page
    member = only_member(shop)
    assert {card.programme_code for card in member.cards} == {shop.programme.code, other.code}
    assert "远山会员" in buyer.text("card/")
    assert buyer.open("join/", store=store.code)["Location"] == shop.path("card/")


def test_a_member_who_logs_in_by_another_brands_link_is_offered_its_card(buyer: Buyer) -> None:
    shop = buyer.shop
    with tenancy.scope(merchant_id=shop.merchant_id):
        brand = make_brand(shop.merchant_id)
        open_programme(shop.merchant_id, brand_id=brand.id, name="远山会员")
        store = make_location(merchant_id=shop.merchant_id, brand_id=brand.id)
    buyer.join()
    wait_a_day(buyer)
    again = Buyer(shop, phone=buyer.phone)

    again.ask(store=store.code)
    page = text_of(
        again.client.post(shop.path("log-in/code/"), {"code": again.code()}, follow=True)
    )

    assert "Welcome to 远山会员" in page


def test_a_house_without_a_programme_says_so(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        code = merchants.merchant(merchant_id=merchant).code
        store = make_location(merchant_id=merchant)
    somebody = Buyer(Shop(merchant, code, None, store))  # type: ignore[arg-type]  # there is none

    answer = somebody.open("join/")

    assert answer.status_code == 409
    assert "no programme to join" in text_of(answer)


def test_the_terms_can_be_read_by_everybody_in_both_languages(shop: Shop) -> None:
    assert "Your rights" in Buyer(shop).text("terms/")
    assert "您的权利" in Buyer(shop, language="zh-hans").text("terms/")


def test_nobody_agrees_without_having_proved_a_phone(buyer: Buyer) -> None:
    assert buyer.open("join/agree/")["Location"] == buyer.shop.path("log-in/")
    assert buyer.agree()["Location"] == buyer.shop.path("log-in/")
    buyer.ask()
    assert buyer.agree()["Location"] == buyer.shop.path("log-in/")
