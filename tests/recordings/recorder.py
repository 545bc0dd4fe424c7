"""The recorder's command line: which scenarios, where to, and with which agents."""

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import sidecar.recordings
from tests.recordings.capture import Capture
from tests.recordings.installed import installed
from tests.recordings.more_agents import MORE_AGENTS
from tests.recordings.observing import DATA as TEST_DATA
from tests.recordings.parcel_scenarios import PARCEL
from tests.recordings.script import Scenario
from tests.recordings.scripted_model import ScriptedModel
from tests.recordings.session import Servers, record
from tests.recordings.shop_cline import SHOP_CLINE
from tests.recordings.shop_faults import SHOP_FAULTS
from tests.recordings.shop_lessons import SHOP_LESSONS
from tests.recordings.stage import CannotRecord, held_stage
from tests.recordings.storing import write_recording

SCENARIOS: tuple[Scenario, ...] = (*SHOP_LESSONS, *SHOP_FAULTS, *SHOP_CLINE, *PARCEL)
CAPTURE_PORT = 18402
MODEL_PORT = 18401
"""Fixed, because Claude Code writes its model's URL on every record."""
DATA = Path(sidecar.recordings.__file__).parent / "data"
FOLDERS = {**dict.fromkeys(SCENARIOS, DATA), **dict.fromkeys(MORE_AGENTS, TEST_DATA)}
"""Every scenario and where its recording is kept."""
NPM_FOLDER = Path("~/.cache/agent-sidecar/npm").expanduser


def main(arguments: Sequence[str] | None = None) -> int:
    """Record what the command line asks for; 0 when all is stored, 2 when something could not be recorded."""
    options = _options().parse_args(arguments)
    try:
        chosen = _chosen(options.only)
        with held_stage():
            failed = _record_all(chosen, options.out, options.npm_folder)
    except CannotRecord as exc:
        print(f"record: {exc}", file=sys.stderr)
        return 2
    return 2 if failed else 0


def _record_all(chosen: Sequence[Scenario], out: Path | None, npm_folder: Path) -> int:
    """Record one after the other, past those that fail, and give the number of failures."""
    executables = {agent: installed(agent, npm_folder) for agent in sorted({scenario.agent for scenario in chosen})}
    servers = Servers(capture=Capture(CAPTURE_PORT), model=ScriptedModel(MODEL_PORT))
    for server in (servers.capture, servers.model):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    failed = 0
    for number, scenario in enumerate(chosen, start=1):
        try:
            recording = record(scenario, executables[scenario.agent], servers)
        except CannotRecord as exc:
            failed += 1
            print(f"record: {exc}", file=sys.stderr)
            continue
        size = write_recording(recording, out or FOLDERS[scenario]).stat().st_size
        print(f"{number}/{len(chosen)} {recording.name}: {len(recording.requests)} requests, {size} bytes", flush=True)
    for server in (servers.capture, servers.model):
        server.shutdown()
        server.server_close()
    return failed


def _chosen(names: Sequence[str]) -> Sequence[Scenario]:
    known = {scenario.recording: scenario for scenario in FOLDERS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CannotRecord(f"no scenario {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
    return [known[name] for name in names] if names else tuple(FOLDERS)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="record.py", description="Record sessions of real coding agents.")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="record this one; may be repeated")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write; else where each is kept")
    parser.add_argument(
        "--npm-folder", type=Path, default=NPM_FOLDER(), metavar="DIR", help="where the agents are installed"
    )
    return parser
