"""What a language model is asked and what came of it: ModelRequest, ModelReply, ModelUsage, ReplyProblem."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from sidecar.domain.names import ProjectId

T = TypeVar("T")


class Purpose(StrEnum):
    """What a call is paid for."""

    JUDGE = "judge"
    RERUN = "rerun"
    """The same question once more, to see whether the judge says the same."""
    BLIND = "blind"
    ADHERENCE = "adherence"
    DRAFT = "draft"


class ReplyProblem(StrEnum):
    """Why a model that was asked gave nothing to use; counted, never turned into a default."""

    REFUSED = "refused"
    """The model declined to answer."""
    TRUNCATED = "truncated"
    """It ran into the limit of tokens before it had ended."""
    UNFINISHED = "unfinished"
    """It stopped for another reason before it had ended."""
    EMPTY = "empty"
    """It ended without a word."""
    OVERSIZE = "oversize"
    """More bytes than any answer to the request needs."""
    PROSE = "prose"
    """Words where JSON alone was asked for."""
    WRONG_SHAPE = "wrong_shape"
    """JSON that the request's schema does not allow."""
    NOT_A_MESSAGE = "not_a_message"
    """Success without a message in it, as a proxy's own page is."""
    WRONG_LANGUAGE = "wrong_language"
    """Not English."""
    NO_QUOTE = "no_quote"
    """Nothing it quotes stands in what it was shown."""
    WRONG_IDS = "wrong_ids"
    """It names steps or rules that it was not shown."""
    UNFIT_EDITS = "unfit_edits"
    """Every edit it suggests breaks a rule of the request."""
    REJECTED = "rejected"
    """The provider does not take this very request."""
    JUDGE_FAILED = "judge_failed"
    """Our own code failed on this session, or the store cannot read it; the log says where."""
    UNAVAILABLE = "unavailable"
    """No answer within the attempts and the time for them; nothing is said about the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """Tokens of one answer, as the provider counted them; each token is in one of the fields."""

    input_tokens: int = 0
    """Read at the full price."""
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0
    output_tokens: int = 0

    def __post_init__(self) -> None:
        counts = (self.input_tokens, self.cache_write_tokens, self.cache_read_tokens, self.output_tokens)
        if min(counts) < 0:
            raise ValueError(f"a count of tokens is below 0: {counts}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest(Generic[T]):
    """One question to a model, with the shape that its answer must have."""

    purpose: Purpose
    system: str
    """The stable part, the same for every request of a kind; it is cached by the provider."""
    user: str
    shape: type[T]
    """A pydantic dataclass without defaults; the answer is one, or there is none."""
    max_tokens: int
    """Most tokens of the answer."""
    request_key: str
    """Same question, same key: what money is booked under."""
    is_kept: bool = False
    """The answer is kept and given again to the same question, so that nobody pays twice for it."""
    project: ProjectId | None = None
    """What it is asked for, which its money is told by; None where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply(Generic[T]):
    """What came of one question: a value or a problem, never both."""

    value: T | None
    problem: ReplyProblem | None
    detail: str = ""
    """Of a problem: one sentence for a person, without words of the model."""
    stop_reason: str | None = None
    usage: ModelUsage
    """Of the answer; zeros where none came."""
    cost_usd: float
    """Counted against the cap for every attempt, an unknown cost at its estimate."""
    request_id: str | None = None
    """The provider's name for it, for asking them."""
    model: str
    """As configured."""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.problem is None):
            raise ValueError("a reply has either a value or a problem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """That a judge was asked and has no verdict, with the reason."""

    problem: ReplyProblem
    detail: str
    """One sentence for a person."""
    cost_usd: float = 0.0
