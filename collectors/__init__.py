"""Collectors: one per coding agent, each turning what its agent sends into Observations."""
