// Time stamps over an export: that its files are those which were stamped. When, and by whom, takes the authority's
// certificate, and is not judged here. Follows: docs/spec/export.md, Renewals.
import { decimal, hex, Refused, utf8 } from "./bytes.js";

const MAX_LISTING = 256 * 1024 * 1024;
const MAX_TOKEN = 65536;
const MAX_FILE = 2 ** 31;
const MOST = 1000;
const LINE = /^([0-9a-f]{128}) {2}([A-Za-z0-9][A-Za-z0-9._/-]{0,400})$/;
const fails = (detail) => { throw new Refused("export-does-not-hold", detail); };

// The numbers of the time stamps; each covers what it must, and every file is the one it covers.
export async function verifyRenewals(files, shared) {
  const names = files.names("renewals");
  const numbers = names.map(decimal).sort((one, other) => one - other);
  if (numbers.some((number, place) => number !== place + 1)) fails("the time stamps in renewals/ are not numbered from 1 on");
  if (numbers.length > MOST) fails(`there are more than ${MOST} time stamps`);
  for (const number of numbers) await mustCover(files, number, shared);
  return numbers;
}

async function mustCover(files, number, shared) {
  const path = `renewals/${number}/files`;
  const lines = utf8(await files.read(path, MAX_LISTING), "export-does-not-hold").split("\n");
  const read = lines.slice(0, -1).map((line) => LINE.exec(line));
  const ordered = read.every((one, at) => one && (at === 0 || read[at - 1][2] < one[2]));
  if (lines.at(-1) !== "" || !ordered) fails(`${path} is not a list of digests, one a line, in order`);
  for (const [, digest, covered] of read) {
    const content = await files.read(covered, MAX_FILE);
    const found = hex(new Uint8Array(await crypto.subtle.digest("SHA-512", content)));
    if (found !== digest) fails(`${covered} is not the file that time stamp ${number} covers`);
  }
  await files.read(`renewals/${number}/token.tsr`, MAX_TOKEN);
  const covers = new Set(read.map(([, , covered]) => covered));
  const left = mustBeCovered(files, number, shared).find((one) => !covers.has(one));
  if (left) fails(`time stamp ${number} leaves out ${left}`);
}

// The policy, each log's checkpoint, to whose root all entries lead, and the time stamp before.
function mustBeCovered(files, number, shared) {
  const logs = files.names("").filter((name) => !shared.includes(name)).map((name) => `${name}/checkpoint`);
  const before = number > 1 ? ["files", "token.tsr"].map((name) => `renewals/${number - 1}/${name}`) : [];
  return ["policy", ...logs, ...before];
}
