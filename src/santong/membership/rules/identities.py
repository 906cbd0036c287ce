"""Which names of an account a binding is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from santong.customers import public as customers
from santong.kernel.errors import FieldInvalid

# Issued by a storefront or a marketplace to one account.
KINDS = ("storefront", "union", "mix_nick")
# These are issued for one storefront; a union id is the same on all storefronts of a brand.
OF_STOREFRONT = ("storefront", "mix_nick")
MOST_IDENTITIES = 5
LONGEST = 200


def checked(
    identities: Sequence[customers.Identifier], *, storefront_code: str
) -> list[customers.Identifier]:
    """The names of one account on a storefront, each once. Raises FieldInvalid."""
    found = of_storefront(identities, storefront_code=storefront_code)
    if not found or len(found) > MOST_IDENTITIES:
        raise FieldInvalid(pointer="/identities", reason=f"from 1 to {MOST_IDENTITIES}")
    for place, identity in enumerate(found):
        is_written = 0 < len(identity.value) <= LONGEST and identity.value.isprintable()
        is_scoped = 0 < len(identity.scope) <= LONGEST and identity.scope.isprintable()
        if identity.kind not in KINDS or not is_written or not is_scoped:
            raise FieldInvalid(pointer=f"/identities/{place}", reason="no name of an account")
    if not any(identity.kind in OF_STOREFRONT for identity in found):
        raise FieldInvalid(pointer="/identities", reason="a name on this storefront")
    return found


def of_storefront(
    identities: Sequence[customers.Identifier], *, storefront_code: str
) -> list[customers.Identifier]:
    """Names of an account; what a storefront issues is in its scope, where no other is given."""
    named = [
        each
        if each.scope or each.kind not in OF_STOREFRONT
        else replace(each, scope=storefront_code)
        for each in identities
    ]
    return list(dict.fromkeys(named))


def written(identity: customers.Identifier) -> str:
    """What the keyed hash of an identity is made of: equal values of two kinds are two."""
    return f"{identity.kind}:{identity.scope}:{identity.value}"


def numbers_of(*, phone: str, mix_mobile: str, mix_scope: str) -> list[customers.Identifier]:
    """The telephone number by which somebody is looked for, plain or mixed. Raises FieldInvalid."""
    if bool(phone) == bool(mix_mobile):
        raise FieldInvalid(pointer="/phone", reason="a number, or a mixed one")
    if phone:
        return [customers.Identifier("phone", phone)]
    return [customers.Identifier("mix_mobile", mix_mobile, mix_scope)]
