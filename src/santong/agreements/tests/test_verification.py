"""Whatever is changed of what was accepted is found, and it is said what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from santong.agreements import contracts
from santong.agreements import public as agreements
from santong.agreements.models import ChainLink, ServiceAgreement, SigningKey
from santong.agreements.rules.links import hash_of
from santong.agreements.selectors.papers import findings_in
from santong.agreements.services.make_paper import make_paper
from santong.agreements.tests.factories import (
    ACCEPTED,
    NOW,
    damage,
    drawn_name,
    make_accepted,
    make_with_paper,
    window,
)
from santong.evidence import public as evidence
from santong.evidence.tests.factories import make_photo
from santong.kernel import tenancy

TABLES = ("serviceagreement", "agreementterm", "chainlink", "books")


@contextmanager
def as_owner() -> Iterator[object]:
    """Whoever owns the database can change what the application never would."""
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE cell_main.agreements_{table} NO FORCE ROW LEVEL SECURITY")
        try:
            yield cursor
        finally:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE cell_main.agreements_{table} FORCE ROW LEVEL SECURITY")


def tamper(statement: str, *values: object) -> None:
    with as_owner() as cursor:
        cursor.execute(statement, list(values))  # type: ignore[attr-defined]
        assert cursor.rowcount == 1  # type: ignore[attr-defined]


def three(merchant: int) -> list[contracts.Agreement]:
    """Three links of a chain, each with its paper; the second is the one that is tampered with."""
    with tenancy.scope(merchant_id=merchant):
        signature = contracts.Acceptance(how="signature", name="王小明", signature=drawn_name())
        made = [make_with_paper(merchant, acceptance=signature) for _ in range(3)]
        for each in made:
            assert verified(merchant, each).is_unchanged
        assert agreements.check_invariants(merchant_id=merchant) == []
    return made


def verified(merchant: int, made: contracts.Agreement) -> contracts.Verified:
    return agreements.verify_agreement(merchant_id=merchant, agreement_id=made.id, now=NOW)


def found(merchant: int, made: contracts.Agreement) -> list[tuple[str, str, str, str]]:
    with tenancy.scope(merchant_id=merchant):
        assert agreements.check_invariants(merchant_id=merchant) != []
        return [
            (each.kind, each.where, each.expected, each.found)
            for each in verified(merchant, made).findings
        ]


def path_of(merchant: int, evidence_id: int | None) -> Path:
    with tenancy.scope(merchant_id=merchant), connections["default"].cursor() as cursor:
        cursor.execute("SELECT file FROM evidence_evidence WHERE id = %s", [evidence_id])
        (name,) = cursor.fetchone()
    return Path(settings.MEDIA_ROOT) / str(name)


def test_a_changed_parameter_is_named_with_what_it_was_and_is(merchant: int) -> None:
    _, made, _ = three(merchant)

    tamper(
        "UPDATE cell_main.agreements_agreementterm SET params = %s::jsonb"
        " WHERE agreement_id = %s AND number = 1",
        json.dumps({"start": "2026-11-13", "end": "2026-11-25"}),
        made.id,
    )

    assert found(merchant, made) == [("field", "/terms/0/params/end", "2026-11-15", "2026-11-25")]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("total_minor", 900_000, ("/total_minor", "800000", "900000")),
        ("document", "stagedsale:other", ("/document", "", "stagedsale:other")),
        ("network_hash", "00", ("/accepted/network_hash", "", "00")),
        (
            "accepted_at",
            "2026-11-12T00:00:00Z",
            ("/accepted/at", "", "2026-11-12T00:00:00.000000Z"),
        ),
    ],
)
def test_a_changed_column_is_named(
    merchant: int, column: str, value: object, says: tuple[str, str, str]
) -> None:
    _, made, _ = three(merchant)
    where, was, now = says

    tamper(
        f"UPDATE cell_main.agreements_serviceagreement SET {column} = %s WHERE id = %s",  # noqa: S608
        value,
        made.id,
    )

    first = next(each for each in found(merchant, made) if each[1] == where)
    assert first[0] == "field"
    assert first[2] == was or not was
    assert first[3] == now


def test_a_term_that_was_taken_away_is_named(merchant: int) -> None:
    _, made, _ = three(merchant)

    tamper(
        "DELETE FROM cell_main.agreements_agreementterm WHERE agreement_id = %s AND number = 2",
        made.id,
    )

    ((kind, where, was, now),) = found(merchant, made)
    assert (kind, where, now) == ("field", "/terms/1", "")
    assert json.loads(was)["kind"] == "damage"


def test_another_name_than_was_accepted_is_found(merchant: int) -> None:
    _, made, _ = three(merchant)
    with tenancy.scope(merchant_id=merchant):
        row = ServiceAgreement.objects.get(id=made.id)
        row.seal_buyer(accepted_name="韩梅梅")
        sealed = bytes(row.buyer_sealed)

    tamper(
        "UPDATE cell_main.agreements_serviceagreement SET buyer_sealed = %s WHERE id = %s",
        sealed,
        made.id,
    )

    ((kind, where, _, _),) = found(merchant, made)
    assert (kind, where) == ("field", "/accepted/name")


def test_a_rewritten_record_is_found_even_where_its_hash_was_rewritten_too(merchant: int) -> None:
    _, made, _ = three(merchant)
    with tenancy.scope(merchant_id=merchant):
        record = ChainLink.objects.get(agreement_id=made.id).record
    forged = record.replace('"end":"2026-11-15"', '"end":"2026-12-15"')

    tamper(
        "UPDATE cell_main.agreements_chainlink SET record = %s, hash = %s WHERE agreement_id = %s",
        forged,
        hash_of(forged.encode()),
        made.id,
    )

    kinds = {(kind, where) for kind, where, _, _ in found(merchant, made)}
    assert ("field", "record/terms/0/params/end") in kinds
    assert ("chain_after", "link 3") in kinds
    assert ("paper_record", "agreement.pdf") in kinds


def test_a_rewritten_record_under_its_old_hash_is_found(merchant: int) -> None:
    _, made, _ = three(merchant)

    tamper(
        "UPDATE cell_main.agreements_chainlink SET record = replace(record, '800000', '700000')"
        " WHERE agreement_id = %s",
        made.id,
    )

    rows = found(merchant, made)
    assert ("record_hash", "link 2") in {(kind, where) for kind, where, _, _ in rows}
    assert ("field", "record/total_minor", "800000", "700000") in rows


def test_a_deleted_link_is_found_by_it_and_its_neighbours(merchant: int) -> None:
    first, made, last = three(merchant)

    tamper("DELETE FROM cell_main.agreements_chainlink WHERE agreement_id = %s", made.id)

    assert [each[0] for each in found(merchant, made)] == ["not_in_chain"]
    assert [each[0] for each in found(merchant, first)] == ["chain_after"]
    assert [each[0] for each in found(merchant, last)] == ["chain_before"]


def test_a_deleted_last_link_is_found(merchant: int) -> None:
    _, _, last = three(merchant)

    tamper("DELETE FROM cell_main.agreements_chainlink WHERE agreement_id = %s", last.id)

    assert [each[0] for each in found(merchant, last)] == ["not_in_chain"]


def test_links_that_changed_places_are_found(merchant: int) -> None:
    first, made, _ = three(merchant)

    for number, agreement in ((99, first), (1, made), (2, first)):
        tamper(
            "UPDATE cell_main.agreements_chainlink SET number = %s WHERE agreement_id = %s",
            number,
            agreement.id,
        )

    for each in (first, made):
        assert {"chain_before", "chain_after"} & {kind for kind, *_ in found(merchant, each)}


def test_a_changed_paper_file_is_found(merchant: int) -> None:
    _, made, _ = three(merchant)
    path = path_of(merchant, made.paper_id)

    path.write_bytes(path.read_bytes()[:-1] + b"\x00")

    assert found(merchant, made) == [("paper_altered", "agreement.pdf", "", "unreadable")]


def test_a_missing_paper_file_is_found(merchant: int) -> None:
    _, made, _ = three(merchant)

    path_of(merchant, made.paper_id).unlink()

    assert found(merchant, made) == [("paper_missing", "agreement.pdf", "", "missing")]


def test_a_missing_record_file_is_found(merchant: int) -> None:
    _, made, _ = three(merchant)

    path_of(merchant, made.record_id).unlink()

    assert found(merchant, made) == [("record_file", "record.json", "", "missing")]


def test_a_signature_file_that_was_swapped_is_found(merchant: int) -> None:
    _, made, other = three(merchant)

    path_of(merchant, made.signature_id).write_bytes(path_of(merchant, other.paper_id).read_bytes())

    ((kind, where, _, now),) = found(merchant, made)
    assert (kind, where) == ("file", "signature.png")
    assert now.startswith("swapped")


def paper_findings(merchant: int, made: contracts.Agreement, paper: bytes) -> list[str]:
    with tenancy.scope(merchant_id=merchant):
        row = ServiceAgreement.objects.get(id=made.id)
        return [each.kind for each in findings_in(row, paper)]


def test_one_changed_byte_of_a_paper_breaks_its_signature(merchant: int) -> None:
    _, made, _ = three(merchant)
    with tenancy.scope(merchant_id=merchant):
        paper = agreements.paper_of(merchant_id=merchant, agreement_id=made.id)
    at = paper.index(b"/MediaBox") - 3

    forged = paper[:at] + bytes([paper[at] ^ 1]) + paper[at + 1 :]

    assert paper_findings(merchant, made, paper) == []
    assert paper_findings(merchant, made, forged) == ["paper_altered"]
    assert paper_findings(merchant, made, paper + b"\n% more\n") == ["paper_altered"]
    assert paper_findings(merchant, made, paper[: len(paper) // 2]) == ["paper_altered"]
    assert paper_findings(merchant, made, b"") == ["paper_altered"]


def test_a_paper_of_another_agreement_or_another_merchant_is_found(
    merchant: int, new_merchant: object
) -> None:
    _, made, other = three(merchant)
    stranger = new_merchant()  # type: ignore[operator]
    with tenancy.scope(merchant_id=merchant):
        others = agreements.paper_of(merchant_id=merchant, agreement_id=other.id)
        own = agreements.paper_of(merchant_id=merchant, agreement_id=made.id)
    with tenancy.scope(merchant_id=stranger):
        paper = drawn_by(stranger, own)

    assert paper_findings(merchant, made, others) == ["paper_record"]
    assert "paper_signature" in paper_findings(merchant, made, paper)


def drawn_by(merchant: int, like: bytes) -> bytes:
    """A paper that another merchant signed."""
    made = make_with_paper(merchant)
    found = agreements.paper_of(merchant_id=merchant, agreement_id=made.id)
    assert found != like
    return found


def test_a_merchants_key_is_made_once_and_kept_sealed(merchant: int) -> None:
    three(merchant)

    with tenancy.scope(merchant_id=merchant):
        (key,) = SigningKey.objects.of_merchant(merchant)

    assert "BEGIN CERTIFICATE" in key.certificate
    assert b"PRIVATE KEY" not in bytes(key.key_sealed)


def test_a_paper_is_made_once(merchant_id: int) -> None:
    made = make_with_paper(merchant_id)

    again = make_paper(merchant_id=merchant_id, agreement_id=made.id, now=NOW)

    assert (again.paper_id, again.record_id) == (made.paper_id, made.record_id)
    paper = agreements.paper_of(merchant_id=merchant_id, agreement_id=made.id)
    assert paper.startswith(b"%PDF-")
    assert made.link is not None
    assert made.link.hash in json.dumps(
        [each.sha256 for each in evidence.of_subject(merchant_id=merchant_id, subject=made.subject)]
    )


def test_without_its_paper_yet_nothing_is_wrong(merchant_id: int) -> None:
    made = make_accepted(merchant_id, acceptance=ACCEPTED, terms=(window(), damage()))

    result = verified(merchant_id, made)

    assert (result.is_unchanged, result.is_paper_there) == (True, False)


def test_a_photo_that_was_added_later_is_checked_as_well(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = make_with_paper(merchant)
        photo = evidence.add(
            merchant_id=merchant,
            subject=made.subject,
            kind="photo",
            content=make_photo(),
            name="scratch.jpg",
            taken_at=None,
            geo=None,
            by="staff:1",
            now=NOW,
        )
        assert verified(merchant, made).is_unchanged

    path_of(merchant, photo.id).unlink()

    ((kind, where, _, now),) = found(merchant, made)
    assert (kind, where, now) == ("file", "scratch.jpg", "missing")
