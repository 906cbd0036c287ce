"""What must always hold of messages and of those who wait for them."""

from __future__ import annotations

from django.db import connection

from santong.kernel.doctor import Finding

_RULES = {
    "no message lies behind the end of its log": (
        "SELECT m.number FROM messaging_message m LEFT JOIN messaging_log l"
        " ON l.merchant_id = m.merchant_id WHERE m.merchant_id = %s"
        " AND m.number > coalesce(l.last_number, 0)"
    ),
    "numbers have no gap": (
        "SELECT number FROM (SELECT number, lead(number) OVER (ORDER BY number) AS following"
        " FROM messaging_message WHERE merchant_id = %s) m WHERE following <> number + 1"
    ),
    "no place lies behind the end of its log": (
        "SELECT p.endpoint_id FROM messaging_place p LEFT JOIN messaging_log l"
        " ON l.merchant_id = p.merchant_id WHERE p.merchant_id = %s"
        " AND p.read_through > coalesce(l.last_number, 0)"
    ),
    "what is parked lies behind its endpoint's place": (
        "SELECT k.number FROM messaging_parked k JOIN messaging_place p"
        " ON p.endpoint_id = k.endpoint_id WHERE k.merchant_id = %s AND k.number > p.read_through"
        " AND k.key NOT LIKE 'test:%%'"
    ),
    "an endpoint that is asked is open": (
        "SELECT e.id FROM messaging_endpoint e JOIN messaging_place p ON p.endpoint_id = e.id"
        " WHERE e.merchant_id = %s AND p.is_open <> (e.state IN ('active', 'failing'))"
    ),
    "every endpoint has a place and a newest secret": (
        "SELECT e.id FROM messaging_endpoint e WHERE e.merchant_id = %s AND NOT (EXISTS"
        " (SELECT FROM messaging_place p WHERE p.endpoint_id = e.id) AND EXISTS (SELECT FROM"
        " messaging_endpointsecret s WHERE s.endpoint_id = e.id AND s.good_until IS NULL))"
    ),
    "what waits for an app is in the log": (
        "SELECT q.number FROM messaging_queued q LEFT JOIN messaging_message m"
        " ON m.merchant_id = q.merchant_id AND m.number = q.number"
        " WHERE q.merchant_id = %s AND m.id IS NULL"
    ),
}
SHOWN = 20


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Whatever of messaging is not as it must be."""
    return [
        Finding(context="messaging", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for detail in _found(statement, merchant_id)
    ]


def _found(statement: str, merchant_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [merchant_id])
        return [str(row[0]) for row in cursor.fetchmany(SHOWN)]
