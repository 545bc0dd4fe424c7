"""Bodies as they were before `Content-Encoding`, with a limit that holds while they grow."""

import gzip
import io
import zlib

from sidecar.errors import DecodeError, TooLargeError


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """The body as it was before `Content-Encoding`, never more than `limit` bytes of it.

    Raises:
        TooLargeError: over the limit, as sent or decompressed.
        DecodeError: unknown encoding, or not valid gzip.
    """
    if len(body) > limit:
        raise TooLargeError(f"the body is {len(body)} bytes; at most {limit} are taken in one request")
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip":
            return _gunzip(body, limit)
        case other:
            raise DecodeError(f"Content-Encoding {other[:40]!r} is not taken; send gzip or none")


def _gunzip(body: bytes, limit: int) -> bytes:
    # one byte more than is taken, to tell a full body from one that is over
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = stream.decompress(body, limit + 1)
        if stream.unused_data:
            # several members: rare, and zlib would copy what is left once for each of them
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as members:
                plain = members.read(limit + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise DecodeError(f"the body is not valid gzip: {exc}") from exc
    if len(plain) > limit:
        raise TooLargeError(f"the body is over {limit} bytes when decompressed")
    if body and not stream.eof:
        raise DecodeError("the body is not valid gzip: it ends before its end marker")
    return plain
