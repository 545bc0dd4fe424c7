"""Checks of one agent on this machine: is it there, is it attached, does its hook fire."""

import re
import shutil
import subprocess
from pathlib import Path

from sidecar.attach.changing import content_at
from sidecar.attach.claude_code import has_plugin
from sidecar.attach.places import Places
from sidecar.attach.record import Record, Written, read_record
from sidecar.attach.settings import commands_at, commands_of, value_at
from sidecar.doctor.finding import Finding, ok, problem, unchecked
from sidecar.doctor.probe import check_hook
from sidecar.errors import SidecarError

PROGRAMS = {"claude_code": "claude", "cline": "cline"}
MEASURED = {"claude_code": "2.1.330", "cline": "3.0.65"}
"""Versions of which it was measured what they emit."""
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_VERSION_LIMIT_S = 20


def check_agent(agent: str, places: Places, folder: Path) -> list[Finding]:
    """Everything about an agent that this machine can tell; nothing where it is neither there nor attached."""
    try:
        record = read_record(places.record(agent))
    except SidecarError as exc:
        return [problem(f"{agent}: attached", str(exc), "mend or remove that file, then attach again")]
    program = shutil.which(PROGRAMS[agent])
    plugin = agent == "claude_code" and has_plugin(places.claude / "settings.json")
    if program is None and not record.files and not plugin:
        return []
    findings = [_version(agent, program), _attached(agent, record, has_plugin=plugin)]
    if agent == "claude_code":
        findings += _switched_off(places)
    if record.files:
        findings.append(check_hook(agent, places.scripts / "hook.sh", folder))
    return findings


def no_agent() -> Finding:
    """What is said of a machine where no agent is: nothing will come from it."""
    programs = " nor ".join(PROGRAMS.values())
    step = "where developers work, run: sidecar attach claude-code; a machine that only receives needs none"
    return unchecked("agents: attached", f"none is attached here, and neither {programs} is on PATH", step)


def _version(agent: str, program: str | None) -> Finding:
    hop = f"{agent}: version known"
    if program is None:
        return unchecked(hop, f"{PROGRAMS[agent]} is not on PATH", "install it, or run doctor where it runs")
    try:
        run = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=_VERSION_LIMIT_S
        )
        found = _VERSION.search(run.stdout)
    except (OSError, subprocess.TimeoutExpired):
        found = None
    if found is None:
        return problem(hop, f"{program} --version told no version", "look whether it runs at all")
    if found[0] == MEASURED[agent]:
        return ok(hop, found[0])
    return unchecked(
        hop,
        f"{found[0]}; what is known of it was measured with {MEASURED[agent]}",
        "run one session and see below whether all of it arrives",
    )


def _attached(agent: str, record: Record, *, has_plugin: bool) -> Finding:
    hop, name = f"{agent}: attached", agent.replace("_", "-")
    if not record.files:
        if has_plugin:
            return ok(hop, "by the plugin, which brings hooks and no telemetry")
        return unchecked(hop, "it is not", f"run: sidecar attach {name}")
    broken = [str(written.path) for written in record.files if not _stands(written)]
    if broken:
        return problem(hop, f"our entries are gone from {', '.join(broken)}", f"run again: sidecar attach {name}")
    return ok(hop, f"in {', '.join(str(written.path) for written in record.files)}")


def _stands(written: Written) -> bool:
    content = content_at(written.path)
    if content is None:
        return False
    if written.is_as_written(content):
        return True
    if written.lines:
        return set(written.lines) <= set(content.decode("utf-8", "replace").splitlines())
    try:
        return all(
            value_at(content, *entry.path, entry.key) == entry.value
            if entry.key is not None
            else bool(set(commands_of(entry.value)) & set(commands_at(content, entry.path[-1])))
            for entry in written.entries
        )
    except SidecarError:
        return False


def _switched_off(places: Places) -> list[Finding]:
    settings = places.claude / "settings.json"
    content = content_at(settings)
    try:
        is_off = content is not None and value_at(content, "disableAllHooks") is True
    except SidecarError as exc:
        return [
            problem("claude_code: settings", f"{settings}: {exc}", "mend the file; Claude Code cannot read it either")
        ]
    if not is_off:
        return []
    return [
        problem("claude_code: settings", f"{settings} sets disableAllHooks", "take it out, or no hook will ever fire")
    ]
