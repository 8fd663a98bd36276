// The files of an export: from a folder, a tar or a zip. Only plain files are read, each capped by its caller.
import { unzipSync } from "fflate";
import { Refused, utf8 } from "./bytes.js";

const BLOCK = 512;
const MOST = 1024 ** 3;
const MOST_NAMES = 2000000;

export class Files {
  // `held` maps each path to its size and to what reads it.
  constructor(held) {
    const paths = [...held.keys()].filter((path) => !path.endsWith("/"));
    const root = rootOf(paths);
    this.held = new Map(paths.map((path) => [path.slice(root.length), held.get(path)]));
    this.folders = new Map();
    for (const path of this.held.keys()) this.#enter(path);
  }

  #enter(path) {
    const parts = path.split("/");
    if (parts.some((part) => ["", ".", ".."].includes(part))) {
      throw new Refused("export-does-not-hold", `${path.slice(0, 200)} leads out of the export`);
    }
    for (const [depth, part] of parts.entries()) {
      const folder = parts.slice(0, depth).join("/");
      if (!this.folders.has(folder)) this.folders.set(folder, new Set());
      this.folders.get(folder).add(part);
    }
  }

  has(path) {
    return this.held.has(path);
  }

  names(folder) {
    return [...(this.folders.get(folder) ?? [])].sort();
  }

  async read(path, most) {
    const file = this.held.get(path);
    if (!file) throw new Refused("export-does-not-hold", `${path} is missing`);
    if (file.size > most) {
      throw new Refused("export-does-not-hold", `${path} has ${file.size} bytes; at most ${most} can be right`);
    }
    return file.bytes();
  }
}

// Whoever packs a folder packs its name too.
function rootOf(paths) {
  const policy = paths.filter((path) => path === "policy" || /^[^/]+\/policy$/.test(path));
  const root = policy.length === 1 ? policy[0].slice(0, -"policy".length) : "";
  const first = paths[0]?.split("/")[0];
  const shared = first !== undefined && paths.every((path) => path.startsWith(`${first}/`));
  return shared && (root || !policy.length) ? `${first}/` : "";
}

export const fromFolder = (list) =>
  new Files(new Map(list.map(([path, file]) => [path, { size: file.size, bytes: () => bytesOf(file) }])));

export async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

export const isZip = (bytes) => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
export const isTar = (bytes) => utf8OrEmpty(bytes.slice(257, 262)) === "ustar";

export function fromZip(bytes) {
  let total = 0;
  const held = new Map();
  const unpacked = unzipSync(bytes, {
    filter: ({ originalSize }) => {
      total += originalSize;
      if (total > MOST) throw new Refused("export-does-not-hold", "the zip unpacks to more than 1 GiB");
      return true;
    },
  });
  for (const [path, content] of Object.entries(unpacked)) held.set(path, holding(content));
  return new Files(held);
}

// POSIX ustar, as tar and Python write it; long names by the prefix of ustar or a pax header.
export function fromTar(bytes) {
  const held = new Map();
  let place = 0;
  let longName = null;
  while (place + BLOCK <= bytes.length && bytes[place] !== 0) {
    const header = bytes.slice(place, place + BLOCK);
    const size = Number.parseInt(text(header, 124, 12) || "0", 8);
    const start = place + BLOCK;
    if (!Number.isSafeInteger(size) || start + size > bytes.length || held.size > MOST_NAMES) {
      throw new Refused("export-does-not-hold", "the tar ends inside a file, or has a size that cannot be");
    }
    const content = bytes.subarray(start, start + size);
    const type = String.fromCharCode(header[156]);
    if (type === "x") longName = paxPath(content);
    else if (type === "L") longName = text(content, 0, content.length);
    else {
      const prefix = text(header, 345, 155);
      const path = (longName ?? `${prefix ? `${prefix}/` : ""}${text(header, 0, 100)}`).replace(/^(?:\.\/)+/, "");
      longName = null;
      if (type === "0" || type === "\0") held.set(path, holding(content));
      else if (type !== "5" && type !== "g") {
        throw new Refused("export-does-not-hold", `${path.slice(0, 200)} is not a plain file or folder`);
      }
    }
    place = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return new Files(held);
}

const holding = (content) => ({ size: content.length, bytes: async () => content });

function text(bytes, start, length) {
  const part = bytes.slice(start, start + length);
  const end = part.indexOf(0);
  return utf8(end < 0 ? part : part.slice(0, end), "export-does-not-hold").trim();
}

function paxPath(content) {
  const found = /^\d+ path=(.*)$/m.exec(utf8(content, "export-does-not-hold"));
  return found?.[1] ?? null;
}

function utf8OrEmpty(bytes) {
  try {
    return utf8(bytes);
  } catch {
    return "";
  }
}
