// Seals or opens with age-encryption: last arguments `seal <recipient>` or `open <identity>`, bytes on stdin and stdout.
import { Decrypter, Encrypter } from "age-encryption";

const [verb, key] = process.argv.slice(-2);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const input = new Uint8Array(Buffer.concat(chunks));

if (verb === "seal") {
  const encrypter = new Encrypter();
  encrypter.addRecipient(key);
  process.stdout.write(await encrypter.encrypt(input));
} else {
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  process.stdout.write(await decrypter.decrypt(input));
}
