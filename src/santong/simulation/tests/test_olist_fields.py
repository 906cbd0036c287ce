from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.simulation.rules.olist import fields
from santong.simulation.rules.published.fields import BadField
from santong.simulation.rules.published.tally import Reason


@given(amount_minor=st.integers(min_value=0, max_value=10**13))
def test_an_amount_is_read_to_the_centavo(amount_minor: int) -> None:
    written = f"{amount_minor // 100}.{amount_minor % 100:02d}"

    assert fields.cents(written, field="price") == amount_minor


class Amount(NamedTuple):
    written: str
    amount_minor: int


AMOUNTS = [
    Amount("58.9", 5_890),
    Amount("58", 5_800),
    Amount("0.01", 1),
    Amount("0.07", 7),
    Amount("1019.000", 101_900),
]


@pytest.mark.parametrize("case", AMOUNTS, ids=lambda case: case.written)
def test_an_amount_may_be_written_shorter_or_longer(case: Amount) -> None:
    assert fields.cents(case.written, field="price") == case.amount_minor


class Refused(NamedTuple):
    name: str
    read: Callable[..., Any]
    written: str
    reason: Reason


REFUSED = [
    Refused("a fraction of a centavo", fields.cents, "1.005", Reason.BAD_NUMBER),
    Refused("a negative amount", fields.cents, "-1.00", Reason.BAD_NUMBER),
    Refused("an amount with a comma", fields.cents, "1,00", Reason.BAD_NUMBER),
    Refused("digits of another script", fields.cents, "١٢", Reason.BAD_NUMBER),
    Refused("an endless amount", fields.cents, "9" * 400, Reason.BAD_NUMBER),
    Refused("no amount", fields.cents, "", Reason.EMPTY),
    Refused("half a piece", fields.whole, "1.5", Reason.BAD_NUMBER),
    Refused("no number at all", fields.degrees, "north", Reason.BAD_NUMBER),
    Refused("a coordinate that is not a number", fields.degrees, "nan", Reason.BAD_NUMBER),
    Refused("a coordinate beyond the circle", fields.degrees, "181", Reason.BAD_NUMBER),
    Refused("a day that does not exist", fields.moment, "2017-02-30 00:00:00", Reason.BAD_DATE),
    Refused("another way to write a day", fields.moment, "02/10/2017 10:56", Reason.BAD_DATE),
    Refused("a time that names a zone", fields.moment, "2017-10-02T10:56Z", Reason.BAD_DATE),
    Refused("the year nought", fields.moment, "0017-10-02 10:56", Reason.BAD_DATE),
    Refused("no time", fields.moment, "", Reason.EMPTY),
    Refused("letters in a postal prefix", fields.prefix, "0100A", Reason.BAD_PREFIX),
    Refused("a whole postal code", fields.prefix, "01001000", Reason.BAD_PREFIX),
    Refused("no postal prefix", fields.prefix, "", Reason.BAD_PREFIX),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_cannot_be_used_says_why(case: Refused) -> None:
    with pytest.raises(BadField) as refused:
        case.read(case.written, field="the field")

    assert (refused.value.field, refused.value.reason) == ("the field", case.reason)


def test_a_time_is_brasilias_and_may_lack_its_seconds() -> None:
    winter = fields.moment("2017-07-02 10:56", field="")
    summer = fields.moment("2017-12-02 10:56:33", field="")

    assert winter.utcoffset() == timedelta(hours=-3)
    assert summer.utcoffset() == timedelta(hours=-2)
    assert summer.second == 33


def test_a_postal_prefix_gets_its_leading_zeros_back() -> None:
    assert fields.prefix("1001", field="") == "01001"
