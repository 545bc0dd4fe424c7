"""Proposals, what was refused or declined, and the rules that were seen in files."""

from collections.abc import Sequence
from dataclasses import replace

from sidecar.domain import ProjectId, Proposal, ProposalState, Refusal, Rule, Tombstone
from sidecar.store import proposals
from sidecar.store.parts.part import Part


class Rules(Part):
    """Proposals, what was refused or declined, and the rules that were seen in files."""

    def add_proposal(self, proposal: Proposal) -> None:
        """Add it; one of this id that is there stays as it is."""
        with self._database.write() as connection:
            proposals.add_proposal(connection, proposal)

    def set_proposal(self, *proposal: Proposal) -> None:
        """Add it, or replace the one of this id; several of them all at once or not at all."""
        with self._database.write() as connection:
            for one in proposal:
                proposals.set_proposal(connection, one)

    def proposals(self, *, project: ProjectId | None = None, states: Sequence[ProposalState] = ()) -> list[Proposal]:
        """Those in one of the states, oldest first; no states means all."""
        with self._database.read() as connection:
            return proposals.proposals(connection, project, states)

    def add_refusal(self, refusal: Refusal) -> None:
        """Keep it; of several refusals of one text in a project, the newest."""
        with self._database.write() as connection:
            proposals.add_refusal(connection, refusal)

    def refusals(self, project: ProjectId) -> list[Refusal]:
        """Refused texts, oldest first."""
        with self._database.read() as connection:
            return proposals.refusals(connection, project)

    def add_tombstone(self, tombstone: Tombstone) -> None:
        """Keep it; the first one of a rule stays, with its reason, until people take it back."""
        with self._database.write() as connection:
            proposals.add_tombstone(connection, tombstone)

    def allow_rules(self, tombstones: Sequence[Tombstone], *, because: str | None, now_ns: int) -> None:
        """Take tombstones back: their rules may come again, and a later decline counts anew.

        Args:
            tombstones: Kept ones.
            because: Why; None where nobody says.
        """
        taken_back = [replace(one, allowed_ns=now_ns, allowed_because=because) for one in tombstones]
        with self._database.write() as connection:
            proposals.allow_rules(connection, taken_back)

    def tombstones(self, project: ProjectId) -> list[Tombstone]:
        """Rules that must never come again, oldest first."""
        with self._database.read() as connection:
            return proposals.tombstones(connection, project)

    def allowed_tombstones(self, project: ProjectId) -> list[Tombstone]:
        """Tombstones that people took back, oldest first."""
        with self._database.read() as connection:
            return proposals.tombstones(connection, project, is_allowed=True)

    def set_base_rules(self, project: ProjectId, commit: str, rules: Sequence[Rule]) -> None:
        """Replace what the last sync saw on the base."""
        with self._database.write() as connection:
            proposals.set_base_rules(connection, project, commit, rules)

    def base_rules(self, project: ProjectId) -> tuple[str, list[Rule]] | None:
        """The base commit last seen and our rules in it, in file order; None before the first sync."""
        with self._database.read() as connection:
            return proposals.base_rules(connection, project)

    def add_rules_file(self, project: ProjectId, sha: str, rules: Sequence[Rule]) -> None:
        """Remember which rules of ours the rules file with this git blob hash held."""
        with self._database.write() as connection:
            proposals.add_rules_file(connection, project, sha, rules)

    def rules_files(self) -> dict[str, tuple[Rule, ...]]:
        """Our rules in every rules file ever seen, by git blob hash."""
        with self._database.read() as connection:
            return proposals.rules_files(connection)
