"""What every judge is: a name, a version, and one question."""

from typing import Protocol

from sidecar.domain import Packet, Unjudged, Verdict


class Judge(Protocol):
    """Says what one session teaches; it never decides whether the session passed, the tests did that."""

    @property
    def name(self) -> str:
        """Name in the registry and on every Verdict."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same packet could get another verdict; the same on every machine."""
        ...

    async def judge(self, packet: Packet) -> Verdict | Unjudged | None:
        """The verdict on a session; None when the packet teaches nothing, Unjudged when the judge could not tell.

        Every quote in it is a verbatim piece of the packet.

        Raises:
            ModelError: a judge with a model cannot ask it about any session now.
        """
        ...
