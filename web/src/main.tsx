import "virtual:theme.css";
import "./style/base.css";
import "./style/chat.css";
import "./style/parts.css";

import { render } from "preact";

import { Conversation } from "./chat/conversation";
import { embedded } from "./embedded";
import { installing, serviceWorker, takeShare } from "./shell";
import { App, type Shell } from "./ui/app";
import { looksNow, show } from "./ui/looks";

show(looksNow());
document.documentElement.toggleAttribute("data-embedded", embedded);
const chat = new Conversation();
const root = document.getElementById("app") as HTMLElement;
const wish = new URLSearchParams(location.search).get("do");
if (wish) history.replaceState(null, "", location.pathname);

let shell: Shell = {
  shared: { text: "", picture: null },
  wish,
  waiting: false,
  update: () => undefined,
  canInstall: false,
  install: () => undefined,
};
const draw = (change: Partial<Shell> = {}): void => {
  shell = { ...shell, ...change };
  render(<App chat={chat} shell={shell} />, root);
};

root.replaceChildren(); // the bar that the page shows until the script is here
draw();
chat.start();
serviceWorker((update) => draw({ waiting: true, update }));
installing((install) => draw({ canInstall: true, install }));
if (wish === "share") void takeShare().then((shared) => draw({ shared }));
