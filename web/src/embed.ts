/**
 * One script tag puts the widget on another site (docs/embed.md): a button in a closed
 * shadow tree, and a frame. It reads nothing of the page around it, and the page cannot
 * read the frame.
 */
(() => {
  const script = document.currentScript as HTMLScriptElement | null;
  if (!script || document.querySelector("wenzhu-launcher")) return;
  const option = (name: string, otherwise: string): string => script.dataset[name] ?? otherwise;
  const home = new URL("./", script.src);
  const label = option("label", "稳住");
  const left = option("side", "right") === "left";
  const exit = script.dataset["exit"];

  const host = document.createElement("wenzhu-launcher");
  const tree = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  const side = left ? "left" : "right";
  sheet.replaceSync(`
:host{all:initial}
button{position:fixed;${side}:16px;bottom:16px;z-index:2147483000;width:56px;height:56px;border:0;
border-radius:16px;background:#b8ece6;color:#00201e;cursor:pointer;padding:16px;
box-shadow:0 2px 6px #0006;font:700 14px system-ui,sans-serif}
button:focus-visible{outline:3px solid #00201e;outline-offset:2px}
svg{width:24px;height:24px;fill:currentColor;display:block}
b{position:absolute;top:-6px;right:-6px;min-width:22px;line-height:22px;border-radius:11px;background:#ba1a1a;color:#fff}
iframe{position:fixed;${side}:16px;bottom:84px;z-index:2147483000;width:400px;height:min(680px,calc(100vh - 100px));
border:0;border-radius:24px;box-shadow:0 4px 24px #0006;background:Canvas}
[hidden]{display:none}
@media(max-width:480px){iframe{inset:0;width:100%;height:100%;border-radius:0}iframe:not([hidden])+button{display:none}}
@media(forced-colors:active){button{border:2px solid}}`);
  tree.adoptedStyleSheets = [sheet];

  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z");
  svg.append(path);
  const badge = document.createElement("b");
  badge.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.ariaLabel = label;
  button.ariaExpanded = "false";
  button.append(svg, badge);
  tree.append(button);

  let frame: HTMLIFrameElement | undefined;
  const toggle = (open: boolean): void => {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.allow = "clipboard-read; clipboard-write; microphone; camera";
      frame.referrerPolicy = "no-referrer";
      frame.src = home.href;
      tree.insertBefore(frame, button);
    }
    if (!frame) return;
    frame.hidden = !open;
    button.ariaExpanded = String(open);
    (open ? frame : button).focus();
    if (open) count(0);
  };
  const count = (unread: number): void => {
    badge.hidden = !unread;
    badge.textContent = String(unread);
    button.ariaLabel = unread ? `${label}，${unread} 条新消息` : label;
  };
  button.addEventListener("click", () => toggle(!frame || frame.hidden === true));
  window.addEventListener("message", (event: MessageEvent<Record<string, unknown> | null>) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home.origin) return;
    const said = event.data;
    if (said?.["wenzhu"] !== 1) return;
    if (said["close"] === true) toggle(false);
    if (said["leave"] === true) {
      host.remove();
      if (exit) location.replace(exit);
    }
    if (typeof said["unread"] === "number" && frame.hidden) count(said["unread"]);
  });
  const add = (): void => void document.body.append(host);
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
})();
