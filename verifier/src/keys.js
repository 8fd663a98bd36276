// The keys of each log of an export over the years: from the policy, and from the entries that changed them.
// Follows: docs/spec/passport.md, Rotation; docs/spec/export.md, Keys that changed.
import { decimal, Refused, utf8 } from "./bytes.js";
import { decodeEntry } from "./entries.js";
import { everyKey, PAIR, pairOf, pairsOf } from "./generations.js";
import { parseOrigin } from "./names.js";
import { MAX_NOTE, parseCheckpoint, parseNote, renamed } from "./notes.js";
import { MAX_PASSPORT, readPassport } from "./passports.js";
import { logKeys, mirrorsOf } from "./policy.js";
import { MAX_BUNDLE, readEntries, TILE_WIDTH, tilePath } from "./tree.js";

const MOST_CHANGES = 1000;
const REASONS = ["scheduled", "stolen", "lost"];
const ANNOUNCED = "keys.announced";
const RETIRED = "keys.retired";
const fails = (detail) => { throw new Refused("export-does-not-hold", detail); };

// Whether an entry is about keys: `keychanges` must list it.
export const isAboutKeys = ({ kind }) => kind.slice(0, kind.lastIndexOf(".")) === "keys";

// `log` and `mirror`: each pair. `changes`: the entries about keys. `held`: how it went, where it was followed.
export async function keyHistory(files, policy, party) {
  const checkpoint = parseCheckpoint(parseNote(await files.read(`${party}/checkpoint`, MAX_NOTE)).text);
  const origin = parseOrigin(checkpoint.origin);
  const log = logKeys(policy, origin.text);
  const mirror = (mirrorsOf(policy).get(party) ?? []).map(({ key }) => key);
  if (!log.length || origin.party !== party) fails(`${party} is in the export, and the policy has no such log`);
  const places = await changesOf(files, party);
  if (!places.length) {
    if (Math.max(log.length, mirror.length) > PAIR) fails(`the policy has several pairs of keys of ${origin.text}, which never changed them`);
    return { origin, log: pairsOf(log), mirror: pairsOf(mirror), changes: new Set(), held: [] };
  }
  const entries = [];
  for (const index of places) entries.push([index, await readAhead(files, party, checkpoint.size, index)]);
  return followed(files, origin, { log, mirror }, entries);
}

async function followed(files, origin, trusted, entries) {
  const passports = new Map();
  for (const version of files.names(`passports/${origin.party}`)) {
    const path = `passports/${origin.party}/${version}`;
    const one = await readPassport(await files.read(path, MAX_PASSPORT), path);
    passports.set(one.digest, one);
  }
  const named = entries.filter(([, { kind }]) => kind === ANNOUNCED).map(([, { stated }]) => passports.get(stated.passport));
  const beginnings = [{ log: trusted.log.slice(0, PAIR), mirror: trusted.mirror.slice(0, PAIR) }];
  for (const one of named.filter(Boolean)) beginnings.push(await pairsIn(one.keys, origin));
  let longest = null;
  for (const begun of beginnings) {
    const held = await history(origin, begun, entries, passports);
    const trusts = isTrusted(trusted.log, held.map(({ log }) => log)) && isTrusted(trusted.mirror, held.map(({ mirror }) => mirror));
    if (trusts && held.length > (longest?.length ?? 0)) longest = held;
  }
  if (!longest) fails(`the keys of ${origin.text} in the policy are not among those its log leads to`);
  const pairs = { log: longest.map(({ log }) => log), mirror: longest.map(({ mirror }) => mirror) };
  return { origin, ...pairs, changes: new Set(entries.map(([index]) => index)), held: longest };
}

async function pairsIn({ log, mirror }, origin) {
  return { log: await Promise.all(log.map((key) => renamed(key, origin.text))), mirror };
}

// Follow the keys of a log through its own entries about them. An entry out of turn has no effect.
async function history(origin, begun, entries, passports) {
  const held = [{ log: pairOf(begun.log), mirror: pairOf(begun.mirror) }];
  for (const [index, { kind, stated }] of entries) {
    const inForce = held.filter(({ log }) => log.until === null).length;
    if (kind === ANNOUNCED && inForce === 1) await announce(origin, held, index, passports.get(stated.passport));
    if (kind === RETIRED && inForce > 1) retire(held, index, stated);
  }
  return held;
}

async function announce(origin, held, index, passport) {
  if (!passport?.coming || passport.party !== origin.party) return;
  const [present, coming] = [await pairsIn(passport.keys, origin), await pairsIn(passport.coming, origin)];
  const last = held.at(-1);
  if (!areSame(present.log, last.log.keys) || !areSame(present.mirror, last.mirror.keys)) return;
  held.push({ log: pairOf(coming.log, index + 1), mirror: pairOf(coming.mirror), announced: index, begins: passport.begins });
}

function retire(held, index, { reason, compromised = "" }) {
  if (!REASONS.includes(reason) || typeof compromised !== "string") return;
  const old = held.at(-2);
  held.splice(-2, 1, { ...old, reason, compromised, log: { ...old.log, until: index }, mirror: { ...old.mirror, until: index } });
}

const areSame = (some, others) => String(some.map(({ text }) => text)) === String(others.map(({ text }) => text));

// Whether the policy names one pair of those the record leads to, or several, and none besides.
function isTrusted(trusted, pairs) {
  const named = new Set(trusted.map(({ text }) => text));
  const known = new Set(everyKey(pairs).map(({ text }) => text));
  return [...named].every((text) => known.has(text)) && pairs.some(({ keys }) => keys.every(({ text }) => named.has(text)));
}

async function changesOf(files, party) {
  const path = `${party}/keychanges`;
  if (!files.has(path)) return [];
  const lines = utf8(await files.read(path, MAX_NOTE), "export-does-not-hold").split("\n");
  const found = lines.slice(0, -1).map(decimal);
  const ordered = found.every((place, at) => place !== null && (at === 0 || found[at - 1] < place));
  if (lines.at(-1) !== "" || !ordered || found.length > MOST_CHANGES) fails(`${path} is not a list of entries in order`);
  return found;
}

// One entry, read ahead; with all others it is proven to stand where it does later.
async function readAhead(files, party, size, index) {
  if (index >= size) fails(`${party}/keychanges lists entry ${index}, and there are ${size}`);
  const tile = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - tile * TILE_WIDTH);
  const bundle = await files.read(`${party}/${tilePath("entries", tile, width)}`, MAX_BUNDLE);
  return decodeEntry(readEntries(bundle, width)[index % TILE_WIDTH]);
}

// How the keys of a party changed.
export function describeKeys({ origin: { party }, held }, report) {
  for (const [place, { announced, begins }] of held.entries()) {
    if (!place) continue;
    report.proves("keys-announced", { party, entry: announced, begins });
    const { log, reason, compromised } = held[place - 1];
    if (log.until === null) continue;
    report.proves("keys-retired", { party, entry: log.until, reason });
    if (compromised) report.proves("keys-in-other-hands", { party, since: compromised });
  }
}
