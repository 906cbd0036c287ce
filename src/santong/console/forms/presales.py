"""A presale offer's terms as the fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from santong.console.forms.reading import amount_in, basis_points_in, moment_in, number_in
from santong.console.rules.amounts import plain_amount
from santong.kernel.errors import FieldInvalid
from santong.presales import public as presales

MOST_ROWS: Final = 30
BLANK_ROWS: Final = 2
AMOUNTS: Final = ("price", "deposit", "worth")
MOMENTS: Final = ("deposit_from", "deposit_until", "balance_from", "balance_until")
ROW: Final = ("sku", *AMOUNTS)

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Previewed:
    """What one unit of a line comes to, and what becomes of its deposit."""

    sku_code: str
    amounts: presales.Amounts
    kept_minor: int
    twofold_minor: int


def fields_of_new(*, now: datetime) -> dict[str, str]:
    """A form to begin with: deposits for a week, balances for three days after that."""
    day = timezone.localtime(now).replace(hour=20, minute=0, second=0, microsecond=0)
    begins = day + timedelta(days=1)
    moments = (begins, begins + timedelta(days=7), begins + timedelta(days=7))
    return {
        "limit_units": "100",
        "most_per_buyer": "1",
        "forfeit": "all",
        "stock": "in_stock",
        **dict(zip(MOMENTS, map(_local, [*moments, begins + timedelta(days=10)]), strict=True)),
    }


def fields_of_terms(terms: presales.Terms) -> dict[str, str]:
    """What stands in the form for terms: `lines.0.price` and so on."""
    found = {
        "name": terms.name,
        "limit_units": str(terms.limit_units),
        "most_per_buyer": str(terms.most_per_buyer),
        "forfeit": terms.forfeit,
        "forfeit_percent": _percent(terms.forfeit_bp) if terms.forfeit_bp else "",
        "stock": terms.stock,
        "ships_after": terms.ships_after.isoformat() if terms.ships_after else "",
        **{name: _local(getattr(terms, name)) for name in MOMENTS},
    }
    for place, line in enumerate(terms.lines):
        found[f"lines.{place}.sku"] = line.sku_code
        for name in AMOUNTS:
            minor = getattr(line, f"{name}_minor")
            found[f"lines.{place}.{name}"] = plain_amount(minor=minor, currency=terms.currency)
    return found


def terms_of_fields(fields: Fields, *, currency: str) -> presales.Terms:
    """The terms that a form says; rows without a SKU are left out. Raises FieldInvalid."""
    return presales.Terms(
        name=fields.get("name", "").strip(),
        currency=currency,
        lines=tuple(_line(fields, place, currency) for place in filled_rows(fields)),
        limit_units=number_in(fields, "limit_units") or 0,
        most_per_buyer=number_in(fields, "most_per_buyer") or 0,
        forfeit=fields.get("forfeit", ""),  # type: ignore[arg-type]  # refused if it is no such word
        forfeit_bp=(
            basis_points_in(fields, "forfeit_percent") if fields.get("forfeit") == "part" else 0
        ),
        stock=fields.get("stock", ""),  # type: ignore[arg-type]  # refused if it is no such word
        ships_after=_day(fields, "ships_after"),
        deposit_from=_moment(fields, "deposit_from"),
        deposit_until=_moment(fields, "deposit_until"),
        balance_from=_moment(fields, "balance_from"),
        balance_until=_moment(fields, "balance_until"),
    )


def filled_rows(fields: Fields) -> list[int]:
    """The rows of a form in which a SKU is named."""
    return [place for place in range(MOST_ROWS) if fields.get(f"lines.{place}.sku", "").strip()]


def rows_shown(fields: Fields) -> list[int]:
    """The rows that a form shows: those that are filled, and some more."""
    last = max(filled_rows(fields), default=-1)
    return list(range(min(MOST_ROWS, last + 1 + BLANK_ROWS)))


def preview_of(terms: presales.Terms) -> list[Previewed]:
    """What each line comes to for one unit."""
    return [
        Previewed(
            sku_code=line.sku_code,
            amounts=presales.Amounts(
                price_minor=line.price_minor,
                deposit_minor=line.deposit_minor,
                worth_minor=line.worth_minor,
            ),
            kept_minor=presales.forfeit_minor(
                deposit_minor=line.deposit_minor,
                forfeit=terms.forfeit,
                forfeit_bp=terms.forfeit_bp,
            ),
            twofold_minor=presales.compensation_minor(
                deposit_minor=line.deposit_minor, forfeit=terms.forfeit
            ),
        )
        for line in terms.lines
    ]


def field_of_pointer(pointer: str) -> str:
    """The field of the form that a pointer of a refusal is about."""
    name = pointer.strip("/").replace("/", ".").removesuffix("_minor")
    named = {"forfeit_bp": "forfeit_percent", "lines": "lines.0.sku"}
    return named.get(name, name.replace("sku_code", "sku"))


def _line(fields: Fields, place: int, currency: str) -> presales.OfferLine:
    name = f"lines.{place}."
    minor = {each: amount_in(fields, f"{name}{each}", currency) for each in AMOUNTS}
    deposit = minor["deposit"] or 0
    return presales.OfferLine(
        sku_code=fields[f"{name}sku"].strip(),
        price_minor=minor["price"] or 0,
        deposit_minor=deposit,
        worth_minor=deposit if minor["worth"] is None else minor["worth"],
    )


def _moment(fields: Fields, name: str) -> datetime:
    moment = moment_in(fields, name)
    if moment is None:
        raise FieldInvalid(pointer=f"/{name}", reason="a day and a time")
    return moment


def _day(fields: Fields, name: str) -> date | None:
    text = fields.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldInvalid(pointer=f"/{name}", reason="a day like 2026-12-31") from None


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def _percent(basis_points: int) -> str:
    return plain_amount(minor=basis_points, currency="CNY")
