"""One learning pass over 150 sessions, counted by a scripted model: calls and prompt tokens beside those of others.

The packets have the sizes of real ones: measured on 2026-11-26 on the 33 failed sessions with raw test output among 696
graded runs of coding agents on public benchmarks (rendered packets of 4.7 to 17.3 kB, mean 8.9 kB). Tokens are
estimated at three bytes each, which is more than o200k counts for English and code (about four).
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from judges.packet import build_packet, render_packet
from sidecar.domain import Label, SessionId, TaskId
from tests.bench.figures import Figure
from tests.planted.passes import Learning, learning
from tests.planted.persona import Persona
from tests.planted.world import FAILED_SHARE, Played, planted_sessions, save
from tests.scripted_model import Asked, ScriptedModel

SESSIONS = 150
PACKET_BYTES = (4683, 7621, 7978, 8587, 8587, 9461, 10753, 17310)
"""Minimum, 10th, 25th, 50th (twice), 75th and 90th percentile, maximum of the measured packets."""
BYTES_PER_TOKEN = 3
MOST_PROMPT_TOKENS = 8000
_SEED = 1
_MOST_PASSES = 12

PROMISED_CALLS = 100
PROMISED_DRAFT_TOKENS = 120_000
PROMISED_JUDGE_TOKENS = 400_000
OTHERS = (
    ("Arize prompt-learning, one loop", 151, 473_000, 150),
    ("GEPA, budget 600", 10, 37_000, 619),
    ("dspy.GEPA medium", 14, 57_000, 942),
    ("MIPROv2 light", 13, 66_000, 666),
    ("ACE", 340, 657_000, 410),
    ("SkillOpt-Sleep", 106, 42_000, 0),
)
"""Name, learning calls, learning prompt tokens (o200k), agent runs to propose; 150 sessions, 53 % failing, measured
2026-11."""


def learning_figures() -> list[Figure]:
    """Calls, tokens and agent runs of one pass."""
    with (
        tempfile.TemporaryDirectory(prefix="sidecar-learning-") as folder,
        ScriptedModel(script=Persona(seed=_SEED).answer) as model,
        learning(Path(folder), model.url) as one,
    ):
        played = list(planted_sessions(_SEED, count=SESSIONS, failed_share=FAILED_SHARE, packet_bytes=PACKET_BYTES))
        save(one.installation.store, played)
        one.judge()
        judging = list(model.meter.asked)
        one.whole_pass()
        drafting = model.meter.asked[len(judging) :]
        passes = 1
        while one.whole_pass().proposal is not None and passes < _MOST_PASSES:
            passes += 1
        every_draft = model.meter.asked[len(judging) :]
        next_calls = _next_session_calls(one, model)
    return [
        *_figures(judging, drafting),
        _all_figure(every_draft, passes),
        _next_figure(next_calls),
        _size_figure(played),
    ]


def comparison() -> str:
    """What other systems need for the same, one line each."""
    lines = [
        f"          {name}: {calls} calls, {prompt:,} prompt tokens, {runs} agent runs"
        for name, calls, prompt, runs in OTHERS
    ]
    return "\n".join(["          the same 150 sessions with others (measured 2026-11, tokens o200k):", *lines])


def _figures(judging: list[Asked], drafting: list[Asked]) -> list[Figure]:
    every = [*judging, *drafting]
    largest = max(_tokens(one) for one in every)
    return [
        _promised("learning pass over 150 sessions: model calls", len(every), "calls", PROMISED_CALLS),
        _promised("  prompt tokens of judging", sum(map(_tokens, judging)), "tokens", PROMISED_JUDGE_TOKENS),
        _promised("  prompt tokens of drafting", sum(map(_tokens, drafting)), "tokens", PROMISED_DRAFT_TOKENS),
        _promised("  largest prompt", largest, "tokens", MOST_PROMPT_TOKENS),
        Figure(
            name="  prompt tokens in all",
            value=sum(map(_tokens, every)),
            unit="tokens",
            yardstick=f"{OTHERS[0][0]} (150 agent runs, ours 0)",
            yardstick_value=OTHERS[0][2],
        ),
    ]


def _all_figure(drafting: list[Asked], passes: int) -> Figure:
    """A run proposes four edits at most, so that all lessons take several."""
    name = f"  prompt tokens of drafting until nothing is left ({len(drafting)} calls, {passes} passes)"
    return _promised(name, sum(map(_tokens, drafting)), "tokens", PROMISED_DRAFT_TOKENS)


def _next_figure(calls: int) -> Figure:
    return _promised("  judge calls for the next session", calls, "calls", 1)


def _size_figure(played: list[Played]) -> Figure:
    failed = [one for one in played if one.decision.label is Label.CODE_FAIL]
    sizes = [len(render_packet(build_packet(one.session, one.decision)).encode()) for one in failed]
    return Figure(
        name="  mean packet",
        value=sum(sizes) / len(sizes),
        unit="bytes",
        yardstick="real failed sessions",
        yardstick_value=8945,
    )


def _next_session_calls(one: Learning, model: ScriptedModel) -> int:
    """Calls that a single new failed session costs: judged as soon as it has settled."""
    before = len(model.meter.asked)
    other = planted_sessions(_SEED + 1, count=SESSIONS, packet_bytes=PACKET_BYTES)
    failed = next(played for played in other if played.decision.label is Label.CODE_FAIL)
    key = replace(failed.session.key, session_id=SessionId("planted-next"))
    new = replace(failed, session=replace(failed.session, key=key, task=TaskId("task-next")))
    save(one.installation.store, [new])
    one.judge()
    return len(model.meter.asked) - before


def _promised(name: str, value: float, unit: str, promised: float) -> Figure:
    return Figure(name=name, value=value, unit=unit, yardstick="what was promised at most", yardstick_value=promised)


def _tokens(asked: Asked) -> int:
    return -(-len((asked.system + asked.user).encode()) // BYTES_PER_TOKEN)
