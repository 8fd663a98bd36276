// The keys of a log or mirror over the years: each pair, and the part of the record it may sign.
// Follows: docs/spec/passport.md, Rotation; docs/adr/0022-keys-change-by-entries.md.
import { must } from "./bytes.js";
import { linesBy, parseCheckpoint } from "./notes.js";

export const PAIR = 2;

// `since`: it signs logs of more entries than this. `until`: the entry that retired it; it signs no log that holds it.
export const pairOf = (keys, since = 0, until = null) => ({ keys, since, until });

// The keys of one log or mirror in a policy, a pair a time. What each may sign only the record says.
export function pairsOf(keys) {
  const pairs = [];
  for (let at = 0; at < keys.length; at += PAIR) pairs.push(pairOf(keys.slice(at, at + PAIR)));
  return pairs.length ? pairs : [pairOf([])];
}

export const everyKey = (pairs) => pairs.flatMap(({ keys }) => keys);

const maySign = ({ since, until }, size) => (!since || size > since) && (until === null || size <= until);

// The newest pair of which every key has signed: each algorithm is there for the day the other falls. Null if none.
export async function signedBy(note, pairs) {
  for (const pair of [...pairs].reverse()) {
    let signed = pair.keys.length > 0;
    for (const key of pair.keys) signed = (await linesBy(note, key)).length > 0 && signed;
    if (signed) return pair;
  }
  return null;
}

// A checkpoint that one pair of the log's keys has signed, and might sign.
export async function signedCheckpoint(note, pairs) {
  const by = await signedBy(note, pairs);
  const names = [...new Set(pairs.at(-1).keys.map(({ name }) => name))].join(", ") || "no key is known";
  must(by, "bad-checkpoint", `a checkpoint lacks a signature it must have (${names})`);
  const checkpoint = parseCheckpoint(note.text);
  must(maySign(by, checkpoint.size), "bad-checkpoint",
    `a checkpoint of ${checkpoint.size} entries is signed by keys that sign no log of that size`);
  return { ...checkpoint, by };
}
