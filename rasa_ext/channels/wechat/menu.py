"""The menu of the account: what it is, and the command that installs it.

python -m rasa_ext.channels.wechat.menu show
python -m rasa_ext.channels.wechat.menu install
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_config_file

from rasa_ext.channels.wechat.api import Api, CallFailed
from rasa_ext.channels.wechat.channel import account_of
from rasa_ext.channels.wechat.talk import definition
from wenzhu.settings import ROOT

CHANNEL = "rasa_ext.channels.wechat.channel.WeChatInput"


def menu() -> dict[str, Any]:
    """The menu as WeChat's API takes it: a tap sends what it says as the key."""
    return {
        "button": [
            {"name": entry["name"], "sub_button": [_item(i) for i in entry["items"]]}
            for entry in definition()["menu"]
        ]
    }


def _item(item: Mapping[str, str]) -> dict[str, str]:
    return {"type": "click", "name": item["name"], "key": item["say"]}


async def install(credentials: Path) -> None:
    """Install the menu for the account of a credentials file.

    Raises:
        SystemExit: the account is not set up, or WeChat refused.
    """
    content = read_config_file(str(credentials)) or {}
    account = account_of(content.get(CHANNEL))
    if account is None or not account.secret:
        raise SystemExit("先设好 token、AppID、AppSecret，见 docs/channels/wechat.md")
    api = Api(account.api, account.app_id, account.secret)
    try:
        await api.install_menu(menu())
    except CallFailed as failed:
        raise SystemExit(f"微信没有接受菜单 the menu was not taken: {failed}") from None
    finally:
        await api.close()


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=("show", "install"))
    parser.add_argument("--credentials", type=Path, default=ROOT / "credentials.yml")
    arguments = parser.parse_args()
    if arguments.command == "install":
        asyncio.run(install(arguments.credentials))
        sys.stdout.write("✓ 菜单已更新 menu installed\n")
    else:
        json.dump(menu(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
