"""What the launcher reads from the environment, and what it hands its children."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from pathlib import Path

from launcher.environment import ROOT, writing_bytecode
from launcher.terminal import stop

LOOPBACK = "127.0.0.1"
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_PORTS = {"run": 8000, "api": 5005}
LOG_BYTES = 5_000_000


def read_dotenv(path: Path = ROOT / ".env") -> None:
    """Take settings from ``.env``; what is set already wins."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#") and value:
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def state_folder() -> Path:
    """Return the folder for databases, logs and secrets; nobody else may read it."""
    path = Path(os.environ.get("WENZHU_STATE_DIR") or ROOT / ".wenzhu").resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def log_file(name: str) -> Path:
    """Return a log's path; a long one makes room first."""
    folder = state_folder() / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path


def action_secret() -> str:
    """Return the secret between the two servers; the first call makes it."""
    given = os.environ.get("WENZHU_ACTION_SECRET")
    if given:
        return given
    folder = state_folder() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "action"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made := secrets.token_urlsafe(32))
    return made


def port(mode: str) -> int:
    """Return the port asked for.

    Raises:
        SystemExit: ``PORT`` is no port number.
    """
    text = os.environ.get("PORT") or str(DEFAULT_PORTS[mode])
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise stop(f"PORT={text} 不是端口号 is not a port number (1–65535).")
    return int(text)


def host(mode: str) -> str:
    """Return the address to listen on; the world only with a named operator.

    Raises:
        SystemExit: An address beyond this machine without an operator.
    """
    wanted = os.environ.get("HOST") or LOOPBACK
    if mode != "run" and wanted not in LOCAL_HOSTS:
        raise stop("REST 只在本机开放 REST and the HTTP API answer only locally.")
    named = all(
        os.environ.get(name)
        for name in ("WENZHU_OPERATOR_NAME", "WENZHU_OPERATOR_CONTACT")
    )
    if wanted not in LOCAL_HOSTS and not named:
        raise stop(
            "对外开放之前，先写明谁在运营、怎么联系：设 WENZHU_OPERATOR_NAME 和"
            " WENZHU_OPERATOR_CONTACT（见 .env.example）。\n"
            "Before listening beyond this machine, set who operates the service."
        )
    return wanted


def check_free(address: str, number: int, mode: str) -> None:
    """Refuse a port that somebody listens on, and say how to choose another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, number))
        except PermissionError:
            reason = "没有权限使用 not permitted"
        except OSError:
            reason = "已被占用 is taken"
        else:
            return
    other = number + 1 if number < 65535 else 5005
    raise stop(
        f"端口 port {number} {reason}{_owner(number)}。\n"
        f"换一个端口 choose another: PORT={other} make {mode}"
    )


def _owner(number: int) -> str:
    """Name the program behind a port, where the system tells."""
    try:
        import psutil
    except ImportError:
        return ""
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            taken = connection.laddr and connection.laddr.port == number
            if taken and connection.status == "LISTEN" and connection.pid:
                name = psutil.Process(connection.pid).name()
                return f" ({name}, pid {connection.pid})"
    return ""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        number: int = probe.getsockname()[1]
        return number


def for_children(mode: str, action_port: int) -> dict[str, str]:
    """Return the environment that the servers of one mode share."""
    state = state_folder()
    defaults = {
        # one process each, two cores at most: more threads only wait for each other
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "DATABASE_URL": f"sqlite:///{state / f'{mode}.db'}",
    }
    environment = {
        **defaults,
        **{name: value for name, value in os.environ.items() if value},
        "ACTION_ENDPOINT_URL": f"http://{LOOPBACK}:{action_port}/webhook",
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": LOOPBACK,
        "WENZHU_ACTION_SECRET": action_secret(),
        "WENZHU_STATE_DIR": str(state),
        "WENZHU_SUPERVISOR": str(os.getpid()),
    }
    return writing_bytecode(environment)
