"""The web channel of Rasa: its routes, under ``/app`` of Rasa's own server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_ext.channels.web.calls import Calls
from rasa_ext.channels.web.headers import HOME, security
from rasa_ext.channels.web.talk import Talk
from wenzhu.settings import settings


class WebChannel(InputChannel):  # type: ignore[misc]
    """The web as a channel of Rasa."""

    @classmethod
    def name(cls) -> str:
        """The name of the channel."""
        return "web"

    def url_prefix(self) -> str:
        """Not under ``/webhooks``: people open this address."""
        return HOME

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        """The routes of docs/web-channel.md."""
        return Routes(Talk(on_new_message))


class Routes(Blueprint):  # type: ignore[misc]
    """The routes; the socket is put beside them when the server takes them."""

    def __init__(self, talk: Talk) -> None:
        """Take what answers."""
        super().__init__("web_channel")
        self.ctx.socket = talk.socket
        web = Calls(talk)
        self.add_route(web.health, "/api/health")
        self.add_route(
            _function(web.begin), "/api/session", methods=["POST"], stream=True
        )
        self.add_route(web.forget, "/api/session", methods=["DELETE"])
        self.add_route(
            _function(web.upload), "/api/upload", methods=["POST"], stream=True
        )
        self.add_route(_function(web.keep), "/api/keep", methods=["POST"], stream=True)
        self.add_route(_shared, "/share", methods=["POST"], stream=True)
        self.add_route(web.file, "/", name="home")
        for path in ("/<name:str>", "/assets/<name:str>"):
            self.add_route(web.file, path, name=path[1:4], strict_slashes=True)
        self.on_response(_with_headers)
        self.listener("after_server_start")(talk.open)
        self.listener("before_server_stop")(talk.close)

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Put the routes and the socket into Rasa's server."""
        app.config.PROXIES_COUNT = settings().web_proxies
        app.register_middleware(_to_home, "request")
        self.ctx.socket.attach(app, f"{HOME}/socket.io")
        super().register(app, options)


def _function(method: Callable[[Request], Awaitable[HTTPResponse]]) -> Any:
    """A method as a function: Sanic marks a handler that reads the body itself."""

    @wraps(method)
    async def handler(request: Request) -> HTTPResponse:
        return await method(request)

    return handler


async def _shared(_request: Request) -> HTTPResponse:
    """A share that no service worker took: the page opens, the share is lost."""
    return response.redirect(f"{HOME}/?do=share", status=303)


def _to_home(request: Request) -> HTTPResponse | None:
    if request.path in ("/", HOME) and request.method in ("GET", "HEAD"):
        return response.redirect(f"{HOME}/")
    return None


def _with_headers(request: Request, answer: HTTPResponse) -> None:
    name = request.path.removeprefix(f"{HOME}/")
    for header, value in security(settings(), name).items():
        answer.headers[header] = value
    if name.startswith("api/"):
        answer.headers["Cache-Control"] = "no-store"
