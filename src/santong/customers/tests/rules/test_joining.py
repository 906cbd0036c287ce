"""Who somebody is, from what is known of those whom the identifiers lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from santong.customers.contracts import Identifier, Profile
from santong.customers.rules.joining import Asked, Known, decide
from santong.customers.tests.factories import WANG

CARD = Identifier("card", "C1", "club")
OPEN_ID = Identifier("storefront", "X1", "flagship")
PHONE = Identifier("phone", "+8613800138000")
EMAIL = Identifier("email", "wang@example.com")
LI = Profile(name="李雷", birthday=date(1985, 1, 2))


def known(
    person_id: int, *, profile: Profile = WANG, apart: frozenset[int] = frozenset(), **accounts: str
) -> Known:
    return Known(
        person_id=person_id,
        accounts_by_issuer={
            (kind, "club" if kind == "card" else "flagship"): frozenset({value.encode()})
            for kind, value in accounts.items()
        },
        profile=profile,
        apart_from=apart,
    )


class Case(NamedTuple):
    name: str
    leads_to: dict[Identifier, int | None]
    person_id: int | None
    known: tuple[Known, ...] = ()
    merge: tuple[int, ...] = ()
    conflicting: tuple[Identifier, ...] = ()
    said: Profile | None = None
    shared: tuple[Identifier, ...] = ()


CASES = [
    Case("nobody has any of it", {CARD: None, PHONE: None}, None),
    Case("one number leads to one person", {PHONE: 7}, 7, (known(7),)),
    Case(
        "a new account comes with a known number",
        {OPEN_ID: None, PHONE: 7},
        7,
        (known(7, card="C1"),),
    ),
    Case(
        "a number and an account of two persons make one, and the older stays",
        {OPEN_ID: 9, PHONE: 7},
        7,
        (known(7, card="C1"), known(9, storefront="X1", profile=Profile())),
        merge=(9,),
    ),
    Case(
        "three persons are one",
        {CARD: 9, OPEN_ID: 8, PHONE: 7},
        7,
        (known(7), known(8, storefront="X1"), known(9, card="C1")),
        merge=(8, 9),
    ),
    Case(
        "whoever has another card is another",
        {CARD: None, PHONE: 7},
        None,
        (known(7, card="C2"),),
        conflicting=(PHONE,),
    ),
    Case(
        "an account beats a number of somebody with another account",
        {OPEN_ID: 9, PHONE: 7},
        9,
        (known(7, storefront="X2"), known(9, storefront="X1")),
        conflicting=(PHONE,),
    ),
    Case(
        "a second card does not follow an account",
        {OPEN_ID: 9, CARD: None},
        9,
        (known(9, storefront="X1", card="C2"),),
        conflicting=(CARD,),
    ),
    Case(
        "a number with another name and birthday is somebody else's by now",
        {PHONE: 7},
        None,
        (known(7),),
        conflicting=(PHONE,),
        said=LI,
    ),
    Case(
        "a number with another name but the same birthday is a new name",
        {PHONE: 7},
        7,
        (known(7),),
        said=replace(WANG, name="王晓明"),
    ),
    Case(
        "an account is the same person's whatever the profile says",
        {OPEN_ID: 7},
        7,
        (known(7, storefront="X1"),),
        said=LI,
    ),
    Case(
        "two human beings are not joined by a number",
        {OPEN_ID: 9, PHONE: 7},
        9,
        (known(7, profile=LI), known(9, storefront="X1")),
        conflicting=(PHONE,),
    ),
    Case(
        "who was found apart stays apart",
        {OPEN_ID: 9, PHONE: 7},
        9,
        (known(7, apart=frozenset({9})), known(9, storefront="X1", apart=frozenset({7}))),
        conflicting=(PHONE,),
    ),
    Case(
        "an account that is shared contradicts nothing",
        {CARD: None, PHONE: 7},
        7,
        (known(7, card="C2"),),
        shared=(CARD,),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_who_somebody_is(case: Case) -> None:
    strongest_first = sorted(case.leads_to, key=[OPEN_ID, CARD, PHONE, EMAIL].index)

    decision = decide(
        [
            Asked(
                identifier=one,
                blind_index=one.value.encode(),
                holder_id=case.leads_to[one],
                is_shared=one in case.shared,
            )
            for one in strongest_first
        ],
        known={each.person_id: each for each in case.known},
        profile=case.said,
    )

    assert decision.person_id == case.person_id
    assert tuple(decision.merge) == case.merge
    assert tuple(decision.conflicting) == case.conflicting
