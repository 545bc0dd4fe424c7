"""Forges: where proposals are shown to people and answered."""

from sidecar.forges.forge import BRANCH_DELETED, Forge, Publication, Published
from sidecar.forges.registry import FORGES, forge

__all__ = ["BRANCH_DELETED", "FORGES", "Forge", "Publication", "Published", "forge"]
