"""Insert a row, and say in the trade's words what a constraint of the database says."""

from __future__ import annotations

from django.db import IntegrityError, models

from santong.kernel.errors import DomainError


def insert(row: models.Model, *, taken: DomainError, constraints: tuple[str, ...]) -> None:
    """Insert a row, or refuse because the database already has one like it. Raises `taken`."""
    try:
        row.save(force_insert=True)
    except IntegrityError as failure:
        diagnosis = getattr(failure.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) in constraints:
            raise taken from None
        raise
