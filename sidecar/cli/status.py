"""What there is: the funnel from what was received to what was proposed."""

from dataclasses import asdict

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, opened
from sidecar.printing import print_json, print_line


def status(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """The funnel: what was received, settled, judged, proposed."""
    with opened(data, config) as installation:
        inbox, counts = installation.inbox.counts(), installation.store.counts()
        unscannable = installation.data_dir.unscannable
    if as_json:
        print_json({"inbox": inbox, **asdict(counts), "unscannable": unscannable})
        return
    for name, states in (
        ("inbox", inbox),
        ("sessions", counts.sessions),
        ("labels", counts.labels),
        ("proposals", counts.proposals),
    ):
        print_line(f"{name}: {', '.join(f'{count} {state}' for state, count in states.items() if count) or 'none'}")
    print_line(f"outcomes: {counts.outcomes}, verdicts: {counts.verdicts}")
    print_line(f"refused drafts: {counts.refusals}, tombstones: {counts.tombstones}")
    if unscannable:
        print_line(f"strings that could not be looked through for secrets, kept as [UNSCANNABLE]: {unscannable}")
    for agent, dropped in counts.dropped.items():
        kinds = ", ".join(f"{count} {kind}" for kind, count in dropped.items())
        print_line(f"telemetry of {agent} that tells of no act, left out: {kinds}")
