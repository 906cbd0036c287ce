"""Plain words for what an app may do and see."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from santong.openplatform import contracts
from santong.openplatform.contracts import PERSONAL_DATA, PersonalData
from santong.openplatform.rules.packs import PACKS

PACK_WORDS = {
    "base": (_("pack.base"), _("See the merchant's name and brands")),
    "goods": (_("pack.goods"), _("See and change goods and prices, see and correct stock")),
    "orders": (_("pack.orders"), _("See, place and cancel orders, take note of payments")),
    "stores": (
        _("pack.stores"),
        _("See and change stores, accept and ship their orders, correct their stock"),
    ),
    "members": (
        _("pack.members"),
        _("See, recruit and change members, give and take points, issue and redeem coupons"),
    ),
    "services": (
        _("pack.services"),
        _("See service agreements, visits and cases, open and handle them"),
    ),
    "messages": (_("pack.messages"), _("Be told when something happens that it may see")),
    "qimen": (_("pack.qimen"), _("Exchange goods, orders and stock with warehouses")),
}
PERSON_WORDS = {
    "none": (_("Not at all"), _("Neither names nor telephones nor addresses")),
    "masked": (_("Masked"), _("Like W* and 138****0000")),
    "encrypted": (_("Encrypted"), _("To recognise a person again, not to read who it is")),
    "plain": (_("In plain text"), _("Whole names, telephones and addresses")),
}


def pack_lines(*, packs: Collection[str]) -> list[contracts.Worded]:
    """Packs in the order of the list, each with what it lets an app do, in words."""
    return [_worded(code, PACK_WORDS[code]) for code in PACKS if code in packs]


def person_lines(*, most: PersonalData) -> list[contracts.Worded]:
    """The ways in which an app may be told of persons, up to the one that tells most."""
    ways = PERSONAL_DATA[: PERSONAL_DATA.index(most) + 1]
    return [_worded(way, PERSON_WORDS[way]) for way in ways]


def _worded(code: str, words: tuple[object, object]) -> contracts.Worded:
    name, meaning = words
    return contracts.Worded(code=code, name=str(name), meaning=str(meaning))
