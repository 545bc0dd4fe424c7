"""The points of the mirror, and rounds that kill it there over one Phoenix."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import httpx

from sidecar.domain import Label, ProjectId, Session, SessionState
from sidecar.store import Store
from tests.contracts.records import make_decision, make_key, make_session, make_verdict
from tests.kills.flows import in_store
from tests.kills.forks import Ended, Forks
from tests.kills.points import Point, after, before
from tests.kills.rounds import IN_A_ROW, KILLS, SLOTS, Slots
from tests.kills.shown import Expected, settled_sessions
from tests.loop.loop import Loop

CLIENT = "sidecar.phoenix.client:PhoenixClient"
MIRRORING = (
    before(in_store("add_mirror_places")),
    after(in_store("add_mirror_places")),
    before(f"{CLIENT}.send_spans"),
    after(f"{CLIENT}.send_spans"),
    after("sidecar.phoenix.confirming:store_spans"),
    before("sidecar.phoenix.annotating:Annotation.document"),
    after(f"{CLIENT}.annotate"),
    before(f"{CLIENT}.remove_annotations"),
    after(f"{CLIENT}.remove_annotations"),
    before(in_store("set_mirrored")),
    after("sidecar.store.mirrored:set_mirrored"),
    after(in_store("set_mirrored")),
    after(in_store("add_feedback")),
)
"""Around the decision where a session goes; before and after spans are posted; confirmed; between what is said of
sessions and of spans; said; around what is taken back; around what is recorded; and a person's note brought back."""
PHOENIX_DIES = (
    before(f"{CLIENT}.send_spans"),
    after(f"{CLIENT}.send_spans"),
    after("sidecar.phoenix.confirming:store_spans"),
    before("sidecar.phoenix.annotating:Annotation.document"),
    after(f"{CLIENT}.annotate"),
)
"""One death each: Phoenix takes ten seconds to start again."""
SHOP, PARCEL = ProjectId("example.org/shop"), ProjectId("example.org/parcel")


def opened(loop: Loop) -> closing[Store]:
    return closing(Store.open(f"sqlite:///{loop.data}/store.db"))


def settle(store: Store, name: str, project: ProjectId, commands: int, *, at_ns: int, label: Label) -> None:
    session = make_session(
        make_key(name),
        state=SessionState.SETTLED,
        project=project,
        commands=[f"make {number}" for number in range(commands)],
        started_ns=at_ns,
    )
    store.set_session(session, make_decision(label), now_ns=1)


def judge(store: Store, name: str, by: str, *, revision: int = 1, finds: bool = True) -> None:
    key = make_key(name)
    verdict = replace(make_verdict(key, revision=revision), judge=by) if finds else None
    store.set_verdict(key, revision=revision, judge=by, judge_version="1", verdict=verdict)


def shown_before(store: Store, name: str) -> None:
    """A session of long ago that two judges spoke of."""
    settle(store, f"{name}-changed", SHOP, 1, at_ns=1, label=Label.CODE_FAIL)
    for by in ("evidence", "failure"):
        judge(store, f"{name}-changed", by)


def changed(store: Store, name: str) -> None:
    """It goes on, passes, and one judge takes its words back; and there is a session of another project."""
    settle(store, f"{name}-changed", SHOP, 3, at_ns=time.time_ns(), label=Label.PASS)
    judge(store, f"{name}-changed", "evidence", revision=2)
    judge(store, f"{name}-changed", "failure", revision=2, finds=False)
    settle(store, f"{name}-new", PARCEL, 2, at_ns=time.time_ns(), label=Label.CODE_FAIL)
    judge(store, f"{name}-new", "evidence")


def mirror(
    forks: Forks,
    loop: Loop,
    *,
    points: tuple[Point, ...] = (),
    kill_at: int | None = None,
    victim: int | None = None,
) -> Ended:
    return forks.run(["phoenix", "mirror", "--data", str(loop.data)], points=points, kill_at=kill_at, victim=victim)


def mirrored(forks: Forks, loop: Loop, *, points: tuple[Point, ...] = ()) -> Ended:
    ended = mirror(forks, loop, points=points)
    assert (ended.is_killed, ended.code) == (False, 0), ended.output
    return ended


def note(url: str, names: list[str]) -> None:
    """What a person wrote about these sessions."""
    said = {"name": "opinion", "annotator_kind": "HUMAN", "result": {"label": "bad", "explanation": "wrong file"}}
    data = [{**said, "session_id": name} for name in names]
    httpx.post(f"{url}/v1/session_annotations?sync=true", json={"data": data}, timeout=60).raise_for_status()


class Mirroring:
    """Rounds of one mirror each, over copies of one template and one Phoenix."""

    def __init__(self, slots: Slots, template: Loop, url: str) -> None:
        """Have Phoenix show what stood before every round."""
        self._slots = slots
        self._template = template
        self._names = ["calm", *(f"{point}-{turn}" for point in range(len(MIRRORING)) for turn in range(KILLS))]
        with opened(template) as store:
            for name in self._names:
                shown_before(store, name)
        with slots.taken() as (forks, _):
            mirrored(forks, template)
        note(url, [f"{name}-changed" for name in self._names])

    def run(self) -> Expected:
        """Kill the mirror KILLS times at each point; gives what Phoenix must show at the end."""
        self._expected = Expected()
        _, calm = self._round("calm")
        never = [str(point) for point in MIRRORING if not calm.passed[point]]
        assert never == [], f"a mirror does not pass {never}"

        def kill(number: int) -> list[str]:
            point, kills, used = MIRRORING[number], 0, list[str]()
            while kills < KILLS:
                used.append(f"{number}-{len(used)}")
                kills += self._round(used[-1], point, 1 + kills * calm.passed[point] // KILLS)[0]
            return used

        with ThreadPoolExecutor(SLOTS) as pool:
            used = {"calm", *(name for names in pool.map(kill, range(len(MIRRORING))) for name in names)}
        print("rounds of the mirror:", len(used))
        with opened(self._template) as store:
            untouched = [one for one in settled_sessions(store) if _group(one) not in used]
            self._expected.add(store, untouched)
        return self._expected

    def _round(self, name: str, point: Point | None = None, kill_at: int = 1) -> tuple[int, Ended]:
        """The number of kills, and the last run, after which the store is at rest."""
        loop = Loop(root=self._template.root.with_name(f"round-{name}"), repository="shop")
        shutil.copytree(self._template.root, loop.root, symlinks=True)
        with opened(loop) as store:
            changed(store, name)
        kills = 0
        with self._slots.taken() as (forks, _):
            while point is not None and kills < IN_A_ROW:
                run = mirror(forks, loop, points=(point,), kill_at=1 if kills else kill_at)
                if not run.is_killed:
                    assert kills, f"{point} was not passed {kill_at} times: {run.output}"
                    break
                kills += 1
            ended = mirrored(forks, loop, points=MIRRORING if point is None else ())
            with opened(loop) as store:
                _judge_what_was_noted(store, f"{name}-changed")
            mirrored(forks, loop)
        with opened(loop) as store:
            assert store.unmirrored_sessions(max_tries=3) == [], ended.output
            self._expected.add(store, [one for one in settled_sessions(store) if _group(one) == name])
        shutil.rmtree(loop.root)
        return kills, ended


def _judge_what_was_noted(store: Store, name: str) -> None:
    """A person's note came back once, as one new revision, and a judge has seen it."""
    stored = store.session(make_key(name))
    assert stored is not None
    assert stored.session.revision == 3
    assert store.feedback(make_key(name)) == ["opinion: bad\nwrong file"]
    judge(store, name, "evidence", revision=3)


def _group(session: Session) -> str:
    return session.key.session_id.rpartition("-")[0]
