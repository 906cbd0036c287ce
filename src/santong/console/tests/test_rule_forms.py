"""The form in which rules of sharing are drafted: rows come and go, and nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from santong.console.tests.rule_desk import GUIDE, NEW, REST, desk, just_now, sold_by_rules, waiting
from santong.kernel import tenancy
from santong.settlement import public as settlement

FIELD = re.compile(
    r'<input name="([^"]+)" value="([^"]*)"|<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>'
)
PROBLEM = re.compile(r'id="problem-([^"]+)"')


@pytest.fixture
def place(merchant: int) -> str:
    """A store that has sold by rules, and the people of the merchant."""
    return sold_by_rules(merchant)


def fields_on(client: Client, path: str, form: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """What stands in the fields of the page that answers a form, and the page."""
    answer = client.post(path, {"key": "rows", **form})
    page = answer.content.decode()
    found = {
        unescape(name or area): unescape(value or text)
        for name, value, area, text in FIELD.findall(page)
    }
    return answer.status_code, found, page


def test_a_draft_is_tried_before_it_is_kept_and_nothing_is_written(
    merchant: int, place: str
) -> None:
    form = {**GUIDE, **REST, "base_version": "1", "do": "try", "rules.0.sellers": place}

    status, fields, page = fields_on(desk(merchant, "first").client, f"{NEW}again/", form)

    assert status == 200
    assert "Tried on past orders" in page
    assert (fields["rules.0.rate"], fields["rules.0.sellers"]) == ("12.5", place)
    with tenancy.scope(merchant_id=merchant):
        assert settlement.rule_drafts_page(merchant_id=merchant) == []


def test_rows_come_and_go_and_nothing_that_was_typed_is_lost(merchant: int, place: str) -> None:
    client = desk(merchant, "first").client
    form = {**GUIDE, **REST, "base_version": "1", "rules.0.rate": "a tenth"}

    _, more, _ = fields_on(client, f"{NEW}again/", {**form, "do": "add:rules"})
    _, both, _ = fields_on(client, f"{NEW}again/", {**form, "do": "add:owners"})
    second_row = {name.replace("rules.0", "rules.1"): text for name, text in GUIDE.items()}
    _, fewer, _ = fields_on(client, f"{NEW}again/", {**form, **second_row, "do": "remove:rules.0"})

    assert (more["rules.0.rate"], more["rules.1.code"]) == ("a tenth", "")
    assert both["owners.0.rate"] == ""
    assert "rules.0.code" not in fewer
    assert (fewer["rules.1.code"], fewer["reason"]) == ("guide", "guides earn more")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"rules.0.rate": "a tenth"}, "rules.0.rate", "Rule 1 · Rate, in %"),
        ({"rules.0.rate": "100.01"}, "rules.0.rate", "between 0 and 100"),
        ({"rules.0.code": ""}, "rules.0.code", "Rule 1 · Name of the rule"),
        ({"rules.0.due_days": "soon"}, "rules.0.due_days", "a whole number"),
        ({"rules.0.due_days": "9999"}, "rules.0.due_days", "between 0 and 3650"),
        ({"rules.0.min": "30"}, "rules.0.min", "more than the most"),
        ({"rules.0.max": "1.234"}, "rules.0.max", "an amount like 12.50"),
        ({"rules.0.base": "freight"}, "rules.0.base", "freight is shared by rates only"),
        ({"rules.0.bearer": "clerk"}, "rules.0.bearer", "nobody pays for their own share"),
        ({"rules.0.party_code": "x"}, "rules.0.party_code", "only an installer has a code"),
        ({"rules.0.sellers": "S" * 61}, "rules.0.sellers", "Rule 1 · Sold at"),
        ({"rules.0.role": "nobody"}, "rules.0.role", "one of the choices"),
        ({"valid_from": "2020-01-01T00:00"}, "valid_from", "In force from"),
        ({"reason": ""}, "reason", "Why the rules should change"),
        ({"rest_due_days": "4000"}, "rest_due_days", "between 0 and 3650"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_refusal_names_row_and_field_and_loses_nothing(
    merchant: int, place: str, typed: dict[str, str], field: str, said: str
) -> None:
    form = {**GUIDE, **REST, "base_version": "1", **typed}

    status, fields, page = fields_on(desk(merchant, "first").client, f"{NEW}save/", form)

    kept = {name: text for name, text in form.items() if name in fields}
    assert status in {409, 422}
    assert PROBLEM.findall(page) == [field]
    assert said in unescape(page)
    assert kept == {name: fields[name] for name in kept}
    assert len(kept) > 8
    with tenancy.scope(merchant_id=merchant):
        assert settlement.rule_drafts_page(merchant_id=merchant) == []


def test_a_refusal_finds_its_row_behind_an_empty_one(merchant: int, place: str) -> None:
    second_row = {name.replace("rules.0", "rules.3"): text for name, text in GUIDE.items()}
    empty = {name.replace("rules.0", "rules.1"): "" for name in GUIDE}
    form = {**GUIDE, **empty, **second_row, **REST, "base_version": "1"}

    _, _, page = fields_on(desk(merchant, "first").client, f"{NEW}save/", form)

    assert PROBLEM.findall(page) == ["rules.3.code"]
    assert "Rule 3 · Name of the rule" in page


def test_prices_between_owners_are_pasted_line_by_line(merchant: int, place: str) -> None:
    owners = {
        "owners.0.goods_of": "head_office",
        "owners.0.dealer": "",
        "owners.0.kind": "transfer_price",
        "owners.0.rate": "60",
        "owners.0.base": "list",
        "owners.0.due_basis": "receipt",
        "owners.0.due_days": "7",
        "owners.0.prices": "SKU1 12.50\r\nSKU2\t8\r\n",
    }
    form = {**GUIDE, **REST, **owners, "base_version": "1"}
    client = desk(merchant, "first").client

    _, fields, page = fields_on(
        client, f"{NEW}save/", {**form, "owners.0.prices": "SKU1 12.50\r\nSKU2 eight"}
    )
    client.post(f"{NEW}save/", {"key": "kept", **form})

    assert PROBLEM.findall(page) == ["owners.0.prices"]
    assert "line 2: a SKU and its price" in page
    assert fields["owners.0.prices"] == "SKU1 12.50\nSKU2 eight"
    (agreed,) = waiting(merchant).terms.owners
    assert [(each.sku, each.price_minor) for each in agreed.prices] == [
        ("SKU1", 1_250),
        ("SKU2", 800),
    ]


def test_the_form_shows_the_newest_rules_and_gives_them_back_unchanged(
    merchant: int, place: str
) -> None:
    terms = settlement.SharingTerms(
        rules=(
            settlement.Rule(
                code="guide",
                role="installer",
                party_code="fit",
                rate_bp=1_205,
                fixed_minor=50,
                min_minor=0,
                max_minor=100_000,
                bearer="head_office",
                due=settlement.Due(basis="acceptance", days=0),
                when=settlement.When(
                    channels=("till", "h5"), skus=("A", "B"), seller_of="dealer", owners="same"
                ),
            ),
        ),
        owners=(
            settlement.OwnerTerms(
                goods_of="dealer",
                kind="transfer_price",
                dealer="east",
                prices=(settlement.TransferPrice(sku="A", price_minor=1),),
            ),
        ),
        rest_due=settlement.Due(days=0),
    )
    with tenancy.scope(merchant_id=merchant):
        settlement.publish_rules(
            merchant_id=merchant, terms=terms, reason="all of it", now=just_now()
        )
    client = desk(merchant, "first").client
    page = client.get(NEW).content.decode()
    chosen = dict(
        re.findall(
            r'<select name="([^"]+)"[^>]*>(?:(?!</select>).)*<option value="([^"]*)" selected',
            page,
        )
    )
    typed = {
        unescape(name or area): unescape(value or text)
        for name, value, area, text in FIELD.findall(page)
    }

    client.post(
        f"{NEW}save/",
        {**typed, **chosen, "reason": "the same", "base_version": "2", "key": "round"},
    )

    assert waiting(merchant).terms == terms
