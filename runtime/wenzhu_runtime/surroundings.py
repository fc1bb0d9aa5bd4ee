"""The environment that Rasa and its action server are given, unless it is set.

Bare ``rasa shell`` reads the same endpoints file as the launcher's servers do, and
Rasa refuses a file that names an unset variable: each variable has a default here.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
NOISE = (
    # (category, start of the message, module): known, harmless, nothing to act on
    (UserWarning, "pkg_resources is deprecated", ""),
    (DeprecationWarning, "pkg_resources is deprecated", ""),
    (DeprecationWarning, "Deprecated call to `pkg_resources", ""),
    (DeprecationWarning, "", r"(rasa|sanic|jsonpickle|pykwalify|dask)(\..*)?"),
    (PendingDeprecationWarning, "", r"(rasa|sanic)(\..*)?"),
    (SyntaxWarning, "invalid escape sequence", ""),
)

CHANNEL_SETTINGS = (  # an empty one leaves its channel off
    "WENZHU_WECHAT_TOKEN",
    "WENZHU_WECHAT_APP_ID",
    "WENZHU_WECHAT_AES_KEY",
    "WENZHU_WECHAT_APP_SECRET",
    "WENZHU_WECHAT_CUSTOMER_SERVICE",
    "WENZHU_WECHAT_API",
    "WENZHU_WECOM_CORP_ID",
    "WENZHU_WECOM_AGENT_ID",
    "WENZHU_WECOM_SECRET",
    "WENZHU_WECOM_TOKEN",
    "WENZHU_WECOM_AES_KEY",
    "WENZHU_WECOM_API",
)


@cache
def prepare() -> None:
    """Set what is unset, and quiet warnings that nobody here can act on."""
    state = Path(os.environ.get("WENZHU_STATE_DIR") or ROOT / ".wenzhu")
    defaults = {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_TELEMETRY_DEBUG": "false",
        "WENZHU_STATE_DIR": str(state),
        "ACTION_ENDPOINT_URL": "http://127.0.0.1:5055/webhook",
        "WENZHU_ACTION_SECRET": _shared_secret(state),
        "SANIC_HOST": "127.0.0.1",  # rasa_sdk would listen on every address
        # Rasa asks SQLAlchemy for names that moved in 2.0
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        **dict.fromkeys(CHANNEL_SETTINGS, ""),
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    end_with_supervisor()
    for category, message, module in NOISE:
        warnings.filterwarnings("ignore", message, category, module)
    try:
        from sqlalchemy.exc import MovedIn20Warning
    except ImportError:
        return
    warnings.filterwarnings("ignore", category=MovedIn20Warning)


def end_with_supervisor() -> None:
    """Let a server of the launcher end when the launcher is killed outright.

    Linux only. Elsewhere, and for bare commands, nothing happens.
    """
    supervisor = os.environ.get("WENZHU_SUPERVISOR")
    if not supervisor or sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != int(supervisor) and os.getppid() == 1:
        raise SystemExit("the launcher is gone")  # it died before the line above


def action_timeout() -> float:
    """Return how many seconds the action server may take for one action."""
    return float(os.environ.get("WENZHU_ACTION_TIMEOUT") or 3)


def _shared_secret(state: Path) -> str:
    """Return the secret that the launcher made for the action server, if any."""
    try:
        return (state / "secrets" / "action").read_text(encoding="ascii").strip()
    except OSError:
        return ""
