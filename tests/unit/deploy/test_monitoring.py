"""Alerts and dashboard name metrics that the code has, and every alert leads to a section of the runbook."""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from environs import Env
from prometheus_client import REGISTRY

from services.dialer_sync.settings import worker_settings
from services.dialer_sync.steps.probe import IDLE_SECONDS
from tests.unit.dialer_sync.test_settings import GOOD

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "monitoring"
GROUP: dict[str, Any] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]
RULES: list[dict[str, Any]] = GROUP["rules"]
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana-dashboard.json").read_text())
PROMETHEUS: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus.yml").read_text())


def metrics() -> set[str]:
    """Every sample name that the services can show: the metrics are defined when their modules are imported."""
    for module in ("services.booking_api.app", "services.admin_api.app", "services.dialer_sync.metrics"):
        importlib.import_module(module)
    suffixes = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}
    return {
        family.name + suffix
        for family in REGISTRY.collect()
        if family.name.startswith("cm_")
        for suffix in suffixes[family.type]
    }


def expressions() -> list[str]:
    panels = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [rule["expr"] for rule in RULES] + panels


def test_every_metric_of_an_alert_or_a_panel_exists() -> None:
    named = {name for expression in expressions() for name in re.findall(r"\bcm_\w+", expression)}
    assert named - metrics() == set()


def test_every_metric_of_the_code_is_watched_somewhere() -> None:
    text = " ".join(expressions())
    unseen = {re.sub("_(bucket|count|sum|total)$", "", name) for name in metrics()}
    unseen = {name for name in unseen if name not in text}
    assert unseen <= {"cm_epoch"}


def test_every_alert_leads_to_a_section_of_the_runbook() -> None:
    guide = (ROOT / "deploy" / "README.md").read_text()
    sections = set(re.findall(r"^#+ (.+)$", guide, re.MULTILINE))
    assert {rule["annotations"]["runbook"] for rule in RULES} - sections == set()


def test_every_alert_has_a_severity_and_a_sentence() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"].endswith(".") or rule["annotations"]["summary"].endswith("a defect.")
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_jobs_that_alerts_select_are_scraped() -> None:
    jobs = {job["job_name"] for job in PROMETHEUS["scrape_configs"]}
    selected = {name for expression in expressions() for name in re.findall(r'job="([^"]+)"', expression)}
    assert selected <= jobs


def test_panels_do_not_overlap() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        own = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not own & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        cells |= own


def seconds(duration: str) -> int:
    return int(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]


def test_an_outage_of_ucce_is_told_within_two_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    settings = worker_settings(Env())
    noticed = max(settings.sync_interval, IDLE_SECONDS) + settings.ucce.timeout
    scraped = max(seconds(job["scrape_interval"]) for job in PROMETHEUS["scrape_configs"])
    (rule,) = (rule for rule in RULES if rule["alert"] == "CampaignManagerUcceDown")
    assert noticed + scraped + seconds(GROUP["interval"]) + seconds(rule["for"]) <= 120
