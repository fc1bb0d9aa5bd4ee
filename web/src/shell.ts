/** What the browser gives around the page: the worker, updates, installing, shares. */

export type Shared = { text: string; picture: Blob | null };

const SHARE = "wz-share";

/** Takes out what another app shared; it is gone afterwards. */
export async function takeShare(): Promise<Shared> {
  try {
    const cache = await caches.open(SHARE);
    const [text, picture] = await Promise.all([
      cache.match(new URL("share-text", location.href)),
      cache.match(new URL("share-picture", location.href)),
    ]);
    const shared = { text: (await text?.text()) ?? "", picture: (await picture?.blob()) ?? null };
    await caches.delete(SHARE);
    return shared;
  } catch {
    return { text: "", picture: null };
  }
}

/** Registers the worker; `onWaiting` gets a function that lets the new version in. */
export function serviceWorker(onWaiting: (update: () => void) => void): void {
  // A frame of another site gets no worker: it would outlive the visit there.
  if (!("serviceWorker" in navigator) || window.parent !== window) return;
  let wanted = false;
  const told = (waiting: ServiceWorker): void =>
    onWaiting(() => {
      wanted = true;
      waiting.postMessage("update");
    });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (wanted) location.reload();
  });
  navigator.serviceWorker
    .register("sw.js", { scope: "./" })
    .then((registration) => {
      if (registration.waiting && navigator.serviceWorker.controller) told(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const coming = registration.installing;
        coming?.addEventListener("statechange", () => {
          if (coming.state === "installed" && navigator.serviceWorker.controller) told(coming);
        });
      });
    })
    .catch(() => undefined); // without one, all but the offline shell works
}

type Prompt = Event & { prompt(): Promise<void> };

/** Hands on the browser's own offer to install. */
export function installing(onOffer: (install: () => void) => void): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    onOffer(() => void (event as Prompt).prompt());
  });
}
