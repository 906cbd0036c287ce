"""One call to a provider: over the safe line, and every way to get no answer is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from santong.kernel.outbound import LARGEST_ANSWER, Answer, Failed, call
from santong.payments.contracts.providers import Unreachable

# A verb makes four calls at most, and has to end before others may take its claim.
WITHIN_SECONDS: Final = 10
FILE_WITHIN_SECONDS: Final = 120
LARGEST_FILE: Final = 128 * 1024 * 1024


def told(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    within_seconds: float = WITHIN_SECONDS,
    most_bytes: int = LARGEST_ANSWER,
) -> Answer:
    """What a provider answers. Raises Unreachable, which never quotes what was sent or said."""
    try:
        answer = call(
            method=method,
            url=url,
            headers=headers,
            body=body,
            within_seconds=within_seconds,
            most_bytes=most_bytes,
        )
    except Failed as failed:
        raise Unreachable(failed.code) from None
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unreachable(f"http_{answer.status}")
    return answer


def file_from(*, url: str, headers: Mapping[str, str]) -> bytes:
    """A file that a provider keeps for us. Raises Unreachable."""
    answer = told(
        method="GET",
        url=url,
        headers=headers,
        body=b"",
        within_seconds=FILE_WITHIN_SECONDS,
        most_bytes=LARGEST_FILE,
    )
    if answer.status != HTTPStatus.OK:
        raise Unreachable(f"http_{answer.status}")
    return answer.body


def clock() -> datetime:
    """The time now. A signed message has an age, and only who reads it knows when that is."""
    return datetime.now(tz=UTC)
