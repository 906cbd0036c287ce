"""What is answered: `flag`, `code`, `message` and whatever a method adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.qimen.contracts import FlagRule
from santong.qimen.rules.xml import Element, branch, leaf, read_xml, write_xml

SIGN_REFUSED: Final = "sign-check-failure"
ILLEGAL: Final = "Illegal request"
LONGEST_MESSAGE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How a call ended. `code` says why not; of a success the contract says what it is."""

    is_success: bool
    code: str = ""
    message: str = ""
    sub_code: str = ""
    sub_message: str = ""
    results: tuple[Element, ...] = ()
    # It had come before and was answered so; it waits for its other parts.
    is_again: bool = False
    is_waiting: bool = False


def done(*, results: Sequence[Element] = (), message: str = "") -> Answered:
    """It is done, or it was done before."""
    return Answered(is_success=True, message=message, results=tuple(results))


def refused(*, code: str, message: str) -> Answered:
    """It is not done, and will not be."""
    return Answered(is_success=False, code=code, message=message[:LONGEST_MESSAGE])


def sign_refused() -> Answered:
    """Nobody we know has signed it."""
    return Answered(
        is_success=False,
        code=SIGN_REFUSED,
        message=ILLEGAL,
        sub_code=SIGN_REFUSED,
        sub_message=ILLEGAL,
    )


def written(*, answered: Answered, success_code: str, flag_rule: FlagRule = "always") -> bytes:
    """An answer as a document, in the way in which the other system reads it."""
    flag = "success" if answered.is_success else "failure"
    code = success_code if answered.is_success else answered.code
    message = answered.message or ("ok" if answered.is_success else answered.code)
    children = [leaf("code", code), leaf("message", message)]
    if flag_rule == "always" or not answered.is_success:
        children.insert(0, leaf("flag", flag))
    if answered.sub_code:
        children += [
            leaf("sub_code", answered.sub_code),
            leaf("sub_message", answered.sub_message),
        ]
    return write_xml(element=branch("response", [*children, *answered.results]))


def kept(*, results: Sequence[Element]) -> str:
    """What was answered, as it is kept beside the number under which it was asked."""
    return write_xml(element=branch("kept", results)).decode() if results else ""


def kept_of(*, text: str) -> tuple[Element, ...]:
    """What was kept."""
    return read_xml(body=text.encode(), root="kept").children if text else ()
