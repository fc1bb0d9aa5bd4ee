/** A finished document: its first lines, and a button that saves it. */
import type { File } from "../chat/model";
import { W } from "../chat/words";
import { Icon } from "./icon";

/** Only addresses of this server are links; anything else is shown as text. */
export function ownAddress(url: string): string | null {
  try {
    const address = new URL(url, location.href);
    return address.origin === location.origin ? address.href : null;
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
      {file.title}
    </a>
  );
}

export function Letter({ title, text }: { title: string; text: string }) {
  const save = (): void => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${title}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  return (
    <>
      <pre class="sheet-of-paper" tabIndex={0} aria-label={title}>
        {text}
      </pre>
      <div class="actions">
        <button type="button" class="chip" onClick={save}>
          <Icon name="file" />
          {W.download}
        </button>
        <button type="button" class="chip" onClick={() => void navigator.clipboard?.writeText(text)}>
          <Icon name="copy" />
          {W.copy}
        </button>
      </div>
    </>
  );
}
