from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models

from santong.kernel.errors import DomainError


def insert(row: models.Model, *, taken: DomainError, constraint: str) -> None:
    """Insert a row, or refuse because the database already has one like it. Raises `taken`."""
    with refusing(taken, constraint=constraint):
        row.save(force_insert=True)


@contextmanager
def refusing(refusal: DomainError, *, constraint: str) -> Iterator[None]:
    """Say in the trade's words what one constraint of the database says. Raises `refusal`."""
    try:
        yield
    except IntegrityError as failure:
        diagnosis = getattr(failure.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == constraint:
            raise refusal from None
        raise
