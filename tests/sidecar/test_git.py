"""Our clone: reads and writes by plumbing, mends itself, and runs nothing that a repository brings."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sidecar.errors import DataDirError, GitError, GitUnavailableError
from sidecar.git import Clone, PushResult, check_branch, check_own_branch, check_remote
from tests.sidecar.remotes import TOKEN, commit, git, make_remote, served

AT_NS = 1_700_000_000_000_000_000
LEDGER = ".sidecar/rules/0123456789ab.json"
OURS = "sidecar/0123456789abcdef"


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return make_remote(tmp_path, {"CLAUDE.md": "# Shop\n", "src/a.py": "a = 1\n", ".clinerules": "- hand\n"})


@pytest.fixture
def clone(tmp_path: Path, remote: Path) -> Clone:
    opened = Clone.open(tmp_path / "data" / "clone.git", str(remote))
    opened.fetch()
    return opened


def written(clone: Clone, content: bytes = b"# Shop\n\n- rule\n", base: str | None = None) -> str:
    files = {"CLAUDE.md": content, LEDGER: b"{}\n"}
    return clone.commit_files(base or clone.base_head(), files, "Add\n\nSidecar-Proposal: x\n", at_ns=AT_NS)


def test_base_is_read_as_committed(clone: Clone, remote: Path) -> None:
    head = clone.base_head()

    assert head == git(remote, "rev-parse", "main")
    assert clone.base_branch() == "main"
    assert clone.list_files(head) == {"CLAUDE.md", "src/a.py", ".clinerules"}
    assert clone.read_file(head, "CLAUDE.md") == b"# Shop\n"
    assert clone.read_file(head, "AGENTS.md") is None


def test_blob_is_found_by_its_hash(clone: Clone) -> None:
    sha = clone.entries(clone.base_head())["CLAUDE.md"].sha

    assert clone.read_blob(sha) == b"# Shop\n"
    assert clone.read_blob("f" * 40) is None
    assert clone.read_blob("--batch") is None


def test_names_of_any_bytes_are_read(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "odd", {"CLAUDE.md": "x", "caf\u00e9\n\t.md": "y", "-rf": "z"})
    clone = Clone.open(tmp_path / "odd.git", str(remote))

    assert clone.list_files(clone.fetch()) == {"CLAUDE.md", "caf\u00e9\n\t.md", "-rf"}


def test_commit_changes_only_what_was_asked(clone: Clone) -> None:
    made = written(clone)

    assert clone.list_files(made) == clone.list_files(clone.base_head()) | {LEDGER}
    assert clone.read_file(made, "CLAUDE.md") == b"# Shop\n\n- rule\n"
    assert clone.is_ancestor(clone.base_head(), made)
    assert not clone.is_ancestor(made, clone.base_head())


def test_diff_shows_what_a_commit_changes(clone: Clone) -> None:
    lines = clone.diff(clone.base_head(), written(clone)).splitlines()

    assert [line for line in lines if line.startswith(("+", "-"))] == [
        "--- /dev/null",
        f"+++ b/{LEDGER}",
        "+{}",
        "--- a/CLAUDE.md",
        "+++ b/CLAUDE.md",
        "+",
        "+- rule",
    ]


def test_same_commit_has_the_same_hash_in_another_clone(clone: Clone, tmp_path: Path, remote: Path) -> None:
    other = Clone.open(tmp_path / "other.git", f"file://{remote}")
    other.fetch()

    assert written(other) == written(clone) == written(clone)


def test_removed_file_is_gone_and_removing_nothing_is_the_base(clone: Clone) -> None:
    head = clone.base_head()

    assert ".clinerules" not in clone.list_files(clone.commit_files(head, {".clinerules": None}, "Remove", at_ns=AT_NS))
    assert clone.commit_files(head, {"AGENTS.md": None}, "Nothing", at_ns=AT_NS) == head


def test_file_mode_stays(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "mode", {"CLAUDE.md": "x"})
    work = tmp_path / "mode" / "work"
    git(work, "update-index", "--chmod=+x", "CLAUDE.md")
    git(work, "commit", "--quiet", "-m", "Mode")
    git(work, "push", "--quiet", "origin", "main")
    clone = Clone.open(tmp_path / "mode.git", str(remote))

    made = clone.commit_files(clone.fetch(), {"CLAUDE.md": b"y"}, "Two", at_ns=AT_NS)

    assert clone.entries(made)["CLAUDE.md"].mode == "100755"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("src/a.py", "is not written"),
        (".github/workflows/ci.yml", "is not written"),
        ("../CLAUDE.md", "is not written"),
        (".clinerules/learned.md", ".clinerules is a file or a link"),
        ("docs", "is not written"),
        ("AGENTS.md", "symbolic link"),
        ("linked/x.md", "linked is a file or a link"),
    ],
)
def test_path_that_we_never_write_is_refused(tmp_path: Path, path: str, what: str) -> None:
    links = {"AGENTS.md": "/etc/passwd", "linked": "docs"}
    remote = make_remote(tmp_path / "paths", {"CLAUDE.md": "x", ".clinerules": "y", "docs/a.md": "z"}, links)
    clone = Clone.open(tmp_path / "paths.git", str(remote))

    with pytest.raises(GitError, match=what):
        clone.commit_files(clone.fetch(), {path: b"x"}, "No", at_ns=AT_NS)


def test_links_are_told_and_never_followed(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "links", {"a.md": "x"}, {"CLAUDE.md": "/etc/passwd"})
    clone = Clone.open(tmp_path / "links.git", str(remote))
    head = clone.fetch()

    assert clone.links(head) == {"CLAUDE.md": "/etc/passwd"}
    with pytest.raises(GitError, match="symbolic link"):
        clone.read_file(head, "CLAUDE.md")


def test_branch_is_pushed_once(clone: Clone, remote: Path) -> None:
    made = written(clone)

    assert clone.push(made, OURS) is PushResult.PUSHED
    assert clone.push(made, OURS) is PushResult.UNCHANGED
    assert clone.remote_branches() == {OURS: made}
    assert git(remote, "rev-parse", "main") == clone.base_head()


def test_our_own_branch_is_rewritten(clone: Clone) -> None:
    clone.push(written(clone), OURS)
    second = written(clone, b"# Shop\n\n- other\n")

    assert clone.push(second, OURS) is PushResult.PUSHED
    assert clone.remote_branches() == {OURS: second}


def test_branch_with_somebody_elses_commit_is_frozen(clone: Clone, tmp_path: Path) -> None:
    clone.push(written(clone), OURS)
    work = tmp_path / "work"
    git(work, "fetch", "--quiet", "origin", OURS)
    git(work, "checkout", "--quiet", "-b", "theirs", "FETCH_HEAD")
    theirs = commit(work, {"CLAUDE.md": "# Shop\n\n- reworded\n"}, "Reword")
    git(work, "push", "--quiet", "origin", f"theirs:{OURS}")

    assert clone.push(written(clone, b"# Shop\n\n- other\n"), OURS) is PushResult.FROZEN
    assert not clone.delete_branch(OURS)
    assert clone.remote_branches() == {OURS: theirs}


def test_base_that_moved_does_not_freeze_our_branch(clone: Clone, tmp_path: Path) -> None:
    clone.push(written(clone), OURS)
    commit(tmp_path / "work", {"src/b.py": "b"}, "Two")
    git(tmp_path / "work", "push", "--quiet", "origin", "main")
    head = clone.fetch()

    rebuilt = written(clone, base=head)

    assert clone.push(rebuilt, OURS) is PushResult.PUSHED
    assert clone.is_ancestor(head, rebuilt)


def test_base_that_was_rewritten_is_taken_as_it_is(clone: Clone, tmp_path: Path) -> None:
    work = tmp_path / "work"
    git(work, "checkout", "--quiet", "--orphan", "fresh")
    fresh = commit(work, {"CLAUDE.md": "# Fresh\n"}, "Fresh")
    git(work, "push", "--quiet", "--force", "origin", "fresh:main")

    assert clone.fetch() == fresh


def test_default_branch_that_was_renamed_is_followed(clone: Clone, tmp_path: Path, remote: Path) -> None:
    git(remote, "branch", "--move", "main", "trunk")

    clone.fetch()

    assert clone.base_branch() == "trunk"


def test_named_base_is_used_instead_of_the_default(tmp_path: Path, remote: Path) -> None:
    git(remote, "branch", "release", "main")
    clone = Clone.open(tmp_path / "named.git", str(remote), base="release")

    clone.fetch()

    assert clone.base_branch() == "release"


def test_branch_is_deleted_once(clone: Clone) -> None:
    clone.push(written(clone), OURS)

    assert clone.delete_branch(OURS)
    assert not clone.delete_branch(OURS)
    assert clone.remote_branches() == {}


@pytest.mark.parametrize(
    "branch", ["main", "sidecar", "sidecarx/a", "-f", "sidecar/../main", "sidecar/a:main", "sidecar/"]
)
def test_no_other_branch_is_ever_written(clone: Clone, branch: str) -> None:
    with pytest.raises(GitError):
        clone.push(written(clone), branch)
    with pytest.raises(GitError):
        clone.delete_branch(branch)


def test_branch_that_somebody_writes_during_our_push_is_frozen(clone: Clone, tmp_path: Path, remote: Path) -> None:
    theirs = commit(tmp_path / "work", {"CLAUDE.md": "# Theirs\n"}, "Theirs")
    git(tmp_path / "work", "push", "--quiet", "origin", "HEAD:refs/heads/theirs")
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nrm "$0"\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/{OURS} {theirs}\n')
    hook.chmod(0o755)

    assert clone.push(written(clone), OURS) is PushResult.FROZEN
    assert not hook.exists()
    assert clone.remote_branches() == {OURS: theirs}


def test_refusal_of_the_remote_is_told_in_its_words(clone: Clone, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'branch names need a ticket' >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(GitError, match="branch names need a ticket"):
        clone.push(written(clone), OURS)


def break_nothing(folder: Path) -> None:
    """The healthy clone."""


def lock_everything(folder: Path) -> None:
    for name in ("HEAD.lock", "config.lock", "packed-refs.lock", "index.lock", "shallow.lock"):
        (folder / name).write_text("")
    (folder / "refs" / "remotes" / "origin").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "remotes" / "origin" / "main.lock").write_text("")


def lose_the_head(folder: Path) -> None:
    (folder / "HEAD").unlink()


def lose_the_objects(folder: Path) -> None:
    shutil.rmtree(folder / "objects")


def corrupt_every_object(folder: Path) -> None:
    for path in (folder / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"junk")


def empty_every_ref(folder: Path) -> None:
    for path in (folder / "refs").rglob("*"):
        if path.is_file():
            path.write_text("")


def be_half_made(folder: Path) -> None:
    shutil.rmtree(folder)
    (folder / "objects").mkdir(parents=True)


def be_a_work_tree(folder: Path) -> None:
    (folder / "CLAUDE.md").write_text("dirty")
    (folder / "index").write_text("junk")


@pytest.mark.parametrize(
    "harm",
    [
        break_nothing,
        lock_everything,
        lose_the_head,
        lose_the_objects,
        corrupt_every_object,
        empty_every_ref,
        be_half_made,
        be_a_work_tree,
    ],
)
def test_clone_mends_itself(clone: Clone, tmp_path: Path, remote: Path, harm: Callable[[Path], None]) -> None:
    before = written(clone)
    harm(tmp_path / "data" / "clone.git")

    mended = Clone.open(tmp_path / "data" / "clone.git", str(remote))
    mended.fetch()

    assert mended.read_file(mended.base_head(), "CLAUDE.md") == b"# Shop\n"
    assert written(mended) == before
    assert mended.push(before, OURS) is PushResult.PUSHED


def test_blob_that_rots_later_is_fetched_again(clone: Clone, tmp_path: Path) -> None:
    corrupt_every_object(tmp_path / "data" / "clone.git")

    with pytest.raises(GitError):
        clone.entries(clone.base_head())
    assert clone.read_file(clone.fetch(), "CLAUDE.md") == b"# Shop\n"


def test_no_identity_home_or_configuration_is_needed(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[core]\n\thooksPath = /nonexistent\n[commit]\n\tgpgSign = true\n[broken")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("GIT_AUTHOR_NAME", raising=False)
    clone = Clone.open(tmp_path / "plain.git", str(remote))
    clone.fetch()

    assert clone.push(written(clone), OURS) is PushResult.PUSHED


def test_environment_of_a_git_hook_does_not_leak_in(
    tmp_path: Path, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = written(clone)
    elsewhere = tmp_path / "work"
    variables = {
        "GIT_DIR": str(elsewhere / ".git"),
        "GIT_WORK_TREE": str(elsewhere),
        "GIT_INDEX_FILE": str(elsewhere / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(elsewhere / ".git" / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/nonexistent",
        "GIT_NAMESPACE": "other",
        "GIT_CONFIG_PARAMETERS": "'core.bare=false'",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_CONFIG_VALUE_0": "/nonexistent",
        "GIT_AUTHOR_NAME": "Mallory",
        "GIT_COMMITTER_DATE": "@1 +0000",
        "GIT_ALLOW_PROTOCOL": "ext",
        "GIT_COMMON_DIR": str(elsewhere / ".git"),
        "GIT_SHALLOW_FILE": "",
        "GIT_PREFIX": "src/",
    }
    before = git(elsewhere, "status", "--porcelain") + git(elsewhere, "rev-parse", "HEAD")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    clone.fetch()
    assert written(clone) == expected
    assert clone.push(expected, OURS) is PushResult.PUSHED
    assert git(elsewhere, "status", "--porcelain") + git(elsewhere, "rev-parse", "HEAD") == before


def test_repository_runs_nothing(tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    run = f"touch {proof}"
    files = {
        "CLAUDE.md": "# T\n",
        ".gitattributes": "* filter=evil diff=evil merge=evil\n",
        ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "{run}"\n\tupdate = !{run}\n',
        "hooks/pre-push": f"#!/bin/sh\n{run}\n",
    }
    remote = make_remote(tmp_path / "evil", files)
    folder = tmp_path / "evil.git"
    clone = Clone.open(folder, str(remote))
    for hook in (
        "pre-push",
        "post-checkout",
        "reference-transaction",
        "pre-commit",
        "post-index-change",
        "post-update",
    ):
        (folder / "hooks").mkdir(exist_ok=True)
        (folder / "hooks" / hook).write_text(f"#!/bin/sh\n{run}\n")
        (folder / "hooks" / hook).chmod(0o755)
    (folder / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
        f'\tfsmonitor = "{run}"\n\tpager = "{run}"\n[filter "evil"]\n\tclean = "{run}"\n\tsmudge = "{run}"\n'
        f'[diff "evil"]\n\ttextconv = "{run}"\n\tcommand = "{run}"\n[credential]\n\thelper = "!{run}"\n'
    )

    head = clone.fetch()
    made = clone.commit_files(head, {"CLAUDE.md": b"# T\n- x\n"}, "x", at_ns=AT_NS)

    assert clone.read_file(made, "CLAUDE.md") == b"# T\n- x\n"
    assert clone.push(made, OURS) is PushResult.PUSHED
    assert not proof.exists()


def test_smart_http_wants_the_token_and_never_shows_it(tmp_path: Path, remote: Path) -> None:
    git(remote, "config", "http.receivepack", "true")
    with served(tmp_path) as address:
        url = f"{address}/{remote.name}"
        clone = Clone.open(tmp_path / "http.git", url, authorization=TOKEN)
        clone.fetch()
        made = written(clone)

        assert clone.push(made, OURS) is PushResult.PUSHED
        assert clone.push(made, OURS) is PushResult.UNCHANGED
        assert git(remote, "rev-parse", OURS) == made
        with pytest.raises(GitError, match=r"401|could not read Username|Authentication failed"):
            Clone.open(tmp_path / "denied.git", url).fetch()

    kept = b"".join(path.read_bytes() for path in (tmp_path / "http.git").rglob("*") if path.is_file())
    assert TOKEN.encode() not in kept


def test_remote_that_does_not_answer_may_answer_later(tmp_path: Path) -> None:
    clone = Clone.open(tmp_path / "gone.git", "http://127.0.0.1:9/x.git")

    with pytest.raises(GitUnavailableError) as caught:
        clone.fetch()

    assert caught.value.transient


def test_remote_that_is_too_slow_may_answer_later(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x.git"
        clone = Clone.open(tmp_path / "slow.git", url, timeout_s=2)

        with pytest.raises(GitUnavailableError, match="did not complete in 2 secs"):
            clone.fetch()


def test_remote_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="does not appear to be a git repository") as caught:
        Clone.open(tmp_path / "none.git", str(tmp_path / "nowhere")).fetch()

    assert not caught.value.transient


def test_remote_without_a_commit_says_what_to_do(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")

    with pytest.raises(GitError, match="has no default branch with a commit"):
        Clone.open(tmp_path / "none.git", str(tmp_path / "empty.git")).fetch()


def test_machine_without_git_says_so(tmp_path: Path) -> None:
    program = f"from pathlib import Path; from sidecar.git import Clone; Clone.open(Path({str(tmp_path)!r}), '/x')"

    run = subprocess.run([sys.executable, "-c", program], env={"PATH": ""}, capture_output=True, text=True, check=False)

    assert "sidecar.errors.GitError: git is not on PATH; install git" in run.stderr


def test_git_that_disappears_says_so(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(GitError, match="git is not on PATH"):
        clone.fetch()


def test_token_that_would_be_two_headers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="line end") as caught:
        Clone.open(tmp_path / "x.git", "https://forge.example/x.git", authorization="Bearer x\r\nX-Evil: 1")

    assert "Evil" not in str(caught.value)


def test_folder_that_cannot_be_made_says_so(tmp_path: Path, remote: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(DataDirError, match="cannot make the clone"):
        Clone.open(tmp_path / "taken" / "clone.git", str(remote))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "-u=x",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c id",
        "fd::17",
        "file::/x",
        "https://ada:secret@forge.example/x.git",
        "https://token@forge.example/x.git",
        "http://forge.example/x.git",
        "git://forge.example/x.git",
        "ftp://forge.example/x.git",
        "ssh://-oProxyCommand=id/x",
        "https:///x.git",
        "https://forge.example/x\n.git",
        "https://forge.example/a b.git",
        "relative/path.git",
        "-host:path",
        "host:-path",
        "forge.example",
    ],
)
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(GitError) as caught:
        check_remote(url)

    assert "secret" not in str(caught.value).replace("name or secret", "")


@pytest.mark.parametrize(
    ("url", "protocol"),
    [
        ("https://forge.example/acme/shop.git", "https"),
        ("https://forge.example:8443/acme/shop", "https"),
        ("ssh://git@forge.example:22/acme/shop.git", "ssh"),
        ("git@forge.example:acme/shop.git", "ssh"),
        ("file:///srv/git/shop.git", "file"),
        ("/srv/git/shop.git", "file"),
        ("http://127.0.0.1:8080/shop.git", "http"),
        ("http://[::1]:8080/shop.git", "http"),
    ],
)
def test_address_names_the_one_transport_that_git_may_use(url: str, protocol: str) -> None:
    assert check_remote(url).protocol == protocol


@pytest.mark.parametrize(
    "branch",
    ["", "-f", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b", ".a", "a/.b", "a.lock",
     "a.lock/b", "a.", "@", "a@{1}", "a\nb", "a\x7f"],
)  # fmt: skip
def test_name_that_is_no_branch_is_refused(branch: str) -> None:
    with pytest.raises(GitError, match="no branch name"):
        check_branch(branch)


@pytest.mark.parametrize("branch", ["main", "feature/x-1", "release/1.0", "caf\u00e9", "a@b"])
def test_branch_names_of_teams_are_read_but_not_ours(branch: str) -> None:
    assert check_branch(branch) == branch
    with pytest.raises(GitError, match="under sidecar/ only"):
        check_own_branch(branch)
