"""The command that says what models have cost, and how much of the cap is left."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, open_data
from sidecar.printing import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sidecar.store import Spent


def spend(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """What judges and drafts cost this month, and what the caps leave for today and the month."""
    from sidecar.store import Store, day_start_ns, month_start_ns

    data_dir, settings = open_data(data, config)
    store = Store.open(data_dir.store_url(settings))
    now_ns = time.time_ns()
    try:
        month = store.spent(month_start_ns(now_ns))
        spent_usd = {"day": store.spent_usd(day_start_ns(now_ns)), "month": store.spent_usd(month_start_ns(now_ns))}
    finally:
        store.close()
    caps_usd = {"day": settings.model.max_usd_per_day, "month": settings.model.max_usd_per_month}
    if as_json:
        periods = {name: {"spent_usd": spent_usd[name], "cap_usd": caps_usd[name]} for name in spent_usd}
        print_json({**periods, "models": [_document(one) for one in month]})
        return
    _print_models(month)
    for name, spent in spent_usd.items():
        print_line(f"this {name} (UTC): {spent:.4f} USD {_of_cap(spent, caps_usd[name])}")
    print_line("caps are model.max_usd_per_day and model.max_usd_per_month in sidecar.toml")


def _print_models(month: "Sequence[Spent]") -> None:
    if not month:
        print_line("no model was asked this month; the judge evidence needs none")
    for one in month:
        used = one.usage
        read = used.input_tokens + used.cache_write_tokens + used.cache_read_tokens
        print_line(
            f"{one.purpose.value} by {one.model}: {one.calls} calls, {one.cost_usd:.4f} USD, {read} tokens read "
            f"({used.cache_read_tokens} from the provider's cache), {used.output_tokens} written"
        )
        if one.unsettled:
            print_line(f"  {one.unsettled} of them counted at the most they may have cost: their answer never came")


def _of_cap(spent: float, cap: float | None) -> str:
    return "without a cap" if cap is None else f"of {cap:.2f}, {max(0.0, cap - spent):.4f} left"


def _document(one: "Spent") -> dict[str, object]:
    return {
        "purpose": one.purpose.value,
        "model": one.model,
        "calls": one.calls,
        "unsettled": one.unsettled,
        "cost_usd": one.cost_usd,
        **asdict(one.usage),
    }
