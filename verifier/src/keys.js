// The keys of each log of an export over the years: from the policy, and from the entries that changed them.
// Follows: docs/spec/passport.md, Rotation; docs/spec/export.md, Keys that changed.
import { decimal, hex, Refused, sha256, utf8 } from "./bytes.js";
import { decodeEntry } from "./entries.js";
import { everyKey, PAIR, pairOf, pairsOf } from "./generations.js";
import { parseOrigin } from "./names.js";
import { MAX_NOTE, parseCheckpoint, parseNote, renamed } from "./notes.js";
import { MAX_PASSPORT, readPassport } from "./passports.js";
import { logKeys, mirrorsOf } from "./policy.js";
import { MAX_BUNDLE, readEntries, TILE_WIDTH, tilePath } from "./tree.js";

const MOST_CHANGES = 1000; // of one log; only the first of its entries about keys count
const REASONS = ["scheduled", "stolen", "lost"];
const ANNOUNCED = "keys.announced";
const RETIRED = "keys.retired";
const fails = (detail) => { throw new Refused("export-does-not-hold", detail); };

const isAboutKeys = ({ kind }) => kind.slice(0, kind.lastIndexOf(".")) === "keys";

// The first entry about keys that can count and that `keychanges` does not list; -1 if there is none.
export function passedOver(entries, changes) {
  const end = changes.size < MOST_CHANGES ? entries.length : Math.max(...changes);
  return entries.findIndex((entry, index) => index < end && isAboutKeys(entry) && !changes.has(index));
}

// `log` and `mirror`: each pair. `changes`: the entries about keys. `held`: how it went, where it was followed.
// `told`: the policy of the export, which says with which pair the channel began.
export async function keyHistory(files, policy, told, party) {
  const checkpoint = parseCheckpoint(parseNote(await files.read(`${party}/checkpoint`, MAX_NOTE)).text);
  const origin = parseOrigin(checkpoint.origin);
  const trusted = keysIn(policy, origin);
  if (!trusted.log.length || origin.party !== party) fails(`${party} is in the export, and the policy has no such log`);
  const places = await changesOf(files, party);
  if (places.length) {
    return followed(files, origin, keysIn(told, origin), trusted, await readAhead(files, party, checkpoint.size, places));
  }
  const { log, mirror } = trusted;
  if (Math.max(log.length, mirror.length) > PAIR) fails(`the policy has several pairs of keys of ${origin.text}, which never changed them`);
  return { origin, log: pairsOf(log), mirror: pairsOf(mirror), changes: new Set(), held: [] };
}

const keysIn = (policy, { text, party }) =>
  ({ log: logKeys(policy, text), mirror: (mirrorsOf(policy).get(party) ?? []).map(({ key }) => key) });

// From the pair the channel began with to all that follow; these must lead to the ones that are trusted. Nobody has
// to be believed for that: a passport that brings in keys is signed by the pair before and by the pair after.
async function followed(files, origin, told, trusted, entries) {
  const passports = await pathsByDigest(files, origin.party);
  const begun = { log: told.log.slice(0, PAIR), mirror: told.mirror.slice(0, PAIR) };
  const held = await history(files, origin, begun, entries, passports);
  const pairs = { log: held.map(({ log }) => log), mirror: held.map(({ mirror }) => mirror) };
  const trusts = isTrusted(trusted.log, pairs.log) && isTrusted(trusted.mirror, pairs.mirror);
  if (!trusts) fails(`the keys of ${origin.text} in the policy are not among those its log leads to`);
  return { origin, ...pairs, changes: new Set(entries.map(([index]) => index)), held };
}

// The path of each passport of a party: read again where an entry names it.
async function pathsByDigest(files, party) {
  const paths = new Map();
  for (const version of files.names(`passports/${party}`)) {
    const path = `passports/${party}/${version}`;
    paths.set(hex(await sha256(await files.read(path, MAX_PASSPORT))), path);
  }
  return paths;
}

async function pairsIn({ log, mirror }, origin) {
  return { log: await Promise.all(log.map((key) => renamed(key, origin.text))), mirror };
}

// Follow the keys of a log through its own entries about them. An entry out of turn has no effect.
async function history(files, origin, begun, entries, passports) {
  const held = [{ log: pairOf(begun.log), mirror: pairOf(begun.mirror) }];
  for (const [index, { kind, stated }] of entries) {
    const inForce = held.slice(-2).filter(({ log }) => log.until === null).length;
    if (kind === ANNOUNCED && inForce === 1) await announce(files, origin, held, index, passports.get(stated.passport));
    if (kind === RETIRED && inForce > 1) retire(held, index, stated);
  }
  return held;
}

async function announce(files, origin, held, index, path) {
  const passport = path && (await readPassport(await files.read(path, MAX_PASSPORT), path).catch(orNothing));
  if (!passport?.coming || passport.party !== origin.party) return;
  const [present, coming] = [await pairsIn(passport.keys, origin), await pairsIn(passport.coming, origin)];
  const last = held.at(-1);
  if (!areSame(present.log, last.log.keys) || !areSame(present.mirror, last.mirror.keys)) return;
  held.push({ log: pairOf(coming.log, index + 1), mirror: pairOf(coming.mirror), announced: index, begins: passport.begins });
}

// A passport that does not verify brings in no keys; with all others it is refused later.
function orNothing(error) {
  if (!(error instanceof Refused)) throw error;
  return null;
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
  const most = MOST_CHANGES.toLocaleString("en");
  if (lines.length - 1 > MOST_CHANGES) fails(`${path} lists more than the first ${most} entries about keys, and no others count`);
  const found = lines.slice(0, -1).map(decimal);
  const ordered = found.every((place, at) => place !== null && (at === 0 || found[at - 1] < place));
  if (lines.at(-1) !== "" || !ordered) fails(`${path} is not a list of entries in order`);
  return found;
}

// The entries listed, read ahead; with all others they are proven to stand where they do later.
async function readAhead(files, party, size, places) {
  if (places.at(-1) >= size) fails(`${party}/keychanges lists entry ${places.at(-1)}, and there are ${size}`);
  const entries = [];
  let [read, leaves] = [-1, []];
  for (const index of places) {
    const tile = Math.floor(index / TILE_WIDTH);
    if (tile !== read) [read, leaves] = [tile, await readBundle(files, party, size, tile)];
    const entry = decodeEntry(leaves[index % TILE_WIDTH]);
    if (!isAboutKeys(entry)) fails(`${party}/keychanges lists entry ${index}, which is not about keys`);
    entries.push([index, entry]);
  }
  return entries;
}

async function readBundle(files, party, size, tile) {
  const width = Math.min(TILE_WIDTH, size - tile * TILE_WIDTH);
  return readEntries(await files.read(`${party}/${tilePath("entries", tile, width)}`, MAX_BUNDLE), width);
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
