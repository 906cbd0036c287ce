"""Where the endpoints of fieldservice are hung up, and what all of them share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.fieldservice import contracts
from santong.fieldservice.selectors.people import technicians
from santong.fieldservice.selectors.sight import Sight, sight_of
from santong.fieldservice.selectors.visits import visit_by_id
from santong.kernel.errors import NoSuch, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of

router = Router(tags=["fieldservice"])

Limit = Annotated[int, Query(ge=1, le=200)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
Name = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NAME)]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Whole = Annotated[int, Field(strict=True, ge=0, le=10_000_000_000)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class PointIn(Body):
    """A point on the ground (WGS-84, degrees)."""

    latitude: Latitude
    longitude: Longitude


class VisitReasonIn(Body):
    """Why."""

    reason: Reason


def seen_by(request: MerchantRequest) -> Sight:
    """Whose visits the caller sees."""
    return sight_of(merchant_id=request.merchant_id, actor=request.actor)


def seen_visit(request: MerchantRequest, text: str) -> contracts.Visit:
    """A visit that the caller sees. Raises NoSuch."""
    return visit_by_id(
        merchant_id=request.merchant_id,
        visit_id=id_of(text, kind="visit"),
        sight=seen_by(request),
    )


def seen_technician(request: MerchantRequest, text: str) -> contracts.Technician:
    """A technician whom the caller sees. Raises NoSuch."""
    wanted = id_of(text, kind="technician")
    found = technicians(merchant_id=request.merchant_id, sight=seen_by(request))
    for each in found:
        if each.id == wanted:
            return each
    raise NoSuch(kind="technician", key=text)


def check_whole(request: MerchantRequest, permission: str) -> None:
    """What holds for everybody is for whoever sees everything. Raises PermissionMissing."""
    if not seen_by(request).is_whole:
        raise PermissionMissing(permission=permission)


def shown(row: Any, schema: type[Schema], ids: Iterable[str]) -> dict[str, Any]:
    """A value as a schema says it, with its ids as text."""
    written = {name: _plain(getattr(row, name)) for name in schema.model_fields}
    for name in ids:
        written[name] = None if written[name] is None else str(written[name])
    return written


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, contracts.Point):
        return value._asdict()
    return value
