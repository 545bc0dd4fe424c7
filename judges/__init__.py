"""Judges: each reads the Packet of one Session and says what can be learned from it."""
