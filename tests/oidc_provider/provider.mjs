// An OpenID Connect provider for the tests: oidc-provider, over TLS, with people whose claims a test sets.
//
// Environment: PORT, CERTIFICATE and KEY (PEM files), REDIRECT_URI. A POST to /_control/person with {"name", "claims"}
// makes or changes a person, with {"name", "claims": null} removes them.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

const { PORT, CERTIFICATE, KEY, REDIRECT_URI } = process.env;
const people = new Map();
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const client = { client_secret: "the portal's own secret", redirect_uris: [REDIRECT_URI] };

const provider = new Provider(`https://localhost:${PORT}`, {
  clients: [
    { ...client, client_id: 'portal', grant_types: ['authorization_code', 'refresh_token'] },
    { ...client, client_id: 'portal-without-refresh', grant_types: ['authorization_code'] },
  ],
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: String(Date.now()) }] },
  claims: { openid: ['sub', 'groups'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  findAccount: (_ctx, id) =>
    people.has(id)
      ? { accountId: id, claims: async () => ({ sub: id, preferred_username: id, ...people.get(id) }) }
      : undefined,
  // Whoever logs in has agreed to everything: there is no page to ask them.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile email offline_access');
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
createServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) }, async (request, response) => {
  if (request.url !== '/_control/person') return answer(request, response);
  const { name, claims } = JSON.parse(await text(request));
  if (claims) people.set(name, claims);
  else people.delete(name);
  response.writeHead(204).end();
}).listen(Number(PORT), '127.0.0.1');
