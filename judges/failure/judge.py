"""Asks a model about one failed session and turns what it can prove into a Verdict."""

import hashlib
import json
import secrets
from collections.abc import Callable

from judges.failure.prompt import failure_request, prompt_version
from judges.failure.reply import read_reply
from sidecar.domain import Label, Packet, ReplyProblem, Unjudged, Verdict
from sidecar.llm import Model

_WORDS = {
    ReplyProblem.EMPTY: "the reply explains nothing",
    ReplyProblem.WRONG_LANGUAGE: "the reply is not in English",
    ReplyProblem.WRONG_IDS: "what the reply quotes stands in the packet, but not in the steps it names",
    ReplyProblem.NO_QUOTE: "nothing that the reply quotes stands in the packet",
}


def random_mark() -> str:
    """A word that nobody can have written into a session beforehand."""
    return secrets.token_hex(8)


class FailureJudge:
    """Explains sessions that failed by their code; asks nothing about others."""

    name = "failure"

    def __init__(self, model: Model, draw_mark: Callable[[], str] = random_mark) -> None:
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
        if packet.label is not Label.CODE_FAIL or not packet.steps:
            return None
        request = failure_request(packet, request_key=self._request_key(packet), draw_mark=self._draw_mark)
        reply = await self._model.complete(request)
        if reply.value is None:
            problem = reply.problem or ReplyProblem.UNFINISHED
            return Unjudged(problem=problem, detail=reply.detail, cost_usd=reply.cost_usd)
        explained = read_reply(reply.value, packet)
        if isinstance(explained, ReplyProblem):
            await self._model.forget(request)  # asked again, it may prove what it says
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
        )

    def _request_key(self, packet: Packet) -> str:
        key = packet.session
        named = [key.team, key.agent, key.session_id, str(packet.session_revision), self.name, self.version]
        return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]
