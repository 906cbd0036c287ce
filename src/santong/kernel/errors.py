"""Refusals: what a caller may expect and can act on. Anything else that goes wrong is a bug."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar


class DomainError(Exception):
    """An expected refusal: a stable `code` and data, never prose.

    Subclasses are dataclasses; their fields become members of the problem document. The words
    are found at the edge, in the reader's language.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "kernel.refused"

    def __str__(self) -> str:
        return f"{self.code} {self.members()}"

    def members(self) -> dict[str, Any]:
        """The refusal's own data, by name."""
        refusal: Any = self
        if not dataclasses.is_dataclass(refusal):
            return {}
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(refusal)}


class Invalid(DomainError):
    """What was sent makes no sense, whatever the state of the world."""

    status = 422
    code = "kernel.invalid"


class NotAllowed(DomainError):
    """The caller is known and may not do this."""

    status = 403
    code = "kernel.not_allowed"


class NotFound(DomainError):
    """There is no such thing for this caller."""

    status = 404
    code = "kernel.not_found"


class Conflict(DomainError):
    """The world moved: stock gone, coupon used, state passed."""

    status = 409
    code = "kernel.conflict"


class LimitExceeded(DomainError):
    """Too much or too often."""

    status = 429
    code = "kernel.limit_exceeded"


class Unavailable(DomainError):
    """Not now; the same request may succeed later."""

    status = 503
    code = "kernel.unavailable"


@dataclasses.dataclass
class FieldInvalid(Invalid):
    """One field of what was sent is wrong. `pointer` is a JSON pointer (RFC 6901)."""

    code: ClassVar[str] = "kernel.field_invalid"
    pointer: str
    reason: str


@dataclasses.dataclass
class NoSuch(NotFound):
    """Nothing of this kind has this name or id."""

    code: ClassVar[str] = "kernel.no_such"
    kind: str
    key: str


@dataclasses.dataclass
class NoSuchEndpoint(NotFound):
    """Nothing answers at this address."""

    code: ClassVar[str] = "kernel.no_such_endpoint"
    path: str


@dataclasses.dataclass
class PermissionMissing(NotAllowed):
    """The credential lacks a permission."""

    code: ClassVar[str] = "kernel.permission_missing"
    permission: str


@dataclasses.dataclass
class KeyReused(Conflict):
    """The idempotency key came before with another request."""

    code: ClassVar[str] = "kernel.idempotency_key_reused"
    key: str


@dataclasses.dataclass
class AnswerNotKept(Conflict):
    """The command was carried out before; its answer held a secret and was shown once."""

    code: ClassVar[str] = "kernel.answer_not_kept"
    key: str


@dataclasses.dataclass
class KeyMissing(Invalid):
    """A command over HTTP must name itself, so that it can be sent again safely."""

    code: ClassVar[str] = "kernel.idempotency_key_missing"
    header: str = "Idempotency-Key"


@dataclasses.dataclass
class VersionMissing(Invalid):
    """A change says which version it was made from."""

    status: ClassVar[int] = 428
    code: ClassVar[str] = "kernel.version_missing"
    header: str = "If-Match"


@dataclasses.dataclass
class VersionMoved(Conflict):
    """Somebody else changed it in the meantime; read it again and decide anew."""

    status: ClassVar[int] = 412
    code: ClassVar[str] = "kernel.version_moved"
    version: int


@dataclasses.dataclass
class Busy(Unavailable):
    """Rows were locked for too long, or the retries ran out; send the same request again."""

    code: ClassVar[str] = "kernel.busy"
    retry_after_seconds: int = 1
