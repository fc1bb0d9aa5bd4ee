/**
 * The service worker: an offline shell, a prompt before an update, and shares.
 *
 * It caches the shell only. What is said never passes through a cache; a share waits
 * in one for the page that opens next, and is taken out by it.
 */
(() => {
  const worker = self as unknown as {
    addEventListener(type: string, listener: (event: never) => void): void;
    skipWaiting(): Promise<void>;
    clients: { claim(): Promise<void> };
    registration: { scope: string };
  };
  type Waits = { waitUntil(work: Promise<unknown>): void };
  type Fetch = Waits & { request: Request; respondWith(answer: Promise<Response>): void };

  const SHELL: string[] = __SHELL__;
  const CACHE = `wz-shell-${__VERSION__}`;
  const SHARE = "wz-share";
  const scope = (path: string): string => new URL(path, worker.registration.scope).href;
  const shell = new Set(SHELL.map(scope));

  worker.addEventListener("install", (event: Waits) => {
    event.waitUntil(
      caches.open(CACHE).then((cache) =>
        cache.addAll(SHELL.map((path) => new Request(scope(path), { cache: "reload" }))),
      ),
    );
  });

  worker.addEventListener("activate", (event: Waits) => {
    event.waitUntil(
      caches
        .keys()
        .then((names) =>
          names.filter((name) => name.startsWith("wz-shell-") && name !== CACHE),
        )
        .then((old) => Promise.all(old.map((name) => caches.delete(name))))
        .then(() => worker.clients.claim()),
    );
  });

  worker.addEventListener("message", (event: { data: unknown }) => {
    if (event.data === "update") void worker.skipWaiting();
  });

  worker.addEventListener("fetch", (event: Fetch) => {
    const { request } = event;
    const url = new URL(request.url);
    const address = url.origin + url.pathname;
    if (request.method === "POST" && address === scope("share")) {
      event.respondWith(shared(request));
    } else if (request.method === "GET" && shell.has(address)) {
      event.respondWith(fromShell(address, request));
    }
  });

  async function fromShell(address: string, request: Request): Promise<Response> {
    const cache = await caches.open(CACHE);
    return (await cache.match(address)) ?? fetch(request);
  }

  async function shared(request: Request): Promise<Response> {
    const form = await request.formData();
    const text = ["title", "text", "url"]
      .map((name) => form.get(name))
      .filter((each): each is string => typeof each === "string" && each !== "");
    const picture = form.get("picture");
    const cache = await caches.open(SHARE);
    await cache.put(scope("share-text"), new Response(text.join("\n")));
    if (picture instanceof File && picture.type.startsWith("image/")) {
      await cache.put(scope("share-picture"), new Response(picture));
    }
    return Response.redirect(scope("./?do=share"), 303);
  }
})();

declare const __SHELL__: string[];
declare const __VERSION__: string;
