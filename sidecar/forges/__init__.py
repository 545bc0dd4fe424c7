"""Forges: where proposals are shown to people and answered."""

from sidecar.forges.forge import Forge, Publication, Published
from sidecar.forges.registry import FORGES, forge

__all__ = ["FORGES", "Forge", "Publication", "Published", "forge"]
