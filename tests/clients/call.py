"""One call by a published client, as a program makes it: a request on stdin, the answer out."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import urlsplit


def by_taobaopy(asked: dict[str, Any]) -> dict[str, Any]:
    """taobaopy: a form, HMAC-MD5, everything in the body."""
    from taobaopy.taobao import TaoBaoAPIClient, TaoBaoAPIError  # noqa: PLC0415

    parts = urlsplit(asked["url"])
    client = TaoBaoAPIClient(
        asked["key"], asked["secret"], domain=f"{parts.scheme}://{parts.netloc}"
    )
    platform, _, rest = asked["method"].partition(".")
    name = rest.replace(".", "_")
    try:
        called = getattr(client, name if platform == "taobao" else f"{platform}__{name}")
        return {"refused": None, "body": called(**asked["params"])}
    except TaoBaoAPIError as refused:
        return {"refused": {"code": refused.code, "sub_code": refused.sub_code}, "body": None}


def by_py_taobao_open(asked: dict[str, Any]) -> dict[str, Any]:
    """py-taobao-open: system parameters in the query, milliseconds, MD5."""
    import taobao_open  # noqa: PLC0415
    from taobao_open.api.base import RestApi, TopException  # noqa: PLC0415

    parts = urlsplit(asked["url"])

    class Request(RestApi):  # type: ignore[misc]  # the library ships no types
        def getapiname(self) -> str:
            return str(asked["method"])

    request = Request(parts.hostname, parts.port)
    request.set_app_info(taobao_open.appinfo(asked["key"], asked["secret"]))
    params = dict(asked["params"])
    session = params.pop("session", None)
    for name, value in params.items():
        setattr(request, name, value)
    try:
        return {"refused": None, "body": request.getResponse(session)}
    except TopException as refused:
        return {"refused": {"code": refused.errorcode, "sub_code": refused.subcode}, "body": None}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    by = {"taobaopy": by_taobaopy, "py-taobao-open": by_py_taobao_open}[asked["client"]]
    json.dump(by(asked), sys.stdout)
