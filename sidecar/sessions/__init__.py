"""Sessions from Observations: a pure function of the set of them.

Any order, interleaving, repetition or split of the messages gives the same Session. Of two channels that speak of one
thing the more trusted one counts: session file, then hook, then OTLP. What a sender claims about itself in OTLP
resource attributes never becomes a commit, a branch or a remote; collectors leave it out.
"""

from sidecar.remotes import project_of
from sidecar.sessions.merging import MergeContext, merge
from sidecar.sessions.steps import with_test_runs

__all__ = ["MergeContext", "merge", "project_of", "with_test_runs"]
