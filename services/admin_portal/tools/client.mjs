// Writes src/app/core/schema.d.ts, the types of the admin API, from the OpenAPI document on standard input:
//   python -m services.admin_api.openapi | npm run client             writes it
//   python -m services.admin_api.openapi | npm run client -- --check  fails when it is not current
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const TARGET = new URL('../src/app/core/schema.d.ts', import.meta.url);
const document = JSON.parse((await process.stdin.setEncoding('utf8').toArray()).join(''));

// core/api.ts sends the CSRF token with every write, and the version of what was read is given as a header of the call.
const SENT = new Set(['X-CSRF-Token', 'If-Match']);
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) {
    if (!operation.parameters) continue;
    operation.parameters = operation.parameters.filter(({ name }) => !SENT.has(name));
    // The order of a list comes from the address, which anybody may have typed: the server checks it.
    for (const { name, schema } of operation.parameters) if (name === 'sort') delete schema.enum;
  }
}

const head = '// Made from the admin API by `make portal-client`: do not edit.\n';
const wanted = head + astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== wanted) {
    console.error("The portal's client is not the admin API's any more: run `make portal-client`.");
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, wanted);
}
