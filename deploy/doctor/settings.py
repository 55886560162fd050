"""Check: are the settings complete and valid?"""

from collections.abc import Iterator, Mapping

from environs import Env, EnvError

from deploy.doctor.finding import Finding, failed, ok, warning
from services.dialer_sync.settings import worker_settings
from shared.config import BadSetting, web_settings


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Read them as the services do."""
    for name, read in (("web settings", web_settings), ("worker settings", worker_settings)):
        try:
            read(Env())
        except (EnvError, BadSetting) as error:
            yield failed(name, str(error), "correct it in /etc/campaign-manager (deploy/env explains each)")
        else:
            yield ok(name, "complete, and they fit each other")
    if environ.get("CM_DATABASE_TRUST_CERTIFICATE", "").lower() in ("1", "true", "yes", "on"):
        yield warning(
            "database trust",
            "any certificate of the database is accepted (CM_DATABASE_TRUST_CERTIFICATE)",
            "install the certificate's authority on this host and remove the setting",
        )
