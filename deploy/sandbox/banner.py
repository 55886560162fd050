"""The table that `make run` prints when everything runs: addresses, keys, things to try."""

from collections.abc import Mapping
from pathlib import Path


def table(env: Mapping[str, str], var: Path, seconds: float) -> str:
    """One table; the keys are those of the demo, made on this machine."""
    url, skill = env["CM_URL"], env["CM_DEMO_SKILL"]
    rows = [
        ("portal", f"{url}/    {env['CM_HTTPS_URL']}/ (self-signed)"),
        ("portal login", f"{env['CM_ADMIN_USER']} / {env['CM_ADMIN_PASSWORD']}"),
        ("API", f"{url}/api/v1/…    {env['CM_HTTPS_URL']}/api/v1/… (self-signed)"),
        ("API description", f"{url}/api/v1/docs"),
        ("load balancer", f"{env['CM_STATS_URL']}/"),
        ("UCCE", env.get("CM_UCCE_URLS") or env["CM_UCCE_URL"]),
        ("IVR key", env["CM_IVR_KEY"]),
        *_finesse(env),
        ("operator key", env["CM_OPS_KEY"]),
        ("all of it", f"{var}/run/demo.env (for shells: set -a; . {var}/run/demo.env)"),
        ("logs", f"{var}/log/"),
    ]
    ivr = f"curl -H 'X-API-Key: {env['CM_IVR_KEY']}'"
    body = f"""'{{"phone": "(312) 555-0142", "skill": "{skill}", "start": "'$(date -uIs -d '+1 minute')'"}}'"""
    tries = [
        ("see it work", "make demo"),
        ("play the IVR", "make ivr-demo"),
        ("free slots", f"{ivr} '{url}/api/v1/availability?skill={skill}'"),
        ("book one", f"{ivr} {url}/api/v1/callbacks -H 'Content-Type: application/json' -d {body}"),
        ("the master", f"curl -H 'X-API-Key: {env['CM_OPS_KEY']}' {url}/ops/status"),
    ]
    width = max(len(name) for name, _ in (*rows, *tries))
    line = "─" * 100
    page = [line, f"Campaign Manager is ready after {seconds:.0f} s", line]
    page += [f"{name:<{width}}  {value}" for name, value in rows]
    page += [line, "Try, in another terminal:", *(f"{name:<{width}}  {value}" for name, value in tries), line]
    return "\n".join([*page, "Ctrl-C stops everything; the data stays."])


def _finesse(env: Mapping[str, str]) -> list[tuple[str, str]]:
    """Only while the gadget is on: nothing of it is shown otherwise."""
    if "CM_FINESSE_DESKTOP_URL" not in env:
        return []
    agent = f"agent {env['CM_FINESSE_AGENT']} / {env['CM_FINESSE_AGENT_PASSWORD']}"
    return [("Finesse desktop", f"{env['CM_FINESSE_DESKTOP_URL']} (self-signed), {agent}")]
