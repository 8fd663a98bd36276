// Statements in words, in the reader's language.
import { WORDS } from "words.js";

const GROUPED = { ru: "\u00a0" };
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/;
const PLACE = /%\((\w+)\)s/g;

let language = "en";

export const languages = () => Object.keys(WORDS);
export const current = () => language;
export const isRightToLeft = () => language === "ar";

export function speak(code) {
  language = WORDS[code] ? code : "en";
}

// The language of the reader, as the browser has it.
export function preferred() {
  const codes = navigator.languages.map((code) => code.split("-")[0]);
  return codes.find((code) => WORDS[code]) ?? "en";
}

export const nameOf = (code) => WORDS[code].name;

// A word of the page, filled in.
export function word(key, values = {}) {
  return WORDS[language].page[key].replace(PLACE, (_place, name) => written(values[name]));
}

export const refusal = (code) => WORDS[language].refusals[code] ?? WORDS[language].refusals.malformed;

// A statement as nodes: what it is filled in with keeps its own direction.
export function sentence({ code, values }) {
  const item = document.createElement("li");
  item.dataset.code = code;
  const parts = WORDS[language].statements[code].split(PLACE);
  for (const [place, part] of parts.entries()) {
    if (place % 2 === 0) {
      item.append(part);
      continue;
    }
    const value = document.createElement("bdi");
    value.textContent = written(values[part]);
    if (TIME.test(values[part])) value.className = "time";
    item.append(value);
  }
  return item;
}

function written(value) {
  if (value === null) return WORDS[language].noTime;
  if (typeof value === "number") return String(value).replace(/\B(?=(?:\d{3})+$)/g, GROUPED[language] ?? ",");
  return String(value).replace(TIME, "$1 $2 UTC");
}
