"""Which ciphers the TLS listener takes, asked one by one."""

import socket
import ssl

import pytest

from tests.integration.haproxy.conftest import Site


def context(version: ssl.TLSVersion, ciphers: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_ciphers(ciphers)
    made.minimum_version = made.maximum_version = version
    return made


def handshake(site: Site, client: ssl.SSLContext) -> tuple[str, str] | None:
    """The protocol and the cipher that were agreed on; None without an agreement."""
    port = int(site.balancer.https_url.rpartition(":")[2])
    try:
        with socket.create_connection(("127.0.0.1", port), 15) as plain, client.wrap_socket(plain) as secure:
            cipher = secure.cipher()
            assert cipher is not None
            return str(secure.version()), cipher[0]
    except ssl.SSLError:
        return None


def test_tls_1_2_has_forward_secrecy_and_authenticated_encryption_only(site: Site) -> None:
    every = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
    known = [
        cipher["name"] for cipher in context(ssl.TLSVersion.TLSv1_2, every).get_ciphers()
        if cipher["protocol"] != "TLSv1.3"
    ]  # fmt: skip
    asked = {name: context(ssl.TLSVersion.TLSv1_2, f"{name}:@SECLEVEL=0") for name in known}

    taken = {name for name, client in asked.items() if handshake(site, client)}

    assert {"AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES128-GCM-SHA256"} <= asked.keys()
    assert taken
    assert [name for name in taken if not name.startswith("ECDHE-")] == []
    assert [name for name in taken if "GCM" not in name and "CHACHA20" not in name] == []


def test_tls_1_3_is_agreed_on_when_both_can(site: Site) -> None:
    client = context(ssl.TLSVersion.TLSv1_3, "DEFAULT")
    client.minimum_version = ssl.TLSVersion.TLSv1_2

    assert (handshake(site, client) or ("", ""))[0] == "TLSv1.3"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_older_versions_are_refused(site: Site, version: ssl.TLSVersion) -> None:
    assert handshake(site, context(version, "ALL:@SECLEVEL=0")) is None
