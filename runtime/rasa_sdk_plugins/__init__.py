"""Rasa's action server looks for a module of this name and lets it extend the server.

Here: whoever calls an action must show the secret that the launcher gave to both
servers. Without a secret (``python -m rasa_sdk`` by hand) nothing is asked for.
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from sanic import Request, Sanic
    from sanic.response import HTTPResponse

hookimpl = pluggy.HookimplMarker("rasa_sdk")

SECRET = "WENZHU_ACTION_SECRET"  # noqa: S105 - the variable's name
OPEN_PATHS = frozenset({"/health"})


class SharedSecret:
    """Refuses a call that does not carry the secret."""

    @hookimpl
    def attach_sanic_app_extensions(self, app: Sanic) -> None:
        """Put the check before every route of the action server."""
        expected = f"Bearer {os.environ.get(SECRET, '')}".encode()
        if expected == b"Bearer ":
            return

        async def check(request: Request) -> HTTPResponse | None:
            """Answer 403, or let the call through."""
            from sanic.response import json

            shown = request.headers.get("authorization", "").encode()
            if request.path in OPEN_PATHS or hmac.compare_digest(shown, expected):
                return None
            return json({"error": "forbidden"}, status=403)

        app.register_middleware(check, "request")


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Register this module's hooks; called by rasa_sdk."""
    manager.register(SharedSecret())
