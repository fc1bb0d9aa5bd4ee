/** A picture on its way: it is read, its text is mended by the person, it may be kept. */
import { useEffect, useState } from "preact/hooks";

import type { Conversation, State } from "../chat/conversation";
import { W } from "../chat/words";
import { Icon, IconButton } from "./icon";

/** `share` of it that is sent, from 0 to 1; then it is read, then its text is there. */
export type Picture = { blob: Blob; url: string; share: number; isRead: boolean };

export type Pictures = {
  picture: Picture | null;
  take: (blob: Blob | undefined) => Promise<void>;
  drop: () => void;
};

/** One picture at a time; `onText` gets what was read in it. */
export function usePicture(
  chat: Conversation,
  state: State,
  onText: (text: string) => void,
): Pictures {
  const [picture, setPicture] = useState<Picture | null>(null);
  useEffect(() => () => {
    if (picture) URL.revokeObjectURL(picture.url);
  }, [picture?.url]);

  const take = async (blob: Blob | undefined): Promise<void> => {
    if (!blob) return;
    if (!blob.type.startsWith("image/")) return chat.notice(W.uploadKind);
    if (blob.size > state.largest) {
      return chat.notice(W.uploadBig(Math.floor(state.largest / 1e6)));
    }
    chat.notice(null);
    const taken = { blob, url: URL.createObjectURL(blob), share: 0, isRead: false };
    setPicture(taken);
    const answer = await chat.upload(blob, (share) =>
      setPicture((now) => (now?.url === taken.url ? { ...now, share } : now)),
    );
    if ("error" in answer) {
      setPicture(null);
      return chat.notice(answer.error ?? W.uploadFailed);
    }
    setPicture((now) => (now?.url === taken.url ? { ...now, isRead: true } : now));
    onText(answer.text);
  };
  return { picture, take, drop: () => setPicture(null) };
}

/** Above the input line: the picture, what becomes of it, and what can be done with it. */
export function PictureBar(props: {
  picture: Picture;
  /** Whether its text is in the input line still. */
  mending: boolean;
  onKeep: () => void;
  onDrop: () => void;
}) {
  const { share, isRead, url } = props.picture;
  const busy = share < 1 ? W.uploading : W.reading;
  const said = props.mending ? W.readText : W.keepOffer;
  return (
    <div class="picture">
      <img src={url} alt={W.picture} />
      <div role="status">
        {isRead ? (
          <p>{said}</p>
        ) : (
          <label>
            {busy}
            <progress value={share < 1 ? share : undefined} max={1} />
          </label>
        )}
      </div>
      {isRead && (
        <button type="button" class="text-button" onClick={props.onKeep}>
          <Icon name="lock" />
          {W.keep}
        </button>
      )}
      <IconButton icon="close" label={W.dropPicture} onClick={props.onDrop} />
    </div>
  );
}
