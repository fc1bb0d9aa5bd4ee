"""What the guidance tests share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from wenzhu.case import Case
from wenzhu.guidance import data
from wenzhu.guidance.table import responses

ROLES = ("self", "relative", "third_party")
VERDICTS = ("impersonation", "unlawful_method", "verify", "insufficient")


@pytest.fixture(scope="session")
def deck() -> dict[str, str]:
    """Every response's text by its name."""
    return responses()


def every_case(fears: tuple[tuple[str, ...], ...] = ((),)) -> Iterator[Case]:
    """Every loan state, kind, verdict and role, with each of the given fears."""
    for (loan, kind), role, worries in itertools.product(data.pairs(), ROLES, fears):
        state = None if loan == "unknown" else loan
        for verdict in VERDICTS if kind != "none" else (None,):
            yield Case(
                has_loan=state if role == "self" else None,
                other_has_loan=None if role == "self" else state,
                role=role,
                message_kind=None if kind == "none" else kind,
                message_verdict=verdict,
                fears=worries,
            )
