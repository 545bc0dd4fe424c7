"""Webhooks of forges over HTTP: prove the sender, keep what we use, acknowledge after the durable commit.

A forge proves itself with the secret of SIDECAR_FORGE__WEBHOOK_SECRET over the raw body, before a byte of it is looked
at. A delivery is stored once however often it is sent; one that says nothing we use is answered 202 and leaves nothing.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from collectors.deliveries.delivery import Context, encode_delivery
from collectors.deliveries.registry import delivery_reader
from collectors.payload import Payload
from sidecar.config import WEBHOOK_SECRET
from sidecar.domain import LOCAL_TEAM, Intake, ProjectId, TeamId
from sidecar.errors import DecodeError, InputError, StoreBusyError, TooLargeError
from sidecar.installation import Installation
from sidecar.json_body import decode_json
from sidecar.redact import Redactor
from sidecar.store import Inbox, InboxEntry

MAX_BODY_BYTES = 25 * 1024 * 1024
"""GitHub's own cap on a payload; GitLab's are smaller."""
MAX_AT_ONCE = 4
"""Deliveries held at once: the sender is not known before its whole body is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of a delivery."""

    is_used: bool
    is_new: bool = False


class WebhookReceiver:
    """The way of deliveries into the inbox."""

    def __init__(
        self, *, inbox: Inbox, redactor: Redactor, key: bytes, team_of: Callable[[ProjectId | None], TeamId]
    ) -> None:
        """Bind the parts; `key` makes deliveries recognisable without storing a hash anybody could look up.

        Args:
            team_of: The Team that a repository belongs to, by the settings and never by what a delivery says.
        """
        self._inbox = inbox
        self._redactor = redactor
        self._key = key
        self._team_of = team_of

    async def receive(self, forge: str, headers: Mapping[str, str], body: bytes, *, received_ns: int) -> Answered:
        """Store what an authentic delivery says; returns after the commit.

        Raises:
            DecodeError: the body is no JSON object.
            StoreBusyError: it could not be written for now.
        """
        reader = delivery_reader(forge)
        value = decode_json(body)
        if not isinstance(value, dict):
            raise DecodeError(f"webhook of {forge}: a JSON object was expected, got {type(value).__name__}")
        payload = Payload(value)  # pyright: ignore[reportUnknownArgumentType] # JSON, whose shape Payload looks at
        first = reader.read(headers, payload, Context(team=LOCAL_TEAM, received_ns=received_ns))
        team = self._team_of(first.project)
        is_local = team == LOCAL_TEAM
        delivery = first if is_local else reader.read(headers, payload, Context(team=team, received_ns=received_ns))
        if not delivery.is_used:
            return Answered(is_used=False)
        named = reader.delivery_id(headers)
        receipt = await self._inbox.add(
            InboxEntry(
                team=team,
                body_hash=self._hash(forge, named.encode() if named else body),
                channel=Intake.WEBHOOK.value,
                agent=None,
                parameters={"forge": forge},
                body=self._redactor.redact_bytes(encode_delivery(delivery)),
                received_ns=received_ns,
                observed_ns=received_ns,
                is_timed=False,
            )
        )
        return Answered(is_used=True, is_new=receipt.is_new)

    def _hash(self, forge: str, named: bytes) -> str:
        return hmac.new(self._key, b"webhook\0" + forge.encode() + b"\0" + named, hashlib.sha256).hexdigest()


def add_webhook_routes(app: FastAPI, installation: Installation) -> None:
    """Mount `POST /webhooks/{forge}`; without a secret among the credentials it answers 404 with how to set it."""
    secret = installation.credentials.webhook_secret
    receiver = WebhookReceiver(
        inbox=installation.inbox,
        redactor=installation.redactor,
        key=installation.data_dir.key,
        team_of=installation.owner_of,
    )
    waiting = 0

    async def take_delivery(request: Request) -> Response:
        nonlocal waiting
        reader = delivery_reader(str(request.path_params["forge"]))
        if not secret:
            return _error(
                404, f"webhooks are not set up here: start the sidecar with {WEBHOOK_SECRET} in its environment"
            )
        if waiting >= MAX_AT_ONCE:
            raise StoreBusyError("too many deliveries at once; send again in a second")
        waiting += 1
        try:
            body = await _body(request)
            headers = {name.lower(): value for name, value in request.headers.items()}
            now_ns = time.time_ns()
            if not reader.is_authentic(headers, body, secret, now_ns=now_ns):
                return _error(401, f"not signed with this sidecar's webhook secret; expected {reader.proof}")
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return _error(
                    415, "deliveries are taken as application/json; choose it in the forge's webhook settings"
                )
            answered = await receiver.receive(reader.name, headers, body, received_ns=now_ns)
        finally:
            waiting -= 1
        shown = {"stored": answered.is_used, "new": answered.is_new}
        return JSONResponse(shown, status_code=200 if answered.is_used else 202)

    app.add_route("/webhooks/{forge}", take_delivery, methods=["POST"])


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY_BYTES:
                raise TooLargeError(f"the delivery is over {MAX_BODY_BYTES} bytes, the most a forge sends")
    except ClientDisconnect as exc:
        raise InputError("the sender went away before its whole body was here") from exc
    return bytes(body)


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=status)
