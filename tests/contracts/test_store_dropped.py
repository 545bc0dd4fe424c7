"""What the store promises of records that were left out: they are counted, by agent and kind, whoever counts."""

from concurrent.futures import ThreadPoolExecutor

from sidecar.store import Store


def test_counts_add_up_by_agent_and_kind(store: Store) -> None:
    store.add_dropped({("codex", "traces"): 1150, ("codex", "logs"): 38})
    store.add_dropped({("codex", "traces"): 50, ("genai", "traces"): 1})

    assert store.counts().dropped == {"codex": {"logs": 38, "traces": 1200}, "genai": {"traces": 1}}


def test_nothing_dropped_is_nothing_counted(store: Store) -> None:
    store.add_dropped({})

    assert store.counts().dropped == {}


def test_workers_that_count_at_once_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(max_workers=8) as workers:
        counting = [workers.submit(store.add_dropped, {("opencode", "traces"): 3}) for _ in range(40)]
    for one in counting:
        one.result()

    assert store.counts().dropped == {"opencode": {"traces": 120}}
