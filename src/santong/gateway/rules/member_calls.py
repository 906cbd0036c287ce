"""What a marketplace asks of the brand's CRM, and the codes in which it is answered (会员通).

Two spellings are in use: the portal's of 2016 and the later one. Both are taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

Contract = Literal["bind_query", "bind", "register", "member_query"]

_CONTRACT_BY_NAME: Final[Mapping[str, Contract]] = {
    "member.bind.query": "bind_query",
    "bind": "bind",
    "member.bind": "bind",
    "member.register": "register",
    "register": "register",
    "member.query": "member_query",
}
CONTRACT_BY_METHOD: Final[Mapping[str, Contract]] = {
    f"{prefix}.{name}": contract
    for prefix in ("tmall.mei.crm", "tmall.crm")
    for name, contract in _CONTRACT_BY_NAME.items()
}

DONE: Final = "SUC"
BIND: Final = "1"
UNBIND: Final = "2"
LONGEST_FIELD: Final = 512
LONGEST_EXTEND: Final = 4_096
_LONGEST_CODE: Final = 20

_UNSTORABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_MIX: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
# Under which names a shopper is known to the storefront, and by what kind of identity to us.
_IDENTITIES: Final[Mapping[str, str]] = {
    "ouid": "ouid",
    "omid": "omid",
    "open_id": "open_id",
    "union_id": "union",
    "mix_nick": "mix_nick",
    "mix_taobao_nick": "mix_nick",
    "taobao_nick": "mix_nick",
    "nick": "mix_nick",
}
_TEXTS: Final = ("seller_name", "mobile", "mix_mobile", "type", *_IDENTITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCall:
    """A question or a command about one shopper."""

    contract: Contract
    mobile: str = ""
    mix_mobile: str = ""
    identities: tuple[tuple[str, str], ...] = ()
    is_unbinding: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShown:
    """What an answer tells of a member."""

    point: int
    level: str
    card_number: str = ""


class Unreadable(Exception):
    """A call whose fields make no sense; `field` says which one."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_call(*, contract: Contract, fields: Mapping[str, object]) -> MemberCall:
    """A call from its business fields. Raises Unreadable."""
    texts = {name: _text(name, fields.get(name)) for name in _TEXTS}
    extend = fields.get("extend")
    if isinstance(extend, str) and len(extend) > LONGEST_EXTEND:
        raise Unreadable("extend")
    mix_mobile = texts["mix_mobile"].lower()
    if mix_mobile and not _MIX.fullmatch(mix_mobile):
        raise Unreadable("mix_mobile")
    identities = {
        kind: texts[name] for name, kind in reversed(list(_IDENTITIES.items())) if texts[name]
    }
    if not (texts["mobile"] or mix_mobile or (contract == "member_query" and identities)):
        raise Unreadable("mobile")
    if contract == "bind" and texts["type"] not in {BIND, UNBIND}:
        raise Unreadable("type")
    if contract in {"bind", "register"} and not identities:
        raise Unreadable("taobao_nick")
    return MemberCall(
        contract=contract,
        mobile=texts["mobile"],
        mix_mobile=mix_mobile,
        identities=tuple(sorted(identities.items())),
        is_unbinding=contract == "bind" and texts["type"] == UNBIND,
    )


def answer_of(
    *, contract: Contract, code: str, member: MemberShown | None = None
) -> dict[str, object]:
    """The bare business document; a bind query without a code says that somebody can be bound."""
    field = _code_field(contract)
    answer: dict[str, object] = {field: code}
    if contract == "bind_query":
        answer["bindable"] = not code
    if member is not None:
        answer["member"] = _shown(member)
    return answer


def refusal_of(*, contract: Contract | None, code: str, message: str) -> dict[str, object]:
    """A call that was not looked into, in the failure fields of its own contract."""
    failed: dict[str, object] = {"success": "false", "failCode": code, "failMessage": message}
    if contract is None:
        return failed
    refused = "E01" if contract == "bind" else "E05"
    return {**answer_of(contract=contract, code=refused), **failed}


def broken_of(*, contract: Contract) -> dict[str, object]:
    """We are at fault, or too slow; the same call may succeed later."""
    codes: dict[Contract, str] = {"bind": "E01", "member_query": "E04"}
    return answer_of(contract=contract, code=codes.get(contract, "E05"))


def relayed_fields(*, fields: Mapping[str, object]) -> dict[str, object]:
    """What of a call is passed on to whoever stands behind us."""
    return {
        name: value
        for name in _TEXTS
        if isinstance(value := fields.get(name), str | int) and value != ""
    }


def relayed_answer(
    *, contract: Contract, document: Mapping[str, object]
) -> dict[str, object] | None:
    """What an older CRM answered, as we answer it; None where it knows nobody either."""
    field = _code_field(contract)
    code = str(document.get(field) or "")[:_LONGEST_CODE]
    is_unknown = code == {"bind_query": "E04", "bind": "E01", "member_query": "E01"}.get(contract)
    if is_unknown or (contract == "bind_query" and not code and not document.get("bindable")):
        return None
    answer: dict[str, object] = {field: code}
    if contract == "bind_query":
        answer["bindable"] = not code
    member = document.get("member")
    if isinstance(member, Mapping) and code in {"", DONE}:
        told = cast("Mapping[str, object]", member)
        answer["member"] = {
            name: value
            for name in ("point", "level", "extend")
            if isinstance(value := told.get(name), str | int)
        }
    return answer


def _code_field(contract: Contract) -> str:
    return {"register": "register_code", "member_query": "query_code"}.get(contract, "bind_code")


def _text(name: str, value: object) -> str:
    """A field as text; a whole number is taken for its digits."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(name)
    text = value.strip() if isinstance(value, str) else _digits(name, value)
    if len(text) > LONGEST_FIELD or _UNSTORABLE.search(text):
        raise Unreadable(name)
    return text


def _digits(name: str, value: int) -> str:
    # Python refuses to write numbers of thousands of digits, and no field has them.
    if not 0 <= value < 2**63:
        raise Unreadable(name)
    return str(value)


def _shown(member: MemberShown) -> dict[str, object]:
    shown: dict[str, object] = {"point": member.point, "level": member.level}
    if member.card_number:
        shown["extend"] = json.dumps({"card": member.card_number}, ensure_ascii=False)
    return shown
