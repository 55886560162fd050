"""Login by OpenID Connect: the authorization code flow with PKCE, state and nonce.

What ties an attempt together is a random seed in a cookie of the browser: state, nonce and PKCE's verifier are made
from it, so any node can finish what another one began, and a stolen code is of no use without the cookie.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError

from services.admin_api.identity.directory.oidc_claims import has_groups, person_of
from services.admin_api.identity.directory.oidc_client import OidcClient, ProviderRefused
from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import DirectoryPerson, LoginRefused

_log = structlog.get_logger(__name__)

LEEWAY_SECONDS = 60  # by which the provider's clock and ours may differ
# Signatures by the provider's published keys only: none by the client's secret, and never "none".
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


@dataclass(frozen=True, slots=True)
class Granted:
    """`refresh_token` None: the provider gave none, and the session ends when it should be checked again."""

    person: DirectoryPerson
    refresh_token: str | None


def new_seed() -> str:
    """What one attempt to log in is tied together by: 256 random bits."""
    return secrets.token_urlsafe(32)


def state_matches(seed: str, state: str) -> bool:
    """Whether an answer belongs to the attempt that this browser began."""
    return bool(seed) and hmac.compare_digest(_derived(seed, "state").encode(), state.encode())


class OidcProvider:
    """Thread-safe."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self.client = OidcClient(settings)

    def authorization_url(self, seed: str) -> str:
        """Where the browser goes to log in. Raises DirectoryDown."""
        mode = {"response_mode": self.settings.response_mode} if self.settings.response_mode else {}
        endpoint = self.client.metadata()["authorization_endpoint"]
        with self.client.session() as session:
            url, _ = session.create_authorization_url(
                endpoint, scope=self.settings.scopes, state=_derived(seed, "state"), nonce=_derived(seed, "nonce"),
                code_verifier=_derived(seed, "code_verifier"), **mode,
            )  # fmt: skip
        return str(url)

    def redeem(self, code: str, seed: str, now: datetime) -> Granted:
        """Who logged in, for the code that the provider sent. Raises LoginRefused, DirectoryDown."""
        try:
            token = self.client.code(code, _derived(seed, "code_verifier"))
        except ProviderRefused as error:
            _log.warning("oidc_code_refused", error=error.error)
            raise LoginRefused("code_refused") from error
        return self._granted(token, now, nonce=_derived(seed, "nonce"))

    def refresh(self, refresh_token: str, now: datetime) -> Granted:
        """The person as the provider knows them now. Raises ProviderRefused, LoginRefused, DirectoryDown."""
        return self._granted(self.client.refresh(refresh_token), now, nonce=None)

    def probe(self) -> None:
        """Raises DirectoryDown."""
        self.client.probe()

    def _granted(self, token: dict[str, Any], now: datetime, nonce: str | None) -> Granted:
        access_token = token.get("access_token") or ""
        claims = self._verified(token["id_token"], access_token, now, nonce) if token.get("id_token") else {}
        if not claims and nonce is not None:
            raise LoginRefused("bad_token")
        if not has_groups(claims, self.settings.group_claim) and access_token:
            more = self.client.userinfo(access_token)
            if claims and more and more.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, 5.3.2
                raise LoginRefused("bad_token")
            claims = {**more, **claims}
        if not isinstance(claims.get("sub"), str):
            raise LoginRefused("bad_token")
        return Granted(person_of(claims, self.settings), token.get("refresh_token"))

    def _verified(self, id_token: str, access_token: str, now: datetime, nonce: str | None) -> dict[str, Any]:
        try:
            decoded = self._decoded(id_token)
            claims = CodeIDToken(
                decoded.claims, decoded.header,
                options={"iss": {"essential": True, "value": self.settings.issuer},
                         "aud": {"essential": True, "value": self.settings.client_id}},
                params={"nonce": nonce, "client_id": self.settings.client_id, "access_token": access_token},
            )  # fmt: skip
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError) as error:
            _log.warning("oidc_token_refused", reason=str(error))
            of_time = isinstance(error, ExpiredTokenError | InvalidClaimError) and error.claim in ("exp", "iat", "nbf")
            raise LoginRefused("clock_differs" if of_time else "bad_token") from error
        return dict(claims)

    def _decoded(self, id_token: str) -> jwt.Token:
        """A token whose signature is the provider's. It may have changed its keys since they were read."""
        try:
            return jwt.decode(id_token, self.client.keys(), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            return jwt.decode(id_token, self.client.keys(anew=True), algorithms=list(ALGORITHMS))


def _derived(seed: str, purpose: str) -> str:
    return hmac.new(seed.encode(), purpose.encode(), hashlib.sha256).hexdigest()
