"""How far the judges of an opened installation are to be believed: cards from the store, and the standing in force."""

from judges.blind import prompt_version as blind_version
from judges.failure.prompt import prompt_version as failure_version
from sidecar.agreement import AgreementCard, JudgeStanding, agreement_card, standing
from sidecar.config import Config
from sidecar.domain import CheckedVersion, ProjectId
from sidecar.installation import MODELLESS_JUDGE
from sidecar.store import Store

MODEL_JUDGE = "failure"
"""The judge whose words rest on a model."""


def version_in_force(config: Config) -> CheckedVersion | None:
    """Of the judge as it would be asked now; None where no model is configured."""
    model = config.model.judge
    if model is None:
        return None
    return CheckedVersion(judge_version=failure_version(model), blind_version=blind_version(model), model=model)


def cards(store: Store, config: Config, *, project: ProjectId | None = None) -> list[AgreementCard]:
    """A card for the version in force, whether it was checked yet or not, and one for each other that ever was.

    Args:
        project: Only what was learned from its sessions.
    """
    now = version_in_force(config)
    others = [one for one in store.checks.versions() if one != now]
    versions = others if now is None else [now, *others]
    return [agreement_card(store.checks.agreement(one, MODEL_JUDGE, project=project)) for one in versions]


def judge_standing(store: Store, config: Config, judge: str) -> JudgeStanding | None:
    """Whether drafts may rest on a judge; None for the judge that needs no model, as it proves what it says."""
    version = version_in_force(config)
    if judge == MODELLESS_JUDGE or version is None:
        return None
    card = agreement_card(store.checks.agreement(version, MODEL_JUDGE))
    return standing(card, min_kappa=config.learn.min_kappa)
