"""Calls to the OpenID Connect provider: its discovery document, its keys, and its token endpoint."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import DirectoryDown
from shared import deadline

T = TypeVar("T")
_log = structlog.get_logger(__name__)

PAUSE_SECONDS = 10.0  # for which a provider that failed is not asked
DISCOVERY_SECONDS = 3600.0  # for which discovery document and keys hold
NEW_KEYS_SECONDS = 30.0  # between two readings of the keys for a token with an unknown one
CALLS_AT_ONCE = 4  # half of a process's threads: a provider that hangs does not hold up everything else
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderRefused(Exception):
    """The provider answered with an OAuth error; `error` is its code, such as `invalid_grant`."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class OidcClient:
    """Thread-safe. Every call raises DirectoryDown for a provider that does not answer as it should."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._verify = settings.ca_file or True
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(CALLS_AT_ONCE)
        self._down_until, self._reason = 0.0, ""
        self._metadata: dict[str, Any] | None = None
        self._keys: KeySet | None = None
        self._read_at = self._keys_read_at = self._keys_read_anew_at = float("-inf")

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        known = self._metadata
        if known is not None and time.monotonic() - self._read_at < DISCOVERY_SECONDS:
            return known
        read = self._call(self._read_metadata)
        with self._lock:
            self._metadata, self._read_at = read, time.monotonic()
        return read

    def keys(self, *, anew: bool = False) -> KeySet:
        """The provider's signing keys. `anew`: for a token whose key is not among those that are known."""
        now = time.monotonic()
        known = self._keys
        too_soon = now - self._keys_read_anew_at < NEW_KEYS_SECONDS
        if known is not None and (too_soon if anew else now - self._keys_read_at < DISCOVERY_SECONDS):
            return known
        address = self.metadata()["jwks_uri"]
        keys = self._call(lambda: _key_set(self._get(address)))
        with self._lock:
            self._keys, self._keys_read_at = keys, now
            if anew:
                self._keys_read_anew_at = now
        return keys

    def probe(self) -> None:
        """Ask for the discovery document now."""
        self._call(self._read_metadata)

    def session(self) -> OAuth2Session:
        """A client of the provider with our credentials. Close it.

        Scopes are named in the browser's request alone: a refresh gets those that were granted, which may be fewer.
        """
        settings = self.settings
        methods = self.metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in methods
        method = ("client_secret_basic" if basic else "client_secret_post") if settings.client_secret else "none"
        return OAuth2Session(
            settings.client_id, settings.client_secret or None, token_endpoint_auth_method=method,
            redirect_uri=settings.redirect_uri, code_challenge_method="S256",
            default_timeout=self._timeout(),
        )  # fmt: skip

    def code(self, code: str, code_verifier: str) -> dict[str, Any]:
        """The tokens for a code. Raises ProviderRefused too."""
        return self._token("fetch_token", grant_type="authorization_code", code=code, code_verifier=code_verifier)

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """The tokens for a refresh token. Raises ProviderRefused too."""
        return self._token("refresh_token", refresh_token=refresh_token)

    def _token(self, method: str, **parameters: str) -> dict[str, Any]:
        endpoint = self.metadata()["token_endpoint"]

        def call() -> dict[str, Any]:
            with self.session() as session:
                # Given with the call: of a session's own `verify` requests takes the environment's in its place.
                return dict(getattr(session, method)(endpoint, verify=self._verify, **parameters))

        return self._call(call)

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """The claims that the provider tells for an access token; none when it has no such endpoint."""
        endpoint = self.metadata().get("userinfo_endpoint")
        if not endpoint:
            return {}
        return self._call(lambda: _document(self._get(endpoint, {"Authorization": f"Bearer {access_token}"})))

    def _read_metadata(self) -> dict[str, Any]:
        issuer = self.settings.issuer
        found = _document(self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
        if found.get("issuer") != issuer:
            raise ValueError(f"its discovery document is of the issuer {found.get('issuer')}, not {issuer}")
        if missing := [name for name in _NEEDED if not isinstance(found.get(name), str)]:
            raise ValueError(f"its discovery document lacks {', '.join(missing)}")
        return found

    def _get(self, url: str, headers: dict[str, str] | None = None) -> Any:
        answer = requests.get(
            url, headers=headers, timeout=self._timeout(), verify=self._verify, allow_redirects=headers is None
        )
        answer.raise_for_status()
        return answer.json()

    def _timeout(self) -> float:
        deadline.require(0.1)
        return max(0.1, min(self.settings.timeout, deadline.remaining()))

    def _call(self, work: Callable[[], T]) -> T:
        self._require_up()
        if not self._slots.acquire(timeout=0.5):
            raise DirectoryDown(self.settings.label, "every connection is in use")
        try:
            result = work()
        except OAuthError as error:
            if error.error in ("temporarily_unavailable", "server_error", "invalid_client", None):
                raise self._mark_down(f"it refuses us: {error.error}") from error
            raise ProviderRefused(error.error) from error
        except (requests.RequestException, ValueError, JoseError) as error:
            raise self._mark_down(sentence(error)) from error
        finally:
            self._slots.release()
        if self._reason:
            self._reason = ""
            _log.info("oidc_provider_answers")
        return result

    def _require_up(self) -> None:
        """One caller tries a provider whose pause is over: the others see it as down meanwhile."""
        now = time.monotonic()
        with self._lock:
            if self._down_until > now:
                raise DirectoryDown(self.settings.label, self._reason)
            if self._reason:
                self._down_until = now + self.settings.timeout

    def _mark_down(self, reason: str) -> DirectoryDown:
        with self._lock:
            self._down_until, self._reason = time.monotonic() + PAUSE_SECONDS, reason
        _log.warning("oidc_provider_failed", reason=reason)
        return DirectoryDown(self.settings.label, reason)


def sentence(error: Exception) -> str:
    """What went wrong, without what the provider sent."""
    if isinstance(error, requests.exceptions.SSLError):
        return f"its certificate is not trusted: {error}"
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"it answers {error.response.status_code} at {error.response.url}"
    if isinstance(error, requests.exceptions.JSONDecodeError):
        return "its answer is no JSON"
    if isinstance(error, requests.RequestException):
        return f"no answer ({type(error).__name__})"
    return str(error)


def _key_set(document: Any) -> KeySet:
    """The keys that can be used; a provider may offer kinds that we do not know."""
    usable = []
    for key in _document(document).get("keys") or []:
        try:
            usable += KeySet.import_key_set({"keys": [key]}).keys
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    if not usable:
        raise ValueError("it offers no key that can be used")
    return KeySet(usable)


def _document(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("its answer is no JSON object")
    return found
