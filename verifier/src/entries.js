// Entries in their one spelling, and what they claim to have seen. Follows: docs/spec/entries.md.
import { encoded, must, Refused, same, utf8 } from "./bytes.js";
import { isParty, parseEntryRef } from "./names.js";

const KIND = /^[a-z][a-z_]{0,30}(?:\.[a-z][a-z_]{0,30}){1,3}$/;
const REF = /^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/;
const CODE = /^[a-z][a-z0-9_]{0,40}$/;
const AT = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const SHA256 = /^[0-9a-f]{64}$/;
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

// An entry's fields in the order in which they are written, and what their absence means.
const FIELDS = ["v", "kind", "at", "by", "ref", "re", "seen", "stated", "payload"];

export function decodeEntry(leaf) {
  must(leaf.length <= 65535, "malformed-entry", "an entry has at most 65,535 bytes");
  let said;
  try {
    said = JSON.parse(utf8(leaf, "malformed-entry"));
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("malformed-entry", "an entry is not JSON");
  }
  must(isMap(said) && Object.keys(said).every((name) => FIELDS.includes(name)), "malformed-entry",
    "an entry has a field that no entry has");
  const entry = { re: [], seen: {}, stated: {}, payload: null, ...said };
  mustBeFormed(entry);
  must(same(encoded(JSON.stringify(ordered(entry))), leaf), "malformed-entry",
    "an entry is not written in its one permitted spelling");
  return entry;
}

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isSize = (value) => Number.isSafeInteger(value) && value >= 0;
const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

function ordered({ v, kind, at, by, ref, re, seen, stated, payload }) {
  const capacity = ({ office, capacity: held }) => ({ office, capacity: held });
  return {
    v, kind, at,
    by: { ...capacity(by), ...(by.second ? { second: capacity(by.second) } : {}) },
    ref,
    ...(re.length ? { re } : {}),
    ...(Object.keys(seen).length ? { seen: sorted(seen) } : {}),
    ...(Object.keys(stated).length ? { stated: sorted(stated) } : {}),
    ...(payload ? { payload: { sha256: payload.sha256, size: payload.size } } : {}),
  };
}

function mustBeFormed({ v, kind, at, by, ref, re, seen, stated, payload }) {
  const holds = (is, what) => must(is, "malformed-entry", `an entry: ${what}`);
  holds(v === 1, "its form is not known here");
  holds(typeof kind === "string" && KIND.test(kind), "its kind is not a dotted name");
  holds(typeof at === "string" && AT.test(at) && isDay(at), "its time is not a UTC instant to the second");
  const capacities = isMap(by) ? [by, ...(by.second === undefined ? [] : [by.second])] : [null];
  const named = capacities.every((one) => isMap(one) && isReadable(one.office) && isReadable(one.capacity));
  holds(named, "an office or capacity cannot be read");
  holds(typeof ref === "string" && REF.test(ref), "its ref is not a reference");
  holds(Array.isArray(re) && re.length <= 32 && new Set(re).size === re.length, "what it answers is no list");
  re.forEach((text) => parseEntryRef(String(text)));
  holds(isMap(seen) && Object.keys(seen).length <= 50, "what it has seen is no list of sizes");
  holds(Object.entries(seen).every(([party, size]) => isParty(party) && isSize(size)), "a size it has seen");
  holds(isMap(stated) && Object.keys(stated).length <= 16, "what it states is no list of codes");
  holds(Object.entries(stated).every(([code, value]) => CODE.test(code) && areReadable(value)), "what it states");
  const digest = payload === null || (isMap(payload) && SHA256.test(payload.sha256) && isSize(payload.size));
  holds(digest, "the digest of its payload");
}

function isDay(at) {
  const read = new Date(at);
  const is = !Number.isNaN(read.getTime()) && read.toISOString().slice(0, 10) === at.slice(0, 10);
  return is && !at.startsWith("0000");
}

function isReadable(text) {
  return typeof text === "string" && text !== "" && [...text].length <= 120 && text === text.trim()
    && text === text.normalize("NFC") && !UNREADABLE.test(text);
}

function areReadable(value) {
  const values = Array.isArray(value) ? value : [value];
  return values.length > 0 && values.length <= 50 && values.every(isReadable);
}

// Read the logs side by side in the one order. `logs` has for each party its entries. Of a party in `forked`, two
// histories are proven: others may have seen the one that is not here.
export function mustHaveSeenOnlyWhatWas(channel, logs, forked) {
  const parties = Object.keys(logs).sort();
  const heads = Object.fromEntries(parties.map((party) => [party, { party, entries: logs[party], read: 0, seen: {} }]));
  for (let head; (head = first(parties.map((party) => heads[party]))); ) {
    mustFollow(channel, logs, head, forked);
    const entry = head.entries[head.read];
    const seen = Object.entries(entry.seen).filter(([party]) => !forked.has(party));
    must(seen.every(([party, size]) => size <= (own(heads, party)?.read ?? 0)), "claims-the-unseen",
      `${head.party}#${head.read} and another entry each say that they came after the other`);
    for (const [party, size] of seen) {
      if (size > (own(head.seen, party) ?? 0)) mustFollowCauses(head, entry, party, logs[party][size - 1]);
    }
    head.seen = entry.seen;
    head.read += 1;
  }
}

// Whose entry is next: the one of least depth, of equal ones that of the first party.
function first(heads) {
  const waiting = heads.filter((head) => head.read < head.entries.length);
  return waiting.reduce((least, head) => (least && depth(least) <= depth(head) ? least : head), undefined);
}

// How many entries stood when it was written, itself among them.
const depth = ({ entries, read }) => Object.values(entries[read].seen).reduce((sum, size) => sum + size, read + 1);

// Whoever saw an entry saw what that had seen, or would stand before its own cause.
function mustFollowCauses({ party, read }, entry, other, cause) {
  const missed = Object.entries(cause.seen).find(([third, size]) => size > (third === party ? read : (own(entry.seen, third) ?? 0)));
  must(!missed, "claims-the-unseen",
    `${party}#${read} says it has seen an entry of ${other}, and not what that had seen of ${missed?.[0]}`);
}

// A party may be called as what every object has.
const own = (map, name) => (Object.hasOwn(map, name) ? map[name] : undefined);

function mustFollow(channel, logs, { party, entries, read, seen }, forked) {
  const entry = entries[read];
  const claims = (is, what) => must(is, "claims-the-unseen", `${party}#${read} ${what}`);
  claims(!(party in entry.seen), "lists its own log among those it has seen");
  for (const [other, size] of Object.entries(entry.seen)) {
    claims(forked.has(other) || size <= (own(logs, other)?.length ?? 0), `says it has seen ${size} entries of ${other}; they are not here`);
  }
  for (const [other, size] of Object.entries(seen)) {
    claims((entry.seen[other] ?? 0) >= size, "says it has seen less than the entry before it");
  }
  for (const answered of entry.re.map(parseEntryRef).filter((one) => one.channel === channel)) {
    const held = answered.party === party ? read : (entry.seen[answered.party] ?? 0);
    claims(answered.index < held, `answers ${answered.text}#${answered.index}, which it cannot have seen`);
  }
}
