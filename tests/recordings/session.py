"""Records one scenario: lays out its place, runs the agent's visits, sends what the sidecar's own parts would send."""

import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from sidecar.recordings import Recording
from sidecar.recordings.repositories import branches
from tests.recordings import running
from tests.recordings.capture import Capture
from tests.recordings.hygiene import foreign_text
from tests.recordings.installed import Executable
from tests.recordings.report import all_passed, junit_report
from tests.recordings.script import Ending, Report, Scenario, Visit
from tests.recordings.scripted_model import ScriptedModel
from tests.recordings.stage import CannotRecord, Place, end_processes, laid_out
from tests.recordings.vendor import without_vendor_text

VISIT_LIMIT_S = 120
"""An agent that takes longer waits for something that no script answers."""
BEFORE_SIGNAL_S = 4.0
"""Between the last turn and the signal: the command has begun and the telemetry before it has been sent."""

SHOWN_CHARACTERS = 1500
"""Of an agent's own output, where it did not end well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The two ends on loopback."""

    capture: Capture
    model: ScriptedModel


def record(scenario: Scenario, executable: Executable, servers: Servers) -> Recording:
    """Run a scenario and give its recording.

    Raises:
        CannotRecord: the agent hung, a turn was never asked for, or the recording would tell about this machine.
    """
    place = laid_out(scenario, sidecar_url=_url(servers.capture), model_url=_url(servers.model))
    servers.capture.take()
    exit_code = performed(scenario, executable, place, servers.model)
    return _recording(scenario, executable, place, servers.capture, exit_code)


def performed(scenario: Scenario, executable: Executable, place: Place, model: ScriptedModel) -> int:
    """Run a scenario's visits, send files and report to the sidecar that the place names, and give the exit code.

    Raises:
        CannotRecord: the agent hung, a turn was never asked for, or the tests contradict the scenario.
    """
    running.prepare(scenario, place)
    sent: dict[str, int] = {}
    exit_code = 0
    for number, visit in enumerate(scenario.visits, start=1):
        model.play(scenario, str(place.workspace), number)
        exit_code = _visited(scenario, visit, executable, place, model)
        _upload(scenario, place, sent)
    _report(scenario, place)
    return exit_code


def _visited(scenario: Scenario, visit: Visit, executable: Executable, place: Place, model: ScriptedModel) -> int:
    with place.agent_output.open("wb") as output:
        process = running.started(executable, scenario, visit, place, output)
    try:
        if visit.signal is not None and model.last_turn_served.wait(VISIT_LIMIT_S):
            time.sleep(BEFORE_SIGNAL_S)
            process.send_signal(visit.signal)
        exit_code = process.wait(VISIT_LIMIT_S)
    except subprocess.TimeoutExpired as exc:
        raise CannotRecord(_failure(scenario, place, f"it ran over {VISIT_LIMIT_S} s")) from exc
    finally:
        end_processes(place)
    if visit.signal is not None and exit_code == 0:
        raise CannotRecord(_failure(scenario, place, "it ended before the signal; let its last command run longer"))
    if not model.last_turn_served.is_set():
        raise CannotRecord(_failure(scenario, place, f"it stopped before its script's end, exit code {exit_code}"))
    return exit_code


def _failure(scenario: Scenario, place: Place, what: str) -> str:
    said = place.agent_output.read_text(errors="replace").strip()[-SHOWN_CHARACTERS:]
    return f"{scenario.recording}: {what}; the last it said was:\n{said}"


def _upload(scenario: Scenario, place: Place, sent: dict[str, int]) -> None:
    """Send each session file from where the last upload ended, in whole lines; what is rewritten goes in one piece."""
    session = running.session_id(scenario, place)
    for part, content in running.session_files(scenario, place):
        is_growing = scenario.agent in running.GROWING
        offset = sent.get(part, 0) if is_growing else 0
        while offset < len(content):
            body = _whole_lines(content[offset:], scenario.upload_bytes) if is_growing else content
            query = urlencode({"session": session, "part": part, "offset": offset}, safe="/")
            _post(place, f"/transcripts/{scenario.agent}?{query}", "application/octet-stream", body)
            offset += len(body)
        sent[part] = len(content)


def _whole_lines(content: bytes, most: int) -> bytes:
    """The first lines that fit; a single longer one goes alone."""
    end = content.rfind(b"\n", 0, most) + 1 or content.find(b"\n") + 1
    return content[:end] if end and len(content) > most else content


def _report(scenario: Scenario, place: Place) -> None:
    """Run the tests, hold the scenario to the ending that it promises, and send the report where it says so."""
    if scenario.ending not in (Ending.PASSES, Ending.FAILS):
        return
    report = junit_report(scenario.repository, place)
    if all_passed(report) is not (scenario.ending is Ending.PASSES):
        raise CannotRecord(f"{scenario.recording}: the tests contradict `{scenario.ending}`; correct the script")
    match scenario.report:
        case Report.NONE:
            return
        case Report.BY_SESSION:
            about = {"session": running.session_id(scenario, place)}
        case Report.BY_COMMIT:
            about = {"commit": branches(place.workspace)[scenario.branch]}
    query = urlencode({"format": "junit", **about})
    _post(place, f"/outcomes?{query}", "application/xml", report)


def _post(place: Place, target: str, content_type: str, body: bytes) -> None:
    request = urllib.request.Request(place.sidecar_url + target, body, {"Content-Type": content_type}, method="POST")
    no_proxy: Callable[..., object] = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    no_proxy(request, timeout=10)


def _recording(scenario: Scenario, executable: Executable, place: Place, capture: Capture, exit_code: int) -> Recording:
    requests = tuple(map(without_vendor_text, capture.take()))
    foreign = foreign_text(requests)
    if foreign:
        raise CannotRecord(
            f"{scenario.recording} would tell of this machine, so it is not stored: {', '.join(foreign)}"
        )
    return Recording(
        name=scenario.recording,
        agent=scenario.agent,
        agent_version=executable.version,
        binary_sha256=executable.sha256,
        repository=scenario.repository,
        scenario=scenario.name,
        recorded_on=datetime.now(UTC).date().isoformat(),
        session_id=running.session_id(scenario, place),
        head_commit=place.head_commit,
        branch=scenario.branch,
        exit_code=exit_code,
        description=scenario.description,
        requests=requests,
    )


def _url(server: Capture | ScriptedModel) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"
