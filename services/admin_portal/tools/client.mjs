// Writes src/app/core/schema.d.ts, the types of the admin API, from the OpenAPI document on standard input:
//   python -m services.admin_api.openapi | npm run client            writes it
//   python -m services.admin_api.openapi | npm run client -- --check says whether it is current
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const TARGET = new URL('../src/app/core/schema.d.ts', import.meta.url);
const document = JSON.parse(readFileSync(0, 'utf8'));
const head = '// Made from the admin API by `make portal-client`: do not edit.\n';
const wanted = head + astToString(await openapiTS(document, { alphabetize: true }));

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== wanted) {
    console.error("The portal's client is not the admin API's any more: run `make portal-client`.");
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, wanted);
}
