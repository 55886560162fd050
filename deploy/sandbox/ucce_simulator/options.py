"""Command line and environment → one frozen Options."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.sandbox.ucce_simulator import results


@dataclass(frozen=True)
class Options:
    """How the simulator was started. Seconds are seconds of the simulated clock."""

    host: str
    port: int
    second_port: int
    data: Path
    user: str
    password: str
    cert: Path | None
    key: Path | None
    plain: bool
    page_base: str
    time_zone: str
    queue: int
    pickup_seconds: float
    dial_seconds: float
    lines: int
    mix: str
    seed: int
    purge_days: int
    paused: bool
    verbose: bool


# flag, kind of value, default, help. The environment's name is UCCE_SIMULATOR_<FLAG>, or the one given fifth.
_FLAGS: tuple[tuple[str, type, object, str, str], ...] = (
    ("host", str, "127.0.0.1", "address to listen on", ""),
    ("port", int, 8444, "port to listen on; 0 takes a free one", ""),
    ("second-port", int, -1, "port of a second Admin Workstation on the same data; 0 takes a free one, -1: none", ""),
    ("data", Path, Path("var/ucce"), "directory of the state, the certificate and its key", ""),
    ("user", str, "cm@ucce.example", "name for Basic authentication", "CM_UCCE_USER"),
    ("password", str, "", "password; the environment keeps it out of the process list", "CM_UCCE_PASSWORD"),
    ("cert", Path, None, "certificate (PEM); made in DATA/ucce-ca.pem when absent", ""),
    ("key", Path, None, "its key (PEM)", ""),
    ("page-base", str, "https://aw1.cc.example", "scheme and host of URLs in answers; 'same': those asked", ""),
    ("time-zone", str, "UTC", "IANA zone of the Logger: importDate, midnight", ""),
    ("queue", int, 30, "imports that may be queued", ""),
    ("pickup-seconds", float, 1.0, "from import to the first dial, at least", ""),
    ("dial-seconds", float, 5.0, "from dial to result", ""),
    ("lines", int, 100, "calls at once, per campaign", ""),
    ("mix", str, "10:60,9:15,8:15,12:10", "CallResult:weight, …", ""),
    ("seed", int, 1, "of the results", ""),
    ("purge-days", int, 5, "closed records older than this go at midnight; 0: never", ""),
)
_SWITCHES = (
    ("plain", "speak HTTP instead of HTTPS"),
    ("paused", "start with the dialer paused"),
    ("verbose", "write a line per request (without query and body)"),
)


def parse(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> Options:
    """Exits with a usage message on wrong input, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.sandbox.ucce_simulator", description="A simulated UCCE with a dialer."
    )
    for flag, kind, default, text, own_variable in _FLAGS:
        variable = own_variable or "UCCE_SIMULATOR_" + flag.upper().replace("-", "_")
        # a string default goes through `type` too, so a wrong variable is reported like a wrong flag
        value = environment.get(variable) or default
        shown = "" if default in (None, "") else f", default {default}"
        parser.add_argument(f"--{flag}", type=kind, default=value, help=f"{text} (env {variable}{shown})")
    for flag, text in _SWITCHES:
        variable = f"UCCE_SIMULATOR_{flag.upper()}"
        on = environment.get(variable, "").lower() in ("1", "true", "yes")
        parser.add_argument(f"--{flag}", action="store_true", default=on, help=f"{text} (env {variable}=true)")
    options = Options(**vars(parser.parse_args(arguments)))
    _check(parser, options)
    return options


def _check(parser: argparse.ArgumentParser, options: Options) -> None:
    if not options.password:
        parser.error("a password is needed: CM_UCCE_PASSWORD or --password")
    try:
        results.mix_from_text(options.mix)
        ZoneInfo(options.time_zone)
    except (ValueError, KeyError, OSError) as error:
        parser.error(str(error))
    if bool(options.cert) != bool(options.key):
        parser.error("--cert and --key belong together")
