"""What is stood in and mended is a list; it changes on purpose or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from wenzhu_runtime import graphs, mends, resources, stand_ins

from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.settings import ROOT

STOOD_IN = {
    "rasa.core.channels.facebook": "fbmessenger",
    "rasa.core.channels.hangouts": "cachecontrol",
    "rasa.core.channels.slack": "slack_sdk",
    "rasa.core.channels.telegram": "aiogram",
    "rasa.core.channels.twilio": "twilio",
    "rasa.core.channels.twilio_voice": "twilio",
    "rasa.core.channels.webexteams": "webexteamssdk",
    "rasa.core.policies.ted_policy": "tensorflow",
    "rasa.core.policies.unexpected_intent_policy": "tensorflow",
    "rasa.nlu.classifiers.diet_classifier": "tensorflow",
    "rasa.nlu.extractors.crf_entity_extractor": "sklearn_crfsuite",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "tensorflow",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "tensorflow",
    "rasa.nlu.selectors.response_selector": "tensorflow",
    "rasa.utils.plotting": "matplotlib",
    "rasa.utils.tensorflow.callback": "tensorflow",
    "rasa.utils.tensorflow.data_generator": "tensorflow",
    "rasa.utils.tensorflow.models": "tensorflow",
}
MENDED = {
    "rasa.cli.scaffold": {"scaffold_files", "scaffold_copies"},
    "rasa.cli.utils": {"assistant_names"},
    "rasa.core.actions.action": {"action_timeout"},
    "rasa.core.brokers.pika": {"rabbitmq_when_chosen"},
    "rasa.core.channels.console": {"questionary_in_the_shell", "buttons_in_the_shell"},
    "rasa.core.channels.rest": {"rest_streaming"},
    "rasa.core.channels.socketio": {"socketio_enter_room", "socketio_when_configured"},
    "rasa.core.run": {"rasa_single_process"},
    "rasa.core.tracker_store": {
        "sqlalchemy_urls",
        "sqlalchemy_login_db",
        "sqlalchemy_schema",
        "without_dynamodb",
        "without_mongodb",
    },
    "rasa.engine.recipes.default_recipe": {"default_config"},
    "rasa.engine.runner.dask": {"graph_runner"},
    "rasa.engine.training.fingerprinting": {"package_versions"},
    "rasa.graph_components.providers.domain_provider": {"domain_as_json"},
    "rasa.model_training": {"model_names"},
    "rasa.nlu.test": {"charts_when_testing"},
    "rasa.shared.core.training_data.visualization": {"visualization_page"},
    "rasa.shared.utils.io": {"portalocker_when_locking"},
    "rasa.shared.utils.validation": {"packaging_legacy_version", "schema_files"},
    "rasa.telemetry": {"telemetry_keys"},
    "rasa.utils.common": {"numpy_warning"},
    "rasa.utils.log_utils": {"without_sentry"},
    "rasa.utils.tensorflow.model_data": {"sklearn_when_splitting"},
    "rasa_sdk.endpoint": {"actions_single_process"},
}


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_stand_ins_are_these():
    found = {name: one.package for name, one in stand_ins.STAND_INS.items()}
    assert found == STOOD_IN


def test_the_mends_are_these():
    found: dict[str, set[str]] = {}
    for mend in mends.MENDS:
        found.setdefault(mend.module, set()).add(mend.name)
    assert found == MENDED


def test_each_stood_in_module_needs_its_package():
    code = """
import importlib, json, sys
needs = {}
for module in json.loads(sys.argv[1]):
    try:
        importlib.import_module(module)
        needs[module] = None
    except ModuleNotFoundError as error:
        needs[module] = error.name.partition(".")[0]
print(json.dumps(needs))
"""
    absent = [name for name, package in STOOD_IN.items() if package != "matplotlib"]
    environment = {**os.environ, "WENZHU_RUNTIME_SKIP": ",".join(absent)}
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(absent)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    needs = json.loads(done.stdout.splitlines()[-1])
    works = sorted(module for module, missing in needs.items() if missing is None)
    assert works == [], "these import without their package: stand in no more"


def test_a_stood_in_component_names_the_package_when_it_is_used():
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    listed = DefaultV1Recipe._from_registry("DIETClassifier")
    with pytest.raises(stand_ins.MissingPackageError, match="needs the package tensor"):
        listed.clazz.create({}, None, None, None)


def test_a_stood_in_channel_is_listed_by_name_and_refuses():
    from rasa.core.channels import BUILTIN_CHANNELS

    channel = BUILTIN_CHANNELS["slack"]
    with pytest.raises(stand_ins.MissingPackageError, match="slack_sdk"):
        channel.from_credentials({})


def test_no_package_is_faked():
    done = python(
        "import rasa.core.run, rasa.model_training, sys\n"
        "import rasa.engine.recipes.default_components\n"
        "absent = ('tensorflow', 'keras', 'boto3', 'pymongo', 'slack_sdk')\n"
        "assert not {m.partition('.')[0] for m in sys.modules} & {*absent}"
    )
    assert done.returncode == 0, done.stderr


def test_a_python_that_imports_no_rasa_loads_nothing_of_the_runtime():
    done = python("import sys; print([m for m in sys.modules if 'wenzhu_r' in m])")
    assert done.stdout.strip() == "['wenzhu_runtime']"


def test_the_report_names_everything():
    done = subprocess.run(
        [sys.executable, "-m", "wenzhu_runtime"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names = {mend.name for mend in mends.MENDS} | set(STOOD_IN)
    assert {name for name in names if name not in done.stdout} == set()


def test_telemetry_is_off_and_settings_have_defaults():
    done = python(
        "import os, rasa.telemetry as t; print(t.is_telemetry_enabled());"
        "print(os.environ['ACTION_ENDPOINT_URL'], os.environ['SANIC_HOST'])",
        WENZHU_STATE_DIR="/nonexistent",
    )
    assert done.stdout.split() == [
        "False",
        "http://127.0.0.1:5055/webhook",
        "127.0.0.1",
    ]


def test_graph_computes_each_node_once_and_hands_on_what_is_no_node():
    calls = []

    def node(name):
        def run(*inputs):
            calls.append(name)
            return (name, *inputs)

        return run

    graph = {
        "input": ("input", ["text"]),
        "a": (node("a"), "input"),
        "b": (node("b"), "a", "word"),
        "c": (node("c"), "a", "b"),
    }
    b, c = graphs.get(graph, ["b", "c"])
    a = ("a", ("input", ["text"]))
    assert b == ("b", a, "word")
    assert c == ("c", a, b)
    assert calls == ["a", "b", "c"]


def test_resources_finds_files_of_packages_and_of_modules():
    of_package = resources.resource_filename("rasa", "shared/utils/schemas/domain.yml")
    of_module = resources.resource_filename("rasa.version", "/api.py")
    assert os.path.exists(of_package)  # noqa: PTH110
    assert os.path.exists(of_module)  # noqa: PTH110


def test_the_peer_is_rasas_default_but_for_the_tokenizer():
    """What ``make bench-peers`` measures beside us is what others would have."""
    import rasa.engine.recipes.config_files as shipped

    default = read_yaml(Path(shipped.__path__[0]) / "default_config.yml")
    peer = read_yaml(ROOT / "scripts" / "full" / "default_config.yml")
    assert peer["pipeline"][0] == {"name": "JiebaTokenizer"}
    assert default["pipeline"][0] == {"name": "WhitespaceTokenizer"}
    assert peer["pipeline"][1:] == default["pipeline"][1:]
    assert peer["policies"] == default["policies"]
