"""Check of UCCE as the master uses it: reachable, certificate trusted, login accepted, right to read campaigns."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from environs import Env, EnvError

from deploy.doctor import certificates
from deploy.doctor.finding import Finding, Verdict, failed, ok, skipped, warning
from services.dialer_sync.settings import worker_settings
from services.dialer_sync.ucce.client import BASE, UcceClient, UcceSettings
from services.dialer_sync.ucce.errors import UcceError
from shared.config import BadSetting
from shared.xml import text

_CURES = {
    401: "correct CM_UCCE_USER (user@domain) and its password; a new account is known to UCCE within 30 minutes",
    403: "make the account a UCCE administrator: only administrators may import",
    404: "CM_UCCE_URL must be an Admin Workstation (AW-HDS), not the Logger",
    503: "UCCE is busy: try again in a minute",
}


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Reads one campaign of each Admin Workstation at most; changes nothing."""
    try:
        settings = worker_settings(Env()).ucce
    except (EnvError, BadSetting) as error:
        yield failed("ucce", str(error), "correct /etc/campaign-manager/dialer_sync.env")
        return
    login_refused = False
    for number, url in enumerate(settings.urls, 1):
        for finding in _workstation(replace(settings, url=url, second_url=None), login_refused):
            login_refused = login_refused or (finding.check == "ucce login" and finding.verdict is Verdict.FAILED)
            yield finding if number == 1 else replace(finding, check=f"{finding.check} {number}")
    yield _hds(environ)


def _workstation(settings: UcceSettings, login_refused: bool) -> Iterator[Finding]:
    if settings.url.startswith("https"):
        trusted = _certificate(settings)
        yield from _chain(settings.url)
        yield trusted
        if trusted.verdict is Verdict.FAILED:
            return
    if login_refused:
        yield skipped("ucce login", f"not tried at {settings.url}, so that the account is not locked")
    else:
        yield from _campaigns(settings)


def _chain(url: str) -> Iterator[Finding]:
    """The certificates that the server sends. Whether they are trusted is a finding of its own."""
    sent = certificates.chain(url)
    if sent:
        yield ok("ucce chain", "; ".join(f"{place}. {one}" for place, one in enumerate(sent, 1)))


def _certificate(settings: UcceSettings) -> Finding:
    name = "ucce certificate"
    try:
        reason = certificates.untrusted(settings.url, settings.ca_file)
        days = certificates.days_left(settings.url)
    except OSError as error:
        return failed(
            name,
            f"no TLS connection to {settings.url} ({error.strerror or type(error).__name__})",
            "check the Admin Workstation's name, port 443 and the firewall",
        )
    if reason:
        cause, _, cure = reason.partition(": ")
        return failed(name, cause, cure)
    if days is not None and days < certificates.WARN_DAYS:
        return warning(name, f"trusted, but it ends in {days} days", "have it renewed, then replace CM_UCCE_CA_FILE")
    return ok(name, "trusted" if days is None else f"trusted, for {days} days more")


def _campaigns(settings: UcceSettings) -> Iterator[Finding]:
    client = UcceClient(settings)
    try:
        root = client.get("doctor", f"{BASE}/campaign", {"resultsPerPage": 1}, root="results")
    except UcceError as error:
        cure = _CURES.get(error.status or 0, "check the Admin Workstation, its name and the firewall")
        yield failed("ucce login" if error.status in (401, 403) else "ucce", error.message, cure)
        return
    finally:
        client.close()
    yield ok("ucce login", f"{settings.user} is let in")
    yield _rights(root)


def _rights(root: Element) -> Finding:
    role = text(root, "permissionInfo/role") or "unknown"
    denied = [right for right in ("canCreate", "canUpdate") if text(root, f"permissionInfo/{right}") == "false"]
    if denied:
        return failed(
            "ucce rights",
            f"the account (role {role}) may not: {', '.join(denied)}",
            "use an administrator without a custom role: CampaignStatus and CampaignContact leave update only",
        )
    if role == "unknown":
        return warning("ucce rights", "UCCE does not tell the account's role", "see that it is an administrator")
    return ok("ucce rights", f"role {role}: may create and change campaigns")


def _hds(environ: Mapping[str, str]) -> Finding:
    if any(name.startswith("CM_HDS_") for name in environ):
        return skipped("hds", "CM_HDS_… is set, but this version reads results from UCCE's contact list only")
    return skipped("hds", "not used: results come from UCCE's contact list")
