"""Modules inside Rasa that need an absent package, and what takes their place.

Rasa imports every built-in component and channel to build its lists, whether the
bot uses them or not. A stood-in class can be listed, named and compared; the moment
it is used it raises :class:`MissingPackageError`, which says what to install.
Installing the package switches Rasa's own module on again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from importlib.abc import Loader
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.machinery import ModuleSpec


class MissingPackageError(ImportError):
    """A stood-in part of Rasa was used without the package it needs."""


@dataclass(frozen=True)
class StandIn:
    """Why a module is stood in, and the names that Rasa asks of it by value."""

    package: str
    channels: Mapping[str, str] = field(default_factory=dict)
    """Channel class -> name under which Rasa lists it."""
    components: Mapping[str, str] = field(default_factory=dict)
    """Component class -> its type in Rasa's default recipe."""
    silent: tuple[str, ...] = ()
    """Functions whose work is an extra, left undone with one line in the log."""


FEATURIZER = "MESSAGE_FEATURIZER"
POLICY = "POLICY_WITH_END_TO_END_SUPPORT"

STAND_INS: dict[str, StandIn] = {
    # TensorFlow: the neural components
    "rasa.core.policies.ted_policy": StandIn(
        "tensorflow", components={"TEDPolicy": POLICY}
    ),
    "rasa.core.policies.unexpected_intent_policy": StandIn(
        "tensorflow",
        components={"UnexpecTEDIntentPolicy": "POLICY_WITHOUT_END_TO_END_SUPPORT"},
    ),
    "rasa.nlu.classifiers.diet_classifier": StandIn(
        "tensorflow", components={"DIETClassifier": "INTENT_CLASSIFIER"}
    ),
    "rasa.nlu.selectors.response_selector": StandIn(
        "tensorflow", components={"ResponseSelector": "INTENT_CLASSIFIER"}
    ),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": StandIn(
        "tensorflow", components={"ConveRTFeaturizer": FEATURIZER}
    ),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": StandIn(
        "tensorflow", components={"LanguageModelFeaturizer": FEATURIZER}
    ),
    "rasa.utils.tensorflow.callback": StandIn("tensorflow"),
    "rasa.utils.tensorflow.data_generator": StandIn("tensorflow"),
    "rasa.utils.tensorflow.models": StandIn("tensorflow"),
    "rasa.nlu.extractors.crf_entity_extractor": StandIn(
        "sklearn_crfsuite", components={"CRFEntityExtractor": "ENTITY_EXTRACTOR"}
    ),
    # Charts of `rasa test`: the figures are written as JSON all the same
    "rasa.utils.plotting": StandIn(
        "matplotlib",
        silent=("plot_confusion_matrix", "plot_paired_histogram", "plot_curve"),
    ),
    # Clients of messaging services
    "rasa.core.channels.facebook": StandIn(
        "fbmessenger", channels={"FacebookInput": "facebook"}
    ),
    "rasa.core.channels.hangouts": StandIn(
        "cachecontrol", channels={"HangoutsInput": "hangouts"}
    ),
    "rasa.core.channels.slack": StandIn("slack_sdk", channels={"SlackInput": "slack"}),
    "rasa.core.channels.telegram": StandIn(
        "aiogram", channels={"TelegramInput": "telegram"}
    ),
    "rasa.core.channels.twilio": StandIn("twilio", channels={"TwilioInput": "twilio"}),
    "rasa.core.channels.twilio_voice": StandIn(
        "twilio", channels={"TwilioVoiceInput": "twilio_voice"}
    ),
    "rasa.core.channels.webexteams": StandIn(
        "webexteamssdk", channels={"WebexTeamsInput": "webexteams"}
    ),
}


class _Refusing(type):
    """Metaclass of stood-in classes: they exist, and refuse to do anything."""

    _module: str
    _package: str

    def __call__(cls, *arguments: Any, **named: Any) -> NoReturn:
        cls._refuse()

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        cls._refuse()

    def _refuse(cls) -> NoReturn:
        message = (
            f"{cls.__name__} of {cls._module} needs the package {cls._package}, which "
            f"this slim installation leaves out. `python -m wenzhu_runtime` lists all."
        )
        raise MissingPackageError(message)


def stand_in_class(name: str, module: str, package: str) -> type:
    """Make a class that raises a clear error as soon as it is used."""
    members = {"__module__": module, "_module": module, "_package": package}
    return _Refusing(name, (), members)


class _StandInModule(ModuleType):
    """A module in which every name is a refusing class."""

    _package: str

    def __getattr__(self, name: str) -> type:
        if name.startswith("_"):
            raise AttributeError(name)
        made = stand_in_class(name, self.__name__, self._package)
        setattr(self, name, made)
        return made


class StandInLoader(Loader):
    """Fills a stood-in module."""

    def __init__(self, fullname: str, stand_in: StandIn) -> None:
        """Remember what to stand in."""
        self.fullname = fullname
        self.stand_in = stand_in

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module object."""
        module = _StandInModule(spec.name, f"Stands in: needs {self.stand_in.package}.")
        module._package = self.stand_in.package
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Define the classes that Rasa lists by name."""
        for name, channel in self.stand_in.channels.items():
            getattr(module, name).name = lambda channel=channel: channel
        for name in self.stand_in.silent:
            setattr(module, name, _left_undone(name, self.stand_in.package))
        for name, kind in self.stand_in.components.items():
            setattr(module, name, _component(name, self.fullname, kind, self.stand_in))


def _left_undone(name: str, package: str) -> Callable[..., None]:
    """Make a function that does nothing and says so in the log."""

    def skip(*arguments: Any, **named: Any) -> None:
        logging.getLogger(__name__).info("no %s: needs the package %s", name, package)

    return skip


def _component(name: str, module: str, kind: str, stand_in: StandIn) -> type:
    """Make a component that Rasa can place in its graph and that names the package.

    Registered, because an unregistered name in config.yml would be answered with
    advice to check the spelling.
    """
    from rasa.engine.graph import GraphComponent
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    refusing = stand_in_class(name, module, stand_in.package)

    def create(cls: type, *arguments: Any, **named: Any) -> NoReturn:
        refusing()

    members = {"__module__": module, "create": classmethod(create)}
    made = type(name, (GraphComponent,), members)
    kinds = DefaultV1Recipe.ComponentType
    DefaultV1Recipe.register(kinds[kind], is_trainable=False)(made)
    return made
