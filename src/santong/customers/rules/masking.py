"""How personal data looks to whoever has not given a reason to see it."""

from __future__ import annotations

from datetime import date

from santong.customers.contracts import Kind, Profile
from santong.kernel.masking import HIDDEN, masked_phone


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


def masked_birthday(birthday: date | None) -> str:
    """`1990-05-17` → `****-05-17`: the day to congratulate, not the age."""
    return f"****{birthday.isoformat()[4:]}" if birthday else ""


def masked_address(profile: Profile) -> str:
    """The district; what stands below it is hidden."""
    return f"{profile.district}{HIDDEN}" if profile.address else profile.district
