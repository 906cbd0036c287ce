"""How personal data looks to whoever has not given a reason to see it."""

from __future__ import annotations

from datetime import date

from santong.customers.contracts import Kind, Profile
from santong.customers.rules.phones import national

HIDDEN = "***"


def masked_value(kind: Kind, value: str) -> str:
    """One identifier as screens show it."""
    match kind:
        case "phone":
            return masked_phone(value)
        case "email":
            name, _, host = value.partition("@")
            return f"{name[:1]}{HIDDEN}@{host}"
        case _:
            shown = 4 if len(value) > 10 else 2 if len(value) > 5 else 0  # noqa: PLR2004  the more there is, the more may show
            return f"{HIDDEN}{value[len(value) - shown :]}"


def masked_phone(e164_number: str) -> str:
    """`+8613800138000` → `138****8000`; a number abroad keeps its plus sign and its last two."""
    digits = national(e164_number)
    if e164_number.startswith("+86"):
        return f"{digits[:3]}****{digits[7:]}" if len(digits) == 11 else f"****{digits[-2:]}"  # noqa: PLR2004  a mobile's length
    return f"+{digits[:2]}{'*' * (len(digits) - 4)}{digits[-2:]}"


def masked_name(name: str) -> str:
    """`王小明` → `王**`, `John Smith` → `J**`. A name of one letter is hidden whole."""
    if not name:
        return ""
    return f"{name[0]}**" if len(name) > 1 else "**"


def masked_birthday(birthday: date | None) -> str:
    """`1990-05-17` → `****-05-17`: the day to congratulate, not the age."""
    return f"****{birthday.isoformat()[4:]}" if birthday else ""


def masked_address(profile: Profile) -> str:
    """The district; what stands below it is hidden."""
    return f"{profile.district}{HIDDEN}" if profile.address else profile.district
