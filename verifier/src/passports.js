// Passports: whose keys are whose. Follows: docs/spec/passport.md.
import { base64, encoded, hex, joined, must, Refused, sha256, utf8 } from "./bytes.js";
import { linesBy, NOTE_ED25519, NOTE_MLDSA44, parseNote, parseVkey } from "./notes.js";

export const MAX_PASSPORT = 131072;
const FORM = "comity/passport/v1";
// What follows the party's name in a key's name, and what the keys of a use begin with.
const USES = {
  identity: [".comity", [1, 255]],
  log: [".comity/log", [1, 6]],
  mirror: [".comity/mirror", [4, 6]],
};
const ROTATED = ["log", "mirror"];

// `keys`: those in force, by use. `coming`: those of log and mirror that follow them, or null.
export async function readPassport(bytes, path) {
  const holds = (is, what) => must(is, "malformed-passport", `${path} ${what}`);
  holds(bytes.length <= MAX_PASSPORT, "is larger than a passport is");
  const note = parseNote(bytes);
  const [form, ...rest] = note.text.split("\n");
  holds(form === FORM, "is not a passport of a form known here");
  const about = readJson(rest.join("\n"));
  holds(about && typeof about.keys === "object" && about.keys, "is not a passport");
  const keys = {};
  for (const use of Object.keys(USES)) keys[use] = await readPair(about.party, use, about.keys[use], holds);
  await mustSign(note, keys.identity, path);
  const passport = { party: about.party, version: about.version, digest: hex(await sha256(bytes)), keys, coming: null };
  if (about.rotation === undefined) return passport;
  holds(typeof about.rotation?.begins === "string", "does not say from when new keys sign");
  const coming = {};
  for (const use of ROTATED) coming[use] = await readPair(about.party, use, about.rotation[use], holds);
  const publics = [...Object.values(keys), ...Object.values(coming)].flat().map(({ publicKey }) => hex(publicKey));
  holds(new Set(publics).size === publics.length, "gives one key to two uses");
  for (const pairs of [keys, coming]) for (const use of ROTATED) await mustVouch(note, pairs[use], path);
  return { ...passport, coming, begins: about.rotation.begins };
}

async function readPair(party, use, texts, holds) {
  const [ending, marks] = USES[use];
  holds(Array.isArray(texts) && texts.length === marks.length, `does not name the two ${use} keys of its party`);
  const keys = await Promise.all(texts.map((text) => parseVkey(String(text))));
  const named = keys.every(({ name, kind }, place) => name === `${party}${ending}` && kind.mark[0] === marks[place]);
  holds(named, `does not name the two ${use} keys of its party`);
  return keys;
}

async function mustSign(note, keys, path) {
  for (const key of keys) {
    const signed = await linesBy(note, key).catch((error) => {
      throw error instanceof Refused ? new Refused("bad-passport-signature", `${path}: ${error.message}`) : error;
    });
    must(signed.length, "bad-passport-signature", `${path} is not signed by all the keys that must sign it (${key.name})`);
  }
}

// Nobody brings in keys they do not hold, nor without those that are replaced. Under a passport they sign as notes do.
async function mustVouch(note, pair, path) {
  const marks = [NOTE_ED25519, NOTE_MLDSA44];
  const asNotes = pair.map(({ name, publicKey }, place) => ({ name, material: joined(marks[place], publicKey) }));
  const keys = await Promise.all(asNotes.map(async ({ name, material }) => {
    const id = hex((await sha256(joined(encoded(`${name}\n`), material))).slice(0, 4));
    return parseVkey(`${name}+${id}+${base64(material)}`);
  }));
  await mustSign(note, keys, path);
}

function readJson(text) {
  try {
    const said = JSON.parse(utf8(encoded(text)));
    return typeof said === "object" ? said : null;
  } catch {
    return null;
  }
}
