"""What a profile may say, and how it is written down."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date

from santong.customers.contracts import GENDERS, Profile
from santong.kernel.errors import FieldInvalid

_LONGEST = {"name": 120, "province": 60, "city": 60, "district": 60, "address": 300}
FIRST_YEAR = 1890
NOTHING = Profile()
NAMES = tuple(each.name for each in fields(Profile))


def cleaned(profile: Profile, *, today: date) -> Profile:
    """A profile as it is stored. Raises FieldInvalid."""
    trimmed = {name: getattr(profile, name).strip() for name in _LONGEST}
    for name, longest in _LONGEST.items():
        if len(trimmed[name]) > longest or not trimmed[name].isprintable():
            raise FieldInvalid(
                pointer=f"/profile/{name}", reason=f"at most {longest} printable characters"
            )
    if profile.gender not in GENDERS:
        raise FieldInvalid(pointer="/profile/gender", reason="unknown")
    born = profile.birthday
    if born is not None and not FIRST_YEAR <= born.year <= today.year + 1:
        raise FieldInvalid(pointer="/profile/birthday", reason="not a birthday of anybody alive")
    return replace(profile, **trimmed)


def written(profile: Profile) -> bytes:
    """A profile as text, before it is sealed; nothing where nothing is known."""
    if profile == NOTHING:
        return b""
    known = {name: value for name in NAMES if (value := getattr(profile, name))}
    return json.dumps(known, default=date.isoformat, ensure_ascii=False).encode()


def read(text: bytes) -> Profile:
    """What `written` wrote."""
    if not text:
        return NOTHING
    known = json.loads(text)
    if "birthday" in known:
        known["birthday"] = date.fromisoformat(known["birthday"])
    return Profile(**{name: known[name] for name in NAMES if name in known})


def missing_of(profile: Profile, *, said: Profile) -> Profile:
    """Of what was said, what a profile does not say yet; an address counts as one thing."""
    has_address = bool(profile.province or profile.city or profile.district or profile.address)
    place = NOTHING if has_address else said
    return Profile(
        name="" if profile.name else said.name,
        birthday=None if profile.birthday else said.birthday,
        gender="" if profile.gender else said.gender,
        province=place.province,
        city=place.city,
        district=place.district,
        address=place.address,
    )
