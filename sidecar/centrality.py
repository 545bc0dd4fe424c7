"""Which of a cluster's sessions speak for it best: what a model is shown where only a few fit."""

from collections import Counter

from sidecar.domain import Cluster, LessonSupport
from sidecar.likeness import key_words, likeness, word_weights


def most_central_first(cluster: Cluster) -> list[LessonSupport]:
    """Supports that speak for the cluster first: suggestions most like the others', each Task and Person once first."""
    words = {one.session: key_words(one.lesson.rule_candidate or "") for one in cluster.supports}
    weights = word_weights(words.values())
    nearness = {
        one.session: sum(likeness(words[one.session], theirs, weights) for theirs in words.values())
        for one in cluster.supports
    }
    ordered = sorted(
        cluster.supports,
        key=lambda one: (-nearness[one.session], one.session.session_id, one.session.agent, one.lesson.signature),
    )
    tasks: Counter[str] = Counter()
    persons: Counter[str | None] = Counter()
    turns: list[tuple[int, int, int]] = []
    for number, one in enumerate(ordered):
        # a second session on one task says nothing new, a second one of a person less
        turns.append((tasks[one.task], persons[one.person] if one.person else 0, number))
        tasks[one.task] += 1
        persons[one.person] += 1
    return [ordered[number] for *_, number in sorted(turns)]
