"""What an app shows to say which it is: in the header, or in the body."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

MOST = 400


def credentials_of(*, authorization: str, client_id: str, client_secret: str) -> tuple[str, str]:
    """Key and secret of an app; the header counts where there is one (RFC 6749, 2.3.1)."""
    scheme, _, given = authorization[:MOST].partition(" ")
    if scheme.lower() != "basic":
        return client_id, client_secret
    try:
        plain = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    app_key, _, secret = plain.partition(":")
    return unquote_plus(app_key), unquote_plus(secret)
