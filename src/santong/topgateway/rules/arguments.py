"""Kinds of arguments: what is sent is text, what a method gets has its type.

A structured value is one JSON text. Ids are whole numbers of 64 bits and never pass a float: a
number with a point or an exponent is refused wherever an id belongs.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.types import StringConstraints

from santong.kernel.signing import instant_of

T = TypeVar("T")

GREATEST: Final = 2**63 - 1
LONGEST_TEXT: Final = 2_000
LONGEST_DOCUMENT: Final = 16_000
MOST_ITEMS: Final = 200
FEN: Final = 100

_WHOLE: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_YUAN: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
_FLAG_BY_WORD: Final = {"true": True, "false": False}


class Asked(BaseModel):
    """The arguments of a method; what it does not know it does not look at."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _whole(sent: object) -> object:
    if isinstance(sent, int) and not isinstance(sent, bool):
        return sent
    if isinstance(sent, str) and _WHOLE.fullmatch(sent):
        return int(sent)
    raise ValueError("a whole number")


def _text(sent: object) -> object:
    # A client that knows a value as a number sends it as one.
    if isinstance(sent, int) and not isinstance(sent, bool):
        return str(sent)
    if isinstance(sent, str) and not _can_be_stored(sent):
        raise ValueError("text of whole characters, without NUL")
    return sent


def _can_be_stored(text: str) -> bool:
    """JSON can spell halves of characters and NUL; no table takes them."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _flag(sent: object) -> object:
    if isinstance(sent, bool):
        return sent
    if isinstance(sent, str) and sent in _FLAG_BY_WORD:
        return _FLAG_BY_WORD[sent]
    raise ValueError("true or false")


def _moment(sent: object) -> datetime:
    text = str(sent) if isinstance(sent, int) and not isinstance(sent, bool) else sent
    found = instant_of(timestamp=text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("yyyy-MM-dd HH:mm:ss in GMT+8, or milliseconds since 1970")
    return found


def _fen(sent: object) -> int:
    """Yuan as decimal text; what came as a float has lost what it said."""
    text = str(sent) if isinstance(sent, int) and not isinstance(sent, bool) else sent
    if not isinstance(text, str) or not _YUAN.fullmatch(text):
        raise ValueError("yuan with at most two decimals, as text")
    whole, _, decimals = text.partition(".")
    return int(whole) * FEN + int(decimals.ljust(2, "0"))


def _words(sent: object) -> object:
    if isinstance(sent, str) and _can_be_stored(sent):
        words = tuple(word for word in (part.strip() for part in sent.split(",")) if word)
        if len(words) <= MOST_ITEMS:
            return words
    raise ValueError(f"at most {MOST_ITEMS} words with commas between them")


def _structure(sent: object) -> object:
    """What a JSON text says; a body in JSON has said it already."""
    if not isinstance(sent, str):
        return sent
    try:
        return json.loads(sent, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError("JSON") from None


def _list(sent: object) -> object:
    found = _structure(sent)
    # Some clients send the only item without its list.
    return [cast("object", found)] if isinstance(found, dict) else found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


Id = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=GREATEST)]
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=-GREATEST, le=GREATEST)]
Text = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
]
Document = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(min_length=1, max_length=LONGEST_DOCUMENT),
]
Flag = Annotated[bool, BeforeValidator(_flag)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Fen = Annotated[int, BeforeValidator(_fen)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Structure = Annotated[T, BeforeValidator(_structure)]
Listed = Annotated[
    tuple[T, ...], BeforeValidator(_list), Field(min_length=1, max_length=MOST_ITEMS)
]
Page = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=10_000)]
PageSize = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)]
