// Ed25519 by the browser, or by @noble/ed25519 where the browser has none; ML-DSA-44 by @noble/post-quantum.
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
import { verifyAsync } from "@noble/ed25519";

export const ED25519_SIZE = 64;
export const MLDSA44_SIZE = 2420;
export const MLDSA44_PUBLIC_SIZE = 1312;

const P = 2n ** 255n - 19n;
const ORDER_8_Y = 2707385501144840649318225287225658788936804267575313519463743609750303021022n;
const SMALL_ORDER_Y = new Set([0n, 1n, P - 1n, ORDER_8_Y, P - ORDER_8_Y]);

let inBrowser = null;

async function browserHasEd25519() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

export async function verifyEd25519(publicKey, signature, message) {
  inBrowser ??= await browserHasEd25519();
  if (!inBrowser) return verifyAsync(signature, message, publicKey, { zip215: false }).catch(() => false);
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]).catch(() => null);
  return key !== null && crypto.subtle.verify("Ed25519", key, signature, message);
}

export function verifyMldsa44(publicKey, signature, message) {
  try {
    return ml_dsa44.verify(signature, message, publicKey);
  } catch {
    return false;
  }
}

// Whether signatures by this key bind its holder: the point's own encoding, and not of small order.
export function isSoundEd25519(publicKey) {
  if (publicKey.length !== 32) return false;
  let y = 0n;
  for (const [place, byte] of publicKey.entries()) {
    y += BigInt(place === 31 ? byte & 0x7f : byte) << BigInt(8 * place);
  }
  return y < P && !SMALL_ORDER_Y.has(y);
}
