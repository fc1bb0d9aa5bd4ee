/** A letter as a sheet of paper, and finished files to fetch. */
import { useState } from "preact/hooks";

import { blanks } from "../chat/cards";
import type { File } from "../chat/model";
import { W } from "../chat/words";
import { Icon } from "./icon";

const DOWNLOADS = "/downloads/";

/**
 * Where a file is fetched: on the server that sent this page, whatever host the server
 * thinks it has; null for an address that is no download.
 */
export function ownAddress(url: string): string | null {
  try {
    const { pathname } = new URL(url, location.href);
    return pathname.startsWith(DOWNLOADS) ? new URL(pathname, location.href).href : null;
  } catch {
    return null;
  }
}

export function FileLink({ file }: { file: File }) {
  const href = ownAddress(file.url);
  if (!href) return <p class="file">{file.title}</p>;
  return (
    <a class="file chip" href={href} download>
      <Icon name="file" />
      {`${W.download} ${file.title}`}
    </a>
  );
}

export function Letter({ title, text }: { title: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const save = (): void => {
    const whole = new Blob([`${title}\n\n${text}`], { type: "text/plain;charset=utf-8" });
    const address = URL.createObjectURL(whole);
    const link = document.createElement("a");
    link.href = address;
    link.download = `${title}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const copy = (): void =>
    void navigator.clipboard?.writeText(`${title}\n\n${text}`).then(() => setCopied(true));
  return (
    <>
      <div class="sheet-of-paper" tabIndex={0} role="group" aria-label={title}>
        {blanks(text).map((part, i) => (i % 2 ? <mark>{part}</mark> : part))}
      </div>
      <div class="actions">
        <button type="button" class="chip" onClick={save}>
          <Icon name="file" />
          {W.downloadText}
        </button>
        <button type="button" class="chip" onClick={copy}>
          <Icon name={copied ? "check" : "copy"} />
          {copied ? W.copied : W.copyAll}
        </button>
      </div>
    </>
  );
}
