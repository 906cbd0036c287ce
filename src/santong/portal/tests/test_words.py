"""Every case and every reason of the suite has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from santong.kernel.lint import catalogues
from santong.portal.rules.conformance import judging
from santong.portal.rules.conformance.suite import Subject, suite_of

# What `kernel.outbound` says where no answer came.
NO_ANSWER = {
    "no_answer",
    "no_such_host",
    "address_not_allowed",
    "tls_refused",
    "answer_too_large",
    "too_slow",
}


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_case_and_reason_has_words(language: str) -> None:
    (folder,) = settings.LOCALE_PATHS
    text = (Path(folder) / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    known = {entry.source for entry in catalogues.entries(text) if all(entry.translations)}
    subject = Subject(seller_name="x", member_mobile="1", run_number=1, mixed_mobile="m")
    reasons = set(re.findall(r'reason="(\w+)"', Path(judging.__file__).read_text("utf-8")))

    assert len(reasons) > 8
    wanted = {f"conformance.{case.code}" for case in suite_of(subject=subject)}
    wanted |= {f"conformance.why.{reason}" for reason in reasons | NO_ANSWER}
    assert wanted - known == set()
