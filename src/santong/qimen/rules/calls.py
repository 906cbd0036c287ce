"""Whether a call is signed, and how ours are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from santong.kernel.signing import SIGN, SIGN_METHODS, SignMethod, is_same_signature, top_sign


def is_signed(*, params: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> bool:
    """Whether one of these secrets has signed the call, with empty values left out or kept.

    Every way is tried, so that the time does not tell which one it was.
    """
    method = _method(params.get("sign_method") or "md5")
    if method is None or not params.get(SIGN):
        return False
    found = [
        is_same_signature(
            given=params[SIGN],
            expected=top_sign(
                method=method, secret=secret, params=params, body=body, keeps_empty=keeps
            ),
        )
        for secret in secrets
        for keeps in (False, True)
    ]
    return any(found)


def _method(name: str) -> SignMethod | None:
    return next((known for known in SIGN_METHODS if known == name), None)


def signed_call(
    *,
    method: str,
    app_key: str,
    customer_id: str,
    secret: str,
    sign_method: SignMethod,
    version_number: str,
    signs_empty: bool,
    timestamp: str,
    body: bytes,
) -> dict[str, str]:
    """The parameters of a call that we make, signed with the receiver's secret."""
    params = {
        "method": method,
        "timestamp": timestamp,
        "format": "xml",
        "app_key": app_key,
        "v": version_number,
        "sign_method": sign_method,
        "customerId": customer_id,
    }
    sign = top_sign(
        method=sign_method, secret=secret, params=params, body=body, keeps_empty=signs_empty
    )
    return {**params, SIGN: sign}
