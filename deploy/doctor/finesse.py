"""Check of the Finesse nodes as the booking API asks them: certificate trusted, in service, our time. While the gadget
is off there is nothing to check."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from environs import Env, EnvError

from deploy.doctor import certificates
from deploy.doctor.directory import existing_skills
from deploy.doctor.finding import Finding, failed, ok, skipped, warning
from shared.certificate_advice import OF_FINESSE
from shared.config import BadSetting, GadgetSettings, common_settings, web_settings
from shared.xml import BadXml, parse, text

PATH = "/finesse/api/SystemInfo"  # Cisco gives it without a login
MAX_CLOCK_SECONDS = 60.0
_IN_SERVICE = "IN_SERVICE"
_FILE = "/etc/campaign-manager/common.env"


def check() -> Iterator[Finding]:
    """Each node by itself; no credentials are sent."""
    try:
        gadget = web_settings(Env()).gadget
    except (EnvError, BadSetting):  # the check of the settings says it
        return
    if gadget is None:
        return
    for number, url in enumerate(gadget.finesse_urls, 1):
        yield from _node(gadget, url, "finesse" if number == 1 else f"finesse {number}")
    if gadget.queues:
        yield _queues(gadget)


def _node(gadget: GadgetSettings, url: str, name: str) -> Iterator[Finding]:
    if url.startswith("https"):
        trusted = _certificate(gadget, url, f"{name} certificate")
        yield trusted
        if trusted.cure:
            return
    try:
        answer = requests.get(url + PATH, timeout=gadget.finesse_timeout, verify=gadget.finesse_ca_file or True,
                              allow_redirects=False)  # fmt: skip
    except requests.RequestException as error:
        yield failed(
            name, f"{url} does not answer ({type(error).__name__})", "check its name, its port and the firewall"
        )
        return
    yield _service(url, name, answer)
    yield from _clock(url, f"{name} clock", answer.headers.get("Date"))


def _certificate(gadget: GadgetSettings, url: str, name: str) -> Finding:
    try:
        reason = certificates.untrusted(url, gadget.finesse_ca_file or None, OF_FINESSE)
        days = certificates.days_left(url)
    except OSError as error:
        cause = f"no TLS connection to {url} ({error.strerror or type(error).__name__})"
        return failed(name, cause, "check the node's name, its port (8445) and the firewall")
    if reason:
        cause, _, cure = reason.partition(": ")
        return failed(name, cause, cure)
    if days is not None and days < certificates.WARN_DAYS:
        return warning(name, f"trusted, but it ends in {days} days", "have it renewed, then replace CM_FINESSE_CA_FILE")
    return ok(name, "trusted" if days is None else f"trusted, for {days} days more")


def _service(url: str, name: str, answer: requests.Response) -> Finding:
    try:
        status = text(parse(answer.content), "status") if answer.status_code == 200 else None
    except BadXml:
        status = "no document of Finesse"
    if answer.status_code in (401, 403):  # it asks for a login there; agents have their own
        return ok(name, f"{url} answers")
    if status == _IN_SERVICE:
        return ok(name, f"{url} is in service")
    seen = status or f"status {answer.status_code}"
    return failed(
        name, f"{url} answers, but is not in service: {seen}", "see the node's own state; agents use the other"
    )


def _clock(url: str, name: str, date: str | None) -> Iterator[Finding]:
    try:
        off = (parsedate_to_datetime(date or "") - datetime.now(UTC)).total_seconds()
    except ValueError:
        return
    if abs(off) > MAX_CLOCK_SECONDS:
        yield warning(name, f"{url} is {off:+.0f} s off our clock", "give both the same NTP servers")
    else:
        yield ok(name, f"{off:+.0f} s off ours")


def _queues(gadget: GadgetSettings) -> Finding:
    check, named = "finesse queues", frozenset(skill for _, skill in gadget.queues)
    try:
        unknown = named - existing_skills(common_settings(Env()), named)
    except Exception as error:
        return skipped(check, f"the database cannot be read ({type(error).__name__})")
    if unknown:
        return warning(check, f"CM_GADGET_QUEUES names skills that do not exist: {', '.join(sorted(unknown))}",
                       f"correct {_FILE}, or make the skills in the portal; until then agents choose")  # fmt: skip
    return ok(check, "the skills that CM_GADGET_QUEUES names exist")
