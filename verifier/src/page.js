// The page: what is given, and the answer. Nothing here decides whether anything holds.
import { encoded, hex, Refused, sha256, utf8 } from "./bytes.js";
import { verifyExport } from "./export.js";
import { bytesOf, fromFolder, fromTar, fromZip, isTar, isZip } from "./files.js";
import { parsePolicy } from "./policy.js";
import { HEADER, verifyProof } from "./proof.js";
import * as words from "./statements.js";
import { VERSION } from "words.js";

const MOST = 1024 ** 3;
const at = (id) => document.getElementById(id);
const state = { dropped: null, answer: null };

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// A slip of the reader's: told in the page's words, and no verdict.
class Slip extends Error {}

async function given() {
  const dropped = state.dropped ?? {};
  const folder = [...at("folder").files].map((file) => [file.webkitRelativePath, file]);
  return {
    file: at("file").files[0] ?? dropped.file,
    folder: folder.length ? folder : (dropped.folder ?? []),
    policy: at("policy").files[0] ?? dropped.policy,
  };
}

async function verified({ file, folder, policy }) {
  if (!file && !folder.length) throw new Slip("nothing_given");
  if ((file?.size ?? 0) > MOST) throw new Refused("malformed", "the file has more than 1 GiB");
  const own = policy ? await parsePolicy(await bytesOf(policy)) : null;
  if (!file) return verifyExport(fromFolder(folder), own, say);
  const bytes = await bytesOf(file);
  if (startsWith(bytes, HEADER)) {
    if (!own) throw new Slip("policy_missing");
    return verifyProof(bytes, own);
  }
  if (!isZip(bytes) && !isTar(bytes)) throw new Slip("not_known");
  const files = isZip(bytes) ? fromZip(bytes) : fromTar(bytes);
  if (files.has("bundle.json")) throw new Slip("not_known");
  return verifyExport(files, own, say);
}

const startsWith = (bytes, text) => encoded(text).every((byte, place) => bytes[place] === byte);

function say(count) {
  at("status").textContent = word("working", { count });
}

const word = words.word;

async function verify(event) {
  event?.preventDefault();
  const button = at("given").querySelector("button");
  button.disabled = true;
  at("answer").hidden = true;
  say(0);
  try {
    const what = await given();
    state.answer = { ...(await outcome(what)), what: await named(what), ownPolicy: Boolean(what.policy), now: new Date() };
    at("status").textContent = "";
    show(true);
  } catch (slip) {
    if (!(slip instanceof Slip)) throw slip;
    state.answer = null;
    at("status").textContent = word(slip.message);
  } finally {
    button.disabled = false;
  }
}

async function outcome(what) {
  try {
    return { report: await verified(what) };
  } catch (error) {
    if (error instanceof Slip) throw error;
    // What no check foresaw is no proof either.
    return { refused: error instanceof Refused ? error : new Refused("malformed", String(error)) };
  }
}

async function named({ file, policy }) {
  const some = [file, policy].filter(Boolean);
  return Promise.all(some.map(async (one) => [one.name, hex(await sha256(await bytesOf(one)))]));
}

function show(isNew) {
  const { report, refused } = state.answer;
  const answer = at("answer");
  answer.dataset.holds = report ? "yes" : "no";
  const verdict = element("h2", word(report ? "holds" : "holds_not"), { tabindex: "-1" });
  answer.replaceChildren(verdict, ...(report ? proven(report) : unproven(refused)), ...footing());
  answer.hidden = false;
  if (isNew) verdict.focus();
}

function proven({ channel, entries, signatures, proven: holds, notProven }) {
  const facts = element("dl", "");
  const whose = word(state.answer.ownPolicy ? "by_yours" : "by_inside");
  for (const [key, value] of [["channel", channel], ["entries", entries], ["signatures", signatures], ["by_policy", whose]]) {
    const said = element("dd", "");
    said.append(element("bdi", String(value)));
    facts.append(element("dt", word(key)), said);
  }
  return [facts, ...listed("proven", holds), ...listed("not_proven", notProven)];
}

function listed(heading, statements) {
  const list = element("ul", "", { id: heading });
  list.append(...statements.map(words.sentence));
  return [element("h3", word(heading)), list];
}

function unproven({ code, message }) {
  const detail = element("p", "", { id: "why" });
  detail.append(element("code", `${code}: ${message}`, { lang: "en", dir: "ltr" }));
  return [element("h3", word("why_not")), element("p", words.refusal(code), { class: "because" }), detail];
}

function footing() {
  const { what, now } = state.answer;
  const at_ = now.toISOString().replace(/\.\d+Z$/, "Z");
  const parts = [];
  if (what.length) {
    const list = element("ul", "");
    for (const [name, digest] of what) {
      const item = element("li", "");
      item.append(element("bdi", name), " ", element("code", digest, { dir: "ltr" }));
      list.append(item);
    }
    parts.push(element("h3", word("files")), list);
  }
  const button = element("button", word("print"), { type: "button", class: "plain" });
  button.addEventListener("click", () => print());
  return [...parts, element("p", word("checked_at", { at: at_, version: VERSION }), { class: "quiet" }), button];
}

function speak(code) {
  words.speak(code);
  document.documentElement.lang = words.current();
  document.documentElement.dir = words.isRightToLeft() ? "rtl" : "ltr";
  document.title = word("title");
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = word(one.dataset.say);
  at("status").textContent = "";
  if (state.answer) show(false);
}

// What is dropped is sorted by what it holds, not by its name.
async function drop(event) {
  event.preventDefault();
  document.body.classList.remove("dropping");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const dropped = { folder: [] };
  for (const entry of entries) {
    if (entry.isDirectory) dropped.folder.push(...(await walk(entry)));
    else {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      dropped[(await isPolicy(file)) ? "policy" : "file"] = file;
    }
  }
  state.dropped = { ...state.dropped, ...dropped };
  await verify();
}

async function isPolicy(file) {
  const start = await bytesOf(file.slice(0, 65536));
  try {
    return /^(?:log|witness|group|quorum) /m.test(utf8(start.slice(0, start.lastIndexOf(10) + 1)));
  } catch {
    return false;
  }
}

async function walk(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) {
      if (one.isDirectory) found.push(...(await walk(one)));
      else found.push([one.fullPath.slice(1), await new Promise((resolve, reject) => one.file(resolve, reject))]);
    }
  }
}

function begin() {
  for (const code of words.languages()) {
    at("language").append(element("option", words.nameOf(code), { value: code, lang: code }));
  }
  at("language").value = words.preferred();
  at("language").addEventListener("change", ({ target }) => speak(target.value));
  at("given").addEventListener("submit", verify);
  // A page that was asked to verify by a drop must not answer a later choice with what was dropped before.
  at("given").addEventListener("change", () => { state.dropped = null; });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
  document.addEventListener("drop", drop);
  speak(words.preferred());
  if (!globalThis.crypto?.subtle) at("status").textContent = word("no_crypto");
}

begin();
