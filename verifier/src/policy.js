// Whose signatures are believed. Follows: C2SP tlog-policy; docs/spec/charter.md, Policy.
import { decimal, encoded, must, same, utf8 } from "./bytes.js";
import { cosignedAt, isCosigner, linesBy, parseCheckpoint, parseVkey, renamed } from "./notes.js";
import { parseOrigin } from "./names.js";

export const MIRROR = ".comity/mirror";
export const MAX_POLICY = 32000000;
const MAX_DEFINED = 16384;
const PAIR = 2;
const NONE = "none";

export async function parsePolicy(bytes) {
  must(bytes.length <= MAX_POLICY, "malformed-policy", `a policy has at most ${MAX_POLICY} bytes`);
  const text = utf8(bytes, "malformed-policy");
  must(!/[\x00-\x08\x0b-\x1f]/.test(text) && (!text || text.endsWith("\n")), "malformed-policy",
    "every line of a policy ends with a newline, and it has no control characters");
  const policy = { logs: [], witnesses: [], groups: [], quorum: null };
  const defined = new Set([NONE]);
  for (const line of text.replaceAll("\t", " ").split("\n")) {
    const words = line.split(" ").filter(Boolean);
    if (words.length && !words[0].startsWith("#")) await readLine(policy, defined, words);
  }
  must(policy.quorum !== null, "malformed-policy", "a policy has one quorum line");
  mustHoldTogether(policy);
  return policy;
}

async function readLine(policy, defined, [word, ...rest]) {
  const shown = [word, ...rest].join(" ").slice(0, 80);
  const known = (names) => must(names.every((name) => defined.has(name)), "malformed-policy",
    `one of ${shown} is not defined above its use`);
  if (word === "log" && (rest.length === 1 || rest.length === 2)) {
    policy.logs.push({ key: await parseVkey(rest[0]), url: rest[1] });
  } else if (word === "witness" && (rest.length === 2 || rest.length === 3)) {
    policy.witnesses.push({ name: define(defined, rest[0]), key: await parseVkey(rest[1]), url: rest[2] });
  } else if (word === "group" && rest.length > 2) {
    const [name, threshold, ...members] = rest;
    known(members);
    policy.groups.push({ name: define(defined, name), threshold: reach(threshold, members.length), members });
  } else if (word === "quorum" && rest.length === 1 && policy.quorum === null) {
    known(rest);
    policy.quorum = rest[0];
  } else {
    must(false, "malformed-policy", `${shown} is not a line of a policy, or stands there twice`);
  }
}

function define(defined, name) {
  must(!defined.has(name), "malformed-policy", `the name ${name.slice(0, 80)} is defined twice`);
  defined.add(name);
  return name;
}

const reach = (text, members) => ({ any: 1, all: members })[text] ?? decimal(text) ?? 0;

function mustHoldTogether({ logs, witnesses, groups }) {
  must(Math.max(logs.length, witnesses.length, groups.length) <= MAX_DEFINED, "malformed-policy",
    `a policy has at most ${MAX_DEFINED} logs, witnesses or groups`);
  for (const some of [logs, witnesses]) {
    const keys = new Set(some.map(({ key }) => key.publicKey.join()));
    must(keys.size === some.length, "malformed-policy", "two lines of the policy are the same key");
  }
  const logKinds = [1, 6];
  must(logs.every(({ key }) => key.kind.mark.length === 1 && logKinds.includes(key.kind.mark[0])),
    "malformed-policy", "a log line holds a key that does not sign for a log");
  must(witnesses.every(({ key }) => isCosigner(key)), "malformed-policy",
    "a witness line holds a key that does not cosign");
  const counted = new Set([NONE]);
  for (const { name, threshold, members } of groups) {
    must(members.every((one) => !counted.has(one)) && new Set(members).size === members.length,
      "malformed-policy", `a member of ${name.slice(0, 80)} is none, or counted twice`);
    must(threshold >= 1 && threshold <= members.length, "malformed-policy",
      `the group ${name.slice(0, 80)} cannot be reached by its members`);
    members.forEach((one) => counted.add(one));
  }
}

export function isQuorum(policy, names) {
  const reached = new Set([NONE, ...names]);
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((one) => reached.has(one)).length >= threshold) reached.add(name);
  }
  return reached.has(policy.quorum);
}

export const logKeys = (policy, origin) =>
  policy.logs.map(({ key }) => key).filter(({ name }) => name === origin);

export const isMirror = (one) => one.key.name.endsWith(MIRROR);
export const partyOf = (one) => one.key.name.slice(0, -MIRROR.length);

// The mirrors of the policy: their keys, by party.
export function mirrorsOf(policy) {
  const found = new Map();
  for (const one of policy.witnesses.filter(isMirror)) {
    found.set(partyOf(one), [...(found.get(partyOf(one)) ?? []), one]);
  }
  return found;
}

// Who cosigned, and when: by the line of the policy. The log itself must have signed, under its own origin.
export async function evaluate(policy, note) {
  const checkpoint = parseCheckpoint(note.text);
  const signed = [];
  for (const key of logKeys(policy, checkpoint.origin)) {
    if ((await linesBy(note, key)).length) signed.push(key);
  }
  const cosigned = new Map();
  for (const one of policy.witnesses) {
    const at = await cosignedAt(note, one.key);
    if (at !== null) cosigned.set(one, at);
  }
  return { checkpoint, signed, cosigned };
}

// The policy in an export must be, to the byte, the one that the rule of the charter makes of its own keys.
export async function mustBeAsChartered(policy, bytes) {
  const origins = policy.logs.map(({ key }) => parseOrigin(key.name));
  const channel = origins[0]?.channel;
  const one = origins.length && origins.every((origin) => origin.channel === channel);
  must(one, "export-does-not-hold", "the policy in the export speaks of several channels");
  const parties = [...new Set(origins.map(({ party }) => party))].sort();
  const lines = [];
  for (const party of parties) {
    const keys = policy.logs.map(({ key }) => key).filter(({ name }) => parseOrigin(name).party === party);
    for (const key of keys) lines.push(`log ${(await renamed(key, `${party}.comity/${channel}`)).text}`);
  }
  const mirrors = mirrorsOf(policy);
  const [groups, receipt] = [[], []];
  for (const party of parties) {
    const names = (mirrors.get(party) ?? []).map(({ key }, place) => {
      lines.push(`witness ${party}-mirror-${place + 1} ${key.text}`);
      return `${party}-mirror-${place + 1}`;
    });
    for (let at = 0; at < names.length; at += PAIR) {
      const pair = names.slice(at, at + PAIR);
      const group = at ? `${party}-mirror-pair-${at / PAIR + 1}` : `${party}-mirror`;
      groups.push(`group ${group} ${pair.length} ${pair.join(" ")}`);
      receipt.push(group);
    }
  }
  const neutral = policy.witnesses.filter((witness) => !isMirror(witness));
  neutral.forEach(({ key }, place) => lines.push(`witness witness-${place + 1} ${key.text}`));
  groups.push(`group receipt 1 ${receipt.join(" ")}`, "quorum receipt", "");
  must(same(encoded([...lines, ...groups].join("\n")), bytes), "export-does-not-hold",
    "the policy in the export is not as a charter makes one");
}
