"""Two brands share a pool and a member: each sees its own, until the other lets it."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from santong.kernel import audit, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff, make_token
from tests.journeys.http import Caller

PHONE = "15412345678"
CODES = ("linen", "silk")

_keys = itertools.count(1)


@dataclass(frozen=True)
class Desk:
    """Somebody logged in to the console."""

    client: Client

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    def post(self, path: str, *, expect: int = 302, **form: str) -> str:
        answer = self.client.post(path, {"key": f"brands-{next(_keys)}", **form})
        assert answer.status_code == expect, (path, answer.status_code, answer.content.decode())
        return str(answer.content.decode())


@dataclass(frozen=True)
class Group:
    """Linen and silk, one pool, one member with a card of each, and somebody at silk."""

    merchant_id: int
    code: str
    office: Caller
    silk: Caller
    head: Desk
    silk_desk: Desk
    member_id: str
    accruals: dict[str, str]
    cards: dict[str, str]

    def authorise(self, *, expect: int = 302, **changed: str) -> str:
        ids = self._brand_ids()
        form = {
            "by_brand": ids["linen"],
            "to_brand": ids["silk"],
            "earn_rate": "12.5",
            "burn_rate": "9",
            "may_see": "on",
            "reason": "contract of spring",
        }
        return self.head.post(f"{self.pool_page()}authorise/", expect=expect, **(form | changed))

    def pool_page(self) -> str:
        found = re.search(r"/console/programmes/pools/\d+/", self.head.get("/console/programmes/"))
        assert found is not None
        return found[0]

    def authorisations(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.office.get("/pools/club/authorisations")["items"]
        return items

    def _brand_ids(self) -> dict[str, str]:
        brands = self.office.get("/brands")["items"]
        return {each["code"]: each["id"] for each in brands}


@pytest.fixture
def group(merchant: int) -> Group:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with tenancy.scope(merchant_id=merchant):
        code = merchants.merchant(merchant_id=merchant).code
        brands = {
            name: merchants.create_brand(merchant_id=merchant, code=name, name=name, now=now).id
            for name in CODES
        }
        for name, brand_id in brands.items():
            merchants.create_storefront(
                merchant_id=merchant,
                code=f"{name}-shop",
                name=name,
                channel="marketplace",
                brand_id=brand_id,
                now=now,
            )
        office = Caller(make_token(merchant, permissions=_all_of("head_office")))
        head = make_staff(merchant, role="head_office")
        manager = make_staff(merchant, role="brand_operator", brand_id=brands["silk"])
        silk = Caller(
            merchants.create_token(
                merchant_id=merchant,
                staff_id=manager.id,
                name="silk",
                permissions=_all_of("brand_operator"),
                now=datetime.now(UTC),
            ).secret
        )
    office.post("/pools", {"code": "club", "name": "Club"}, expect=201)
    member, accruals = "", {}
    cards = {}
    for name, brand_id in brands.items():
        _open_programme(office, name, str(brand_id))
        joined = office.post("/members/join", _joins(name), expect=201)
        member, cards[name] = joined["member"]["id"], joined["card"]["number"]
        office.post("/member-bindings", _binds(name), expect=201)
        accruals[name] = office.post("/accruals", _purchase(name, member))["id"]
    return Group(
        merchant_id=merchant,
        code=code,
        office=office,
        silk=silk,
        head=_desk(code, head.login),
        silk_desk=_desk(code, manager.login),
        member_id=member,
        accruals=accruals,
        cards=cards,
    )


def _all_of(role: str) -> frozenset[str]:
    return merchants.PERMISSIONS_BY_ROLE[role]


def _desk(code: str, login: str) -> Desk:
    client = Client(headers={"accept-language": "en"})
    client.post("/log-in/", {"merchant": code, "login": login, "password": PASSWORD, "next": ""})
    client.cookies["django_language"] = "en"
    return Desk(client)


def _open_programme(office: Caller, name: str, brand_id: str) -> None:
    office.post(
        "/programmes",
        {"code": name, "name": f"{name} club", "brand_id": brand_id, "pool_code": "club"},
        expect=201,
    )
    terms = {
        "tiers": [
            {"code": "base", "name": "base", "threshold": 0},
            {"code": f"{name}-gold", "name": "gold", "threshold": 10},
        ],
        "rules": [
            {"code": "yuan", "points": 1, "per_minor": 100},
            {"code": "growth", "asset": "experience", "points": 1, "per_minor": 100},
        ],
    }
    office.post(f"/programmes/{name}/terms", {"terms": terms, "reason": "opening"})


def _joins(name: str) -> dict[str, Any]:
    return {"programme_code": name, "phone": PHONE, "source": {"kind": "console"}}


def _binds(name: str) -> dict[str, Any]:
    return {
        "storefront_code": f"{name}-shop",
        "phone": PHONE,
        "accounts": [{"kind": "storefront", "value": f"{name}-buyer"}],
    }


def _purchase(name: str, member_id: str) -> dict[str, Any]:
    return {
        "source": f"{name}-till",
        "key": f"{name}-1",
        "member_id": member_id,
        "programme_code": name,
        "bought_at": "2026-11-01T00:00:00Z",
        "currency": "CNY",
        "lines": [{"line": 1, "sku_code": "shirt", "quantity": 1, "amount_minor": 5_000}],
    }


def seen_over_rest(caller: Caller, group: Group) -> dict[str, list[str]]:
    """What somebody is told of the member, by what names the brand in it."""
    path = f"/members/{group.member_id}"
    found = caller.post("/members/find", {"card_number": group.cards["linen"]})
    listed = caller.get("/members")["items"]
    tiers = [
        change["to_tier"]
        for name in CODES
        for change in caller.get(f"{path}/cards/{name}/tiers")["items"]
    ]
    return {
        "cards": [each["programme_code"] for each in caller.get(path)["cards"]],
        "found": [card["programme_code"] for each in found for card in each["cards"]],
        "listed": [card["programme_code"] for each in listed for card in each["cards"]],
        "bindings": [e["storefront_code"] for e in caller.get(f"{path}/bindings")["items"]],
        "won": [e["card_id"] for e in caller.get(f"{path}/attributions")["items"]],
        "purchases": [e["programme_code"] for e in caller.get(f"{path}/accruals")["items"]],
        "tiers": tiers,
    }


def of_both() -> dict[str, list[str]]:
    return {
        "cards": ["linen", "silk"],
        "found": ["linen", "silk"],
        "listed": ["linen", "silk"],
        "bindings": ["linen-shop", "silk-shop"],
        "purchases": ["silk", "linen"],
        "tiers": ["linen-gold", "silk-gold"],
    }


def of_silk() -> dict[str, list[str]]:
    return {name: [each for each in seen if "silk" in each] for name, seen in of_both().items()}


def without_ids(seen: dict[str, list[str]], *, won: int) -> dict[str, list[str]]:
    assert len(seen.pop("won")) == won
    return seen


PARTS = ("", "points/", "identity/", "timeline/")
TRACES = ("linen club", "linen-shop", "linen-till", "linen-gold", "linen-1")


def traces(desk: Desk, group: Group) -> set[str]:
    """What of linen stands on the pages of the member."""
    pages = [desk.get(f"/console/members/{group.member_id}/{part}") for part in PARTS]
    pages.append(desk.get("/console/members/"))
    wanted = (*TRACES, group.cards["linen"])
    return {trace for trace in wanted if any(trace in page for page in pages)}


def test_a_brand_sees_nothing_of_another_ones_part_of_a_shared_member(group: Group) -> None:
    rest = without_ids(seen_over_rest(group.silk, group), won=1)

    assert rest == of_silk()
    assert without_ids(seen_over_rest(group.office, group), won=2) == of_both()
    assert traces(group.silk_desk, group) == set()
    assert traces(group.head, group) >= {"linen club", "linen-till", group.cards["linen"]}
    linen = group.accruals["linen"]
    answer = Client().get(
        f"/api/v1/accruals/{linen}/lines",
        headers={"Authorization": f"Bearer {group.silk.secret}"},
    )
    assert answer.status_code == 404
    page = f"/console/members/{group.member_id}/points/{linen}/"
    assert group.silk_desk.client.get(page).status_code == 404
    # The pool is shared, and so is its balance; what it is made of is not.
    (pool,) = group.silk.get(f"/members/{group.member_id}/points")["pools"]
    assert pool["pending"] == 100


def test_a_brand_asks_wins_earns_and_spends_in_its_own_name_alone(group: Group) -> None:
    silk, asked = group.silk, {"storefront_code": "linen-shop", "phone": PHONE}

    queried = silk.post("/member-bindings/query", asked, expect=404)
    bound = silk.post("/member-bindings", _binds("linen"), expect=404)
    joined = silk.post("/members/join", _joins("linen"), expect=404)
    purchase = {**_purchase("linen", group.member_id), "key": "forged"}
    earned = silk.post("/accruals", purchase, expect=404)
    spent = silk.post(
        "/burns",
        {
            "source": "shop",
            "key": "forged",
            "member_id": group.member_id,
            "programme_code": "linen",
            "kind": "shop",
            "points": 1,
        },
        expect=404,
    )

    assert (queried["kind"], bound["kind"], joined["kind"]) == (
        "storefront",
        "programme",
        "location",
    )
    assert (earned["kind"], spent["kind"]) == ("location", "brand")
    own = silk.post("/member-bindings/query", {"storefront_code": "silk-shop", "phone": PHONE})
    assert own["member"]["tier"] == "silk-gold"


def test_an_operator_lets_a_brand_see_changes_it_and_takes_it_back(group: Group) -> None:
    page = group.pool_page()

    refused = group.authorise(expect=422, earn_rate="1.234")
    group.authorise()
    shown = group.head.get(page)
    seen = without_ids(seen_over_rest(group.silk, group), won=2)
    on_screen = traces(group.silk_desk, group)

    assert 'aria-invalid="true"' in refused
    assert "linen lets silk" in shown
    assert "¥12.50" in shown
    assert "¥1/80 a point" in shown
    # Whom a brand may page through are its own programme's members, with what it sees of them.
    assert seen == of_both()
    assert on_screen >= {"linen club", "linen-till", "linen-shop", group.cards["linen"]}

    (given,) = group.authorisations()
    change = f"/console/programmes/authorisations/{given['id']}/change/"
    group.head.post(change, earn_rate="13", burn_rate="9", may_burn="on", reason="summer")

    assert traces(group.silk_desk, group) == set()
    first, second = group.authorisations()
    assert (first["may_see"], first["valid_until"]) == (True, second["valid_from"])
    assert (second["may_see"], second["may_burn"], second["earn_rate"]) == (False, True, 1_300)
    # What has ended is not changed any more.
    group.head.post(change, expect=409, earn_rate="1", burn_rate="1", reason="late")

    group.head.post(f"/console/programmes/authorisations/{second['id']}/end/", reason="autumn")

    assert [each["valid_until"] is None for each in group.authorisations()] == [False, False]
    assert "ended" in group.head.get(page)
    with tenancy.scope(merchant_id=group.merchant_id):
        trail = audit.trail_of(
            merchant_id=group.merchant_id,
            subject="authorisation",
            subject_ids=[int(each["id"]) for each in (first, second)],
        )
    assert [(each.action, each.reason) for each in trail] == [
        ("membership.authorise", "contract of spring"),
        ("membership.change_authorisation", "summer"),
        ("membership.end_authorisation", "autumn"),
    ]


def test_only_head_office_changes_what_brands_let_one_another_do(group: Group) -> None:
    page = group.pool_page()
    group.authorise()
    (given,) = group.authorisations()
    path = f"/console/programmes/authorisations/{given['id']}"

    shown = group.silk_desk.get(page)
    for address in (f"{page}authorise/", f"{path}/change/", f"{path}/end/"):
        group.silk_desk.post(address, expect=403, reason="mine", earn_rate="0", burn_rate="0")

    assert "Change from now on" not in shown
    assert group.authorisations() == [given]
