"""Bedrock and Vertex with their own libraries, in an environment of their own, against a server on loopback.

The server holds a request to what the cloud demands of it, and hands it on to the scripted model. It stands for no real
cloud: whether that takes the same can only be seen there.
"""

import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import Label
from sidecar.installation import Installation
from tests.planted.persona import Persona
from tests.planted.world import planted_sessions, save
from tests.scripted_model import KEY, ScriptedModel

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
ON_BEDROCK, ON_VERTEX = "anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5@20251001"
TOKEN = "a-token-of-the-tests"
PATHS = {
    f"/model/{ON_BEDROCK}/invoke": "AWS4-HMAC-SHA256 Credential=AKID/",
    f"/projects/acme/locations/us-east5/publishers/anthropic/models/{ON_VERTEX}:rawPredict": f"Bearer {TOKEN}",
}
"""Path of each cloud, which names the model, to how Authorization must begin."""
SESSIONS = 12


class _Cloud(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model_url: str
    asked: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/token":
            self._send(200, json.dumps({"access_token": TOKEN, "expires_in": 3600}).encode())
            return
        fields = json.loads(body)
        path = unquote(self.path)
        is_signed = self.headers.get("authorization", "").startswith(PATHS.get(path, "none"))
        if not is_signed or not fields.pop("anthropic_version", None) or "model" in fields:
            said = f"not as the cloud wants it: {path}, {sorted(fields)}, signed: {is_signed}"
            self._send(400, json.dumps({"message": said}).encode())
            return
        self.asked.append(path)
        self._send(200, self._answer({**fields, "model": "claude-haiku-4-5"}))

    def _answer(self, fields: Mapping[str, object]) -> bytes:
        headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01", "content-type": "application/json"}
        url = f"{self.model_url}/v1/messages"
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(fields).encode(), headers)) as said:
            return said.read()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def cloud(model_url: str) -> Generator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Handler", (_Cloud,), {"model_url": model_url, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with both libraries, which pin what ours does not."""
    folder = tmp_path_factory.mktemp("clouds") / "venv"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    wanted = ["--require-hashes", "-r", str(ROOT / "requirements" / "clouds.txt")]
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *wanted], check=True)
    return folder / "bin" / "python"


def service_account(folder: Path, url: str) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fields = {"type": "service_account", "client_email": "ci@acme.example", "token_uri": f"{url}/token"}
    file = folder / "account.json"
    file.write_text(json.dumps(fields | {"private_key": key.decode(), "project_id": "acme"}), encoding="utf-8")
    return file


@pytest.mark.parametrize(("provider", "model_id"), [("bedrock", ON_BEDROCK), ("vertex", ON_VERTEX)])
def test_sessions_are_judged_by_a_model_on_a_cloud(python: Path, tmp_path: Path, provider: str, model_id: str) -> None:
    data = tmp_path / "data"
    with Installation.open(DataDir.open(data), Config(), owner="test") as one:
        failed = [one for one in planted_sessions(3) if one.decision.label is Label.CODE_FAIL][:SESSIONS]
        save(one.store, failed)
    keys = [one.session.key for one in failed]
    with ScriptedModel(script=Persona(seed=3, noise=0.0).answer) as model, cloud(model.url) as (url, asked):
        (data / "sidecar.toml").write_text(
            f'[model]\nprovider = "{provider}"\nbase_url = "{url}"\njudge = "{model_id}"\n', encoding="utf-8"
        )
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "k" * 40,
            "CLOUD_ML_REGION": "us-east5",
            "ANTHROPIC_VERTEX_PROJECT_ID": "acme",
            "GOOGLE_APPLICATION_CREDENTIALS": str(service_account(tmp_path, url)),
        }
        command = [str(python), "-m", "sidecar", "judge", "--judge", "failure", "--data", str(data), "--json"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert len(asked) == SESSIONS, done.stdout
    with Installation.open(DataDir.open(data), Config(), owner="test") as one:
        verdicts = [verdict for key in keys for verdict in one.store.verdicts(key)]
        assert one.store.spent_usd(0) > 0
    assert len(verdicts) == SESSIONS
