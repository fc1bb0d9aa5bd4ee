/**
 * What goes over the network, and nothing else does: docs/web-channel.md.
 *
 * Everything stays with the server that sent the page. The socket reconnects by itself;
 * after each connection the server replays what is newer than `after`.
 */
import { io, type Socket } from "socket.io-client";

import type { Event, Unsent } from "../chat/model";
import type { Hotline } from "../chat/telephone";

/** `renewed`: the old session is no more, this is another one. */
export type Session = {
  token: string;
  renewed: boolean;
  hotlines: Hotline[];
  longest: number;
  largest: number;
  /** What is asked before a picture is kept as evidence. */
  consent: string;
};

/** What became of a message: taken, to be sent later, refused, or the link went. */
export type Said =
  | { state: "taken"; n?: number }
  | { state: "later"; seconds: number; why?: string }
  | { state: "refused"; why?: string }
  | { state: "lost" };

export type Read = { text: string } | { error: string | null };

/** Milliseconds to wait for an acknowledgement before the message is sent again. */
const ACK_MS = 15_000;
const RETRY_MS = 3_000;

type Answer = {
  token: string;
  renewed?: boolean;
  hotlines?: Hotline[];
  limits?: { text?: number; picture?: number };
  consent?: string;
};

export class Wire {
  onEvents: (events: Event[]) => void = () => undefined;
  onTyping: (on: boolean) => void = () => undefined;
  onLink: (link: "connecting" | "online" | "offline") => void = () => undefined;
  onSession: (session: Session) => void = () => undefined;
  onGone: (wasDeleted: boolean) => void = () => undefined;
  /** The number of the last event that has arrived. */
  after = 0;

  private token: string | null = null;
  private socket: Socket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** Gets a session (the one of the token, or a new one) and connects. */
  async open(token: string | null, after: number): Promise<void> {
    this.close();
    this.after = after;
    let answer: Answer;
    let wait = RETRY_MS;
    try {
      const response = await fetch("api/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(token ? { token } : {}),
      });
      wait = Math.max(wait, Number(response.headers.get("Retry-After") ?? 0) * 1000);
      if (!response.ok) throw new Error(String(response.status));
      answer = (await response.json()) as Answer;
    } catch {
      this.onLink("offline");
      const again = (): void => {
        removeEventListener("online", again);
        clearTimeout(this.retry);
        void this.open(token, after);
      };
      addEventListener("online", again);
      this.retry = setTimeout(again, wait);
      return;
    }
    this.token = answer.token;
    this.onSession({
      token: answer.token,
      renewed: answer.renewed === true,
      hotlines: answer.hotlines ?? [],
      longest: answer.limits?.text ?? 10_000,
      largest: answer.limits?.picture ?? 0,
      consent: answer.consent ?? "",
    });
    this.connect();
  }

  private connect(): void {
    const socket = io(location.origin, {
      path: new URL("socket.io", location.href).pathname,
      auth: (give) => give({ token: this.token, after: this.after }),
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 5_000,
    });
    this.socket = socket;
    socket.on("connect", () => this.onLink("online"));
    socket.on("disconnect", (reason) => {
      this.onLink("offline");
      if (reason === "io server disconnect") void this.open(this.token, this.after);
    });
    socket.on("connect_error", (error) => {
      if (error.message === "session") this.onGone(false);
      else this.onLink("offline");
    });
    socket.on("events", (events: Event[]) => this.onEvents(events));
    socket.on("typing", (on: boolean) => this.onTyping(on));
    socket.on("gone", () => this.onGone(true));
    addEventListener("online", this.hurry);
    addEventListener("offline", this.cut);
  }

  /** The device is back on a network: no need to wait for the next try. */
  private hurry = (): void => {
    if (!this.socket?.connected) this.socket?.disconnect().connect();
  };

  /** The device says it has no network: a socket can take long to notice. */
  private cut = (): void => {
    this.onLink("offline");
    this.socket?.io.engine?.close();
  };

  /** Sends one message and waits for what became of it. */
  async say({ id, text, payload }: Unsent): Promise<Said> {
    const socket = this.socket;
    if (!socket?.connected) return { state: "lost" };
    try {
      const answer: { n?: number; later?: number; error?: string } = await socket
        .timeout(ACK_MS)
        .emitWithAck("say", payload === undefined ? { id, text } : { id, text, payload });
      const why = answer.error === undefined ? {} : { why: answer.error };
      if (answer.later !== undefined) return { state: "later", seconds: answer.later, ...why };
      if (answer.error !== undefined) return { state: "refused", ...why };
      return answer.n === undefined ? { state: "taken" } : { state: "taken", n: answer.n };
    } catch {
      return socket.connected ? { state: "refused" } : { state: "lost" };
    }
  }

  /**
   * Sends a picture, to have the text in it or to have it kept; progress runs from 0 to 1.
   */
  upload(
    picture: Blob,
    onProgress: (share: number) => void,
    call: "upload" | "keep" = "upload",
  ): Promise<Read> {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("picture", picture, "picture");
      request.open("POST", `api/${call}`);
      request.setRequestHeader("Authorization", `Bearer ${this.token}`);
      request.responseType = "json";
      request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
      request.upload.onload = () => onProgress(1);
      request.onerror = () => done({ error: null });
      request.onload = () => {
        const answer = (request.response ?? {}) as { text?: string; error?: string };
        done(
          request.status === 200 && typeof answer.text === "string"
            ? { text: answer.text }
            : { error: answer.error ?? null },
        );
      };
      request.send(form);
    });
  }

  /** Deletes the session and all that belongs to it on the server. */
  async forget(): Promise<boolean> {
    this.close(); // this tab needs no word that it is gone
    try {
      const response = await fetch("api/session", {
        method: "DELETE",
        headers: { Authorization: `Bearer ${this.token}` },
      });
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Lets go of the server, until `open` is called again. */
  close(): void {
    clearTimeout(this.retry);
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.cut);
    this.socket?.off();
    this.socket?.disconnect();
    this.socket = null;
  }
}
