"""Answers /readyz when the database does, and keeps a number on request."""

import os
from collections.abc import Callable, Iterable
from typing import Any

import psycopg


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Keep the number in the path, or say that it is ready."""
    number = environ["PATH_INFO"].strip("/")
    try:
        with psycopg.connect(os.environ["SANTONG_DATABASE_URL"]) as connection:
            if number.isdigit():
                connection.execute("INSERT INTO kept VALUES (%s) ON CONFLICT DO NOTHING", [number])
    except psycopg.Error as reason:
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [str(reason).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"kept"]
