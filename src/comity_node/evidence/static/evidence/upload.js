/* How far an upload has come. The form works the same without this file. */
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  const shown = form?.querySelector("[data-upload-progress]");
  if (!shown) return;
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("output");
  const button = form.querySelector("button");

  const say = (text) => { words.textContent = text; };

  /* The answer is a page: shown as it came, under its own address. */
  const arrive = (request) => {
    if (request.status === 200 && request.responseURL !== location.href) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.getElementById("content").replaceWith(page.getElementById("content"));
    document.querySelector(".error-summary")?.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    let percent = -1;
    shown.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (step) => {
      bar.value = step.loaded / step.total;
      const now = Math.floor(100 * bar.value);
      if (now % 10 === 0 && now !== percent) say(`${now} %`);
      percent = now;
    });
    request.addEventListener("load", () => arrive(request));
    request.addEventListener("error", () => {
      button.disabled = false;
      say(form.dataset.refused);
    });
    request.open("POST", location.href);
    request.send(new FormData(form));
  });
})();
