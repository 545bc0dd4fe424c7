"""Readers of forge webhooks: one delivery in, what it says of checks and changes out."""
