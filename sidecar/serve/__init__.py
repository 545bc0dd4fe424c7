"""Run the receivers and the projector in one process until told to stop.

What is acknowledged is in the inbox; the projector follows behind. Ports are bound before anything is announced, so a
taken port is an error at start and never a half-running sidecar.
"""

from sidecar.addresses import Address
from sidecar.serve.ports import STOP_S, Running, running
from sidecar.serve.projecting import ProjectorLoop
from sidecar.serve.serving import Addresses, Listening, serve

__all__ = ["STOP_S", "Address", "Addresses", "Listening", "ProjectorLoop", "Running", "running", "serve"]
