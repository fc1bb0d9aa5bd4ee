"""Finished files: a bubble whose text has the link, and a document beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import say_all
from wenzhu.case import Say
from wenzhu.settings import settings


def hand_over(
    dispatcher: CollectingDispatcher,
    say: Callable[[str], Say],
    title: str,
    token: str,
) -> None:
    """Say where a file can be fetched.

    Args:
        dispatcher: takes the bubble.
        say: makes the bubble of the link.
        title: what the file is called where it is shown as one.
        token: opens the download, once.
    """
    link = f"{settings().public_url}/downloads/{token}"
    file = {"document": {"title": title, "url": link}}
    say_all(dispatcher, [replace(say(link), card=file)])
