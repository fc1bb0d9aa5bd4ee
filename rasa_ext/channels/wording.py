"""What a channel says of its own accord: words of the copy deck, facts filled in.

Rasa's own generator belongs to a conversation; these are said where there is none
yet, or where Rasa could not answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rasa_ext.channels.render import Bubble, Reply, bubble_of
from wenzhu.adapters.clock import today
from wenzhu.knowledge import load
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml

FILES = ("wechat", "web", "keep", "apology")


@lru_cache(maxsize=1)
def _deck() -> Mapping[str, Mapping[str, Any]]:
    return {
        name: variations[0]
        for file in FILES
        for name, variations in read_yaml(DATA / "responses" / f"{file}.yml")[
            "responses"
        ].items()
    }


def words(name: str, **values: object) -> str:
    """The text of a response, with the values of its own placeholders.

    Raises:
        KeyError: there is no such response.
        NotSayable: a fact in it may not be said.
    """
    text = load().fill(str(_deck()[name]["text"]), today())
    return text.format(**values) if values else text


def reply(*names: str) -> Reply:
    """Responses as one reply, without quick replies: no conversation offers them."""
    return Reply(tuple(_bubble(name) for name in names))


def _bubble(name: str) -> Bubble:
    return bubble_of({"text": words(name), "utter_action": name})
