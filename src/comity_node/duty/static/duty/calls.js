/* What calls an officer in an open page: title, badge, sound and a spoken line. The page is complete without it. */
"use strict";

(() => {
  const place = document.getElementById("calls");
  if (!place) return;
  const KEPT = "comity-calls";
  const title = document.title;
  const icon = document.querySelector('link[rel="icon"]');
  const voice = document.getElementById("call-voice");
  const on = document.getElementById("sound-on");
  const bell = new Audio(place.dataset.bell);
  let heard = Number(sessionStorage.getItem(KEPT) || 0);
  let wished = false;

  /* A browser lets a page sound only once its reader has touched it: until then the button says so. */
  const mayStay = (silent) => {
    on.hidden = !wished || !silent;
    document.querySelectorAll("[data-sound-state]").forEach((state) => {
      state.textContent = silent ? state.dataset.wordOff : state.dataset.wordOn;
    });
  };
  const ring = () => bell.play().then(() => mayStay(false), () => mayStay(true));
  const isSilent = () => {
    const context = new AudioContext();
    const silent = context.state === "suspended";
    context.close();
    return silent;
  };

  const show = (part) => {
    const { count, latest, sound } = part.dataset;
    /* Whoever has the very page open is not called to it. */
    part.querySelectorAll("li").forEach((one) => {
      one.hidden = new URL(one.querySelector("a").href).pathname === location.pathname;
    });
    place.replaceChildren(part);
    wished = sound === "yes";
    document.title = Number(count) ? `(${count}) ${title}` : title;
    icon.href = Number(count) ? place.dataset.iconNews : place.dataset.icon;
    if (Number(latest) <= heard) return;
    heard = Number(latest);
    sessionStorage.setItem(KEPT, latest);
    voice.textContent = `${place.dataset.wordNew} ${part.querySelector("li")?.textContent ?? ""}`;
    if (wished) ring();
  };

  /* Asked for at the beginning, at news, and after every gap. An answer that leads elsewhere: signed out. */
  const ask = () => fetch(place.dataset.href, { redirect: "manual", cache: "no-store" }).then((answer) => {
    if (answer.type === "opaqueredirect") document.dispatchEvent(new Event("comity:signed-out"));
    return answer.ok ? answer.text() : "";
  }).then((text) => {
    const part = new DOMParser().parseFromString(text, "text/html").querySelector("[data-calls]");
    if (part) show(document.importNode(part, true));
  }, () => undefined);

  document.addEventListener("comity:call", ask);
  document.querySelectorAll("#sound-on, [data-sound-on]").forEach((button) => button.addEventListener("click", ring));
  ask().then(() => {
    const silent = isSilent();
    mayStay(silent);
    document.querySelectorAll("[data-sound-on]").forEach((button) => { button.hidden = false; });
  });

  /* Pushes are turned on by a click, in each browser for itself. */
  const button = document.querySelector("[data-push]");
  if (!button || !("PushManager" in window) || !navigator.serviceWorker) return;
  const said = document.querySelector("[data-push-said]");
  button.hidden = false;
  document.querySelector("[data-push-none]").hidden = true;
  const key = Uint8Array.from(atob(button.dataset.pushKey.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const active = (worker) => (worker.active ? worker : new Promise((done) => {
    const coming = worker.installing || worker.waiting;
    coming.addEventListener("statechange", () => { if (coming.state === "activated") done(worker); });
  }));
  const subscribe = async () => {
    const worker = await active(await navigator.serviceWorker.register(button.dataset.pushWorker));
    const kept = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]').value;
    const answer = await fetch(button.dataset.pushHref, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(kept),
    });
    const { error } = await answer.json();
    if (error) throw new Error(error);
    location.reload();
  };
  button.addEventListener("click", () => subscribe().catch((error) => {
    said.textContent = error.name === "NotAllowedError" ? button.dataset.wordRefused : error.message;
  }));
})();
