"""Asks a model whether a session's tests passed, without showing it what they said."""

from dataclasses import replace

from judges.blind.hiding import render_blind
from judges.blind.prompt import BlindReply, blind_request, prompt_version
from judges.marks import DrawMark, random_mark, request_key
from judges.words import is_english, plain
from sidecar.domain import BlindCall, Label, ModelReply, ModelRequest, Packet, ReplyProblem, Unjudged
from sidecar.llm import Model

KNOWN_RESULTS = frozenset({Label.PASS, Label.CODE_FAIL})
"""Labels that speak of the code; a guess about others could be held against nothing."""
_LONGEST_REASON = 600


class BlindJudge:
    """Guesses the result of sessions whose result is known."""

    name = "blind"

    def __init__(self, model: Model, draw_mark: DrawMark = random_mark) -> None:
        self._model = model
        self._draw_mark = draw_mark

    @property
    def version(self) -> str:
        """Hash of prompt, hiding and model id."""
        return prompt_version(self._model.name)

    async def guess(self, packet: Packet) -> BlindCall | Unjudged | None:
        """The guess; None for a session of which no change can be shown, or whose result is not known.

        Raises:
            ModelError: no session can be asked about now.
        """
        request = self.request(packet)
        if request is None:
            return None
        reply = await self._model.complete(request)
        said = self.read(packet, reply)
        if reply.value is not None and isinstance(said, Unjudged):
            await self._model.forget(request)  # asked again, it may be of use
        return said

    def read(self, packet: Packet, reply: ModelReply[BlindReply]) -> BlindCall | Unjudged:
        """What an answer to the question about a packet says."""
        if reply.value is None:
            problem = reply.problem or ReplyProblem.UNFINISHED
            return Unjudged(problem=problem, detail=reply.detail, cost_usd=reply.cost_usd)
        reason = plain(reply.value.reason)[:_LONGEST_REASON]
        if not reason or not is_english(reason):
            problem = ReplyProblem.WRONG_LANGUAGE if reason else ReplyProblem.EMPTY
            words = "the reply is not in English" if reason else "the reply gives no reason"
            return Unjudged(problem=problem, detail=words, cost_usd=reply.cost_usd)
        return BlindCall(
            session=packet.session,
            session_revision=packet.session_revision,
            guess=reply.value.answer,
            confidence=reply.value.confidence,
            reason=reason,
            cost_usd=reply.cost_usd,
        )

    def request(self, packet: Packet) -> ModelRequest[BlindReply] | None:
        """The question about a packet; None where `guess` gives None."""
        shown = render_blind(packet) if packet.label in KNOWN_RESULTS else ""
        if not shown:
            return None
        key = request_key(packet.session, packet.session_revision, self.name, self.version)
        asked = blind_request(shown, request_key=key, draw_mark=self._draw_mark)
        return replace(asked, project=packet.project)
