// Bytes and the few texts they are written as. One value has one spelling, so what is read is written back.

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const writer = new TextEncoder();

// Why a verification ends: `code` as comity's errors have it, and what exactly does not hold.
export class Refused extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }
}

export function must(holds, code, detail) {
  if (!holds) throw new Refused(code, detail);
}

export function utf8(bytes, code = "malformed") {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Refused(code, "it is not UTF-8 text");
  }
}

export const encoded = (text) => writer.encode(text);

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

// Standard base64, padded; null unless the text is exactly how the bytes would be written.
export function fromBase64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    return null;
  }
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  return base64(bytes) === text ? bytes : null;
}

// An ASCII decimal without leading zeroes. Beyond 2^53 this page cannot count; no log is that long.
export function decimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// An instant of a signature, in POSIX seconds, as text; null for zero and for what no calendar has.
export function instant(seconds) {
  if (seconds <= 0n || seconds > 253402300799n) return null;
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
