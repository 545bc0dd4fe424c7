"""How far the viewer has each session."""

from collections.abc import Collection, Mapping, Sequence

from sidecar.domain import SessionKey
from sidecar.store import mirrored
from sidecar.store.mirrored import Mirroring
from sidecar.store.parts.part import Part


class Mirror(Part):
    """How far the viewer has each session."""

    def unmirrored_sessions(self, *, max_tries: int) -> list[SessionKey]:
        """Settled sessions that the viewer does not show as they are, without those it refused `max_tries` times."""
        with self._database.read() as connection:
            return mirrored.unmirrored_sessions(connection, max_tries=max_tries)

    def parked_sessions(self, *, max_tries: int) -> Mapping[SessionKey, str]:
        """Sessions that the viewer refused `max_tries` times in their present revision, each with its reason."""
        with self._database.read() as connection:
            return mirrored.parked_sessions(connection, max_tries=max_tries)

    def mirroring(self, key: SessionKey) -> Mirroring | None:
        """How far the viewer has a session; None before the first try."""
        with self._database.read() as connection:
            return mirrored.mirroring(connection, key)

    def add_mirror_places(self, keys: Sequence[SessionKey], *, place: str) -> None:
        """Decide where stored sessions go that have no place yet, before anything of them is sent."""
        with self._database.write() as connection:
            mirrored.add_mirror_places(connection, keys, place)

    def mirrored_since(self, last_activity_ns: int) -> list[SessionKey]:
        """Sessions that the viewer shows, with activity at or after a time."""
        with self._database.read() as connection:
            return mirrored.mirrored_since(connection, last_activity_ns)

    def verdict_sequence(self, key: SessionKey) -> int:
        """A number that grows each time a judge speaks of the session; read it before the verdicts."""
        with self._database.read() as connection:
            return mirrored.verdict_sequence(connection, key)

    def set_mirrored(self, key: SessionKey, *, place: str, revision: int, sequence: int, now_ns: int) -> None:
        """Record that the viewer shows this revision with the verdicts up to this sequence."""
        with self._database.write() as connection:
            mirrored.set_mirrored(connection, key, place=place, revision=revision, sequence=sequence, now_ns=now_ns)

    def add_mirror_refusal(self, key: SessionKey, *, place: str, revision: int, reason: str) -> int:
        """Count one more try that the viewer refused; gives how many there were for this revision."""
        with self._database.write() as connection:
            return mirrored.add_mirror_refusal(connection, key, place=place, revision=revision, reason=reason)

    def forget_mirrored(self, known_places: Collection[str]) -> int:
        """Make sessions due again whose place the viewer does not know any more; gives how many."""
        with self._database.write() as connection:
            return mirrored.forget_mirrored(connection, known_places)
