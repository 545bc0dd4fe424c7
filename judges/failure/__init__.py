"""The judge `failure`: a model explains why the tests failed; it is never asked whether they did.

It is shown the packet and nothing else: no gold patch, no other session. What it quotes must stand there word for
word, and what it cannot prove so is dropped.
"""

from judges.failure.judge import FailureJudge
from sidecar.errors import ConfigError
from sidecar.llm import Model


def judge(model: Model | None = None) -> FailureJudge:
    """The judge, ready to ask the model.

    Raises:
        ConfigError: there is no model.
    """
    if model is None:
        raise ConfigError(
            "the judge 'failure' needs a model: set ANTHROPIC_API_KEY in the environment or model.base_url in "
            "sidecar.toml; without one use the judge 'evidence'"
        )
    return FailureJudge(model)
