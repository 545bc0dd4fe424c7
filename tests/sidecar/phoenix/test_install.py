"""What installing Phoenix refuses, and with which advice; the installation itself is in tests/e2e."""

import os
import ssl
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sidecar.errors import PhoenixError
from sidecar.phoenix.certificates import AUTHORITY, CERTIFICATE, KEY, make_certificates
from sidecar.phoenix.install import install, installed, requirements


def test_every_package_is_pinned_by_hash_and_no_address_is_named() -> None:
    text = requirements().decode()

    packages = [line for line in text.splitlines() if line[:1].isalnum()]
    assert any(line.startswith("arize-phoenix==") for line in packages)
    assert all("==" in line for line in packages)
    assert text.count("--hash=sha256:") >= len(packages)
    assert "://" not in text


@pytest.mark.parametrize("name", ["notes.txt", "pyvenv.cfg"])
def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")

    with pytest.raises(PhoenixError, match="holds something else"):
        install(tmp_path)

    assert (tmp_path / name).read_text() == "mine"
    assert installed(tmp_path) is None


def test_an_index_that_does_not_answer_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    with pytest.raises(PhoenixError, match="the package index does not answer"):
        install(tmp_path / "environment")

    assert installed(tmp_path / "environment") is None


def test_an_interrupted_installation_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    for _ in range(2):
        with pytest.raises(PhoenixError, match="the package index does not answer"):
            install(tmp_path / "environment")


def test_without_uv_it_says_what_to_install(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.symlink_to(sys.executable)
    called = (
        f"from pathlib import Path; from sidecar.phoenix.install import install; install(Path({str(tmp_path / 'e')!r}))"
    )

    done = subprocess.run(
        [str(python), "-c", called],
        env={"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "PhoenixError: uv, which installs Phoenix, is not there; pip install uv" in done.stderr


def test_certificates_serve_localhost_and_are_for_us_alone(tmp_path: Path) -> None:
    make_certificates(tmp_path / "made", now=datetime.now(UTC))

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "made").iterdir()}
    assert modes == {AUTHORITY: 0o600, CERTIFICATE: 0o600, KEY: 0o600}
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700
    ssl.create_default_context(cafile=tmp_path / "made" / AUTHORITY)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "made" / CERTIFICATE, tmp_path / "made" / KEY)


def test_nobody_keeps_the_key_that_could_sign_a_callers_certificate(tmp_path: Path) -> None:
    make_certificates(tmp_path / "made", now=datetime.now(UTC))

    keys = [path.name for path in (tmp_path / "made").iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert keys == [KEY]
