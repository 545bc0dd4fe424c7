"""Asks a model about one failed session and turns what it can prove into a Verdict."""

from judges.failure.prompt import failure_request, prompt_version
from judges.failure.reply import FailureReply, read_reply
from judges.marks import DrawMark, random_mark, request_key
from sidecar.domain import Label, ModelReply, ModelRequest, Packet, Purpose, ReplyProblem, Unjudged, Verdict
from sidecar.llm import Model

_WORDS = {
    ReplyProblem.EMPTY: "the reply explains nothing",
    ReplyProblem.WRONG_LANGUAGE: "the reply is not in English",
    ReplyProblem.WRONG_IDS: "what the reply quotes stands in the packet, but not in the steps it names",
    ReplyProblem.NO_QUOTE: "nothing that the reply quotes stands in the packet",
}


class FailureJudge:
    """Explains sessions that failed by their code; asks nothing about others."""

    name = "failure"

    def __init__(self, model: Model, draw_mark: DrawMark = random_mark) -> None:
        self._model = model
        self._draw_mark = draw_mark

    @property
    def version(self) -> str:
        """Hash of prompt and model id."""
        return prompt_version(self._model.name)

    async def judge(self, packet: Packet) -> Verdict | Unjudged | None:
        """The explanation with its proof; None for a session that did not fail by its code.

        Raises:
            ModelError: no session can be asked about now.
        """
        return await self._asked(packet, self.request(packet))

    async def judge_again(self, packet: Packet) -> Verdict | Unjudged | None:
        """As `judge`, but never by the answer that was kept: whether the judge says the same of the same packet."""
        return await self._asked(packet, self.request(packet, is_rerun=True))

    def request(self, packet: Packet, *, is_rerun: bool = False) -> ModelRequest[FailureReply] | None:
        """The question about a packet; None for a session that did not fail by its code.

        Args:
            is_rerun: It is asked beside the first question, under a key and a purpose of its own.
        """
        if packet.label is not Label.CODE_FAIL or not packet.steps:
            return None
        asked = (self.name, self.version, *(("again",) if is_rerun else ()))
        return failure_request(
            packet,
            request_key=request_key(packet.session, packet.session_revision, *asked),
            draw_mark=self._draw_mark,
            purpose=Purpose.RERUN if is_rerun else Purpose.JUDGE,
        )

    def read(self, packet: Packet, reply: ModelReply[FailureReply]) -> Verdict | Unjudged:
        """What an answer to the question about a packet proves."""
        if reply.value is None:
            problem = reply.problem or ReplyProblem.UNFINISHED
            return Unjudged(problem=problem, detail=reply.detail, cost_usd=reply.cost_usd)
        explained = read_reply(reply.value, packet)
        if isinstance(explained, ReplyProblem):
            return Unjudged(problem=explained, detail=_WORDS[explained], cost_usd=reply.cost_usd)
        return Verdict(
            session=packet.session,
            session_revision=packet.session_revision,
            judge=self.name,
            judge_version=self.version,
            explanation=explained.explanation,
            evidence=explained.evidence,
            lessons=(explained.lesson,),
            cost_usd=reply.cost_usd,
            quotes_offered=explained.quotes_offered,
            quotes_proven=len(explained.evidence),
        )

    async def _asked(self, packet: Packet, request: ModelRequest[FailureReply] | None) -> Verdict | Unjudged | None:
        if request is None:
            return None
        reply = await self._model.complete(request)
        said = self.read(packet, reply)
        if reply.value is not None and isinstance(said, Unjudged):
            await self._model.forget(request)  # asked again, it may prove what it says
        return said
