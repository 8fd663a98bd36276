/* Shows what is pushed to this browser while no page is open. It asks for nothing and keeps nothing. */
"use strict";

self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data.json(); } catch { said = {}; }
  event.waitUntil(self.registration.showNotification(said.title || "Comity", {
    body: said.body || "", tag: said.tag || "comity", icon: "mark-news.svg", requireInteraction: true, data: said.to || "/",
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data || "/", self.location.origin);
  const page = to.origin === self.location.origin ? to.href : "/";
  event.waitUntil(self.clients.matchAll({ type: "window", includeUncontrolled: true })
    .then((open) => (open.length ? open[0].focus() : self.clients.openWindow(page))));
});
