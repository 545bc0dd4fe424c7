"""Readers of test reports: bytes of one report in, one Outcome or a clear refusal out."""
