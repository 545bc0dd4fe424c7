"""Checks of the sidecar that the hooks send to: does it answer, take hooks and OTLP, and keep the same time.

What is posted cannot be decoded on purpose: the refusal proves the way, and nothing is stored.
"""

import re
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime

import httpx

from sidecar.data_dir import DataDir
from sidecar.doctor.finding import Finding, ok, problem, unchecked

_LIMIT_S = 5.0
CLOCK_TOLERANCE_S = 3.0
"""The header has whole seconds, and the answer takes its time."""


_KEY_PRINT = re.compile(r'"installation": ?"([0-9a-f]{16})"')
_UNSCANNABLE = re.compile(r'"unscannable": ?([0-9]{1,18})')


def check_receiving(
    url: str, agents: Sequence[str], headers: Mapping[str, str] | None = None, *, data_dir: DataDir | None = None
) -> list[Finding]:
    """Every hop to the sidecar at an address.

    Args:
        data_dir: The folder whose sessions are looked at too; None where there is none.
    """
    with httpx.Client(base_url=url, timeout=_LIMIT_S, trust_env=False, headers=headers) as client:
        asked_s = time.time()
        try:
            ready = client.get("/readyz")
        except httpx.HTTPError as exc:
            how = type(exc).__name__
            step = "start it: sidecar serve; or attach again with --url of where it is"
            return [problem("sidecar: answers", f"{url} does not answer ({how})", step)]
        if ready.status_code != 200 or "inbox" not in ready.text:
            step = "another program has that port; stop it, or serve on another and attach with --url"
            return [problem("sidecar: answers", f"{url}/readyz says {ready.status_code}, which is not ours", step)]
        same = [] if data_dir is None else [_same_folder(ready, data_dir)]
        findings = [ok("sidecar: answers", url), *same, _clock(ready, asked_s), _scanned(ready)]
        try:
            findings += [_takes(client, f"/hooks/{agent}", f"sidecar: takes hooks of {agent}") for agent in agents]
            findings.append(_takes(client, "/v1/traces", "sidecar: takes OTLP"))
        except httpx.HTTPError as exc:
            findings.append(problem("sidecar: answers", f"{url} stopped answering ({exc})", "look at its log"))
    return findings


def _takes(client: httpx.Client, path: str, hop: str) -> Finding:
    answer = client.post(path, content=b"{", headers={"content-type": "application/json"})
    match answer.status_code:
        case 400:
            return ok(hop, f"{path} reads what is posted")
        case 401 | 403:
            return problem(hop, f"{path} refuses us: {answer.text[:200]}", "attach with a token that may ingest")
        case 404:
            return problem(hop, f"{path} is not served", "update the sidecar; it is older than this command")
        case 200:
            return ok(hop, f"{path} takes what is posted")
        case status:
            return problem(hop, f"{path} says {status}: {answer.text[:200]}", "look at the sidecar's log")


def _same_folder(answer: httpx.Response, data_dir: DataDir) -> Finding:
    hop = "sidecar: serves this data folder"
    told = _KEY_PRINT.search(answer.text)
    if told is None:
        return unchecked(hop, "the sidecar tells it only on its own machine, or is older than this command")
    if told[1] == data_dir.key_print:
        return ok(hop, str(data_dir.path))
    return problem(
        hop,
        f"it serves another one than {data_dir.path}, so what it receives is not what is told of sessions here",
        "name its folder with --data, or the address of this folder's sidecar with --url",
    )


def _scanned(answer: httpx.Response) -> Finding:
    hop = "sidecar: redacts all it is sent"
    told = _UNSCANNABLE.search(answer.text)
    if told is None:
        return unchecked(hop, "the sidecar does not say", "update the sidecar; it is older than this command")
    found = int(told[1])
    if found == 0:
        return ok(hop, "every string was looked through for secrets")
    return problem(
        hop,
        f"{found} strings could not be looked through for secrets and are kept as [UNSCANNABLE]",
        "nothing leaked; find the agent that sends broken Unicode or a string over 64 MiB, as what it meant is lost",
    )


def _clock(answer: httpx.Response, asked_s: float) -> Finding:
    hop = "clock"
    try:
        theirs_s = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return unchecked(hop, "the sidecar's answer has no date")
    # it may have answered at any time since it was asked
    apart_s = theirs_s - min(max(theirs_s, asked_s), time.time())
    if abs(apart_s) <= CLOCK_TOLERANCE_S:
        return ok(hop, "this machine and the sidecar agree")
    how = "ahead" if apart_s > 0 else "behind"
    return problem(
        hop,
        f"the sidecar is {abs(apart_s):.0f} s {how}",
        "let both keep time by NTP, or sessions end before they began",
    )
