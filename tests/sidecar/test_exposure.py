"""Ports that others can reach: only with TLS or a word for it, only with a token, and each Team for itself."""

import asyncio
import datetime
import json
import secrets
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sidecar.addresses import Address, parse_address
from sidecar.config import Config, ListenConfig, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.domain import AccessScope, AccessToken, Door, TeamId
from sidecar.errors import ConfigError
from sidecar.exposure import tls_for
from sidecar.installation import Installation
from sidecar.serve import running
from sidecar.tokens import digest_of, new_token
from tests.sidecar.requests import trace_request

EVERYWHERE = Address(host="0.0.0.0", port=0)
PLAIN = ListenConfig(is_plaintext_allowed=True)
TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PROTOBUF = {"content-type": "application/x-protobuf"}
SPAN = "b7ad6b7169203331"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A sidecar that the network can reach."""

    installation: Installation
    url: str
    grpc: str

    def token(self, team: str, scope: AccessScope) -> str:
        """A new token's text."""
        token_id, text = new_token(secrets.token_bytes)
        kept = AccessToken(
            token_id=token_id, team=TeamId(team), scope=scope, digest=digest_of(text), note="", created_ns=0
        )
        assert self.installation.store.add_token(kept)
        return text

    def client(self, token: str | None) -> httpx.AsyncClient:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20)


@asynccontextmanager
async def opened(folder: Path, config: Config, scheme: str = "http") -> AsyncGenerator[Open]:
    with Installation.open(DataDir.open(folder), config, owner="test") as installation:
        async with running(installation, EVERYWHERE, EVERYWHERE) as sidecar:
            yield Open(
                installation=installation,
                url=f"{scheme}://127.0.0.1:{sidecar.http_port}",
                grpc=f"127.0.0.1:{sidecar.grpc_port}",
            )


async def export(target: str, token: str | None, credentials: grpc.ChannelCredentials | None = None) -> object:
    """gRPC's status code for an export of one span; None when it was taken."""
    metadata = () if token is None else (("authorization", f"Bearer {token}"),)
    secure = credentials and grpc.aio.secure_channel(target, credentials)
    async with secure or grpc.aio.insecure_channel(target) as channel:
        send: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(TRACES)
        try:
            await send(trace_request(SPAN).SerializeToString(), metadata=metadata, timeout=20)
        except grpc.aio.AioRpcError as error:
            return error.code()
    return None


async def test_off_loopback_nothing_is_let_in_without_a_token(tmp_path: Path) -> None:
    async with opened(tmp_path, Config(listen=PLAIN)) as sidecar:
        ingest, read = (sidecar.token("acme", scope) for scope in (AccessScope.INGEST, AccessScope.READ))
        statuses: list[int] = []
        for token in (None, read, ingest):
            async with sidecar.client(token) as client:
                sent = await client.post(
                    "/v1/traces", content=trace_request(SPAN).SerializeToString(), headers=PROTOBUF
                )
                statuses += [sent.status_code, (await client.get("/api/sessions")).status_code]
        codes = [await export(sidecar.grpc, token) for token in (None, read, ingest)]

    assert statuses == [401, 401, 403, 200, 200, 403]
    assert codes == [grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED, None]


async def test_a_port_open_for_one_thing_has_nothing_else(tmp_path: Path) -> None:
    listen = ListenConfig(is_plaintext_allowed=True, doors=(Door.WEBHOOKS,))
    async with (
        opened(tmp_path, Config(listen=listen)) as sidecar,
        sidecar.client(sidecar.token("acme", AccessScope.ADMIN)) as client,
    ):
        answers = [await client.post("/outcomes"), await client.get("/api/rules"), await client.get("/healthz")]

    assert [answer.status_code for answer in answers] == [404, 404, 200]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    places = folder / "cert.pem", folder / "key.pem"
    places[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    places[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return places


async def test_both_ports_speak_tls_where_there_is_a_certificate(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    listen = ListenConfig(tls_certificate=str(cert), tls_key=str(key))
    async with opened(tmp_path / "data", Config(listen=listen), scheme="https") as sidecar:
        token = sidecar.token("acme", AccessScope.INGEST)
        trusted = ssl.create_default_context(cafile=str(cert))
        url = sidecar.url.replace("127.0.0.1", "localhost")
        async with httpx.AsyncClient(base_url=url, verify=trusted, timeout=20) as client:
            answer = await client.post("/outcomes", headers={"Authorization": f"Bearer {token}"})
        target = sidecar.grpc.replace("127.0.0.1", "localhost")
        taken = await export(target, token, grpc.ssl_channel_credentials(cert.read_bytes()))
        refused = await export(sidecar.grpc, token)

    assert answer.status_code == 400
    assert (taken, refused) == (None, grpc.StatusCode.UNAVAILABLE)


@pytest.mark.parametrize(
    ("listen", "words"),
    [
        (ListenConfig(), "can be reached from the network"),
        (ListenConfig(tls_certificate="/nowhere.pem"), "tls_key is missing"),
        (ListenConfig(tls_certificate="/nowhere.pem", tls_key="/nowhere.key"), "cannot be read"),
        (ListenConfig(tls_certificate=__file__, tls_key=__file__), "both must be PEM"),
    ],
)
def test_what_would_be_open_by_mistake_does_not_start(listen: ListenConfig, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        tls_for(listen, [EVERYWHERE])


async def test_a_key_of_another_certificate_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    cert, _ = certificate(tmp_path)
    _, other_key = certificate(tmp_path / "other")
    listen = ListenConfig(tls_certificate=str(cert), tls_key=str(other_key))

    with pytest.raises(ConfigError, match="cannot be used together"):
        async with opened(tmp_path / "data", Config(listen=listen)):
            pass


@pytest.mark.parametrize(("text", "is_loopback"), [("127.0.0.1:1", True), ("[::1]:1", True), ("0.0.0.0:1", False)])
def test_loopback_is_told_from_the_network(text: str, is_loopback: bool) -> None:
    assert parse_address(text, option="--http").is_loopback is is_loopback


def start_hook(session: str, mark: str) -> dict[str, object]:
    hook = {"session_id": session, "hook_event_name": "SessionStart", "source": "startup", "cwd": f"/{mark}"}
    place = {"remote": "https://git.example/acme/shop.git", "head": "a" * 40, "branch": mark}
    return {"hook": hook, "observed_ns": 5, "repository": place}


async def everything(client: httpx.AsyncClient, sessions: list[str], traces: list[str]) -> Mapping[str, Any]:
    """Every read there is."""
    paths = ["/api/sessions", "/api/rules", "/api/proposals"]
    paths += [f"/api/sessions/{session}" for session in sessions] + [f"/api/traces/{trace}" for trace in traces]
    return {path: (await client.get(path)).json() for path in paths}


async def test_two_teams_never_see_each_other_s_rows(tmp_path: Path) -> None:
    """Same session ids, same trace ids, the same repository claimed by both: each read shows the caller's own."""
    project = ProjectConfig(url="/srv/shop.git", team="red")
    traces = [secrets.token_hex(16) for _ in range(3)]
    sessions = ["shared", "red-only", "blue-only"]
    async with opened(tmp_path, Config(listen=PLAIN, projects={"git.example/acme/shop": project})) as sidecar:
        clients = {team: sidecar.client(sidecar.token(team, AccessScope.ADMIN)) for team in ("red", "blue")}
        for number, (team, client) in enumerate(clients.items()):
            mark = f"canary-{team}"
            for session in ("shared", f"{team}-only"):
                await client.post("/hooks/claude_code", json=start_hook(session, mark))
            for trace in (traces[2], traces[number]):
                message = trace_request(SPAN, trace_id=trace)
                message.resource_spans[0].scope_spans[0].spans[0].name = mark
                await client.post("/v1/traces", content=message.SerializeToString(), headers=PROTOBUF)
        read = {team: await everything(client, sessions, traces) for team, client in clients.items()}
        await asyncio.gather(*(client.aclose() for client in clients.values()))

    for team, other in (("red", "blue"), ("blue", "red")):
        text = json.dumps(read[team])
        assert f"canary-{team}" in text
        assert f"canary-{other}" not in text
        assert "error" in json.dumps(read[team][f"/api/sessions/{other}-only"])
    assert read["blue"]["/api/rules"] == {"projects": []}
    assert [one["project"] for one in read["red"]["/api/rules"]["projects"]] == ["git.example/acme/shop"]
