// Names. Follows: docs/spec/names.md.
import { decimal, must } from "./bytes.js";

const PARTY = /^(?:[a-z]{2}|x-[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?)$/;
const CHANNEL = /^[a-z2-7]{16,32}$/;

export const isParty = (text) => PARTY.test(text);

export function parseOrigin(text) {
  const [party, channel, ...more] = text.split(".comity/");
  const formed = isParty(party) && CHANNEL.test(channel ?? "") && !more.length;
  must(formed, "bad-name", `${text.slice(0, 80)} is not a log origin`);
  return { party, channel, text };
}

export function parseEntryRef(text) {
  const mark = text.lastIndexOf("#");
  const index = decimal(text.slice(mark + 1));
  must(mark > 0 && index !== null, "bad-name", `${text.slice(0, 100)} is not an entry reference`);
  return { ...parseOrigin(text.slice(0, mark)), index };
}
