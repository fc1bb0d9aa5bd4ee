/** Inside another site's page: what passes between the frame and the launcher around it. */

export const embedded = window.parent !== window;

/** Messages to the launcher hold no content: a count, a wish to close, a wish to vanish. */
export function tellHost(message: { unread?: number; close?: boolean; leave?: boolean }): void {
  if (embedded) window.parent.postMessage({ wenzhu: 1, ...message }, "*");
}

/** Clears the screen at once and goes to a neutral page that the back button does not undo. */
export function leave(): void {
  document.body.replaceChildren();
  document.title = "";
  tellHost({ leave: true });
  location.replace("away.html");
}
