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
    const done = () => {
      const again = asked.get(id) === "again";
      asked.delete(id);
      if (again) refresh({ id });
    };
    window.htmx.ajax("GET", location.href, {
      source: document.getElementById(id), target: `#${id}`, select: `#${id}`, swap: "outerHTML",
    }).then(done, done);
  };

  const concerned = (news) =>
    [`channel:${news.channel}`, `ref:${news.ref}`, "desk"]
      .flatMap((topic) => [...document.querySelectorAll(`[data-live~="${CSS.escape(topic)}"]`)])
      .filter((part, place, all) => part.id && all.indexOf(part) === place);

  const show = (name) => {
    state.hidden = false;
    state.dataset.state = name;
    state.textContent = name === "live" ? state.dataset.wordLive : state.dataset.wordLost;
  };

  /* EventSource reconnects by itself, unless the answer was a refusal: of a proxy whose node is away, or of a
     node with too many open pages. After a gap the page asks for everything it may have missed. */
  const AGAIN_AFTER = 10000;
  const listen = (missed) => {
    const source = new EventSource(body.dataset.liveUrl);
    source.addEventListener("open", () => {
      show("live");
      if (missed) document.querySelectorAll("[data-live][id]").forEach(refresh);
      missed = false;
    });
    source.addEventListener("error", () => {
      missed = true;
      show("lost");
      if (source.readyState === EventSource.CLOSED) window.setTimeout(listen, AGAIN_AFTER, missed);
    });
    source.addEventListener("entry", (event) => {
      const news = JSON.parse(event.data);
      const parts = concerned(news);
      parts.forEach(refresh);
      if (parts.length) say(voice.dataset.entry.replace("%ref%", news.ref));
    });
  };

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
  document.addEventListener("htmx:load", (event) => offerCopies(event.detail.elt));

  offerCopies(document);
  tick();
  window.setInterval(tick, 10000);
  document.querySelector(".error-summary")?.focus();
  if (body.dataset.liveUrl) listen(false);
})();
