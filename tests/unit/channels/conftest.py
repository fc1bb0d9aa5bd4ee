"""A state folder of one's own: texts of channels are sealed with its service key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wenzhu import settings as module
from wenzhu.adapters.evidence_store import evidence_store


@pytest.fixture(autouse=True, scope="module")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WENZHU_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        environment.delenv("DATABASE_URL", raising=False)
        module.settings.cache_clear()
        evidence_store.cache_clear()
        yield
        evidence_store().close()
    module.settings.cache_clear()
    evidence_store.cache_clear()
