"""Bare repositories for tests, made by plain git with settings of their own, and one served over smart HTTP."""

import os
import subprocess
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

TOKEN = "Bearer fake-token-7d1c"
"""What the HTTP remote wants to see; no real secret."""
_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "@1700000000 +0000",
    "GIT_COMMITTER_DATE": "@1700000000 +0000",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str, stdin: str = "") -> str:
    """What git prints in a folder, as a person called Ada."""
    run = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **_IDENTITY},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def make_remote(folder: Path, files: Mapping[str, str], links: Mapping[str, str] | None = None) -> Path:
    """A bare repository `remote.git` in the folder with one commit on `main`, and Ada's work tree `work` beside it."""
    remote, work = folder / "remote.git", folder / "work"
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(folder, "init", "--quiet", "--initial-branch=main", str(work))
    git(work, "remote", "add", "origin", str(remote))
    for path, target in (links or {}).items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).symlink_to(target)
    commit(work, files, "One")
    git(work, "push", "--quiet", "origin", "main")
    return remote


def commit(work: Path, files: Mapping[str, str], subject: str) -> str:
    """Ada's commit of these files on the branch of her work tree."""
    for path, content in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(content)
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--allow-empty", "-m", subject)
    return git(work, "rev-parse", "HEAD")


@contextmanager
def served(folder: Path) -> Generator[str]:
    """The folder's repositories over smart HTTP on loopback, for whoever sends the token; yields the address."""

    class Backend(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a test's output is its own."""

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else self._chunks()
            if self.headers.get("Authorization") != TOKEN:
                self.send_error(401)
                return
            head, _, content = _backend(folder, self, body).partition(b"\r\n\r\n")
            fields = [line.split(b": ", 1) for line in head.split(b"\r\n")]
            status = next((int(value.split()[0]) for name, value in fields if name == b"Status"), 200)
            self.send_response(status)
            for name, value in fields:
                if name != b"Status":
                    self.send_header(name.decode(), value.decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _chunks(self) -> bytes:
            body = b""
            while self.headers.get("Transfer-Encoding") == "chunked":
                size = int(self.rfile.readline(), 16)
                body += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
            return body

    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _backend(folder: Path, request: BaseHTTPRequestHandler, body: bytes) -> bytes:
    """What `git http-backend` answers, CGI header included."""
    parts = urlsplit(request.path)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "REMOTE_USER": "ada",
        "REQUEST_METHOD": request.command,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
    }
    run = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, check=True)
    return run.stdout
