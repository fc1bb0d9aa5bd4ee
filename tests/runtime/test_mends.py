"""Each mend is needed: Rasa works with it and breaks without it.

A test that fails with "works without" says that a mend may go.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest
from wenzhu_runtime import mends

SECONDS = 60

SERVE = """
    import sys, tempfile, threading, os
    from sanic import Sanic
    import rasa.core.run as run
    from rasa.core.utils import AvailableEndpoints

    async def no_agent(*arguments):
        return None

    async def stop(app, *arguments):
        print("served", flush=True)
        app.stop()

    if __name__ == "__main__":
        run.load_agent_on_start = no_agent
        file = tempfile.NamedTemporaryFile("w", suffix=".yml", delete=False)
        file.close()
        threading.Timer(15, lambda: os._exit(3)).start()
        run.serve_application(
            credentials=file.name, endpoints=AvailableEndpoints(), port=PORT,
            interface="127.0.0.1", enable_api=False,
            server_listeners=[(stop, "after_server_start")],
        )
        os._exit(0)
"""
SERVE_ACTIONS = """
    import os, sys, threading, types
    import rasa_sdk.endpoint as endpoint

    class Stops:
        from pluggy import HookimplMarker

        @HookimplMarker("rasa_sdk")
        def attach_sanic_app_extensions(self, app):
            async def stop(app, *arguments):
                app.stop()
            app.register_listener(stop, "after_server_start")

    if __name__ == "__main__":
        endpoint.plugin_manager().register(Stops())
        threading.Timer(15, lambda: os._exit(3)).start()
        endpoint.run(types.ModuleType("no_actions"), port=PORT)
        os._exit(0)
"""
ENTER_ROOM = """
    import asyncio, inspect
    from unittest.mock import AsyncMock
    from rasa.core.channels.socketio import SocketIOInput

    channel = SocketIOInput(session_persistence=True)
    channel.blueprint(AsyncMock())
    channel.sio.enter_room = AsyncMock()
    channel.sio.emit = AsyncMock()
    joins = channel.sio.handlers["/"]["session_request"]
    asyncio.run(joins("sid", {"session_id": "me"}))
    channel.sio.enter_room.assert_awaited_once_with("sid", "me")
"""
STREAM = """
    import asyncio, httpx
    from sanic import Sanic
    from rasa.core.channels.rest import RestInput
    from rasa.core.channels import channel

    async def answer(message):
        await message.output_channel.send_text_message("me", "one")
        await message.output_channel.send_text_message("me", "two")

    app = Sanic("stream")
    app.config.ACCESS_LOG = False
    app.blueprint(RestInput().blueprint(answer), url_prefix="/webhooks/rest")

    async def ask():
        app.config.TOUCHUP = False
        server = await app.create_server(
            host="127.0.0.1", port=PORT, return_asyncio_server=True
        )
        await server.startup()
        await server.start_serving()
        async with httpx.AsyncClient(trust_env=False) as client:
            url = f"http://127.0.0.1:{PORT}/webhooks/rest/webhook?stream=true"
            return await client.post(url, json={"message": "hi"})

    lines = asyncio.run(ask()).text.splitlines()
    assert len(lines) == 2 and '"two"' in lines[1], lines
"""
LOGIN_DB = """
    import sqlalchemy as sa
    from rasa.core.tracker_store import SQLTrackerStore

    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    statements = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *a: statements.append(a[2:4])
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS pg_catalog")
        connection.exec_driver_sql("CREATE TABLE pg_catalog.pg_database (datname)")
    SQLTrackerStore._create_database(engine, "case")
    assert statements[-1][1] == ("case",), statements
"""
SCHEMA = """
    import os
    os.environ["POSTGRESQL_SCHEMA"] = "case"
    from unittest.mock import MagicMock
    import sqlalchemy as sa
    from rasa.core.tracker_store import ensure_schema_exists

    session = MagicMock()
    session.get_bind().url = sa.make_url("postgresql://localhost/case")
    ensure_schema_exists(session)
    assert "schema_name = 'case'" in str(session.query.call_args[0][0])
"""
TIMEOUT = """
    import asyncio, os
    from unittest.mock import AsyncMock, MagicMock
    from rasa.core.actions.action import RemoteAction

    os.environ["WENZHU_ACTION_TIMEOUT"] = "1.5"
    endpoint = MagicMock()
    endpoint.request = AsyncMock(return_value={"events": [], "responses": []})
    action = RemoteAction("action_x", endpoint)
    action._action_call_format = MagicMock(return_value={})
    asyncio.run(action.run(MagicMock(), MagicMock(), MagicMock(), MagicMock()))
    assert endpoint.request.await_args.kwargs["timeout"] == 1.5
"""
LEGACY_VERSION = """
    import warnings
    from rasa.shared.utils.validation import validate_training_data_format_version

    warnings.simplefilter("ignore")
    validate_training_data_format_version({"version": "3.1"}, "x.yml")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bad = {"version": "three point one"}
        assert validate_training_data_format_version(bad, "x.yml")
    assert "as string" in str(caught[-1].message)
"""
YAML_SCHEMA = """
    from rasa.shared.constants import DOMAIN_SCHEMA_FILE
    from rasa.shared.utils.validation import validate_yaml_schema

    validate_yaml_schema("intents: [greet]", DOMAIN_SCHEMA_FILE)
"""
DEFAULT_CONFIG = """
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    filled = DefaultV1Recipe.complete_config({}, {"pipeline"})
    assert filled["pipeline"][0]["name"] == "WhitespaceTokenizer"
"""
SCAFFOLD = """
    import pathlib, tempfile
    import rasa.cli.scaffold as scaffold

    with tempfile.TemporaryDirectory() as folder:
        scaffold.create_initial_project(folder)
        assert pathlib.Path(folder, "domain.yml").exists()
"""
DOMAIN = """
    import pathlib, tempfile
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.graph_components.providers.domain_provider import DomainProvider
    from rasa.shared.core.domain import Domain

    domain = Domain.from_yaml(
        'intents: [greet, bye: {use_entities: []}]\\n'
        'entities: [role]\\n'
        'slots:\\n'
        '  has_loan:\\n'
        '    type: categorical\\n'
        '    values: ["yes", "no"]\\n'
        '    influence_conversation: false\\n'
        '    mappings: [{type: from_entity, entity: role}]\\n'
        'forms: {triage_form: {required_slots: [has_loan]}}\\n'
        'responses: {utter_a: [{text: "没 {x}", buttons: [{title: a, payload: b}]}]}\\n'
        'actions: [{action_a: {send_domain: true}}]\\n'
        'session_config: {session_expiration_time: 60, '
        'carry_over_slots_to_new_session: true}\\n'
    )
    with tempfile.TemporaryDirectory() as folder:
        storage, resource = LocalModelStorage(pathlib.Path(folder)), Resource("domain")
        DomainProvider(storage, resource)._persist(domain)
        Domain.from_path = None
        loaded = DomainProvider.load({}, storage, resource, None).provide_inference()
    assert loaded.as_dict() == domain.as_dict()
    assert loaded.fingerprint() == domain.fingerprint()
    assert loaded.action_names_or_texts == domain.action_names_or_texts
"""


def imports(module: str) -> str:
    return f"import {module}"


def does_not_load(module: str, package: str) -> str:
    return f"import sys, {module}\nassert {package!r} not in sys.modules"


PROBES = {
    "rasa_single_process": SERVE,
    "actions_single_process": SERVE_ACTIONS,
    "socketio_enter_room": ENTER_ROOM,
    "rest_streaming": STREAM,
    "sqlalchemy_urls": """
        import sqlalchemy
        from rasa.core.tracker_store import SQLTrackerStore
        url = SQLTrackerStore.get_db_url("sqlite", db=":memory:")
        sqlalchemy.create_engine(url).connect().close()
    """,
    "sqlalchemy_login_db": LOGIN_DB,
    "sqlalchemy_schema": SCHEMA,
    "without_dynamodb": imports("rasa.core.tracker_store"),
    "without_mongodb": imports("rasa.core.tracker_store"),
    "numpy_warning": imports("rasa.utils.common"),
    "packaging_legacy_version": LEGACY_VERSION,
    "without_sentry": imports("rasa.utils.log_utils"),
    "assistant_names": imports("rasa.cli.utils"),
    "model_names": imports("rasa.model_training"),
    "schema_files": YAML_SCHEMA,
    "package_versions": imports("rasa.engine.training.fingerprinting"),
    "default_config": DEFAULT_CONFIG,
    "visualization_page": """
        import pathlib
        from rasa.shared.core.training_data.visualization import (
            visualization_html_path,
        )
        assert pathlib.Path(visualization_html_path()).exists()
    """,
    "telemetry_keys": """
        from rasa.telemetry import _fetch_write_key
        _fetch_write_key("segment", "NO_SUCH_VARIABLE")
    """,
    "scaffold_files": SCAFFOLD,
    "scaffold_copies": SCAFFOLD,
    "graph_runner": imports("rasa.engine.runner.dask"),
    "action_timeout": TIMEOUT,
    "domain_as_json": DOMAIN,
    "sklearn_when_splitting": does_not_load(
        "rasa.utils.tensorflow.model_data", "sklearn"
    ),
    "questionary_in_the_shell": does_not_load(
        "rasa.core.channels.console", "questionary"
    ),
    "buttons_in_the_shell": """
        import contextlib, io
        from rasa.core.channels.console import _print_bot_output

        said = {"text": "借过吗？", "buttons": [{"title": "借过", "payload": "/x"}]}
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            menu = _print_bot_output(said, is_latest_message=True)
        assert menu is None
        text = printed.getvalue()
        assert text.index("借过吗？") < text.index("1 借过") and "/x" not in text, text
    """,
    "portalocker_when_locking": does_not_load("rasa.shared.utils.io", "redis"),
    "rabbitmq_when_chosen": does_not_load("rasa.core.brokers.pika", "aio_pika"),
    "charts_when_testing": does_not_load("rasa.nlu.test", "rasa.utils.plotting"),
    "socketio_when_configured": does_not_load(
        "rasa.core.channels.socketio", "socketio"
    ),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def works(name: str, *, skip: bool, folder: os.PathLike[str]) -> tuple[bool, str]:
    """Run a mend's probe in a new interpreter, with the mend or without it."""
    environment = {**os.environ, "WENZHU_RUNTIME_SKIP": name if skip else ""}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # written to a file: where Sanic starts processes, they read the main module again
    probe = os.path.join(folder, f"probe_{name}_{skip}.py")  # noqa: PTH118
    with open(probe, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(f"PORT = {free_port()}\n" + textwrap.dedent(PROBES[name]))
    done = subprocess.run(
        [sys.executable, probe],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        start_new_session=True,  # Sanic ends its whole process group
        check=False,
    )
    return done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Run all probes, two at a time."""
    folder = tmp_path_factory.mktemp("probes")
    cases = [
        (m.name, skip) for m in mends.MENDS if m.needed() for skip in (False, True)
    ]
    with ThreadPoolExecutor(2) as pool:
        ran = pool.map(lambda case: works(case[0], skip=case[1], folder=folder), cases)
        return dict(zip(cases, ran, strict=True))


@pytest.mark.parametrize("mend", mends.MENDS, ids=lambda mend: mend.name)
def test_rasa_works_with_the_mend_and_breaks_without(mend, outcomes):
    if not mend.needed():
        pytest.skip("what is installed here does not ask for it")
    ok, output = outcomes[mend.name, False]
    assert ok, f"{mend.name} does not mend {mend.module}:\n{output}"
    ok, _ = outcomes[mend.name, True]
    assert not ok, f"{mend.module} works without {mend.name}: the mend may go"


def test_every_mend_has_a_probe_and_a_reason():
    assert set(PROBES) == {mend.name for mend in mends.MENDS}
    assert all(mend.reason.endswith(".") for mend in mends.MENDS)


def test_a_mend_that_does_not_find_its_line_fails_loudly():
    mend = next(mend for mend in mends.MENDS if mend.name == "numpy_warning")
    with pytest.raises(mends.MendError, match="numpy_warning of rasa.utils.common"):
        mend.apply("import numpy as np\n")
