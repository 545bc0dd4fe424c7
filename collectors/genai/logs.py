"""Events of agents nobody has measured, as Observations: content may come by an event beside the span."""

from dataclasses import replace

from collectors.genai.conventions import conversation_of, input_messages
from collectors.genai.spans import prompts
from collectors.payload import Payload, storable_time
from sidecar.domain import Channel, LogRecord, Observation, SessionId

_DETAILS = "gen_ai.client.inference.operation.details"


def log_observations(record: LogRecord) -> list[Observation]:
    """What the event of a model request says of the prompts in it; without a conversation it cannot be placed."""
    name = record.attributes.get("event.name") or record.name
    session_id, at_ns = conversation_of(record.attributes), storable_time(record.at_ns)
    if name != _DETAILS or session_id is None or at_ns is None:
        return []
    envelope = Observation(
        session_id=SessionId(session_id),
        key=f"otlp/event/{at_ns}/{Payload(dict(record.attributes)).digest()}",
        channel=Channel.OTLP,
        at_ns=at_ns,
        is_timed=True,
    )
    parts = list(prompts(input_messages(record.attributes), at_ns))
    return [replace(envelope, key=f"{envelope.key}/{n}", step=part) for n, part in enumerate(parts)] or [envelope]
