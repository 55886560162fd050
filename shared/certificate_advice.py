"""What is wrong with a server's certificate and what to do about it, from OpenSSL's verification error."""

import ssl
from typing import NamedTuple

# OpenSSL's X509_V_ERR_… (x509_vfy.h)
_NOT_YET_VALID, _EXPIRED = (9,), (10,)
_SELF_SIGNED = (18, 19)
_NO_ISSUER = (2, 20, 21)
_OTHER_NAME = (62, 64)


class CertificateSettings(NamedTuple):
    """The settings by which a kind of server is found and trusted, and what such a server is called."""

    url: str
    ca_file: str
    server: str


OF_UCCE = CertificateSettings("CM_UCCE_URL", "CM_UCCE_CA_FILE", "the Admin Workstation")
OF_FINESSE = CertificateSettings("CM_FINESSE_URLS", "CM_FINESSE_CA_FILE", "the Finesse node")


def trusting_context() -> ssl.SSLContext:
    """As Python's default, and each certificate of the CA file is trusted by itself: a server's own, or an
    intermediate authority's that the server does not send.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def certificate_problem(error: BaseException, host: str, settings: CertificateSettings = OF_UCCE) -> str | None:
    """Sentence of a failed verification somewhere in `error`'s causes; None when there is none."""
    failure = _verification(error)
    if failure is None:
        return None
    reason = failure.verify_message.rstrip(".")
    return f"the certificate of {host} is not trusted ({reason}): {_cure(failure, host, settings)}"


def _cure(error: ssl.SSLCertVerificationError, host: str, settings: CertificateSettings) -> str:
    ca_file = settings.ca_file
    code = error.verify_code
    if code in _OTHER_NAME:
        return (
            f"it does not name {host} as subjectAltName (SAN; a common name is not enough). Use a name that it has in "
            f"{settings.url}, or have it issued anew with {host} as SAN; make doctor shows what it names"
        )
    if code in _NO_ISSUER:
        return (
            f"the server does not send its intermediate certificate, or {ca_file} is another authority's. Put the "
            f"intermediate and the root certificate into {ca_file}, one after the other (PEM), or have the server "
            "send the whole chain; make doctor shows what it sends"
        )
    if code in _SELF_SIGNED:
        return f"save it, or the certificate of the authority at the end of its chain, to {ca_file} (PEM)"
    if code in _EXPIRED:
        return f"have it renewed; if it is in {ca_file}, save the new one there"
    if code in _NOT_YET_VALID:
        return "compare the clock of this node with the server's"
    return f"is {ca_file} the certificate (or its authority) of {settings.server}?"


def _verification(error: BaseException | object | None) -> ssl.SSLCertVerificationError | None:
    """Libraries wrap it in `reason`, `args` or as a cause."""
    seen: list[object] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ssl.SSLCertVerificationError):
            return one
        if not isinstance(one, BaseException) or any(one is other for other in seen):
            continue
        seen.append(one)
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return None
