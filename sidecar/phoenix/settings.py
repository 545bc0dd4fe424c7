"""Everything Phoenix is told when it starts, all through its environment. Pure.

It listens on loopback, reaches for nothing outside, runs no agent, shell or sandbox of its own, and its gRPC port is
closed by TLS to whoever has no certificate, which is everybody.
"""

from collections.abc import Mapping
from pathlib import PurePath

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "server.pem", "server.key"
"""Files in the folder of certificates."""
HOST = "127.0.0.1"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ")
"""All that Phoenix gets of our environment: no keys of models, no settings of its own that we did not make."""
_CLOSED = {
    "PHOENIX_TELEMETRY_ENABLED": "false",
    "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
    "PHOENIX_DISABLE_AGENT_ASSISTANT": "true",
    "PHOENIX_AGENTS_DISABLE_WEB_ACCESS": "true",
    "PHOENIX_AGENTS_DISABLE_BASH": "true",
    "PHOENIX_AGENTS_DISABLE_GITHUB": "true",
    "PHOENIX_ALLOWED_SANDBOX_PROVIDERS": "NONE",
    "PHOENIX_ENABLE_MCP_SERVER": "false",
    "PHOENIX_TLS_ENABLED_FOR_GRPC": "true",
    "PHOENIX_TLS_VERIFY_CLIENT": "true",
}


def phoenix_settings(
    environ: Mapping[str, str], certificates: PurePath, folder: PurePath, *, http_port: int, grpc_port: int
) -> dict[str, str]:
    """The environment of a Phoenix over `folder`; settings of its own in `environ` do not count."""
    return {
        **{name: environ[name] for name in _PASSED_ON if name in environ},
        **_CLOSED,
        "HOME": str(folder),
        "PHOENIX_HOST": HOST,
        "PHOENIX_PORT": str(http_port),
        "PHOENIX_GRPC_PORT": str(grpc_port),
        "PHOENIX_WORKING_DIR": str(folder / "work"),
        "PHOENIX_LOG_MIGRATIONS": "false",
        "PHOENIX_TLS_CA_FILE": str(certificates / AUTHORITY),
        "PHOENIX_TLS_CERT_FILE": str(certificates / CERTIFICATE),
        "PHOENIX_TLS_KEY_FILE": str(certificates / KEY),
    }
