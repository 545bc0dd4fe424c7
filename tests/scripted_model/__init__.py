"""A Messages API on loopback for our own calls: answers by script or by schema, and hostile when told to be."""

from tests.scripted_model.batch_faults import BatchFault, batch_faults
from tests.scripted_model.faults import TWELVE, Fault, always, first, never, randomly
from tests.scripted_model.opening import Clock, open_model
from tests.scripted_model.request import Asked
from tests.scripted_model.server import KEY, ScriptedModel

__all__ = [
    "KEY",
    "TWELVE",
    "Asked",
    "BatchFault",
    "Clock",
    "Fault",
    "ScriptedModel",
    "always",
    "batch_faults",
    "first",
    "never",
    "open_model",
    "randomly",
]
