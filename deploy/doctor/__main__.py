"""`python -m deploy.doctor`: check every dependency from this node and say what is wrong and what to do."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import structlog

from deploy.doctor import (
    audit_chain,
    calendars,
    clock,
    database,
    directory,
    erased_numbers,
    finesse,
    hand_overs,
    nodes,
    openness,
    redis,
    settings,
    settings_source,
    ucce,
    ucce_campaigns,
    zookeeper,
)
from deploy.doctor.finding import Finding, Verdict, failed, skipped

HELP = """\
Checks every dependency from this node as the services would use it, and prints one line each: ok, or what is wrong and
what to do. It changes nothing. Settings come from the environment, else from /etc/campaign-manager/*.env, else from a
running `make run`; --env names other files.

exit status: 0 nothing is broken (there may be warnings), 1 something is, 2 wrong arguments
"""

CHECKS: dict[str, Callable[[Mapping[str, str]], Iterable[Finding]]] = {
    "settings": settings.check,
    "file_modes": openness.check,
    "clock": lambda _environ: clock.check(),
    "database": lambda _environ: database.check(),
    "audit_chain": lambda _environ: audit_chain.check(),
    "calendars": lambda _environ: calendars.check(),
    "erased_numbers": lambda _environ: erased_numbers.check(),
    "redis": lambda _environ: redis.check(),
    "directory": lambda _environ: directory.check(),
    "finesse": lambda _environ: finesse.check(),
    "zookeeper": zookeeper.check,
    "hand_overs": hand_overs.check,
    "ucce": ucce.check,
    "ucce_campaigns": lambda _environ: ucce_campaigns.check(),
    "nodes": nodes.check,
}


def findings(environ: Mapping[str, str], only: Iterable[str] = tuple(CHECKS)) -> Iterator[Finding]:
    """Run the checks one after the other. A check that raises becomes a finding; the checks after it still run.

    A login that UCCE refused is not tried by another check: further wrong logins would lock the account.
    """
    login_refused = False
    for name in only:
        if name == "ucce_campaigns" and login_refused:
            yield skipped(ucce_campaigns.NAME, "not read: UCCE refuses the login (see above)")
            continue
        try:
            for finding in CHECKS[name](environ):
                login_refused = login_refused or (finding.check, finding.verdict) == ("ucce login", Verdict.FAILED)
                yield finding
        except Exception as error:
            yield failed(name, f"the check itself failed: {type(error).__name__}: {error}", "please report this")


def main() -> int:
    """Print the findings; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.doctor", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    parser.add_argument(
        "--env", action="append", type=_file, default=[], metavar="FILE", help="a settings file; may be repeated"
    )
    parser.add_argument("--only", action="append", choices=sorted(CHECKS), help="only this check; may be repeated")
    arguments = parser.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout has the findings alone
    environ, source = settings_source.complete(os.environ, arguments.env)
    os.environ.update(environ)  # the services' own readers look there
    if arguments.env:
        CHECKS["file_modes"] = partial(openness.check, files=arguments.env)
    reported = []
    if not arguments.json:
        print(f"Settings from {source}.\n", flush=True)
    for finding in findings(environ, arguments.only or CHECKS):
        reported.append(finding)
        if not arguments.json:
            print(finding.line(), flush=True)
    broken = sum(finding.verdict is Verdict.FAILED for finding in reported)
    if arguments.json:
        body = {"ok": not broken, "settings": source, "findings": [finding.to_dict() for finding in reported]}
        print(json.dumps(body, indent=1, ensure_ascii=False))
    else:
        warned = sum(finding.verdict is Verdict.WARNING for finding in reported)
        print(f"\n{'All is well' if not broken else f'{broken} broken'}; {warned} warnings.")
    return 1 if broken else 0


def _file(path: str) -> Path:
    file = Path(path)
    if not os.access(file, os.R_OK):
        raise argparse.ArgumentTypeError(f"{path} cannot be read")
    return file


if __name__ == "__main__":
    sys.exit(main())
