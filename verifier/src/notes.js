// Signed notes, verifier keys, checkpoints and cosignatures.
// Follows: C2SP signed-note, tlog-checkpoint, tlog-cosignature; docs/spec/tlog.md, Names and keys.
import { base64, decimal, encoded, fromBase64, hex, joined, must, same, sha256, utf8 } from "./bytes.js";
import * as signing from "./signatures.js";

export const MAX_NOTE = 1000000;
const MAX_SIGNATURES = 64;
const MAX_VKEY = 4096;
const MAX_CHECKPOINT = 16384;
const DASH = "\u2014 ";
const UNCLEAN = /[\x00-\x09\x0b-\x1f]/;
const KEY_NAME = /^[^\s+]+$/;

export const NOTE_ED25519 = Uint8Array.of(1);
export const NOTE_MLDSA44 = joined([0xff], encoded("comity/ml-dsa-44/v1"));
// Each kind: what a key of it begins with, bytes before the signature, its size, and what is signed.
const KINDS = [
  { mark: NOTE_ED25519, stamped: false, post: false, message: (_name, text) => encoded(text) },
  { mark: Uint8Array.of(4), stamped: true, post: false, message: ed25519Message },
  { mark: Uint8Array.of(6), stamped: true, post: true, message: mldsa44Message },
  { mark: NOTE_MLDSA44, stamped: false, post: true, message: (_name, text) => encoded(text) },
];

export async function parseVkey(text) {
  const [name, id, ...rest] = text.split("+");
  const material = rest.length ? fromBase64(rest.join("+")) : null;
  must(text.length <= MAX_VKEY && material, "malformed-key", "a verifier key is <name>+<key id>+<base64>");
  const kind = KINDS.find(({ mark }) => same(material.slice(0, mark.length), mark));
  must(kind && isKeyName(name), "malformed-key", `the key of ${name.slice(0, 80)} is of no kind known here`);
  const publicKey = material.slice(kind.mark.length);
  const sound = kind.post
    ? publicKey.length === signing.MLDSA44_PUBLIC_SIZE
    : signing.isSoundEd25519(publicKey);
  must(sound, "malformed-key", `the key of ${name.slice(0, 80)} is not usable`);
  const made = await sha256(joined(encoded(`${name}\n`), material));
  must(hex(made.slice(0, 4)) === id, "malformed-key", `the key id of ${name.slice(0, 80)} is not of this key`);
  return { text, name, id, kind, publicKey };
}

export const isCosigner = (key) => key.kind.stamped;

// The same key under another name, such as a log's key under the origin of a channel.
export async function renamed(key, name) {
  const id = hex((await sha256(joined(encoded(`${name}\n`), key.kind.mark, key.publicKey))).slice(0, 4));
  return parseVkey(`${name}+${id}+${base64(joined(key.kind.mark, key.publicKey))}`);
}

export function parseNote(bytes) {
  must(bytes.length <= MAX_NOTE, "malformed-note", `a note has at most ${MAX_NOTE} bytes`);
  const whole = utf8(bytes, "malformed-note");
  const end = whole.lastIndexOf("\n\n");
  const lines = whole.slice(end + 2);
  const formed = !UNCLEAN.test(whole) && whole.endsWith("\n") && end >= 0 && lines;
  must(formed, "malformed-note", "a note is a text, a blank line, and signature lines");
  const signatures = lines.slice(0, -1).split("\n").map(parseSignature);
  must(signatures.length <= MAX_SIGNATURES, "malformed-note", `a note has at most ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, end + 1), signatures };
}

function parseSignature(line) {
  const [name, ...rest] = line.slice(DASH.length).split(" ");
  const data = fromBase64(rest.join(" "));
  const formed = line.startsWith(DASH) && isKeyName(name) && data && data.length > 4;
  must(formed, "malformed-note", `${line.slice(0, 80)} is not a signature line`);
  return { name, id: hex(data.slice(0, 4)), blob: data.slice(4) };
}

// The lines by this key. One that claims to be by it and is not refuses the whole note.
export async function linesBy(note, key) {
  const claimed = note.signatures.filter((line) => line.name === key.name && line.id === key.id);
  for (const line of claimed) {
    const true_ = await verifies(key, note.text, line.blob);
    must(true_, "bad-signature", `a signature in the name of ${key.name} does not verify`);
  }
  return claimed;
}

export const claimsToBeBy = (note, key) =>
  note.signatures.some((line) => line.name === key.name && line.id === key.id);

// When this cosigner signed, in POSIX seconds as BigInt: the latest of its lines; null if there is none.
export async function cosignedAt(note, key) {
  const lines = await linesBy(note, key);
  return lines.map((line) => stamp(line.blob)).reduce((one, other) => (one > other ? one : other), null);
}

async function verifies(key, text, blob) {
  const { stamped, post, message } = key.kind;
  const size = (stamped ? 8 : 0) + (post ? signing.MLDSA44_SIZE : signing.ED25519_SIZE);
  if (blob.length !== size || (stamped && stamp(blob) > 2n ** 63n - 1n)) return false;
  const signed = message(key.name, text, blob);
  if (signed === null) return false;
  const signature = stamped ? blob.slice(8) : blob;
  return post
    ? signing.verifyMldsa44(key.publicKey, signature, signed)
    : signing.verifyEd25519(key.publicKey, signature, signed);
}

const stamp = (blob) => new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);

function ed25519Message(_name, text, blob) {
  return tryCheckpoint(text) && encoded(`cosignature/v1\ntime ${stamp(blob)}\n${text}`);
}

function mldsa44Message(name, text, blob) {
  const checkpoint = tryCheckpoint(text);
  const [signer, origin] = [encoded(name), encoded(checkpoint?.origin ?? "")];
  if (!checkpoint || !signer.length || signer.length > 255 || origin.length > 255) return null;
  const size = new Uint8Array(16);
  new DataView(size.buffer).setBigUint64(8, BigInt(checkpoint.size));
  return joined(
    encoded("subtree/v1\n\0"),
    [signer.length],
    signer,
    blob.slice(0, 8),
    [origin.length],
    origin,
    size,
    checkpoint.root,
  );
}

function tryCheckpoint(text) {
  try {
    return parseCheckpoint(text);
  } catch {
    return null;
  }
}

export function parseCheckpoint(text) {
  const lines = text.split("\n");
  const [origin, sizeLine, rootLine, ...more] = lines.slice(0, -1);
  const size = decimal(sizeLine ?? "");
  const root = fromBase64(rootLine ?? "");
  const formed =
    text.length <= MAX_CHECKPOINT && lines.length >= 4 && lines.at(-1) === "" && origin && more.every(Boolean);
  must(formed, "malformed-checkpoint", "a checkpoint has an origin, a size and a root, a line each");
  must(size !== null && root?.length === 32, "malformed-checkpoint", "a checkpoint has a size and a root hash");
  return { origin, size, root };
}

const isKeyName = (name) => KEY_NAME.test(name) && !UNCLEAN.test(name);
