"""Forged or wrong ID tokens, and unusable discovery documents, let nobody in."""

import base64
import hmac
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from services.admin_api.identity.directory.oidc import OidcProvider, new_seed
from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import DirectoryDown, LoginRefused, RoleGroups
from tests.support.token_issuer import TokenIssuer


@pytest.fixture
def issuer() -> Iterator[TokenIssuer]:
    with TokenIssuer().running() as running:
        yield running


def provider(issuer: TokenIssuer) -> OidcProvider:
    return OidcProvider(
        OidcSettings(
            issuer=issuer.issuer, client_id="portal", client_secret="x", redirect_uri="", scopes="openid",
            response_mode="", group_claim="groups", name_claim="preferred_username", ca_file="", timeout=3.0,
            roles=RoleGroups(viewer=("viewers",)), label="Corp login",
        )
    )  # fmt: skip


class Attempt:
    """A login whose code is redeemed for a token with valid claims, replaced by those of `claims`."""

    def __init__(self, issuer: TokenIssuer) -> None:
        self.issuer, self.seed, self.provider = issuer, new_seed(), provider(issuer)
        asked = parse_qs(urlsplit(self.provider.authorization_url(self.seed)).query)
        self.nonce = asked["nonce"][0]

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        good = {"iss": self.issuer.issuer, "aud": "portal", "sub": "a1", "iat": now, "exp": now + 300,
                "nonce": self.nonce, "preferred_username": "anna",
                "groups": ["viewers"]}  # fmt: skip
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def redeem(self, id_token: str | None, userinfo: Mapping[str, Any] | None = None) -> str:
        """The name of the person who is logged in, or the reason of the refusal."""
        self.issuer.token = {
            "access_token": "t",
            "token_type": "Bearer",
            **({"id_token": id_token} if id_token else {}),
        }
        self.issuer.userinfo = userinfo or {}
        try:
            return self.provider.redeem("code", self.seed, datetime.now(UTC)).person.name
        except LoginRefused as refused:
            return refused.reason


@pytest.fixture
def attempt(issuer: TokenIssuer) -> Attempt:
    return Attempt(issuer)


def test_a_good_token_lets_in(attempt: Attempt) -> None:
    assert attempt.redeem(attempt.issuer.signed(attempt.claims())) == "anna"
    assert attempt.redeem(attempt.issuer.signed(attempt.claims(aud=["portal", "x"], azp="portal"))) == "anna"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nonce": "another"}, "bad_token"),
        ({"nonce": None}, "bad_token"),
        ({"aud": "another client"}, "bad_token"),
        ({"aud": ["portal", "x"], "azp": "x"}, "bad_token"),
        ({"iss": "https://evil.example"}, "bad_token"),
        ({"iss": None}, "bad_token"),
        ({"sub": None}, "bad_token"),
        ({"exp": 1}, "clock_differs"),
        ({"exp": None}, "bad_token"),
        ({"iat": int(time.time()) + 3600}, "clock_differs"),
        ({"nbf": int(time.time()) + 3600}, "clock_differs"),
        ({"at_hash": "of another access token"}, "bad_token"),
        ({"groups": ["others"]}, "no_group"),
    ],
)
def test_a_token_with_a_wrong_claim_lets_nobody_in(attempt: Attempt, changes: dict[str, Any], reason: str) -> None:
    assert attempt.redeem(attempt.issuer.signed(attempt.claims(**changes))) == reason


def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(attempt: Attempt) -> None:
    claims, signed = attempt.claims(), attempt.issuer.signed
    stranger = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    head, body, signature = signed(claims).split(".")
    nobodys = f"eyJhbGciOiJub25lIn0.{body}."  # {"alg":"none"}
    forged = [
        signed(claims, stranger),
        signed(claims, OctKey.import_key("x" * 32), alg="HS256"),
        _signed_by_the_public_key(body, attempt.issuer.key),
        nobodys,
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        "no token",
        "",
    ]
    assert [attempt.redeem(token) for token in forged] == ["bad_token"] * len(forged)


def _signed_by_the_public_key(body: str, key: RSAKey) -> str:
    """A token signed by HMAC with the published key as the secret (algorithm confusion)."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    signature = hmac.digest(key.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_groups_may_stand_at_the_userinfo_endpoint_of_the_same_person(attempt: Attempt) -> None:
    without = attempt.issuer.signed(attempt.claims(groups=None))
    assert attempt.redeem(without, {"sub": "a1", "groups": ["viewers"]}) == "anna"
    assert attempt.redeem(without, {"sub": "somebody else", "groups": ["viewers"]}) == "bad_token"
    assert attempt.redeem(without, {"sub": "a1"}) == "no_group"
    assert attempt.redeem(None, {"sub": "a1", "preferred_username": "anna", "groups": ["viewers"]}) == "bad_token"


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"issuer": "https://another.example"}, "of the issuer https://another.example"),
        ({"token_endpoint": None}, "lacks token_endpoint"),
    ],
)
def test_a_discovery_document_that_cannot_be_used_is_said(
    issuer: TokenIssuer, metadata: dict[str, Any], said: str
) -> None:
    issuer.metadata = metadata
    with pytest.raises(DirectoryDown) as down:
        provider(issuer).authorization_url(new_seed())
    assert said in down.value.reason
    assert said not in down.value.detail
