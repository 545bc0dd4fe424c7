"""Lessons that sessions share, each with the Tasks and Persons that taught it; pure."""

from sidecar.clusters.gathering import cluster_id_of, clusters
from sidecar.clusters.persons import attested_commands, marked_by_person

__all__ = ["attested_commands", "cluster_id_of", "clusters", "marked_by_person"]
