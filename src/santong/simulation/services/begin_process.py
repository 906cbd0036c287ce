from __future__ import annotations

import django
from django.db import connections


def begin_process(database: str) -> None:
    """Make a new process ready to work in the same database as the one that started it."""
    django.setup()
    connections["default"].settings_dict["NAME"] = database
