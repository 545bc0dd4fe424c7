"""Puts the hooks and the telemetry of coding agents in place on this machine, and takes every trace of them away."""
