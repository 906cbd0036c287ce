"""Where the endpoints of invoicing are gathered, and what their fields are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from santong.invoicing import contracts
from santong.invoicing.rules.fields import LONGEST_REASON, MOST_MINOR
from santong.kernel.nameless import REASON, names_somebody

router = Router(tags=["invoicing"])

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


def _of_this_age(moment: datetime) -> datetime:
    if not _FIRST <= moment < _LAST:
        raise ValueError("between 2000 and 2200")
    return moment


def _nameless(name: str) -> str:
    if names_somebody(name):
        raise ValueError(REASON)
    return name


Moment = Annotated[AwareDatetime, AfterValidator(_of_this_age)]
Key = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_nameless)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Text = Annotated[str, Field(max_length=100)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
Id = Annotated[str, Field(min_length=1, max_length=20)]
Minor = Annotated[int, Field(strict=True, ge=0, le=MOST_MINOR)]
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_BASIS_POINTS)]
Limit = Annotated[int, Query(ge=1, le=200)]
Settings = dict[
    Annotated[str, Field(min_length=1, max_length=60)], Annotated[str, Field(max_length=8_000)]
]


class RatedAsShape(Body):
    """What goods are for the tax office: 19 digits, the short name, the rate in 1/100 %."""

    tax_code: Annotated[str, Field(min_length=19, max_length=19)]
    tax_name: Annotated[str, Field(min_length=1, max_length=100)]
    rate_basis_points: BasisPoints

    def rated(self) -> contracts.RatedAs:
        return contracts.RatedAs(
            tax_code=self.tax_code,
            tax_name=self.tax_name,
            rate_basis_points=self.rate_basis_points,
        )


class TitleIn(Body):
    """To whom an invoice is made out. A company has its 18 characters, a person none."""

    kind: contracts.TitleKind
    name: Annotated[str, Field(min_length=1, max_length=100)]
    number: Annotated[str, Field(max_length=40)] = ""
    address: Text = ""
    phone: Text = ""
    bank: Text = ""
    account: Text = ""
    email: Text = ""

    def title(self) -> contracts.Title:
        return contracts.Title(**self.dict())
