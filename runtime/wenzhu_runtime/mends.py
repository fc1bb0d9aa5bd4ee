"""Lines of Rasa that do not agree with today's libraries, and their new wording.

Each mend is a function from the source of one Rasa module to its mended source. Its
docstring gives the reason; ``needed`` says whether the installed libraries still ask
for it. A mend that does not find its line fails loudly: Rasa changed under it.
``tests/runtime`` proves for each one that Rasa breaks without it.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Edit = Callable[[str], str]


class MendError(ImportError):
    """A mend did not find the line it mends."""


@dataclass(frozen=True)
class Mend:
    """One edit of one module."""

    name: str
    module: str
    edit: Edit
    needed: Callable[[], bool]

    @property
    def reason(self) -> str:
        """The first paragraph of the edit's docstring, on one line."""
        text = inspect.getdoc(self.edit) or ""
        return " ".join(text.partition("\n\n")[0].split())

    def apply(self, source: str) -> str:
        """Return the mended source."""
        try:
            return self.edit(source)
        except MendError as error:
            message = f"mend {self.name} of {self.module}: {error}"
            raise MendError(message) from error


MENDS: list[Mend] = []


def mend(module: str, needed: Callable[[], bool]) -> Callable[[Edit], Edit]:
    """Register a function as the mend of a module."""

    def register(edit: Edit) -> Edit:
        MENDS.append(Mend(edit.__name__, module, edit, needed))
        return edit

    return register


def active(module: str, is_skipped: Callable[[str], bool]) -> list[Mend]:
    """Return the mends that a module gets here and now."""
    found = [one for one in MENDS if one.module == module]
    return [one for one in found if not is_skipped(one.name) and one.needed()]


def signature(edits: Sequence[Mend]) -> bytes:
    """Return bytes that change when a mend does."""
    return b"\0".join(
        one.name.encode()
        + one.edit.__code__.co_code
        + repr(one.edit.__code__.co_consts).encode()
        for one in edits
    )


def replace(source: str, old: str, new: str) -> str:
    """Replace text that must be there."""
    if old not in source:
        message = f"expected {old!r}"
        raise MendError(message)
    return source.replace(old, new)


@cache
def major(distribution: str) -> int:
    """Return the major version of what is installed; 0 where nothing is."""
    try:
        return int(version(distribution).partition(".")[0])
    except PackageNotFoundError:
        return 0


def absent(package: str) -> Callable[[], bool]:
    """Return a check that a package cannot be imported."""
    return lambda: find_spec(package) is None


def at_least(distribution: str, number: int) -> Callable[[], bool]:
    """Return a check that a distribution has this major version or a later one."""
    return lambda: major(distribution) >= number


# --- the web server -----------------------------------------------------------


@mend("rasa.core.run", at_least("sanic", 22))
def rasa_single_process(source: str) -> str:
    """Sanic since 22.9 starts workers as new processes, which lack the app and agent."""
    return replace(
        source,
        "        workers=number_of_workers,\n    )",
        "        single_process=True,\n    )",
    )


@mend("rasa_sdk.endpoint", at_least("sanic", 22))
def actions_single_process(source: str) -> str:
    """Sanic since 22.9 starts workers as new processes, which lack the actions."""
    return replace(
        source,
        "ssl=ssl_context, workers=utils.number_of_sanic_workers())",
        "ssl=ssl_context, single_process=True)",
    )


@mend("rasa.core.channels.socketio", at_least("python-socketio", 5))
def socketio_enter_room(source: str) -> str:
    """In python-socketio 5 entering a room is awaited; else the bot stays silent."""
    return replace(source, " sio.enter_room(", " await sio.enter_room(")


@mend("rasa.core.channels.rest", at_least("sanic", 22))
def rest_streaming(source: str) -> str:
    """Sanic since 22.6 has no response.stream, which `?stream=true` and the shell use."""
    source = replace(source, "await resp.write(", "await resp.send(")
    source = replace(
        source,
        "return response.stream(\n                    self.stream_response(",
        "return await (\n                    self.stream_response(",
    )
    return replace(
        source,
        'metadata\n                    ),\n                    content_type="text/event-stream",\n                )',
        "metadata\n                    )\n"
        '                )(await request.respond(content_type="text/event-stream"))\n',
    )


# --- storage --------------------------------------------------------------------


@mend("rasa.core.tracker_store", at_least("sqlalchemy", 2))
def sqlalchemy_urls(source: str) -> str:
    """SQLAlchemy 1.4 made URL a value with a factory, and 2 takes only that one."""
    source = replace(source, "sa.engine.url.URL(", "sa.engine.url.URL.create(")
    return replace(
        source, "            query=query,\n", "            query=query or {},\n"
    )


@mend("rasa.core.tracker_store", at_least("sqlalchemy", 2))
def sqlalchemy_login_db(source: str) -> str:
    """SQLAlchemy 2 executes no plain strings, and takes parameters as one mapping."""
    source = replace(
        source,
        "                database_name=database_name,\n            )\n            .rowcount",
        '                {"database_name": database_name},\n            )\n            .rowcount',
    )
    return replace(
        source,
        'conn.execute(f"CREATE DATABASE {database_name}")',
        'conn.execute(sa.text(f"CREATE DATABASE {database_name}"))',
    )


@mend("rasa.core.tracker_store", at_least("sqlalchemy", 2))
def sqlalchemy_schema(source: str) -> str:
    """SQLAlchemy 2 takes the columns of select() one by one, not as a list."""
    return replace(
        source,
        'sa.select([(sa.text("schema_name"))])',
        'sa.select(sa.text("schema_name"))',
    )


@mend("rasa.core.tracker_store", absent("boto3"))
def without_dynamodb(source: str) -> str:
    """The module of the SQL store imports Amazon's client for another store."""
    source = replace(
        source,
        "from boto3.dynamodb.conditions import Key\n",
        "from wenzhu_runtime.absent import optional, optional_error; "
        'Key = optional("boto3.dynamodb.conditions", "Key")\n',
    )
    return replace(
        source,
        "from botocore.exceptions import BotoCoreError\n",
        'BotoCoreError = optional_error("botocore.exceptions", "BotoCoreError")\n',
    )


@mend("rasa.core.tracker_store", absent("pymongo"))
def without_mongodb(source: str) -> str:
    """The module of the SQL store imports MongoDB's client for another store."""
    source = replace(
        source,
        "from pymongo.collection import Collection\n",
        "from wenzhu_runtime.absent import optional, optional_error; "
        'Collection = optional("pymongo.collection", "Collection")\n',
    )
    source = replace(source, "        import pymongo.errors\n", "\n")
    for name in ("ConnectionFailure", "OperationFailure"):
        source = replace(
            source,
            f"            pymongo.errors.{name},\n",
            f'            optional_error("pymongo.errors", "{name}"),\n',
        )
    return source


# --- libraries that moved a name -------------------------------------------------


@mend("rasa.utils.common", at_least("numpy", 2))
def numpy_warning(source: str) -> str:
    """In numpy 2 VisibleDeprecationWarning lives in numpy.exceptions."""
    return replace(
        source,
        "np.VisibleDeprecationWarning",
        "np.exceptions.VisibleDeprecationWarning",
    )


@mend("rasa.shared.utils.validation", at_least("packaging", 22))
def packaging_legacy_version(source: str) -> str:
    """Since packaging 22 a malformed version raises; there is no LegacyVersion."""
    source = replace(
        source,
        "from packaging.version import LegacyVersion",
        "from packaging.version import InvalidVersion",
    )
    source = replace(source, "isinstance(parsed_version, LegacyVersion)", "False")
    return replace(
        source, "    except TypeError:", "    except (TypeError, InvalidVersion):"
    )


@mend("rasa.utils.log_utils", absent("structlog_sentry"))
def without_sentry(source: str) -> str:
    """Rasa's logging reports to its vendor's crash collector; this bot never does."""
    return replace(
        source,
        "from structlog_sentry import SentryProcessor",
        "from wenzhu_runtime.absent import no_sentry as SentryProcessor",
    )


@mend("rasa.cli.utils", absent("randomname"))
def assistant_names(source: str) -> str:
    """Rasa imports a word-list package only to name a new assistant."""
    return replace(
        source,
        "import randomname\n",
        "from wenzhu_runtime import names as randomname\n",
    )


@mend("rasa.model_training", absent("randomname"))
def model_names(source: str) -> str:
    """Rasa imports a word-list package only to name a trained model's file."""
    return replace(
        source,
        "import randomname\n",
        "from wenzhu_runtime import names as randomname\n",
    )


def _without_pkg_resources(source: str) -> str:
    return replace(
        source,
        "import pkg_resources\n",
        "from wenzhu_runtime import resources as pkg_resources\n",
    )


@mend("rasa.shared.utils.validation", absent("pkg_resources"))
def schema_files(source: str) -> str:
    """Setuptools 82 dropped pkg_resources, by which Rasa finds its YAML schemas."""
    return _without_pkg_resources(source)


@mend("rasa.engine.training.fingerprinting", absent("pkg_resources"))
def package_versions(source: str) -> str:
    """Setuptools 82 dropped pkg_resources, which told versions to the training cache."""
    return _without_pkg_resources(source)


@mend("rasa.engine.recipes.default_recipe", absent("pkg_resources"))
def default_config(source: str) -> str:
    """Setuptools 82 dropped pkg_resources, by which Rasa finds its default pipeline."""
    return _without_pkg_resources(source)


@mend("rasa.shared.core.training_data.visualization", absent("pkg_resources"))
def visualization_page(source: str) -> str:
    """Setuptools 82 dropped pkg_resources, by which `rasa visualize` finds its page."""
    return _without_pkg_resources(source)


@mend("rasa.telemetry", absent("pkg_resources"))
def telemetry_keys(source: str) -> str:
    """Setuptools 82 dropped pkg_resources; telemetry is off, its module stays whole."""
    return _without_pkg_resources(source)


@mend("rasa.cli.scaffold", absent("pkg_resources"))
def scaffold_files(source: str) -> str:
    """Setuptools 82 dropped pkg_resources, by which `rasa init` finds its example."""
    return _without_pkg_resources(source)


@mend("rasa.cli.scaffold", absent("distutils"))
def scaffold_copies(source: str) -> str:
    """Python 3.12 dropped distutils, with which `rasa init` copies its example."""
    source = replace(
        source,
        "from distutils.dir_util import copy_tree\n",
        "from shutil import copytree\n",
    )
    return replace(
        source,
        "copy_tree(scaffold_path(), path)",
        "copytree(scaffold_path(), path, dirs_exist_ok=True)",
    )


@mend("rasa.engine.runner.dask", absent("dask"))
def graph_runner(source: str) -> str:
    """Rasa uses one function of dask, which plans for clusters at each message."""
    return replace(
        source, "import dask\n", "from wenzhu_runtime import graphs as dask\n"
    )


# --- behaviour -------------------------------------------------------------------


@mend("rasa.core.actions.action", lambda: True)
def action_timeout(source: str) -> str:
    """Rasa waits 300 s for the action server and locks the conversation meanwhile."""
    source = replace(
        source,
        "import aiohttp\n",
        "import aiohttp; from wenzhu_runtime.surroundings import action_timeout\n",
    )
    return replace(
        source, "timeout=DEFAULT_REQUEST_TIMEOUT,", "timeout=action_timeout(),"
    )


# --- what a serving process need not load ------------------------------------------

LAZY = "from wenzhu_runtime.lazily import Lazy; "


@mend("rasa.utils.tensorflow.model_data", lambda: True)
def sklearn_when_splitting(source: str) -> str:
    """Serving would load scikit-learn and scipy.stats for a function of training."""
    return replace(
        source,
        "from sklearn.model_selection import train_test_split\n",
        LAZY
        + 'train_test_split = Lazy("sklearn.model_selection", "train_test_split")\n',
    )


@mend("rasa.core.channels.console", lambda: True)
def questionary_in_the_shell(source: str) -> str:
    """Serving would load prompt_toolkit, which only `rasa shell` uses."""
    source = replace(
        source, "import questionary\n", LAZY + 'questionary = Lazy("questionary")\n'
    )
    source = replace(
        source,
        "from prompt_toolkit.styles import Style\n",
        'Style = Lazy("prompt_toolkit.styles", "Style")\n',
    )
    return replace(
        source, "Optional[questionary.Question]", 'Optional["questionary.Question"]'
    )


@mend("rasa.core.channels.console", lambda: True)
def buttons_in_the_shell(source: str) -> str:
    """In the shell a menu of buttons took what was typed, a pasted message included."""
    source = replace(
        source,
        '    if "buttons" in message:\n'
        "        question = print_buttons(message, is_latest_message, color)\n"
        "        if question:\n"
        "            return question\n",
        "",
    )
    printed = (
        '        rasa.shared.utils.cli.print_color(message["text"], color=color)\n'
    )
    return replace(
        source,
        printed,
        printed + '    if message.get("buttons"):\n'
        "        from wenzhu_runtime.console import numbered\n"
        "        rasa.shared.utils.cli.print_color(\n"
        '            numbered(message["buttons"]), color=color\n'
        "        )\n",
    )


@mend("rasa.shared.utils.io", lambda: True)
def portalocker_when_locking(source: str) -> str:
    """Portalocker loads the Redis client; Rasa locks standard output in one place."""
    return replace(
        source, "import portalocker\n", LAZY + 'portalocker = Lazy("portalocker")\n'
    )


@mend("rasa.core.brokers.pika", lambda: True)
def rabbitmq_when_chosen(source: str) -> str:
    """Each rasa command would load the RabbitMQ client for its export command."""
    source = replace(
        source, "import aio_pika\n", LAZY + 'aio_pika = Lazy("aio_pika")\n'
    )
    return replace(
        source,
        "import asyncio\n",
        "from __future__ import annotations; import asyncio\n",
    )


@mend("rasa.nlu.test", lambda: True)
def charts_when_testing(source: str) -> str:
    """The server imports Rasa's test module and, through it, matplotlib."""
    return replace(
        source,
        "import rasa.utils.plotting as plot_utils\n",
        LAZY + 'plot_utils = Lazy("rasa.utils.plotting")\n',
    )


@mend("rasa.core.channels.socketio", lambda: True)
def socketio_when_configured(source: str) -> str:
    """Socketio loads the clients of Redis and RabbitMQ, also for bots without it."""
    source = replace(
        source,
        "import logging\n",
        "from __future__ import annotations; import logging\n",
    )
    return replace(
        source,
        "from socketio import AsyncServer\n",
        LAZY + 'AsyncServer = Lazy("socketio", "AsyncServer")\n',
    )


@mend("rasa.graph_components.providers.domain_provider", lambda: True)
def domain_as_json(source: str) -> str:
    """Each start would read the model's whole copy deck as YAML three times: 2 s."""
    source = replace(
        source,
        "from typing import Dict, Text, Any, Optional\n",
        "import json; from typing import Dict, Text, Any, Optional\n"
        "from rasa.shared.utils.io import dump_obj_as_json_to_file\n",
    )
    source = replace(
        source,
        "            domain = Domain.from_path(resource_directory)\n",
        '            fast = resource_directory / "domain.json"\n'
        "            domain = (\n"
        '                Domain.from_dict(json.loads(fast.read_text("utf-8")))\n'
        "                if fast.exists()\n"
        "                else Domain.from_path(resource_directory)\n"
        "            )\n",
    )
    written = '            domain.persist(resource_directory / "domain.yml")\n'
    return replace(
        source,
        written,
        written + "            dump_obj_as_json_to_file(\n"
        '                resource_directory / "domain.json", domain.as_dict()\n'
        "            )\n",
    )
