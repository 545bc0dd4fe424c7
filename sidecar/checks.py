"""Check the judges of the configured model now: on a sample, under the lease that keeps two checks apart."""

import time

from sidecar.engine import lease_on
from sidecar.errors import ConfigError
from sidecar.installation import Installation
from sidecar.jobs.checking import Checked, Judges, Plan, Samples, Surroundings, check_judges, plan
from sidecar.judge_views import rules_of
from sidecar.leasing import holding
from sidecar.llm import Model
from sidecar.standings import MODEL_JUDGE


async def check_all(installation: Installation) -> Checked:
    """Ask about a sample of sessions; see check_plan and holding for the errors."""
    model = _model(installation)
    judges, settings = Judges.of(model), installation.config.model
    try:
        async with holding(installation.store, lease_on(installation, "check")) as store:
            around = Surroundings(
                redact=installation.redactor.redact,
                rules_of=rules_of(installation),
                now_ns=time.time_ns,
                workers=settings.concurrency,
            )
            planned = plan(store, judges, _samples(installation), installation.keyed_hash)
            return await check_judges(store, judges, planned, around)
    finally:
        await model.close()


def check_plan(installation: Installation) -> Plan:
    """Whom the next check would ask about; nothing is asked.

    Raises:
        ConfigError: no model is configured, or nobody knows its price.
    """
    judges = Judges.of(_model(installation))
    return plan(installation.store, judges, _samples(installation), installation.keyed_hash)


def _model(installation: Installation) -> Model:
    model = installation.judging_model(MODEL_JUDGE)
    if model is None:
        raise ConfigError(
            "there is nothing to check, because no judge asks a model: set model.judge in sidecar.toml and "
            "ANTHROPIC_API_KEY in the environment, or go on with the judge 'evidence', which needs no check"
        )
    return model


def _samples(installation: Installation) -> Samples:
    learn = installation.config.learn
    return Samples(blind=learn.blind_sample, reruns=learn.rerun_sample, adherence=learn.adherence_sample)
