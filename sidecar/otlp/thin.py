"""OTLP's messages with attributes left as bytes, and without the fields that no reduced request has.

Derived from the messages themselves. An attribute as bytes costs a tenth of one as an object, and what a message does
not know is an unknown field, which the parser drops by itself.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, cast

from google.protobuf.descriptor import Descriptor, FileDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

_PACKAGE: Final = "opentelemetry."
_THIN: Final = "thin.opentelemetry."
_PAIR: Final = ".opentelemetry.proto.common.v1.KeyValue"
_DROPPED: Final = {
    "Resource": {"entity_refs"},
    "InstrumentationScope": {"attributes"},
    "Span": {"trace_state", "events"},
    "Link": {"trace_state", "attributes"},
    "Status": {"message"},
    "Metric": {"description", "metadata"},
    **{f"{kind}DataPoint": {"exemplars"} for kind in ("Number", "Histogram", "ExponentialHistogram")},
}
"""Fields by message that nothing reads below `full`: texts, and what holds texts."""


def thin_message(kind: type[Message], body: bytes) -> Message:
    """A request that decodes as `kind`, with attributes as the bytes they came in and nothing unknown around them."""
    thin = _thin_class(kind.DESCRIPTOR)()
    thin.ParseFromString(body)
    thin.DiscardUnknownFields()
    return thin


@cache
def _thin_class(descriptor: Descriptor) -> type[Message]:
    pool = DescriptorPool()
    for file in _files(descriptor.file, set()):
        pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName(f"thin.{descriptor.full_name}"))


def _files(file: FileDescriptor, seen: set[str]) -> Iterator[FileDescriptorProto]:
    """The file with all it builds on, which comes first."""
    if file.name in seen:
        return
    seen.add(file.name)
    for needed in cast("list[FileDescriptor]", file.dependencies):
        yield from _files(needed, seen)
    derived = FileDescriptorProto()
    file.CopyToProto(derived)
    derived.package = f"thin.{derived.package}"
    del derived.service[:]
    for message in derived.message_type:
        _make_thin(message)
    yield derived


def _make_thin(message: DescriptorProto) -> None:
    dropped = _DROPPED.get(message.name, set[str]())
    kept = [field for field in message.field if field.name not in dropped]
    del message.field[:]
    message.field.extend(kept)
    for field in message.field:
        if field.type_name == _PAIR:
            field.type = FieldDescriptorProto.TYPE_BYTES
            field.ClearField("type_name")
        elif field.type_name.startswith(f".{_PACKAGE}"):
            field.type_name = f".{_THIN}{field.type_name.removeprefix(f'.{_PACKAGE}')}"
    for inner in message.nested_type:
        _make_thin(inner)
