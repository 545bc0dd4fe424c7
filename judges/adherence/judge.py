"""Asks a model once about a session and all its rules, and keeps of the answer what it can prove."""

from collections import Counter
from collections.abc import Iterator, Sequence

from judges.adherence.prompt import AdherenceReply, AnswerReply, adherence_request, prompt_version
from judges.marks import DrawMark, random_mark, request_key, version_hash
from sidecar.domain import Adherence, Following, ModelReply, ModelRequest, Packet, ReplyProblem, Rule, RuleId, Unjudged
from sidecar.llm import Model

MOST_RULES = 24
"""Rules of one question; the budget of a rules file allows about 20."""
_LONGEST_QUOTE = 400
_SHORTEST_QUOTE = 4
"""Shorter pieces stand in every packet and prove nothing."""


class AdherenceJudge:
    """Says which rules a session followed and which it broke."""

    name = "adherence"

    def __init__(self, model: Model, draw_mark: DrawMark = random_mark) -> None:
        self._model = model
        self._draw_mark = draw_mark

    @property
    def version(self) -> str:
        """Hash of prompt and model id."""
        return prompt_version(self._model.name)

    async def judge(self, packet: Packet, rules: Sequence[Rule]) -> tuple[Adherence, ...] | Unjudged:
        """What is proven of each rule, in the order of the rules; a rule without proof is left out.

        Args:
            rules: Active in the session and in scope, each id once, at least one; those beyond MOST_RULES are left out.
        Raises:
            ModelError: no session can be asked about now.
        """
        request = self.request(packet, rules)
        reply = await self._model.complete(request)
        said = self.read(packet, rules, reply)
        if reply.value is not None and isinstance(said, Unjudged):
            await self._model.forget(request)  # asked again, it may prove what it says
        return said

    def read(
        self, packet: Packet, rules: Sequence[Rule], reply: ModelReply[AdherenceReply]
    ) -> tuple[Adherence, ...] | Unjudged:
        """What an answer to the question about a packet and these rules proves."""
        if reply.value is None:
            problem = reply.problem or ReplyProblem.UNFINISHED
            return Unjudged(problem=problem, detail=reply.detail, cost_usd=reply.cost_usd)
        read = read_answers(reply.value, packet, rules[:MOST_RULES])
        if isinstance(read, ReplyProblem):
            words = "names no rule it was given" if read is ReplyProblem.WRONG_IDS else "proves nothing by the packet"
            return Unjudged(problem=read, detail=f"the reply {words}", cost_usd=reply.cost_usd)
        return read

    def request(self, packet: Packet, rules: Sequence[Rule]) -> ModelRequest[AdherenceReply]:
        """The question; another set or wording of rules is another question."""
        asked = version_hash(*(part for rule in rules for part in (rule.rule_id, rule.text, rule.scope or "")))
        key = request_key(packet.session, packet.session_revision, self.name, self.version, asked)
        return adherence_request(packet, rules[:MOST_RULES], request_key=key, draw_mark=self._draw_mark)


def read_answers(reply: AdherenceReply, packet: Packet, rules: Sequence[Rule]) -> tuple[Adherence, ...] | ReplyProblem:
    """The proven part of a reply, or why there is none."""
    given = {str(rule.rule_id) for rule in rules}
    known = [answer for answer in reply.answers if answer.rule_id in given]
    if not known:
        return ReplyProblem.WRONG_IDS
    proven = {answer.rule_id: answer for answer in _proven(known, packet)}
    if not proven:
        return ReplyProblem.NO_QUOTE
    return tuple(proven[rule.rule_id] for rule in rules if rule.rule_id in proven)


def _proven(answers: Sequence[AnswerReply], packet: Packet) -> Iterator[Adherence]:
    """Answers with proof; of a rule that is answered twice, none counts."""
    times = Counter(answer.rule_id for answer in answers)
    shown = [section.text for section in packet.sections]
    for answer in answers:
        if times[answer.rule_id] > 1:
            continue
        quote = answer.quote.strip()[:_LONGEST_QUOTE].strip()
        is_shown = len(quote) >= _SHORTEST_QUOTE and any(quote in text for text in shown)
        if answer.following is Following.NOT_APPLICABLE:
            yield Adherence(rule_id=RuleId(answer.rule_id), following=answer.following)
        elif is_shown:
            yield Adherence(rule_id=RuleId(answer.rule_id), following=answer.following, quote=quote)
