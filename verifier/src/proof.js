// The proof of one entry. Follows: C2SP tlog-proof; docs/spec/export.md, Parts.
import { decimal, encoded, fromBase64, instant, must, same, utf8 } from "./bytes.js";
import { decodeEntry } from "./entries.js";
import { parseOrigin } from "./names.js";
import { PAIR, pairsOf, signedCheckpoint } from "./generations.js";
import { MAX_NOTE, parseNote } from "./notes.js";
import { evaluate, isMirror, isQuorum, logKeys, MIRROR, mirrorsOf } from "./policy.js";
import { Report } from "./report.js";
import { leafHash, mustInclude } from "./tree.js";

export const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_EXTRA = 65536;
const MAX_PROOF = 63;

function parseProof(bytes) {
  must(bytes.length <= MAX_NOTE + 2 * MAX_EXTRA, "malformed-proof", "a proof file is shorter than this");
  const end = blankLine(bytes);
  const [header, ...lines] = utf8(bytes.slice(0, end), "malformed-proof").split("\n");
  must(header === HEADER && end < bytes.length, "malformed-proof",
    `a proof file begins with ${HEADER} and has a blank line before its checkpoint`);
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : undefined;
  must(extra !== null && (extra?.length ?? 0) <= MAX_EXTRA, "malformed-proof", "the extra line is not base64");
  const said = lines.shift() ?? "";
  const index = said.startsWith("index ") ? decimal(said.slice(6)) : null;
  must(index !== null, "malformed-proof", "a proof file says the index of its entry");
  const hashes = lines.map(fromBase64);
  const formed = hashes.length <= MAX_PROOF && hashes.every((hash) => hash?.length === 32);
  must(formed, "malformed-proof", "a line of the proof is not the base64 of a hash");
  return { index, hashes, note: parseNote(bytes.slice(end + 2)), extra };
}

function blankLine(bytes) {
  const mark = encoded("\n\n");
  for (let place = 0; place + 1 < bytes.length; place += 1) {
    if (same(bytes.slice(place, place + 2), mark)) return place;
  }
  return bytes.length;
}

export async function verifyProof(bytes, policy) {
  const proof = parseProof(bytes);
  must(proof.extra, "malformed-proof", "the proof carries no entry");
  const { checkpoint, signed, cosigned } = await evaluate(policy, proof.note);
  const origin = parseOrigin(checkpoint.origin);
  must(signed.length, "not-signed", `no log of the policy has signed the checkpoint of ${origin.text}`);
  const pairs = pairsOf(logKeys(policy, origin.text));
  await signedCheckpoint(proof.note, pairs);
  const others = [...cosigned].filter(([one]) => one.key.name !== origin.party + MIRROR);
  must(isQuorum(policy, others.map(([one]) => one.name)), "no-quorum",
    "the checkpoint has not the cosignatures that the policy demands; the author's own counts for nothing");
  await mustInclude(await leafHash(proof.extra), proof.index, checkpoint, proof.hashes);
  return told(proof, decodeEntry(proof.extra), origin, checkpoint, policy, { pairs, others });
}

function told(proof, entry, { party, channel }, { size }, policy, { pairs, others }) {
  const report = new Report(channel);
  report.entries = 1;
  report.signatures = PAIR + others.length;
  const { office, capacity, second } = entry.by;
  const { kind, ref, at } = entry;
  report.proves("entry-says", { party, index: proof.index, kind, ref, office, capacity, at });
  if (second) report.proves("entry-seconded", { office: second.office, capacity: second.capacity });
  report.proves("entry-in-log", { party, size });
  const times = new Map(others);
  for (const [one, seen] of times) {
    if (!isMirror(one)) report.proves("witnessed", { witness: one.name, party, size, at: instant(seen) });
  }
  for (const [giver, keys] of [...mirrorsOf(policy)].sort()) {
    const given = keys.map((one) => times.get(one));
    if (given.every((stamp) => stamp !== undefined)) {
      const last = given.reduce((one, other) => (one > other ? one : other));
      report.proves("entry-received", { giver, party, at: instant(last) });
    }
  }
  report.leavesWhatAlwaysIs(true);
  if (pairs.length > 1) report.leaves("keys-not-retired");
  if (entry.payload) report.leaves("payload-unread");
  return report;
}
