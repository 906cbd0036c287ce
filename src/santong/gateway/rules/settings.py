"""What a connection's settings may look like."""

from __future__ import annotations

import re
from typing import Final

from santong.gateway.contracts import (
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_SECRET,
    LONGEST_URL,
    ConnectionChange,
    NewConnection,
)
from santong.kernel.errors import FieldInvalid

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,50}", re.ASCII)
# Scheme, host, perhaps a port, path and query: no user, no password, no fragment.
_URL: Final = re.compile(
    r"https?://(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?(?:[/?][!-\"$-~]*)?", re.ASCII
)
_SECRET: Final = re.compile(r"[!-~]+", re.ASCII)
SHORTEST_SECRET: Final = 8
SHORTEST_WAIT_MS: Final = 100
LONGEST_WAIT_MS: Final = 30_000


def check_new(*, wanted: NewConnection) -> None:
    """Refuse a line that could not work. Raises FieldInvalid."""
    if len(wanted.code) > LONGEST_CODE or not _CODE.fullmatch(wanted.code):
        raise FieldInvalid(
            pointer="/code",
            reason=f"1 to {LONGEST_CODE} small letters, digits, dots, hyphens, underscores",
        )
    if not _KEY.fullmatch(wanted.app_key):
        raise FieldInvalid(
            pointer="/app_key", reason="1 to 50 letters, digits, hyphens, underscores"
        )
    if wanted.kind == "marketplace" and not wanted.storefront_code:
        raise FieldInvalid(pointer="/storefront_code", reason="a marketplace has a storefront")
    if wanted.kind == "crm" and not wanted.url:
        raise FieldInvalid(pointer="/url", reason="an older CRM has an address")
    if wanted.kind == "crm" and wanted.behind_code:
        raise FieldInvalid(pointer="/behind_code", reason="nobody stands behind an older CRM")
    if wanted.mix_key and not wanted.storefront_code:
        raise FieldInvalid(pointer="/mix_key", reason="telephones are hidden for a storefront")
    if wanted.secret:
        check_secret(secret=wanted.secret)
    check_change(
        change=ConnectionChange(
            name=wanted.name,
            url=wanted.url,
            session=wanted.session,
            mix_key=wanted.mix_key,
            answers_within_ms=wanted.answers_within_ms,
        )
    )


def check_change(*, change: ConnectionChange) -> None:
    """Refuse a setting that could not work. Raises FieldInvalid."""
    name = change.name
    if name is not None and (not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable()):
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_NAME} printable characters")
    if change.url and (len(change.url) > LONGEST_URL or not _URL.fullmatch(change.url)):
        raise FieldInvalid(pointer="/url", reason="an http or https address without a password")
    for field, value in (("session", change.session), ("mix_key", change.mix_key)):
        if value and (len(value) > LONGEST_SECRET or not _SECRET.fullmatch(value)):
            raise FieldInvalid(
                pointer=f"/{field}", reason=f"at most {LONGEST_SECRET} visible ASCII characters"
            )
    wait = change.answers_within_ms
    if wait is not None and not SHORTEST_WAIT_MS <= wait <= LONGEST_WAIT_MS:
        raise FieldInvalid(
            pointer="/answers_within_ms",
            reason=f"{SHORTEST_WAIT_MS} to {LONGEST_WAIT_MS}",
        )


def check_secret(*, secret: str) -> None:
    """Refuse what cannot be, or should not be, a secret. Raises FieldInvalid."""
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET or not _SECRET.fullmatch(secret):
        raise FieldInvalid(
            pointer="/secret",
            reason=f"{SHORTEST_SECRET} to {LONGEST_SECRET} visible ASCII characters",
        )
