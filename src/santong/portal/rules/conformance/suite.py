"""The cases, in the order in which they run: each stands on what those before it have done.

The contracts are those of the brand-member centre (会员通): bind query, bind and unbind, register,
member query. *Required* is what a marketplace needs; *advised* is what spares trouble later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from santong.portal.rules.conformance.asks import Ask, Seen, Twist
from santong.portal.rules.conformance.judging import (
    Fault,
    Judge,
    answers,
    as_json,
    can_be_bound,
    does_not_break,
    has_member,
    in_time,
    is_refused,
    offers_registration,
)

Level = Literal["required", "advised"]

BIND_QUERY: Final = "tmall.mei.crm.member.bind.query"
BIND: Final = "tmall.mei.crm.bind"
REGISTER: Final = "tmall.mei.crm.member.register"
QUERY: Final = "tmall.mei.crm.member.query"
OLDER_BIND_QUERY: Final = "tmall.crm.member.bind.query"
# Numbers that begin with this are given to nobody: the suite makes members of them.
MADE_UP: Final = "1990"
AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the suite is told of the endpoint: a member it knows, and a number for this run."""

    seller_name: str
    member_mobile: str
    run_number: int
    # The member's number as marketplaces write it; nothing where numbers come in plain.
    mixed_mobile: str = ""

    def made_up_mobile(self, place: int) -> str:
        """A number that nobody has; another one for each run and place."""
        return f"{MADE_UP}{(self.run_number * 10 + place) % 10**7:07d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that must hold; without calls of its own it judges those of the whole run."""

    code: str
    judge: Judge
    ask: Ask | None = None
    level: Level = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a case."""

    code: str
    level: Level
    method: str
    milliseconds: int
    fault: Fault | None

    @property
    def has_passed(self) -> bool:
        return self.fault is None


def suite_of(*, subject: Subject) -> list[Case]:
    """All cases for an endpoint."""
    newcomer = _shopper(subject, 1)
    crowd = _shopper(subject, 2)
    member = {"seller_name": subject.seller_name, "mobile": subject.member_mobile}
    return [
        *_of_members(newcomer, crowd, member),
        *_of_obfuscated(subject, member),
        *_of_signatures(member),
        Case(code="takes_the_older_names", judge=can_be_bound, ask=_ask(OLDER_BIND_QUERY, member)),
        Case(
            code="passes_over_unknown_fields",
            judge=can_be_bound,
            ask=_ask(BIND_QUERY, {**member, "added_later": "1"}),
        ),
        Case(
            code="goes_on_after_a_broken_body",
            judge=does_not_break,
            ask=_ask(BIND_QUERY, member, "not_json"),
        ),
        Case(
            code="takes_a_form",
            judge=can_be_bound,
            ask=_ask(BIND_QUERY, member, "form"),
            level="advised",
        ),
        Case(code="answers_in_time", judge=in_time),
        Case(code="answers_as_json", judge=as_json),
    ]


def verdict_of(*, case: Case, seen: Sequence[Seen]) -> Verdict:
    """Judge what came back of a case's calls, or of all calls for a case without its own."""
    return Verdict(
        code=case.code,
        level=case.level,
        method=case.ask.method if case.ask else "",
        milliseconds=max((each.milliseconds for each in seen), default=0),
        fault=case.judge(seen),
    )


def _of_members(
    newcomer: Mapping[str, str], crowd: Mapping[str, str], member: Mapping[str, str]
) -> list[Case]:
    bind, unbind = {**newcomer, "type": "1"}, {**newcomer, "type": "2"}
    return [
        Case(code="finds_a_member", judge=can_be_bound, ask=_ask(BIND_QUERY, member)),
        Case(
            code="offers_registration_to_nobody",
            judge=offers_registration,
            ask=_ask(BIND_QUERY, newcomer),
        ),
        Case(
            code="says_that_nobody_is_no_member",
            judge=answers("query_code", "E01"),
            ask=_ask(QUERY, newcomer),
        ),
        Case(code="registers", judge=answers("register_code", "SUC"), ask=_ask(REGISTER, newcomer)),
        Case(
            code="binds_again_without_failing",
            judge=answers("bind_code", "SUC"),
            ask=_ask(BIND, bind),
        ),
        Case(
            code="knows_who_is_bound",
            judge=answers("bind_code", "E02"),
            ask=_ask(BIND_QUERY, newcomer),
        ),
        Case(
            code="shows_a_bound_member",
            judge=has_member("query_code", "SUC"),
            ask=_ask(QUERY, newcomer),
        ),
        Case(code="unbinds", judge=answers("bind_code", "SUC"), ask=_ask(BIND, unbind)),
        Case(
            code="knows_who_is_not_bound",
            judge=answers("query_code", "E02"),
            ask=_ask(QUERY, newcomer),
        ),
        Case(code="binds", judge=answers("bind_code", "SUC"), ask=_ask(BIND, bind)),
        Case(
            code="registers_many_at_once",
            judge=answers("register_code", "SUC", "E01"),
            ask=Ask(method=REGISTER, fields=crowd, at_once=AT_ONCE),
        ),
        Case(
            code="of_many_at_once_one_is_a_member",
            judge=has_member("query_code", "SUC"),
            ask=_ask(QUERY, crowd),
        ),
    ]


def _of_obfuscated(subject: Subject, member: Mapping[str, str]) -> list[Case]:
    if not subject.mixed_mobile:
        return []
    asked = {"seller_name": member["seller_name"], "mix_mobile": subject.mixed_mobile}
    return [
        Case(code="knows_obfuscated_numbers", judge=can_be_bound, ask=_ask(BIND_QUERY, asked)),
    ]


def _of_signatures(member: Mapping[str, str]) -> list[Case]:
    refused: list[tuple[str, Twist]] = [
        ("refuses_another_secret", "wrong_secret"),
        ("refuses_a_changed_body", "changed_body"),
        ("refuses_another_app", "other_app_key"),
        ("refuses_without_signature", "no_sign"),
    ]
    return [
        *(
            Case(code=code, judge=is_refused, ask=_ask(BIND_QUERY, member, twist))
            for code, twist in refused
        ),
        Case(
            code="refuses_what_is_old",
            judge=is_refused,
            ask=_ask(BIND_QUERY, member, "old"),
            level="advised",
        ),
        Case(
            code="signs_empty_values",
            judge=can_be_bound,
            ask=_ask(BIND_QUERY, member, "empty_value"),
        ),
        Case(
            code="signs_named_headers",
            judge=can_be_bound,
            ask=_ask(BIND_QUERY, member, "signed_header"),
        ),
    ]


def _shopper(subject: Subject, place: int) -> dict[str, str]:
    return {
        "seller_name": subject.seller_name,
        "mobile": subject.made_up_mobile(place),
        "taobao_nick": f"santong_{subject.run_number}_{place}",
    }


def _ask(method: str, fields: Mapping[str, str], twist: Twist = "none") -> Ask:
    return Ask(method=method, fields=fields, twist=twist)
