"""Command line of the launcher: ``python -m launcher run|api|shell|train``."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys

from launcher import settings, widget
from launcher.environment import ROOT
from launcher.servers import Child, Stopped, Supervisor, child_log
from launcher.terminal import say, stop
from launcher.training import MODEL, train

PYTHON = sys.executable


def action_server(mode: str, port: int, environment: dict[str, str]) -> Child:
    """Describe the action server; only this machine reaches it."""
    return Child(
        name="action server",
        log=child_log(mode, "actions"),
        command=(PYTHON, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)),
        environment=environment,
        port=port,
        path="/health",
    )


def rasa_server(mode: str, host: str, port: int, environment: dict[str, str]) -> Child:
    """Describe the Rasa server with the channels of this mode."""
    is_api = mode == "api"
    command = [PYTHON, "-m", "rasa", "run", "--model", str(MODEL)]
    command += ["--endpoints", "endpoints.yml", "-i", host, "-p", str(port)]
    command += ["--credentials", f"credentials{'.dev' if is_api else ''}.yml"]
    command += ["--enable-api"] if is_api else []
    return Child(
        name="Rasa",
        log=child_log(mode, "rasa"),
        command=command,
        environment=environment,
        port=port,
        host=host,
        path="/status" if is_api else "/app/api/health",
    )


def serve(mode: str) -> None:
    """Run both servers until told to stop."""
    host, port = settings.host(mode), settings.port(mode)
    settings.check_free(host, port, mode)
    train()
    if mode == "run":
        widget.build()
    settings.check_free(host, port, mode)
    action_port = settings.free_port()
    environment = settings.for_children(mode, action_port)
    children = [
        action_server(mode, action_port, environment),
        rasa_server(mode, host, port, environment),
    ]
    try:
        with Supervisor(children) as supervisor:
            supervisor.start()
            announce(mode, host, port)
            supervisor.watch()
    except Stopped:
        say("\n✓ 已停止 stopped")


def announce(mode: str, host: str, port: int) -> None:
    """Print where the bot answers."""
    base = f"http://{host}:{port}"
    say(f"\n稳住 Wenzhu 已就绪 ready: {base}")
    if mode == "api":
        say(f"  说话 talk      POST {base}/webhooks/rest/webhook")
        say(f"  查看 inspect   GET  {base}/conversations/<sender>/tracker")
    say(f"  日志 logs      {settings.state_folder() / 'logs'}")
    say("  停止 stop      Ctrl-C\n")


def shell() -> None:
    """Hold a conversation in the terminal with the action server beside it."""
    train()
    action_port = settings.free_port()
    environment = settings.for_children("shell", action_port)
    environment.setdefault("LOG_LEVEL", "ERROR")
    log = child_log("shell", "rasa")
    command = [PYTHON, "-m", "rasa", "shell", "--model", str(MODEL)]
    command += ["--endpoints", "endpoints.yml", "--port", str(settings.free_port())]
    try:
        with Supervisor([action_server("shell", action_port, environment)]) as actions:
            actions.start()
            say("输入 /stop 结束 to end. 日志 logs: " + str(log.parent))
            # Ctrl-C belongs to the conversation (a handler is not inherited)
            signal.signal(signal.SIGINT, lambda number, frame: None)
            with log.open("ab") as errors:
                talk = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stderr=errors
                )
            try:
                actions.watch(lambda: talk.poll() is not None)
            finally:
                if talk.poll() is None:
                    talk.terminate()
                    talk.wait()
    except Stopped:
        return
    if talk.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise stop("\n".join(tail))


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="launcher", description=__doc__)
    parser.add_argument("command", choices=("run", "api", "shell", "train"))
    parser.add_argument("--force", action="store_true", help="train in any case")
    arguments = parser.parse_args()
    settings.read_dotenv()
    try:
        if arguments.command == "train":
            train(force=arguments.force)
        elif arguments.command == "shell":
            shell()
        else:
            serve(arguments.command)
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
