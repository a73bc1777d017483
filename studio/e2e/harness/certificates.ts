import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { made } from "./places";

/** A certificate with its chain, and its key: files in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The authority that the tests' browser believes. */
export function authority(): Certificate {
  return makeAuthority("authority");
}

/** The certificate of the tests' hosts, by the authority that the browser believes. */
export function trusted(): Certificate {
  return issue("trusted", authority());
}

/** The same by an authority that no browser believes. */
export function untrusted(): Certificate {
  return issue("untrusted", makeAuthority("stranger"));
}

const names = "DNS:localhost,IP:127.0.0.1,DNS:weft.example,DNS:server.example,DNS:foreign.example";

function files(name: string): Certificate {
  mkdirSync(made, { recursive: true });
  return { cert: join(made, `${name}.pem`), key: join(made, `${name}.key`) };
}

function makeAuthority(name: string): Certificate {
  const out = files(name);
  if (existsSync(out.cert)) return out;
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj", `/CN=Tests' ${name}`,
    "-keyout", out.key, "-out", `${out.cert}.part`, "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign");
  renameSync(`${out.cert}.part`, out.cert);
  return out;
}

function issue(name: string, by: Certificate): Certificate {
  const out = files(name);
  if (existsSync(out.cert)) return out;
  const extensions = join(made, `${name}.cnf`);
  writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=weft.example", "-keyout", out.key, "-out", `${out.cert}.csr`);
  const leaf = openssl("x509", "-req", "-in", `${out.cert}.csr`, "-days", "3650", "-CA", by.cert, "-CAkey", by.key, "-CAcreateserial", "-extfile", extensions);
  const chain = openssl("x509", "-in", by.cert);
  writeFileSync(`${out.cert}.part`, leaf + chain);
  renameSync(`${out.cert}.part`, out.cert);
  return out;
}

function openssl(...args: string[]): string {
  return execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
