// Builds dist: callback.xml, gadget.js, gadget.css, icon.svg and messages/. GADGET_API=https://… sets the address of
// Campaign Manager for files that Finesse itself hosts.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = new URL('..', import.meta.url).pathname;
const DIST = `${ROOT}dist/`;
const MAX_COMPRESSED_BYTES = 50_000;

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
await build({
  absWorkingDir: ROOT,
  entryPoints: [
    { in: 'src/main.ts', out: 'gadget' },
    { in: 'gadget.css', out: 'gadget' },
  ],
  outdir: DIST,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome126', 'firefox137', 'edge131'],
  charset: 'utf8',
  logLevel: 'warning',
}).catch(() => process.exit(1));

const api = process.env.GADGET_API ?? '';
if (api && !/^https:\/\/[^\s"<>/]+$/.test(api)) {
  console.error(`GADGET_API is ${api}: it must be like https://callbacks.example.com, without a path.`);
  process.exit(1);
}
const xml = readFileSync(`${ROOT}callback.xml`, 'utf8');
writeFileSync(`${DIST}callback.xml`, xml.replace(/(<UserPref name="api"[^>]*default_value=")"/, `$1${api}"`));
cpSync(`${ROOT}messages`, `${DIST}messages`, { recursive: true });
cpSync(`${ROOT}icon.svg`, `${DIST}icon.svg`);

const loaded = ['callback.xml', 'gadget.js', 'gadget.css', 'messages/en.xml'];
const bytes = loaded.reduce((sum, name) => sum + gzipSync(readFileSync(DIST + name)).length, 0);
if (bytes >= MAX_COMPRESSED_BYTES) {
  console.error(`The gadget loads ${bytes} bytes compressed: ${MAX_COMPRESSED_BYTES} are too many.`);
  process.exit(1);
}
