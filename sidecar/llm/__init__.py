"""The edge to language models: one configured model, asked in bounded numbers, retried in one place, paid under a cap.

Nothing of the provider's own library is imported before a model is asked.
"""

from sidecar.llm.batch_lines import Ending
from sidecar.llm.bulk import Bulk
from sidecar.llm.configured import configured_settings
from sidecar.llm.model import Model
from sidecar.llm.pace import Pace, Quiet
from sidecar.llm.settings import Cloud, ModelSettings

__all__ = ["Bulk", "Cloud", "Ending", "Model", "ModelSettings", "Pace", "Quiet", "configured_settings"]
