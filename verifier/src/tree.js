// The Merkle tree. Follows: RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4; C2SP tlog-tiles.
import { joined, must, same, sha256 } from "./bytes.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const TILE_WIDTH = 256;
export const MAX_BUNDLE = TILE_WIDTH * 65537;
const TILE_HEIGHT = 8;

export const leafHash = (entry) => sha256(joined(LEAF, entry));
const nodeHash = (left, right) => sha256(joined(NODE, left, right));

const bits = (number) => (number === 0 ? 0 : number.toString(2).length);
const half = (number, times) => Math.floor(number / 2 ** times);
const ones = (number) => number.toString(2).replaceAll("0", "").length;

// Bits above which two numbers are alike: numbers up to 2^53, so not by the operators for 32 bits.
function differing(one, other) {
  return bits(Number(BigInt(one) ^ BigInt(other)));
}

export async function mustInclude(leaf, index, { size, root }, proof) {
  must(index < size, "malformed-proof", `there is no entry ${index} in a tree of size ${size}`);
  const inner = differing(index, size - 1);
  mustHave(proof, inner + ones(half(index, inner)));
  let found = leaf;
  for (const [height, sibling] of proof.entries()) {
    const isRight = height >= inner || half(index, height) % 2 === 1;
    found = isRight ? await nodeHash(sibling, found) : await nodeHash(found, sibling);
  }
  must(same(found, root), "not-included", `the proof does not show entry ${index} in the signed tree`);
}

// The old and the new root a consistency proof in full form leads to.
export async function consistencyRoots(oldSize, newSize, proof) {
  must(oldSize > 0 && oldSize < newSize, "malformed-proof", "no consistency proof leads between such sizes");
  let start = 0;
  while (half(oldSize, start) % 2 === 0) start += 1;
  const [index, last] = [half(oldSize - 1, start), half(newSize - 1, start)];
  const inner = differing(index, last);
  mustHave(proof, 1 + inner + ones(half(index, inner)));
  const [seed, ...path] = proof;
  let [old, made] = [seed, seed];
  for (const [height, sibling] of path.entries()) {
    if (height >= inner || half(index, height) % 2 === 1) {
      [old, made] = [await nodeHash(sibling, old), await nodeHash(sibling, made)];
    } else {
      made = await nodeHash(made, sibling);
    }
  }
  return [old, made];
}

function mustHave(proof, length) {
  const right = proof.length === length && proof.every((hash) => hash.length === 32);
  must(right, "malformed-proof", `the proof has ${proof.length} hashes where its sizes demand ${length}`);
}

// A log of which every entry is here: rows of roots of perfect subtrees, leaves first.
export class Tree {
  constructor() {
    this.rows = [[]];
  }

  get size() {
    return this.rows[0].length;
  }

  async extend(leaves) {
    this.rows[0].push(...leaves);
    for (let level = 0; half(this.rows[level].length, 1); level += 1) {
      const row = this.rows[level];
      const above = (this.rows[level + 1] ??= []);
      const pairs = [];
      for (let place = above.length; 2 * place + 1 < row.length; place += 1) {
        pairs.push(nodeHash(row[2 * place], row[2 * place + 1]));
      }
      above.push(...(await Promise.all(pairs)));
    }
  }

  // The root of the first `size` leaves.
  async root(size) {
    const peaks = [];
    let taken = 0;
    for (let level = bits(size) - 1; level >= 0; level -= 1) {
      if (half(size, level) % 2 === 1) {
        peaks.push(this.rows[level][half(taken, level)]);
        taken += 2 ** level;
      }
    }
    let root = peaks.pop() ?? (await sha256(new Uint8Array()));
    while (peaks.length) root = await nodeHash(peaks.pop(), root);
    return root;
  }

  // Every tile above the leaves: its path, and what it must hold.
  *tiles() {
    for (let level = 1; half(this.size, TILE_HEIGHT * level); level += 1) {
      const row = this.rows[TILE_HEIGHT * level];
      for (let index = 0; index * TILE_WIDTH < row.length; index += 1) {
        const hashes = row.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
        yield [tilePath(level, index, hashes.length), joined(...hashes)];
      }
    }
  }
}

export function tilePath(level, index, width) {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/.{3}/g);
  const place = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${place}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

export function readEntries(bytes, width) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = [];
  let place = 0;
  while (place < bytes.length) {
    const size = place + 2 <= bytes.length ? view.getUint16(place) : Infinity;
    must(place + 2 + size <= bytes.length, "malformed-tile", "a bundle of entries ends inside an entry");
    entries.push(bytes.slice(place + 2, place + 2 + size));
    place += 2 + size;
  }
  must(entries.length === width, "malformed-tile", `a bundle has ${entries.length} entries, not ${width}`);
  return entries;
}
