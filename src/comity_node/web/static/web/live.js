/* Live updates and three small conveniences. Every page is complete without this file. */
"use strict";

(() => {
  const body = document.body;
  const voice = document.getElementById("live-voice");
  const state = document.getElementById("live-state");

  const say = (text) => {
    voice.textContent = "";
    window.setTimeout(() => { voice.textContent = text; }, 100);
  };

  const isInView = (part) => {
    const place = part?.getBoundingClientRect();
    return Boolean(place && place.top >= 0 && place.top <= window.innerHeight);
  };

  /* A part is asked for at the page's own address, under the id it is to replace. News that come while it is
     on its way are asked for afterwards: an entry and its receipt are often one moment apart. */
  const asked = new Map();
  const refresh = ({ id }) => {
    if (asked.has(id)) {
      asked.set(id, "again");
      return;
    }
    if (!document.getElementById(id)) return;
    asked.set(id, "once");
    const stays = isInView(document.querySelector(`#${CSS.escape(id)} [data-end]`));
    const done = () => {
      /* Whoever reads at the end, as of a talk, goes on reading at the end. */
      if (stays) document.querySelector(`#${CSS.escape(id)} [data-end]`)?.scrollIntoView({ block: "nearest" });
      const again = asked.get(id) === "again";
      asked.delete(id);
      if (again) refresh({ id });
    };
    window.htmx.ajax("GET", location.href.split("#")[0], {
      source: document.getElementById(id), target: `#${id}`, select: `#${id}`, swap: "outerHTML ignoreTitle:true",
    }).then(done, done);
  };

  const concerned = (news) =>
    [`channel:${news.channel}`, `ref:${news.ref}`, "desk"]
      .flatMap((topic) => [...document.querySelectorAll(`[data-live~="${CSS.escape(topic)}"]`)])
      .filter((part, place, all) => part.id && all.indexOf(part) === place);

  let since = "";
  const show = (name) => {
    const words = { live: state.dataset.wordLive, lost: state.dataset.wordLost, out: state.dataset.wordOut };
    if (name === "lost") since = since || new Date().toISOString().slice(11, 16);
    if (name === "live") since = "";
    state.hidden = false;
    state.dataset.state = name;
    state.textContent = words[name].replace("%since%", since);
    if (name === "out") state.append(" ", Object.assign(document.createElement("a"), { href: location.href, textContent: state.dataset.wordIn }));
  };

  /* EventSource reconnects by itself, unless the answer was a refusal: of a proxy whose node is away, or of a
     node with too many open pages. A machine that slept, or changed its network, may hold a connection nobody is
     at the other end of: the node says every quarter of a minute that it is there, and what has not been heard
     for longer is opened anew. After a gap the page asks for everything it may have missed. */
  const AGAIN_AFTER = 10000;
  const SILENT_AFTER = 40000;
  let source = null;
  let heard = Date.now();
  let signedOut = false;
  const call = () => document.dispatchEvent(new Event("comity:call"));
  const listen = (missed) => {
    source?.close();
    /* The first stream begins where the page was made; after a gap the page asks for everything anew. */
    const mine = new EventSource(missed ? body.dataset.liveUrl.split("?")[0] : body.dataset.liveUrl);
    source = mine;
    heard = Date.now();
    mine.addEventListener("open", () => {
      heard = Date.now();
      signedOut = false;
      show("live");
      if (missed) document.querySelectorAll("[data-live][id]").forEach(refresh);
      if (missed) call();
      missed = false;
    });
    mine.addEventListener("error", () => {
      missed = true;
      if (!signedOut) show("lost");
      if (mine.readyState !== EventSource.CLOSED) return;
      call(); // which finds out whether somebody is signed in still
      window.setTimeout(() => { if (source === mine) listen(missed); }, AGAIN_AFTER);
    });
    mine.addEventListener("still", () => { heard = Date.now(); });
    mine.addEventListener("call", () => {
      heard = Date.now();
      call();
      document.querySelectorAll('[data-live~="desk"][id]').forEach(refresh);
    });
    mine.addEventListener("ended", () => { mine.close(); out(); });
    mine.addEventListener("entry", (event) => {
      heard = Date.now();
      const news = JSON.parse(event.data);
      const parts = concerned(news);
      parts.forEach(refresh);
      if (parts.length) say(voice.dataset.entry.replace("%ref%", news.ref));
    });
  };
  const out = () => {
    if (!signedOut) say(state.dataset.wordOut);
    signedOut = true;
    show("out");
    const mine = source;
    window.setTimeout(() => { if (source === mine) listen(true); }, 3 * AGAIN_AFTER);
  };
  document.addEventListener("comity:signed-out", () => { if (!signedOut) out(); });
  const wake = (patience) => {
    if (!source || signedOut || Date.now() - heard < patience) return;
    show("lost");
    listen(true);
  };
  const woken = () => { if (document.visibilityState === "visible") wake(SILENT_AFTER / 2); };

  const tick = () => {
    const now = new Date().toISOString();
    document.querySelectorAll("[data-utc]").forEach((clock) => {
      clock.dateTime = now;
      clock.textContent = `${now.slice(11, 16)} UTC`;
    });
  };

  /* What only works with script appears only with script. */
  const offerCopies = (root) => root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    navigator.clipboard.writeText(button.dataset.copy).then(() => say(voice.dataset.copied));
  });
  /* A message is sent by keyboard; the button does the same. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea[data-send]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:load", (event) => offerCopies(event.detail.elt));

  offerCopies(document);
  tick();
  window.setInterval(tick, 10000);
  document.querySelector(".error-summary")?.focus();
  if (body.dataset.liveUrl) {
    listen(false);
    window.setInterval(wake, 5000, SILENT_AFTER);
    window.addEventListener("online", () => wake(0));
    document.addEventListener("visibilitychange", woken);
  }
})();
