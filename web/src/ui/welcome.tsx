/** The first screen: what it is, what happens to words, and ways to begin. */
import { W } from "../chat/words";
import { Icon } from "./icon";

export function Welcome(props: {
  resume: (() => void) | null;
  onSay: (text: string) => void;
  onPaste: () => void;
}) {
  return (
    <section class="welcome" aria-label={W.what}>
      <span class="avatar big" aria-hidden="true">
        稳
      </span>
      <h2>{W.what}</h2>
      <p class="privacy">
        <Icon name="lock" />
        {W.privacy}
      </p>
      {props.resume && (
        <button type="button" class="filled" onClick={props.resume}>
          {W.resume}
        </button>
      )}
      <button type="button" class={props.resume ? "tonal" : "filled"} onClick={props.onPaste}>
        <Icon name="paste" />
        {W.pasteSms}
      </button>
      <div class="starters">
        {W.starters.map((each) => (
          <button key={each} type="button" class="chip" onClick={() => props.onSay(each)}>
            {each}
          </button>
        ))}
      </div>
    </section>
  );
}
