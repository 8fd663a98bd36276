// An export, whole. Follows: docs/spec/export.md, Verifying; the steps and their order are those of the text.
import { decimal, encoded, fromBase64, hex, instant, joined, must, Refused, same, sha256, utf8 } from "./bytes.js";
import { decodeEntry, mustHaveSeenOnlyWhatWas } from "./entries.js";
import { everyKey, PAIR, pairsOf, signedBy, signedCheckpoint } from "./generations.js";
import { describeKeys, keyHistory, passedOver } from "./keys.js";
import { isParty, parseOrigin } from "./names.js";
import { claimsToBeBy, cosignedAt, linesBy, MAX_NOTE, parseNote, renamed } from "./notes.js";
import { MAX_PASSPORT, readPassport } from "./passports.js";
import { evaluate, isMirror, isQuorum, MAX_POLICY, MIRROR, mirrorsOf, mustBeAsChartered, parsePolicy } from "./policy.js";
import { verifyRenewals } from "./renewals.js";
import { Report } from "./report.js";
import { consistencyRoots, leafHash, MAX_BUNDLE, readEntries, TILE_WIDTH, tilePath, Tree } from "./tree.js";

export const SHARED = ["policy", "README", "passports", "instruments", "misconduct", "payloads", "renewals"];
const MAX_FORK_PROOF = 262144;
const MAX_TEXT = 1048576;
const IDENTITY = 2;
const DAY = 86400000;
const fails = (detail) => { throw new Refused("export-does-not-hold", detail); };

export async function verifyExport(files, ownPolicy, progress = () => {}) {
  const renewals = await verifyRenewals(files, SHARED);
  const policy = ownPolicy ?? (await policyInside(files));
  const { logs, histories } = await openLogs(files, policy);
  const channel = logs[0].origin.channel;
  if (logs.some((log) => log.origin.channel !== channel)) fails("the export mixes logs of several channels");
  const report = new Report(channel);
  for (const log of logs) {
    if (ownPolicy) await mustReachQuorum(policy, histories, log);
    await readLog(files, log, report, progress);
  }
  const entries = Object.fromEntries(logs.map((log) => [log.origin.party, log.entries]));
  const forks = await readMisconduct(files, histories, report);
  mustHaveSeenOnlyWhatWas(channel, entries, new Set(forks));
  for (const log of logs) describe(log, report);
  report.proves("entries-are-formed");
  await readTexts(files, logs, report);
  for (const log of logs) describeDates(log, report);
  await readPayloads(files, logs, report);
  for (const party of forks) report.proves("misconduct", { party });
  await readPassports(files, logs, report);
  report.leaves("standings-unread");
  report.leavesWhatAlwaysIs(Boolean(ownPolicy));
  for (const number of renewals) report.leaves("stamp-unknown", { number });
  report.signatures += logs.reduce((sum, log) => sum + log.signatures, 0);
  return report;
}

async function policyInside(files) {
  const bytes = await files.read("policy", MAX_POLICY);
  const policy = await parsePolicy(bytes);
  await mustBeAsChartered(policy, bytes);
  return policy;
}

async function openLogs(files, policy) {
  const folders = files.names("").filter((name) => !SHARED.includes(name));
  if (!folders.length) fails("the export has no log");
  const told = folders.some((party) => files.has(`${party}/keychanges`)) ? await policyInside(files) : policy;
  const histories = new Map();
  for (const party of folders) histories.set(party, await keyHistory(files, policy, told, party));
  return { histories, logs: await Promise.all(folders.map((party) => openLog(files, party, policy, histories))) };
}

// A log with every signature over it verified: what it must lead to is in `wanted`.
async function openLog(files, party, policy, histories) {
  const history = histories.get(party);
  const { origin, log: keys, changes } = history;
  const mirrors = new Map();
  // Who has written nothing yet has receipted all the same.
  for (const [giver, lines] of mirrorsOf(policy)) mirrors.set(giver, pairsOf(lines.map(({ key }) => key)));
  for (const [giver, { mirror }] of histories) mirrors.set(giver, mirror);
  const own = everyKey(mirrors.get(party) ?? []);
  mirrors.delete(party);
  const log = { party, origin, keys, own, mirrors, changes, history, notes: [], wanted: [], received: new Map(), witnessed: new Map() };
  log.signatures = 0;
  log.byRetired = [];
  log.witnesses = policy.witnesses.filter((one) => !isMirror(one));
  await takeHead(files, log, parseNote(await files.read(`${party}/checkpoint`, MAX_NOTE)));
  await takeReceipts(files, log);
  await takeWitnessed(files, log);
  return log;
}

async function mustHoldKeys(files, path, keys) {
  const expected = encoded(keys.map((key) => `${key.text}\n`).join(""));
  if (!same(await files.read(path, MAX_NOTE), expected)) fails(`${path} does not hold the keys of the policy`);
}

async function takeHead(files, log, note) {
  const checkpoint = await signedCheckpoint(note, log.keys);
  await mustHoldKeys(files, `${log.party}/vkey`, checkpoint.by.keys.slice(0, 1));
  await mustHoldKeys(files, `${log.party}/vkeys`, checkpoint.by.keys);
  log.size = checkpoint.size;
  log.signatures += PAIR;
  want(log, note, checkpoint, `${log.party}/checkpoint`);
  const whole = [];
  for (const { keys } of [...log.mirrors.values()].flat()) {
    const found = [];
    for (const key of keys) if ((await linesBy(note, key)).length) found.push(key);
    log.signatures += found.length;
    if (keys.length && found.length === keys.length) whole.push(keys[0]);
  }
  if (files.has(`${log.party}/mirrors`)) await mustHoldKeys(files, `${log.party}/mirrors`, whole);
  await noteWitnesses(log, note, checkpoint);
}

function want(log, note, checkpoint, where) {
  if (log.own.some((key) => claimsToBeBy(note, key))) {
    fails(`${where} carries a cosignature of its author's own mirror, which is no receipt`);
  }
  if (checkpoint.size > log.size) {
    fails(`${where} covers ${checkpoint.size} entries, ${log.size} are here: entries are missing`);
  }
  log.wanted.push({ ...checkpoint, where });
  log.notes.push(note);
}

async function takeReceipts(files, log) {
  for (const name of files.names(`${log.party}/receipts`)) {
    const where = `${log.party}/receipts/${name}`;
    const mark = name.indexOf(".");
    const [size, giver] = [decimal(name.slice(0, mark)), name.slice(mark + 1)];
    if (size === null || !isParty(giver)) fails(`${where} is not the name of a receipt`);
    if (!log.mirrors.has(giver)) fails(`${where}: ${giver} cannot give a receipt for this log`);
    const bytes = await files.read(where, MAX_NOTE);
    const { note, checkpoint, by, at } = await readReceipt(bytes, log, giver).catch((error) => {
      throw error instanceof Refused ? new Refused("export-does-not-hold", `${where} is not a receipt: ${error.message}`) : error;
    });
    if (checkpoint.size !== size) fails(`${where} is a receipt for ${checkpoint.size} entries, not ${size}`);
    want(log, note, checkpoint, where);
    log.signatures += PAIR + PAIR;
    if (by.until !== null) log.byRetired.push({ size, giver, until: by.until });
    log.received.set(giver, [...(log.received.get(giver) ?? []), { size, at }]);
  }
}

async function readReceipt(bytes, log, giver) {
  const note = parseNote(bytes);
  const checkpoint = await signedCheckpoint(note, log.keys);
  const by = await signedBy(note, log.mirrors.get(giver));
  const times = [];
  for (const key of by?.keys ?? []) times.push(await cosignedAt(note, key));
  const given = times.length && times.every((at) => at === times[0]) && instant(times[0]);
  must(given && checkpoint.origin === log.origin.text, "bad-receipt",
    "it lacks a cosignature of its giver's mirror keys, or they bear no one time");
  return { note, checkpoint, by, at: times[0] };
}

async function takeWitnessed(files, log) {
  for (const name of files.names(`${log.party}/witnessed`)) {
    const where = `${log.party}/witnessed/${name}`;
    const note = parseNote(await files.read(where, MAX_NOTE));
    const checkpoint = await signedCheckpoint(note, log.keys);
    want(log, note, checkpoint, where);
    log.signatures += PAIR;
    await noteWitnesses(log, note, checkpoint);
  }
}

async function noteWitnesses(log, note, { size }) {
  for (const { name, key } of log.witnesses) {
    const at = await cosignedAt(note, key);
    if (at === null) continue;
    log.signatures += 1;
    log.witnessed.set(name, [...(log.witnessed.get(name) ?? []), { size, at: instant(at) }]);
  }
}

// A policy the reader brought is a demand, for the newest state that anybody cosigned.
async function mustReachQuorum(policy, histories, log) {
  for (const note of [...log.notes].reverse()) {
    const { cosigned } = await evaluate(policy, note);
    const names = [...cosigned.keys()].map(({ name }) => name);
    for (const [party, { mirror }] of histories) { // any pair of a mirror stands for the one the policy names
      if (!(await signedBy(note, mirror))) continue;
      names.push(...policy.witnesses.filter(({ key }) => key.name === party + MIRROR).map(({ name }) => name));
    }
    if (isQuorum(policy, names)) return;
  }
  must(false, "no-quorum", `no checkpoint of the log of ${log.party} carries the cosignatures the policy demands`);
}

async function readLog(files, log, report, progress) {
  const tree = new Tree();
  log.entries = [];
  for (let index = 0; index * TILE_WIDTH < log.size; index += 1) {
    const width = Math.min(TILE_WIDTH, log.size - index * TILE_WIDTH);
    const bundle = await files.read(`${log.party}/${tilePath("entries", index, width)}`, MAX_BUNDLE);
    const leaves = readEntries(bundle, width);
    const hashes = await Promise.all(leaves.map(leafHash));
    const path = `${log.party}/${tilePath(0, index, width)}`;
    if (!same(await files.read(path, TILE_WIDTH * 32), joined(...hashes))) {
      fails(`an entry in ${path} does not hash to its place in the tree`);
    }
    await tree.extend(hashes);
    for (const leaf of leaves) log.entries.push(decodeEntry(leaf));
    report.entries += width;
    progress(report.entries);
  }
  for (const [tile, expected] of tree.tiles()) {
    const path = `${log.party}/${tile}`;
    if (!same(await files.read(path, TILE_WIDTH * 32), expected)) {
      fails(`${path} does not hash to what stands below it`);
    }
  }
  const missed = passedOver(log.entries, log.changes);
  if (missed >= 0) fails(`entry ${missed} of ${log.party} is about keys and is not listed as such`);
  for (const { size, giver, until } of log.byRetired) {
    if (((log.entries[size - 1]?.seen ?? {})[giver] ?? 0) > until) {
      fails(`a receipt of ${giver} for ${size} entries is signed by keys it had retired before`);
    }
  }
  for (const { size, root, where } of log.wanted) {
    if (!same(await tree.root(size), root)) fails(`${where} is signed for other entries than the ${size} here`);
  }
}

function describe({ party, size, received, witnessed, history }, report) {
  describeKeys(history, report);
  report.proves("log-is-whole", { party, size });
  let covered = 0;
  for (const [giver, receipts] of received) {
    const last = receipts.reduce((one, other) => (other.size > one.size ? other : one));
    covered = Math.max(covered, last.size);
    const at = instant(last.at);
    report.proves("received", { giver, party, size: last.size, receipts: receipts.length, at });
  }
  if (covered < size) {
    report.leaves("not-received", { party, first: covered, last: size - 1 });
    describeLodged({ party, witnessed }, covered, report);
  }
  for (const [witness, seen] of witnessed) {
    report.proves("witnessed", { witness, party, ...seen.reduce((one, other) => (other.size > one.size ? other : one)) });
  }
}

// By when entries that nobody receipted were lodged, as neutral witnesses say.
function describeLodged({ party, witnessed }, covered, report) {
  let first = covered;
  for (const [witness, seen] of witnessed) {
    const later = seen.filter(({ size, at }) => size > first && at !== null);
    for (const { size, at } of later.sort((one, other) => one.size - other.size || (one.at < other.at ? -1 : 1))) {
      report.proves("lodged-by", { first, last: size - 1, party, at, witness });
      first = size;
    }
  }
}

// What is dated more than a day after another party signed that it held it.
function describeDates({ party, entries, received }, report) {
  const covering = [...received.values()].flat().sort((one, other) => one.size - other.size || (one.at < other.at ? -1 : 1));
  let [place, count] = [0, 0];
  for (const [index, { at }] of entries.entries()) {
    while (place < covering.length && covering[place].size <= index) place += 1;
    if (place < covering.length && Date.parse(at) - Number(covering[place].at) * 1000 > DAY) count += 1;
  }
  if (count) report.leaves("dated-ahead", { party, count });
}

async function readTexts(files, logs, report) {
  const stated = new Set();
  for (const { entries } of logs) {
    for (const { stated: codes } of entries) {
      for (const name of ["table", "tables"]) [codes[name] ?? []].flat().forEach((one) => stated.add(one));
    }
  }
  for (const folder of files.names("instruments")) {
    const lines = [];
    for (const name of files.names(`instruments/${folder}`)) {
      const text = await files.read(`instruments/${folder}/${name}`, MAX_TEXT);
      lines.push(`${hex(await sha256(text))}  ${name}\n`);
    }
    const digest = hex(await sha256(encoded(lines.join(""))));
    if (!stated.delete(digest)) fails(`the text of ${folder} in the export is not one that an entry names`);
    report.proves("text-is-stated", { text: folder });
  }
  for (const digest of [...stated].sort()) report.leaves("text-absent", { digest });
}

async function readPayloads(files, logs, report) {
  const here = new Set(files.names("payloads"));
  const counts = { present: 0, absent: 0 };
  for (const { payload } of logs.flatMap(({ entries }) => entries).filter((entry) => entry.payload)) {
    const name = `${payload.sha256}.age`;
    if (!files.has(`payloads/${name}`)) {
      counts.absent += 1;
      continue;
    }
    here.delete(name);
    const sealed = await files.read(`payloads/${name}`, payload.size);
    if (sealed.length !== payload.size || hex(await sha256(sealed)) !== payload.sha256) {
      fails(`payloads/${name} is not the payload its entry names`);
    }
    counts.present += 1;
  }
  if (here.size) fails(`payloads/${[...here][0]} is named by no entry`);
  if (counts.present) report.proves("payloads-match", { count: counts.present });
  if (counts.absent) report.leaves("payloads-absent", { count: counts.absent });
}

// Of whom two histories are proven; known before entries are read, since others may have seen either.
async function readMisconduct(files, histories, report) {
  const found = [];
  for (const name of files.names("misconduct")) {
    const path = `misconduct/${name}`;
    const said = readJson(await files.read(path, MAX_FORK_PROOF), path);
    const notes = [said.earlier, said.later].map((text) => parseNote(encoded(String(text))));
    const origin = notes[0].text.split("\n")[0];
    const keys = [...histories.values()].find((one) => one.origin.text === origin)?.log;
    if (!keys) fails(`${path} does not prove that anybody signed two histories`);
    const [first, second] = [await signedCheckpoint(notes[0], keys), await signedCheckpoint(notes[1], keys)];
    const holds = said.v === 1 && first.origin === second.origin && (await isFork(first, second, said.proof));
    if (!holds) fails(`${path} does not prove that anybody signed two histories`);
    report.signatures += 2 * PAIR;
    found.push(parseOrigin(origin).party);
  }
  return found;
}

async function isFork(first, second, proof) {
  if (first.size === second.size) return !same(first.root, second.root);
  const hashes = Array.isArray(proof) ? proof.map((text) => fromBase64(String(text)) ?? new Uint8Array()) : [];
  const [old, made] = await consistencyRoots(first.size, second.size, hashes);
  return same(made, second.root) && !same(old, first.root);
}

async function readPassports(files, logs, report) {
  for (const party of files.names("passports")) {
    for (const version of files.names(`passports/${party}`)) {
      const path = `passports/${party}/${version}`;
      const passport = await readPassport(await files.read(path, MAX_PASSPORT), path);
      if (passport.party !== party || String(passport.version) !== version) {
        fails(`${path} is the passport of another party, or another version`);
      }
      report.signatures += IDENTITY;
      const log = logs.find((one) => one.party === party);
      if (log) await compare(passport, log, report);
    }
  }
}

async function compare({ party, version, keys }, log, report) {
  const named = await Promise.all(keys.log.map((key) => renamed(key, log.origin.text)));
  const texts = (some) => String(some.map(({ text }) => text).sort());
  const agrees = log.keys.some((pair) => texts(pair.keys) === texts(named));
  if (agrees) report.proves("passport-agrees", { party, version });
  else report.leaves("passport-differs", { party, version });
}

function readJson(bytes, path) {
  try {
    const said = JSON.parse(utf8(bytes));
    if (typeof said === "object" && said !== null) return said;
  } catch {
    // told below
  }
  return fails(`${path} cannot be read`);
}
