"""A batch is drafted by a form that says which field is wrong; codes come in whole, or not."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from santong.benefits import public as benefits
from santong.console.tests.desk import TAGS, Desk, Shop, open_shop
from santong.kernel import tenancy
from santong.kernel.models import AuditEntry

NOW = datetime.now(UTC)
FORM = {
    "code": "autumn-30",
    "name": "Autumn thirty",
    "limit_total": "1,000",
    "limit_per_member": "2",
    "limit_per_day": "",
    "budget": "30000.50",
    "opens_at": "2026-11-01T09:00",
    "closes_at": "2026-12-01T00:00",
    "valid_days": "30",
    "return_policy": "restore_with_grace",
    "grace_days": "7",
}


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


def make_benefit(desk: Desk) -> str:
    """The number of a benefit that was made at a desk."""
    answer = desk.client.post(
        "/console/benefits/kinds/spend_and_save/create/",
        {
            "key": "benefit",
            "code": "save-30",
            "name": "Thirty off",
            "term.threshold_minor": "200",
            "term.off_minor": "30",
        },
    )
    assert answer.status_code == 302
    return answer.headers["Location"].partition("benefit=")[2]


def batches(shop: Shop) -> list[benefits.Batch]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return benefits.batches_page(merchant_id=shop.world.merchant_id)


def test_a_batch_is_drafted_at_the_desk_and_approved_by_another(shop: Shop) -> None:
    head, finance = shop.desk("head_office"), shop.desk("finance")
    benefit = make_benefit(head)

    _, form = head.open(f"/console/benefits/new/?benefit={benefit}")
    status, drafted = head.send("/console/benefits/new/create/", benefit=benefit, **FORM)

    (batch,) = batches(shop)
    assert "Thirty off · save-30" in form
    assert status == 200
    assert "The batch is drafted. Somebody else approves it." in drafted
    assert "Autumn thirty draft" in drafted
    assert batch.terms == {"threshold_minor": 20_000, "off_minor": 3_000}
    assert batch.limits == benefits.Limits(total=1_000, per_member=2, per_day=None)
    assert batch.window.opens_at == datetime(2026, 11, 1, 1, tzinfo=UTC)
    assert (batch.validity.days, batch.return_policy, batch.grace_days) == (
        30,
        "restore_with_grace",
        7,
    )
    assert batch.budget_minor == 3_000_050
    own, _ = head.send(f"/console/benefits/{batch.id}/approve/", reason="mine")
    _, approved = finance.send(f"/console/benefits/{batch.id}/approve/", reason="seen")
    assert own == 403
    assert "Autumn thirty approved" in approved
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"benefits.create_benefit", "benefits.draft_batch", "benefits.batch_approved"} <= actions


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"code": "no spaces"}, "code", "letters, digits, dot, dash"),
        ({"limit_total": "many"}, "limit_total", "a whole number"),
        ({"limit_total": "0"}, "limit_total", "between 1 and"),
        ({"budget": "1.234"}, "budget", "an amount like 12.50"),
        ({"closes_at": "2026-10-01T00:00"}, "closes_at", "it ends before it begins"),
        ({"opens_at": ""}, "opens_at", "it is missing"),
        ({"opens_at": "soon"}, "opens_at", "a day and a time"),
        ({"valid_until": "2027-01-01T00:00"}, "valid_days", "by dates or by days, not both"),
        ({"grace_days": "9999"}, "grace_days", "between 0 and 3650"),
        ({"benefit": "12345"}, "benefit", ""),
    ],
)
def test_a_form_says_which_field_is_wrong_and_keeps_the_others(
    shop: Shop, wrong: dict[str, str], field: str, words: str
) -> None:
    head = shop.desk("head_office")
    form = {"benefit": make_benefit(head), **FORM, **wrong, "key": "draft"}

    answer = head.client.post("/console/benefits/new/create/", form)

    text = answer.content.decode()
    assert answer.status_code in {404, 422}
    assert f'aria-invalid="true" aria-describedby="problem-{field}"' in text
    assert f'id="problem-{field}"' in text
    assert words in text
    assert 'value="Autumn thirty"' in text
    assert batches(shop) == []


def test_a_code_that_is_taken_is_told_at_the_code(shop: Shop) -> None:
    head = shop.desk("head_office")
    benefit = make_benefit(head)
    head.send("/console/benefits/new/create/", benefit=benefit, **FORM)

    answer = head.client.post(
        "/console/benefits/new/create/", {"benefit": benefit, **FORM, "key": "2"}
    )

    assert answer.status_code == 409
    assert 'id="problem-code"' in answer.content.decode()
    assert len(batches(shop)) == 1


def test_two_taps_draft_one_batch(shop: Shop) -> None:
    head = shop.desk("head_office")
    form = {"benefit": make_benefit(head), **FORM, "key": "one"}

    first, second = (head.client.post("/console/benefits/new/create/", form) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(batches(shop)) == 1


@pytest.mark.parametrize(
    ("kind", "terms", "field"),
    [
        ("percent", {"term.off_basis_points": "lots"}, "term.off_basis_points"),
        ("percent", {"term.off_basis_points": "120"}, "term.off_basis_points"),
        ("cash", {}, "term.value_minor"),
        ("points", {"term.pool_code": "main", "term.points": "-1"}, "term.points"),
    ],
)
def test_a_benefit_says_which_term_is_wrong(
    shop: Shop, kind: str, terms: dict[str, str], field: str
) -> None:
    answer = shop.desk("head_office").client.post(
        f"/console/benefits/kinds/{kind}/create/",
        {"key": "b", "code": "b", "name": "B", **terms},
    )

    assert answer.status_code == 422
    assert f'id="problem-{field}"' in answer.content.decode()


@pytest.mark.parametrize("role", ["clerk", "customer_service", "finance"])
def test_who_may_not_edit_benefits_drafts_none_and_takes_no_codes(shop: Shop, role: str) -> None:
    desk = shop.desk(role, at=shop.world.near if role == "clerk" else None)
    supply = supply_of(shop)

    answers = [
        desk.open("/console/benefits/new/")[0],
        desk.open("/console/benefits/kinds/cash/")[0],
        desk.send("/console/benefits/new/create/", **FORM)[0],
        bring(desk, supply, "code\nA", step="take")[0],
    ]

    assert answers == [403] * 4
    assert "Draft a batch" not in desk.open("/console/benefits/")[1]
    assert "Bring codes in" not in desk.open(f"/console/supplies/{supply.id}/")[1]


def supply_of(shop: Shop, *, alarm_below: int = 3) -> benefits.Supply:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        supplier = benefits.create_supplier(
            merchant_id=merchant_id, code="films", name="Films and more", now=NOW
        )
        return benefits.create_supply(
            merchant_id=merchant_id,
            code="film-month",
            name="A month of films",
            kind="codes",
            supplier_id=supplier.id,
            alarm_below=alarm_below,
            now=NOW,
        )


def bring(
    desk: Desk, supply: benefits.Supply, content: str, *, step: str, key: str = "file"
) -> tuple[int, str]:
    file = SimpleUploadedFile("codes.csv", content.encode(), content_type="text/csv")
    answer = desk.client.post(
        f"/console/supplies/{supply.id}/{step}/", {"key": key, "file": file}, follow=True
    )
    return answer.status_code, " ".join(_text(answer.content.decode()).split())


def _text(page: str) -> str:
    return unescape(TAGS.sub(" ", page))


def left(shop: Shop, supply: benefits.Supply) -> int:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        return benefits.supply_stock(merchant_id=merchant_id, supply_id=supply.id, now=NOW).left


def test_codes_are_checked_then_taken_and_the_alarm_falls_silent(shop: Shop) -> None:
    head, supply = shop.desk("head_office"), supply_of(shop)
    _, alarm = head.open("/console/supplies/")

    _, checked = bring(head, supply, "code\nA\nB\nC\n", step="check")
    after_check = left(shop, supply)
    _, taken = bring(head, supply, "code\nA\nB\nC\n", step="take")
    _, again = bring(head, supply, "code\nA\nB\nC\nD\n", step="take", key="second")
    _, silent = head.open("/console/supplies/")

    assert "0 codes are left, fewer than 3." in alarm
    assert "3 codes are new, 0 are there already" in checked
    assert after_check == 0
    assert "3 codes were taken." in taken
    assert "1 code was taken." in again
    assert left(shop, supply) == 4
    assert "fewer than" not in silent
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        entries = AuditEntry.objects.filter(action="benefits.import_codes")
        assert [entry.after["taken"] for entry in entries.order_by("id")] == [3, 1]


@pytest.mark.parametrize("step", ["check", "take"])
def test_one_wrong_line_and_nothing_is_taken(shop: Shop, step: str) -> None:
    head, supply = shop.desk("head_office"), supply_of(shop)

    status, text = bring(
        head, supply, "code,expires_on\nA,2027-01-31\nA,\n,2027-01-31\nB,soon\n", step=step
    )

    assert status == (200 if step == "check" else 422)
    assert "3 lines are wrong; nothing was taken." in text
    assert "Line 3 1 stands in line 2 already" in text
    assert "Line 4 1 the code is empty" in text
    assert "Line 5 2 not a day like 2026-12-31" in text
    assert left(shop, supply) == 0


def test_the_same_file_twice_is_taken_once(shop: Shop) -> None:
    head, supply = shop.desk("head_office"), supply_of(shop)

    for _ in range(2):
        bring(head, supply, "code\nA\nB\n", step="take", key="one")

    assert left(shop, supply) == 2


@pytest.mark.parametrize("content", ["", "number\nA", "code\nA\0B"])
def test_what_is_no_file_of_codes_is_told(shop: Shop, content: str) -> None:
    head, supply = shop.desk("head_office"), supply_of(shop)

    status, text = bring(head, supply, content, step="take")

    assert status == 422
    assert "The file cannot be read as a file of codes" in text or "A field is wrong" in text
    assert left(shop, supply) == 0


def test_no_file_at_all_is_told(shop: Shop) -> None:
    supply = supply_of(shop)

    status, text = shop.desk("head_office").send(f"/console/supplies/{supply.id}/take/")

    assert status == 422
    assert "A field is wrong" in text


def test_strangers_log_in_first(shop: Shop) -> None:
    supply = supply_of(shop)

    answers = [
        Client().get(path).status_code
        for path in ("/console/benefits/new/", f"/console/supplies/{supply.id}/")
    ]

    assert answers == [302, 302]
