// Writes src/app/core/schema.d.ts, the types of the admin API, from the OpenAPI document on standard input:
//   python -m services.admin_api.openapi | npm run client             writes it
//   python -m services.admin_api.openapi | npm run client -- --check  fails when it is not current
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const TARGET = new URL('../src/app/core/schema.d.ts', import.meta.url);
const document = JSON.parse(readFileSync(0, 'utf8'));

// core/api.ts sends this header with every write: no caller has to.
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) {
    if (operation.parameters) operation.parameters = operation.parameters.filter(({ name }) => name !== 'X-CSRF-Token');
  }
}

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
