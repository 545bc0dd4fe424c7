"""Attributes as bytes, reduced to a capture level by the table of the agent that sent them."""

from collections.abc import Mapping, MutableSequence, Sequence

from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from sidecar.capture import Node, Reduction, reduce_json
from sidecar.domain import Matter

FEW = 16
"""So many attributes are taken out one by one; of more, what stays is copied, or each would move all behind it."""
MANY = 1000
"""Attributes of one record that are looked at one after another, so that only what is kept takes memory."""
MAX_KNOWN = 20_000
"""Beginnings of attributes remembered for one table; each is some hundred bytes."""
_KEY, _BEFORE_VALUE = 2, 4
"""Bytes of an attribute before its key, and before its value beside its key, where both are below 128 bytes."""
_SHORT = 128
_MAX_KNOWN_INTEGER = 2**21
"""Below it a number takes three bytes; then no field can hide behind one, as it would take two more."""
_PLAIN = frozenset({"string_value", "int_value", "double_value", "bool_value"})


class Table:
    """The attributes of one resource's agent at one level.

    Most attributes begin as thousands did before: key, length and first byte of the value. The beginnings of those
    that are kept as they came are remembered with their length, so that each costs one look. An attribute with the
    same is of the same form, and nothing else is hidden in it. Any other attribute is read.
    """

    def __init__(self, nodes: Mapping[str, Node], reduction: Reduction) -> None:
        """Bind what each key holds."""
        self._nodes = nodes
        self._reduction = reduction
        self._keys = frozenset(key.encode() for key in nodes)
        self._known: dict[bytes, int] = {}
        """Length by beginning."""

    def reduce(self, attributes: MutableSequence[bytes]) -> bool:
        """Keep of these attributes what the table keeps; whether a text of it is other than it came."""
        if len(attributes) > MANY:
            return self._reduce_many(attributes)
        known = self._known.get
        try:
            odd = [index for index, pair in enumerate(attributes[:]) if known(pair[: 6 + pair[1]]) != len(pair)]
        except IndexError:  # one of less than two bytes, which no agent sends
            return self._reduce_many(attributes)
        if not odd:
            return False
        return self._reduce_few(attributes, odd) if len(odd) <= FEW else self._reduce_many(attributes)

    def _reduce_few(self, attributes: MutableSequence[bytes], odd: Sequence[int]) -> bool:
        """In place; of the attributes at these indexes, the others stay."""
        is_derived = False
        for index in reversed(odd):
            raw = attributes[index]
            kept = self._kept(raw)
            if kept is None:
                del attributes[index]
            elif kept is not raw:
                attributes[index] = kept
                is_derived = True
        return is_derived

    def _reduce_many(self, attributes: MutableSequence[bytes]) -> bool:
        """All anew: each that is taken out would move all behind it."""
        is_derived = False
        pairs: list[bytes] = []
        for raw in attributes:
            kept = self._kept(raw)
            if kept is not None:
                pairs.append(kept)
                is_derived |= kept is not raw
        del attributes[:]
        attributes.extend(pairs)
        return is_derived

    def _kept(self, raw: bytes) -> bytes | None:
        """What is kept of an attribute, None for nothing; the same object where it is kept as it came."""
        # of most that are dropped the key alone says so; one of 128 bytes or more is in no table
        if len(raw) < _BEFORE_VALUE or raw[_KEY : _KEY + raw[1]] not in self._keys:
            return None
        pair = KeyValue.FromString(raw)
        node = self._nodes.get(pair.key)
        kind = pair.value.WhichOneof("value")
        text = pair.value.string_value
        if kind == "string_value" and node is not None:
            kept = reduce_json(text, node, self._reduction)
            if not isinstance(kept, str):
                return None
            if kept != text:
                pair.value.string_value = kept
        elif node is not Matter.FRAME or kind not in _PLAIN:
            return None  # numbers are of frames only; arrays and maps have no table
        pair.DiscardUnknownFields()
        whole = pair.SerializeToString()
        if whole != raw:
            return whole
        if isinstance(node, Matter) and self._reduction.keeps_whole(node) and _is_short(pair, raw):
            self._remember(raw)
        return raw

    def _remember(self, raw: bytes) -> None:
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[raw[: 6 + raw[1]]] = len(raw)


def _is_short(pair: KeyValue, raw: bytes) -> bool:
    """Whether the first six bytes beside the key, and the length, tell the form of a pair in its only encoding."""
    if len(raw) - _BEFORE_VALUE - raw[1] >= _SHORT:
        return False
    return pair.value.WhichOneof("value") != "int_value" or 0 <= pair.value.int_value < _MAX_KNOWN_INTEGER
