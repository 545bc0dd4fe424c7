"""What an attached sidecar costs a real agent: its run time with the sidecar up, down, hanging and answering 500.

python -m tests.bench.agents          # about ten minutes for each agent; needs npm
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.e2e.attached import Machine, machine, serving
from tests.sidecar.attach.backends import down, failing, hanging

RUNS = 4
WAIT_S = 15
"""Of the agent's first command. A short session by the standard of real ones, which take minutes."""

Run = Callable[..., tuple[str, float]]


def agents(folder: Path, agent: str) -> list[Figure]:
    """The fastest of several interleaved runs each; all else that runs on this machine only ever adds time."""
    backends: dict[str, Callable[[], AbstractContextManager[str]]] = {"down": down, "hanging": hanging, "500": failing}
    with machine(folder / agent) as desk, serving(folder / f"{agent}-data") as sidecar:
        run = desk.run_claude_code if agent == "claude-code" else desk.run_cline
        if agent == "cline":
            desk.prepare_cline()
        run()
        took_s: dict[str, list[float]] = {name: [] for name in ("without", "up", *backends)}
        for _ in range(RUNS):
            desk.restore()
            took_s["without"].append(run(wait_s=WAIT_S)[1])
            took_s["up"].append(_attached_run(desk, agent, sidecar.url, run))
            for name, backend in backends.items():
                with backend() as url:
                    took_s[name].append(_attached_run(desk, agent, url, run))
    without_s = min(took_s.pop("without"))
    return [
        Figure(
            name=f"a session of {agent} with the sidecar {name}",
            value=min(times),
            unit="s",
            yardstick="the same without one",
            yardstick_value=without_s,
        )
        for name, times in took_s.items()
    ]


def _attached_run(desk: Machine, agent: str, url: str, run: Run) -> float:
    desk.restore()
    desk.sidecar("attach", agent, "--url", url)
    _, took_s = run(wait_s=WAIT_S)
    desk.sidecar("detach", agent)
    return took_s


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="sidecar-bench-") as folder:
        for agent in ("claude-code", "cline"):
            sys.stdout.write(f"{table(agents(Path(folder), agent))}\n")


if __name__ == "__main__":
    main()
