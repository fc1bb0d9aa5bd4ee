"""The launcher as a person uses it: started, talked to, stopped, nothing left."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from launcher.environment import ROOT
from launcher.settings import LOOPBACK, free_port

SECONDS = 180.0
READY = "已就绪"
MESSAGE = (
    "【捷信消费金融】提醒:您的贷款已逾期45天,欠款总额3,500.00元,"
    "今日不处理将上门并通知您单位,请联系微信jx8866"
)
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def environment(state: Path, **more: str) -> dict[str, str]:
    """What the launcher is told: a state folder of its own, and no operator."""
    unwanted = ("DATABASE_URL", "HOST", "PORT", "LOG_LEVEL")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith("WENZHU_OPERATOR")
    }
    return {**kept, "WENZHU_STATE_DIR": str(state), **more}


def until(happens: Callable[[], bool], what: str) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Started:
    """A launcher in a session of its own, as in a terminal."""

    def __init__(self, mode: str, told: Mapping[str, str], output: Path) -> None:
        self.output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launcher", mode],
                cwd=ROOT,
                env=told,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return READY in self.said()

    def children(self) -> dict[str, psutil.Process]:
        """Both servers, by what they are."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a crashed one, not yet noticed
                command = child.cmdline()
                found["actions" if "rasa_sdk" in command else "rasa"] = child
        return found


@contextmanager
def started(mode: str, told: Mapping[str, str], output: Path) -> Iterator[Started]:
    """A launcher that is ready; whatever happens, nothing of it stays."""
    launcher = Started(mode, told, output)
    left: list[psutil.Process] = []
    try:
        until(launcher.is_ready, "the launcher never got ready")
        left = list(launcher.children().values())
        yield launcher
    finally:
        launcher.process.kill()
        launcher.process.wait()
        for server in left:
            with suppress(psutil.NoSuchProcess):
                server.kill()


def all_gone(processes: Mapping[str, psutil.Process]) -> bool:
    return not any(process.is_running() for process in processes.values())


def hear(port: int, text: str) -> str:
    body = json.dumps({"sender": "me", "message": text}).encode()
    request = urllib.request.Request(
        f"http://{LOOPBACK}:{port}/webhooks/rest/webhook",
        body,
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return "\n".join(each.get("text", "") for each in json.load(answer))


def test_started_talked_to_and_stopped(model: Path, tmp_path: Path) -> None:
    port = free_port()
    told = environment(tmp_path / "state", PORT=str(port))
    with started("api", told, tmp_path / "out") as launcher:
        assert f"http://{LOOPBACK}:{port}" in launcher.said()
        assert "借过" in hear(port, "你好")
        second = subprocess.run(
            [sys.executable, "-m", "launcher", "api"],
            cwd=ROOT,
            env=told,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert second.returncode != 0
        assert f"端口 port {port} 已被占用" in second.stderr
        assert f"PORT={port + 1} make api" in second.stderr
        assert "Traceback" not in second.stderr

        servers = launcher.children()
        assert set(servers) == {"rasa", "actions"}
        os.killpg(launcher.process.pid, signal.SIGINT)  # as Ctrl-C does
        assert launcher.process.wait(SECONDS) == 0
        until(lambda: all_gone(servers), "a server outlived Ctrl-C")
        assert "已停止" in launcher.said()
        assert "Traceback" not in launcher.said()


def test_what_crashes_is_started_again_and_a_kill_leaves_nothing(
    model: Path, tmp_path: Path
) -> None:
    port = free_port()
    told = environment(tmp_path / "state", PORT=str(port))
    with started("api", told, tmp_path / "out") as launcher:
        hear(port, "你好")
        for name in ("actions", "rasa"):
            crashed = launcher.children()[name]
            crashed.kill()

            def is_back(name: str = name, before: int = crashed.pid) -> bool:
                found = launcher.children().get(name)
                return found is not None and found.pid != before

            until(is_back, f"{name} was not started again")
        assert launcher.said().count("意外退出") == 2

        def answers() -> bool:
            with suppress(OSError):
                return "发" in hear(port, "有") or bool(hear(port, "继续"))
            return False

        until(answers, "nobody answered after the crashes")
        servers = launcher.children()
        launcher.process.kill()
        launcher.process.wait()
        until(lambda: all_gone(servers), "a server outlived its launcher")


@pytest.mark.parametrize(
    ("mode", "told", "sentence"),
    [
        ("api", {"HOST": "0.0.0.0"}, "只在本机开放"),  # noqa: S104
        ("run", {"HOST": "0.0.0.0"}, "先写明谁在运营"),  # noqa: S104
        ("run", {"PORT": "http"}, "不是端口号"),
        ("run", {"PORT": "70000"}, "不是端口号"),
    ],
)
def test_what_it_cannot_do_it_says(
    tmp_path: Path, mode: str, told: dict[str, str], sentence: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "launcher", mode],
        cwd=ROOT,
        env=environment(tmp_path, **told),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


class Terminal:
    """The conversation in a terminal, typed and read like a person does."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._end, other = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "launcher", "shell"],
            cwd=ROOT,
            env={**told, "TERM": "xterm"},
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
        )
        os.close(other)
        self._seen = ""

    def shows(self, *any_of: str) -> str:
        """Read until one of these stands there; what was read since the last time."""
        deadline = time.monotonic() + SECONDS
        while not any(word in self._seen for word in any_of):
            assert time.monotonic() < deadline, self._seen[-2000:]
            if select.select([self._end], [], [], 0.5)[0]:
                try:
                    block = os.read(self._end, 65536)
                except OSError:  # the other side is gone
                    break
                self._seen += COLOUR.sub("", block.decode("utf-8", "replace"))
        seen, self._seen = self._seen, ""
        assert any(word in seen for word in any_of), seen[-2000:]
        return seen

    def type(self, text: str) -> None:
        os.write(self._end, text.encode() + b"\r")

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._end)


def test_a_conversation_in_the_terminal(model: Path, tmp_path: Path) -> None:
    terminal = Terminal(environment(tmp_path / "state"))
    try:
        terminal.shows("Your input")
        terminal.type("你好")
        asked = terminal.shows("记不清了")
        assert "[1 借过]" in asked
        terminal.type("1")
        assert "记下了：借过" in terminal.shows("手边没有")
        terminal.type(MESSAGE)
        assert "“联系微信jx8866" in terminal.shows("[1 怕"), "the reply, not the echo"
        terminal.type("怕被抓")
        terminal.shows("下一步：去核实")
        children = {
            str(child.pid): child
            for child in psutil.Process(terminal.process.pid).children(recursive=True)
        }
        assert len(children) >= 2, "the conversation, and the actions beside it"
        terminal.type("/stop")
        assert terminal.process.wait(SECONDS) == 0
        until(lambda: all_gone(children), "something outlived the conversation")
    finally:
        terminal.close()
