/** One conversation: the transcript, the link to the server, and the queue between. */
import { Wire, type Said, type Session } from "../net/wire";
import { forgetAll, forgetTicks, keep, kept, keptUnsent, keepUnsent } from "./keep";
import {
  dropped,
  EMPTY,
  lastKnown,
  marked,
  next,
  queued,
  received,
  type Event,
  type Transcript,
} from "./model";
import type { Hotline } from "./telephone";
import { W } from "./words";

export type State = {
  transcript: Transcript;
  link: "connecting" | "online" | "offline";
  typing: boolean;
  hotlines: readonly Hotline[];
  /** The longest text of one message, in characters. */
  longest: number;
  /** The largest picture, in bytes; 0 where the server takes none. */
  largest: number;
  /** What is asked before a picture is kept. */
  consent: string;
  /** One line to tell the person, or null. */
  notice: string | null;
};

/** Before the server has said its own limits. */
const START: State = {
  transcript: EMPTY,
  link: "connecting",
  typing: false,
  hotlines: [],
  longest: 10_000,
  largest: 0,
  consent: "",
  notice: null,
};

const TYPING_MS = 20_000;

/** 128 random bits in hex; `randomUUID` is missing without TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Conversation {
  state: State;
  private readonly listeners = new Set<() => void>();
  private readonly wire: Wire;
  private sending = false;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private typed: ReturnType<typeof setTimeout> | undefined;

  constructor(wire: Wire = new Wire()) {
    this.state = { ...START, transcript: { ...EMPTY, unsent: keptUnsent() } };
    this.wire = wire;
    wire.onEvents = (events) => this.take(events);
    wire.onTyping = (on) => this.type(on);
    wire.onLink = (link) => this.linked(link);
    wire.onSession = (session) => this.began(session);
    wire.onGone = (wasDeleted) => this.gone(wasDeleted);
  }

  /** Opens the link; safe to call again. */
  start(): void {
    void this.wire.open(kept("token"), lastKnown(this.state.transcript.events));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private set(change: Partial<State>): void {
    const before = this.state.transcript.unsent;
    this.state = { ...this.state, ...change };
    keepUnsent(before, this.state.transcript.unsent);
    for (const listener of this.listeners) listener();
  }

  private change(transcript: Transcript): void {
    this.set({ transcript });
  }

  /** Says something, if it may be said; a payload is that of a quick reply just offered. */
  say(text: string, payload?: string): boolean {
    const length = [...text].length;
    if (length > this.state.longest) {
      this.set({ notice: W.tooLong(this.state.longest) });
      return false;
    }
    if (!text.trim()) return false;
    const message = {
      id: newId(),
      text,
      at: Date.now(),
      state: "waiting" as const,
      ...(payload === undefined ? {} : { payload }),
    };
    this.set({ transcript: queued(this.state.transcript, message), notice: null });
    void this.flush();
    return true;
  }

  retry(id: string): void {
    this.change(marked(this.state.transcript, id, "waiting"));
    void this.flush();
  }

  discard(id: string): void {
    this.change(dropped(this.state.transcript, id));
    void this.flush();
  }

  notice(text: string | null): void {
    this.set({ notice: text });
  }

  /** Sends what waits, one at a time and in order. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.pause);
    try {
      for (;;) {
        const message = next(this.state.transcript);
        if (!message || this.state.link !== "online") return;
        const answer: Said = await this.wire.say(message);
        if (answer.state === "taken") this.settle(message.id, answer);
        else if (answer.state === "later") return this.later(answer);
        else if (answer.state === "refused") {
          this.set({
            transcript: marked(this.state.transcript, message.id, "failed"),
            notice: answer.why ?? null,
          });
        } else return; // the link went; the next one goes on
      }
    } finally {
      this.sending = false;
    }
  }

  private settle(id: string, answer: { n?: number }): void {
    const message = this.state.transcript.unsent.find((each) => each.id === id);
    if (!message) return;
    if (answer.n === undefined) return this.change(dropped(this.state.transcript, id));
    const { n } = answer;
    // The server's own copy, masked, wins over ours, whichever comes first.
    if (this.state.transcript.events.some((event) => event.n === n)) {
      return this.change(dropped(this.state.transcript, id));
    }
    this.take([{ n, from: "me", text: message.text, at: message.at, id }]);
  }

  private later({ seconds, why }: { seconds: number; why?: string }): void {
    this.set({ notice: why ?? W.blocked(seconds) });
    this.pause = setTimeout(() => {
      this.set({ notice: null });
      void this.flush();
    }, seconds * 1000);
  }

  private take(events: readonly Event[]): void {
    const transcript = received(this.state.transcript, events);
    this.set({
      transcript,
      typing: this.state.typing && !events.some((event) => event.from === "bot"),
    });
    this.wire.after = lastKnown(transcript.events);
  }

  private type(on: boolean): void {
    clearTimeout(this.typed);
    if (on) this.typed = setTimeout(() => this.type(false), TYPING_MS);
    if (on !== this.state.typing) this.set({ typing: on });
  }

  private linked(link: State["link"]): void {
    this.set({ link, typing: link === "online" && this.state.typing });
    if (link === "online") void this.flush();
  }

  private began(session: Session): void {
    keep("token", session.token);
    if (session.renewed) forgetTicks();
    if (session.renewed && this.state.transcript.events.length) {
      this.set({ transcript: { ...EMPTY, unsent: this.state.transcript.unsent }, notice: W.gone });
      this.wire.after = 0;
    }
    const { hotlines, longest, largest, consent } = session;
    this.set({ hotlines, longest, largest, consent });
  }

  /**
   * The session ended on the server: begin anew, keep what was not sent. After a
   * deletion in the talk the bot's last words are the receipt, which is shown on.
   */
  private gone(wasDeleted: boolean): void {
    keep("token", null);
    forgetTicks();
    const { events, unsent } = this.state.transcript;
    const receipt = events.findLast((event) => event.from === "bot")?.text;
    this.set({
      transcript: { ...EMPTY, unsent },
      typing: false,
      notice: wasDeleted ? (receipt ?? W.forgetDone) : W.gone,
    });
    void this.wire.open(null, 0);
  }

  /** Deletes everything, here and on the server. */
  async forget(): Promise<boolean> {
    if (!(await this.wire.forget())) {
      this.set({ notice: W.forgetFailed });
      this.start();
      return false;
    }
    forgetAll();
    this.set({ transcript: EMPTY, notice: W.forgetDone, typing: false });
    void this.wire.open(null, 0);
    return true;
  }

  upload(picture: Blob, onProgress: (share: number) => void): ReturnType<Wire["upload"]> {
    return this.wire.upload(picture, onProgress);
  }

  /** Keeps a picture as evidence, after a yes; says what became of it. */
  async keepPicture(picture: Blob): Promise<boolean> {
    const answer = await this.wire.upload(picture, () => undefined, "keep");
    this.set({ notice: "text" in answer ? answer.text : (answer.error ?? W.uploadFailed) });
    return "text" in answer;
  }

  /** Hides everything at once; the conversation itself stays for a later visit. */
  vanish(): void {
    this.wire.close();
    keep("veiled", "1");
    for (const listener of this.listeners) this.listeners.delete(listener);
  }
}
