"""How a document is named, and our numbers at providers made from it."""

from __future__ import annotations

import re
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.payments.contracts import LONGEST_DOCUMENT

_DOCUMENT: Final = re.compile(r"[a-z][a-z_]{0,19}:[0-9A-Za-z_.-]{1,38}")


def check_document(document: str) -> None:
    """A document is a kind and a number: `order:17`. Raises FieldInvalid."""
    if len(document) > LONGEST_DOCUMENT or not _DOCUMENT.fullmatch(document):
        raise FieldInvalid(pointer="/document", reason="a kind and a number, as in order:17")
