"""The edge to language models: one configured model, asked in bounded numbers, retried in one place, paid under a cap.

Nothing of the provider's own library is imported before a model is asked.
"""

from sidecar.llm.model import Model
from sidecar.llm.pace import Pace
from sidecar.llm.settings import ModelSettings

__all__ = ["Model", "ModelSettings", "Pace"]
