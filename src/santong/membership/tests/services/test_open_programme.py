"""A group's brands have programmes of their own, and may share a pool."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.tests.factories import NOW, make_pool, make_programme
from santong.merchants.tests.factories import make_brand


def test_two_programmes_share_a_pool_and_keep_experience_of_their_own(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id, code="group")

    spring = make_programme(merchant_id=merchant_id, code="spring", pool=pool)
    autumn = make_programme(merchant_id=merchant_id, code="autumn", pool=pool)

    assert spring.points_asset == autumn.points_asset == pool.points_asset == "points:group"
    assert spring.experience_asset == "experience:spring"
    assert autumn.experience_asset == "experience:autumn"
    assert membership.programmes(merchant_id=merchant_id) == [spring, autumn]
    assert membership.programme_by_code(merchant_id=merchant_id, code="spring") == spring
    found = membership.programme_of_brand(merchant_id=merchant_id, brand_id=autumn.brand_id)
    assert found == autumn


def test_a_code_stands_for_one_pool(merchant_id: int) -> None:
    make_pool(merchant_id=merchant_id, code="group")

    with pytest.raises(membership.CodeTaken):
        make_pool(merchant_id=merchant_id, code="group")


def test_a_code_stands_for_one_programme(merchant_id: int) -> None:
    make_programme(merchant_id=merchant_id, code="spring")

    with pytest.raises(membership.CodeTaken):
        make_programme(merchant_id=merchant_id, code="spring")


def test_a_brand_has_one_programme(merchant_id: int) -> None:
    first = make_programme(merchant_id=merchant_id)

    with pytest.raises(membership.CodeTaken):
        membership.open_programme(
            merchant_id=merchant_id,
            code="second",
            name="第二",
            brand_id=first.brand_id,
            pool_code=first.pool_code,
            now=NOW,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Früh"},
        {"code": ""},
        {"name": " "},
        {"card_prefix": ""},
        {"card_prefix": "123456789"},
        {"card_name": "\0"},
        {"dormant_after_days": 0},
    ],
)
def test_what_makes_no_sense_is_refused(merchant_id: int, wrong: dict[str, object]) -> None:
    pool = make_pool(merchant_id=merchant_id)
    asked = {
        "code": "spring",
        "name": "春晓",
        "card_name": "春",
        "card_prefix": "8",
        "dormant_after_days": 30,
    }

    with pytest.raises(FieldInvalid):
        membership.open_programme(
            merchant_id=merchant_id,
            brand_id=make_brand(merchant_id).id,
            pool_code=pool.code,
            now=NOW,
            **{**asked, **wrong},  # type: ignore[arg-type]  # one of them is wrong on purpose
        )


def test_a_pool_or_a_brand_that_is_not_there_is_refused(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id)
    brand = make_brand(merchant_id)

    for brand_id, pool_code in ((brand.id, "nowhere"), (brand.id + 999, pool.code)):
        with pytest.raises(NoSuch), transaction.atomic():
            membership.open_programme(
                merchant_id=merchant_id,
                code="spring",
                name="春晓",
                brand_id=brand_id,
                pool_code=pool_code,
                now=NOW,
            )
