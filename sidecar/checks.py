"""Check the judges of the configured model: on a sample, under the lease that keeps two checks apart.

Who asks now is answered now; by the clock nobody waits, and the provider is asked in batches where it takes them.
"""

import secrets
import time
from dataclasses import replace

from sidecar.engine import lease_on
from sidecar.errors import ConfigError
from sidecar.installation import Installation
from sidecar.jobs.check_records import Checked, CheckRecords, Judges, Surroundings
from sidecar.jobs.checking import Plan, Samples, check_judges, plan
from sidecar.jobs.checking_in_batches import check_in_batches, has_open_batches
from sidecar.judge_views import rules_of
from sidecar.leasing import holding
from sidecar.llm import Model
from sidecar.standings import MODEL_JUDGE
from sidecar.store import Store


async def check_all(installation: Installation, *, by_clock: bool = False, batches: bool = True) -> Checked:
    """Ask about a sample of sessions; see check_plan and holding for the errors.

    Args:
        by_clock: Nobody waits for it: the model is asked in batches where there are any.
        batches: False: only take what earlier batches bring, and ask about the rest directly.
    """
    model = _model(installation)
    judges = Judges.of(model)
    try:
        async with holding(installation.store, lease_on(installation, "check")) as store:
            records = _records(installation, store, judges)
            is_asking = by_clock and batches and installation.has_batches
            if not is_asking and not has_open_batches(store, judges):
                return await check_judges(store, records, _planned(installation, store, judges))
            batched = await _in_batches(installation, store, records, is_asking=is_asking)
            if batched.stopped_by or (is_asking and not batched.no_batches):
                return batched
            direct = await check_judges(store, records, _planned(installation, store, judges))
            return replace(direct, in_batch=batched.in_batch, no_batches=batched.no_batches)
    finally:
        await model.close()


async def collect_checks(installation: Installation) -> Checked | None:
    """Take what the batches of earlier checks bring and ask nothing; None where none is under way."""
    model = installation.judging_model(MODEL_JUDGE)
    if model is None:
        return None
    judges = Judges.of(model)
    try:
        if not has_open_batches(installation.store, judges):
            return None
        async with holding(installation.store, lease_on(installation, "check")) as store:
            records = _records(installation, store, judges)
            return await _in_batches(installation, store, records, is_asking=False)
    finally:
        await model.close()


def check_plan(installation: Installation) -> Plan:
    """Whom the next check would ask about; nothing is asked.

    Raises:
        ConfigError: no model is configured, or nobody knows its price.
    """
    return _planned(installation, installation.store, Judges.of(_model(installation)))


async def _in_batches(installation: Installation, store: Store, records: CheckRecords, *, is_asking: bool) -> Checked:
    bulk = installation.bulk(MODEL_JUDGE)
    if bulk is None:
        raise _no_model()
    try:
        return await check_in_batches(
            store,
            records,
            lambda: _planned(installation, store, records.judges),
            bulk,
            draw_key=lambda: secrets.token_hex(16),
            is_asking=is_asking,
        )
    finally:
        await bulk.close()


def _records(installation: Installation, store: Store, judges: Judges) -> CheckRecords:
    around = Surroundings(
        redact=installation.redactor.redact,
        rules_of=rules_of(installation),
        now_ns=time.time_ns,
        workers=installation.config.model.concurrency,
    )
    return CheckRecords(store, judges, around)


def _planned(installation: Installation, store: Store, judges: Judges) -> Plan:
    learn = installation.config.learn
    samples = Samples(blind=learn.blind_sample, reruns=learn.rerun_sample, adherence=learn.adherence_sample)
    return plan(store, judges, samples, installation.keyed_hash)


def _model(installation: Installation) -> Model:
    model = installation.judging_model(MODEL_JUDGE)
    if model is None:
        raise _no_model()
    return model


def _no_model() -> ConfigError:
    return ConfigError(
        "there is nothing to check, because no judge asks a model: set model.judge in sidecar.toml and "
        "ANTHROPIC_API_KEY in the environment, or go on with the judge 'evidence', which needs no check"
    )
