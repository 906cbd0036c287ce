"""A call as programs make it. Secrets and session keys come from their environment."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Final

from santong.portal.rules.explorer.calls import PATH, SignedCall, masked_address

_PYTHON: Final = """\
import datetime, hashlib, hmac, json, os, urllib.parse, urllib.request

secret = os.environ["APP_SECRET"]
system = {system}
arguments = {arguments}
china = datetime.timezone(datetime.timedelta(hours=8))
system["timestamp"] = datetime.datetime.now(china).strftime("%Y-%m-%d %H:%M:%S")
{session}{body}
text = "".join(name + signed[name] for name in sorted(signed) if signed[name]) + raw
{sign}
request = urllib.request.Request(
    "{site}{path}?" + urllib.parse.urlencode(system), data=data.encode(),
    headers={{"Content-Type": "{content_type}"}})
print(urllib.request.urlopen(request).read().decode())
"""
_SIGN: Final = {
    "md5": "digest = hashlib.md5((secret + text + secret).encode())",
    "hmac": "digest = hmac.new(secret.encode(), text.encode(), hashlib.md5)",
    "hmac-sha256": "digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256)",
}
_FORM: Final = 'signed, raw, data = {**system, **arguments}, "", urllib.parse.urlencode(arguments)'
_JSON: Final = "signed, raw = system, json.dumps(arguments, ensure_ascii=False)\ndata = raw"
_SESSION: Final = 'system["session"] = os.environ["SESSION"]\n'


@dataclass(frozen=True, slots=True)
class Snippet:
    """One way to make the call."""

    name: str
    text: str


def snippets_of(call: SignedCall, *, site: str) -> list[Snippet]:
    """The call as a curl line, as it is signed here, and as a program that signs anew."""
    return [Snippet("curl", _curl(call, site)), Snippet("Python", _python(call, site))]


def _curl(call: SignedCall, site: str) -> str:
    address = masked_address(call, site=site).replace("session=***", "session=$SESSION")
    lines = [f'curl "{address}"', f"  -H {shlex.quote('Content-Type: ' + call.content_type)}"]
    if call.body:
        lines.append(f"  --data-raw {shlex.quote(call.body)}")
    else:
        lines.append("  -d ''")
    return " \\\n".join(lines)


def _python(call: SignedCall, site: str) -> str:
    left = ("timestamp", "session")
    system = {name: value for name, value in call.system.items() if name not in left}
    arguments = {name: value for name, value in call.wanted.arguments.items() if value}
    sign = _SIGN[call.wanted.way]
    return _PYTHON.format(
        system=json.dumps(system, ensure_ascii=False),
        arguments=json.dumps(arguments, ensure_ascii=False),
        session=_SESSION if "session" in call.system else "",
        body=_JSON if call.wanted.carried == "json" else _FORM,
        sign=f'{sign}\nsystem["sign"] = digest.hexdigest().upper()\n',
        site=site,
        path=PATH,
        content_type=call.content_type,
    )
