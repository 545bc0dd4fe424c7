"""The HTTP port: OTLP, hooks, session files and outcomes in; the read interface beside them.

A request is read with a limit and handed to `receive`; 200 is sent only after that returned, which is after the
durable commit. On loopback a web page is the attacker to think of: it can reach this port through the browser, so
foreign hosts and origins are refused and hooks and OTLP need a content type no form can send.
"""

from sidecar.http_receiver.exports import Exports
from sidecar.http_receiver.failures import add_error_answers, error_response
from sidecar.http_receiver.gate import Gate, Hosts
from sidecar.http_receiver.intake import OBSERVED_HEADER, Intakes
from sidecar.http_receiver.routes import add_receiving_routes

__all__ = [
    "OBSERVED_HEADER",
    "Exports",
    "Gate",
    "Hosts",
    "Intakes",
    "add_error_answers",
    "add_receiving_routes",
    "error_response",
]
