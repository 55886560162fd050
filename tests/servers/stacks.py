"""The whole system on ports that are reserved for this process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.sandbox import ports
from deploy.sandbox.process import on_other_ports
from deploy.sandbox.stack import Stack


@contextmanager
def running_stack(
    var: Path,
    settings: Mapping[str, str],
    *,
    overrides: Mapping[str, Mapping[str, str]] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[Stack]:
    """A Stack from `var` that is ready, on ports reserved for this process. Raises NotReady."""
    stacks: list[Stack] = []

    def start() -> Stack:
        stacks.append(Stack(var, settings, ports.any_free(), overrides=overrides, say=say))
        stacks[-1].start()
        return stacks[-1]

    try:
        yield on_other_ports(start)
    finally:
        for stack in stacks:
            stack.stop()
