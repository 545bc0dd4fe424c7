"""The page of Phoenix that lists sessions, read as a person sees it: in Chromium, after its scripts have run."""

import html
import re
import subprocess
from pathlib import Path

from sidecar.phoenix.client import PhoenixClient
from tests.e2e.test_phoenix import CHROMIUM, PROJECT

FOR_A_PICTURE = ("--window-size=1600,720", "--force-prefers-reduced-motion")
"""Wide enough for the scores and low enough for a README; charts that are drawn at once."""


async def shown_rows(url: str, since_ns: int, folder: Path) -> list[str]:
    """Text of each row of the sessions since a time; a picture of the page is left in the folder.

    Args:
        url: Where Phoenix is.
    """
    async with PhoenixClient.connect(url) as client:
        page = await client.sessions_page(PROJECT, since_ns)
    return _rows(_looked_at(page, folder))


def _looked_at(page: str, folder: Path) -> str:
    """The document as it stands once the page has come to rest."""
    profile, picture = f"--user-data-dir={folder / 'chromium'}", f"--screenshot={folder / 'phoenix-sessions.png'}"
    command = [*CHROMIUM, *FOR_A_PICTURE, profile, picture, "--dump-dom", page]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def _rows(document: str) -> list[str]:
    found: list[str] = re.findall(r"<tr\b.*?</tr>", document, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]
