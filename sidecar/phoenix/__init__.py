"""Arize Phoenix beside the sidecar: installed and run on its own, shown every settled session, read back for what
people noted in it.

Phoenix is a program of its own under its own licence. We speak to it over its public interfaces only: OTLP, REST, one
GraphQL count, its settings and its page.
"""
