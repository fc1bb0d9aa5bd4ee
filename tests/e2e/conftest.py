"""One trained model and one pair of servers for the whole session."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import training
from tests.e2e.bot import Bot, NotStarted

MODEL_SETTING = "WENZHU_TEST_MODEL"
"""A model to test instead of the current one; for work on the tests themselves."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts the real servers."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the present data; trained only when something changed."""
    given = os.environ.get(MODEL_SETTING)
    if given:
        return Path(given)
    with pytest.MonkeyPatch.context() as environment:
        state = tmp_path_factory.mktemp("training")
        environment.setenv("WENZHU_STATE_DIR", str(state))
        training.train()
    return Path(training.MODEL)


@pytest.fixture(scope="session")
def servers(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Both servers; use ``bot``, which checks them before each test."""
    try:
        started = Bot(model, tmp_path_factory.mktemp("state")).__enter__()
    except NotStarted as error:
        pytest.exit(str(error), returncode=1)
    yield started
    started.stop()


@pytest.fixture
def bot(servers: Bot) -> Bot:
    """Both servers, running and healthy, whatever the test before did.

    A test names the state that it needs and this brings it about, so that the tests
    may run in any order; nobody puts back what was before.
    """
    assert servers.rasa.is_running, f"Rasa ended:\n{servers.rasa.tail(40)}"
    servers.start_actions()
    return servers


@pytest.fixture
def alone(servers: Bot) -> Bot:
    """Rasa, running and healthy, and no action server."""
    assert servers.rasa.is_running, f"Rasa ended:\n{servers.rasa.tail(40)}"
    servers.stop_actions()
    return servers


_numbers = itertools.count(1)


@pytest.fixture
def sender(request: pytest.FixtureRequest) -> str:
    """A person nobody has talked to."""
    return f"person-{next(_numbers)}"
