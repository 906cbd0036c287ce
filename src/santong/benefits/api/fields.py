"""What fields of requests are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from santong.benefits.contracts import LONGEST_KEY
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.kernel.nameless import REASON, names_somebody
from santong.stores import public as stores

MOST_MINOR = 10**12
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
Nameless = AfterValidator(_nameless)
Key = Annotated[str, Field(min_length=1, max_length=LONGEST_KEY - 60), Nameless]
Code = Annotated[str, Field(min_length=1, max_length=60)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(min_length=1, max_length=20)]
Minor = Annotated[int, Field(strict=True, ge=0, le=MOST_MINOR)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
Days = Annotated[int, Field(strict=True, ge=0, le=3_650)]
Limit = Annotated[int, Query(ge=1, le=200)]


def place_of(request: MerchantRequest, text: str) -> int:
    """A place that the caller may act at; others do not exist for them."""
    location_id = id_of(text, kind="location")
    known = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[location_id])
    if location_id not in known or not request.actor.may_at(location_id):
        raise NoSuch(kind="location", key=text)
    return location_id


def written(*names: str) -> Callable[[Any], dict[str, Any]]:
    """A contract as a document; its ids leave as text."""

    def write(row: Any) -> dict[str, Any]:
        return {name: _text(name, getattr(row, name)) for name in names}

    return write


def _text(name: str, value: Any) -> Any:
    return str(value) if name.endswith("id") and value is not None else value
