"""Writing a library: whole or not at all, and nothing of what others wrote."""

from __future__ import annotations

import json
import os
import signal
import stat
from typing import TYPE_CHECKING, Any

import pytest
from codegen.output import LOCK, MANIFEST, Output, digest_of, safe_path, write_file
from codegen.problems import GenerationError

from tests.codegen.helpers import tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = {"a.txt": b"a", "deep/er/b.txt": b"b", "deep/c.txt": b"c"}


def write(folder: Path, files: dict[str, bytes] = FILES, **keys: Any) -> Output:
    made = Output(str(folder), files, **keys)
    made.write()
    return made


def content(folder: Path) -> dict[str, bytes]:
    """All files but the manifest."""
    return {path: data for path, data in tree(folder).items() if path != MANIFEST}


# --- the first time


def test_everything_is_written(tmp_path: Path) -> None:
    made = write(tmp_path / "out")
    assert content(tmp_path / "out") == FILES
    assert made.changes == 3
    assert os.listdir(tmp_path) == ["out"]


def test_into_folders_that_do_not_exist(tmp_path: Path) -> None:
    write(tmp_path / "x" / "y")
    assert content(tmp_path / "x" / "y") == FILES


def test_into_an_empty_folder(tmp_path: Path) -> None:
    write(tmp_path)
    assert content(tmp_path) == FILES


def test_the_manifest_names_what_was_written(tmp_path: Path) -> None:
    write(tmp_path)
    data = json.loads((tmp_path / MANIFEST).read_text())
    assert list(data["files"]) == sorted(FILES)
    assert data["version"] == 1
    digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert data["files"]["a.txt"] == digest


def test_the_manifest_is_deterministic(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two", dict(reversed(FILES.items())))
    assert (tmp_path / "one" / MANIFEST).read_bytes() == (tmp_path / "two" / MANIFEST).read_bytes()


def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    write(tmp_path / "out")
    (tmp_path / "usual").write_bytes(b"")
    usual = stat.S_IMODE((tmp_path / "usual").stat().st_mode)
    for path in [MANIFEST, *FILES]:
        assert stat.S_IMODE((tmp_path / "out" / path).stat().st_mode) == usual


# --- further times


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    before = {path: os.stat(tmp_path / path).st_mtime_ns for path in tree(tmp_path)}
    made = write(tmp_path)
    assert made.changes == 0
    assert {path: os.stat(tmp_path / path).st_mtime_ns for path in tree(tmp_path)} == before


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    write(tmp_path)
    before = os.stat(tmp_path / "deep/c.txt").st_mtime_ns
    made = write(tmp_path, {**FILES, "a.txt": b"new"})
    assert made.changes == 1
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert os.stat(tmp_path / "deep/c.txt").st_mtime_ns == before


def test_what_is_no_longer_generated_is_removed(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, {"a.txt": b"a"})
    assert content(tmp_path) == {"a.txt": b"a"}
    assert not (tmp_path / "deep").exists()


def test_the_users_files_stay(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "deep" / "mine.txt").write_bytes(b"mine")
    (tmp_path / "notes").mkdir()
    write(tmp_path, {"a.txt": b"a"})
    assert content(tmp_path) == {"a.txt": b"a", "deep/mine.txt": b"mine"}
    assert (tmp_path / "notes").is_dir()


def test_a_changed_file_that_is_no_longer_generated_stays(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"edited")
    made = write(tmp_path, {"deep/c.txt": b"c"})
    assert content(tmp_path) == {"a.txt": b"edited", "deep/c.txt": b"c"}
    assert made.kept == ["a.txt"]


def test_a_file_becomes_a_folder_and_back(tmp_path: Path) -> None:
    # Two runs: the file must go before the folder can come.
    write(tmp_path, {"x": b"1"})
    with pytest.raises(GenerationError, match="stands in the place of x/y"):
        write(tmp_path, {"x/y": b"2"})
    assert content(tmp_path) == {"x": b"1"}


# --- what is not ours


def test_a_file_that_was_not_generated_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"mine")
    with pytest.raises(GenerationError, match=r"holds files that were not generated: a\.txt"):
        write(tmp_path)
    assert content(tmp_path) == {"a.txt": b"mine"}


def test_a_file_that_was_changed_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"edited")
    with pytest.raises(GenerationError, match=r"were changed since they were generated: a\.txt"):
        write(tmp_path, {**FILES, "a.txt": b"new", "deep/c.txt": b"new"})
    assert content(tmp_path) == {**FILES, "a.txt": b"edited"}


def test_a_changed_file_that_is_generated_as_before_is_not_replaced_either(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"edited")
    with pytest.raises(GenerationError, match="were changed"):
        write(tmp_path)


def test_overwrite(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"edited")
    (tmp_path / "d.txt").write_bytes(b"mine")
    write(tmp_path, {**FILES, "d.txt": b"d"}, overwrite=True)
    assert content(tmp_path) == {**FILES, "d.txt": b"d"}


def test_a_file_that_happens_to_be_the_same_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    assert write(tmp_path).changes == 2
    write(tmp_path, {})
    assert content(tmp_path) == {}


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(GenerationError, match="is not a folder"):
        write(tmp_path / "out")


def test_many_conflicts_are_counted(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}").write_bytes(b"mine")
    for count, expected in ((5, "0, 1, 2, 3, 4. Choose"), (6, "0, 1, 2, 3, 4 and 1 more. Choose")):
        with pytest.raises(GenerationError, match=expected):
            write(tmp_path, {f"{number}": b"x" for number in range(count)})


# --- never outside


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../a",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "C:\\a",
        "a\\b",
        "a:b",
        "a\nb",
        "a\0b",
        "a b",
        "a.",
        "nul",
        "x/COM1.txt",
        "ü",
        "a" * 201,
        "a/" * 500 + "a",
        MANIFEST,
    ],
)
def test_paths_that_are_refused(tmp_path: Path, path: str) -> None:
    assert not safe_path(path)
    with pytest.raises(GenerationError, match="a file cannot be called"):
        write(tmp_path / "out", {path: b""})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "path",
    ["a", ".gitignore", "a-b/c_d.e", "@x/y", "__init__.py", "null", "a" * 200, "a" + "/a" * 499],
)
def test_paths_that_are_good(path: str) -> None:
    assert safe_path(path)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["a.txt", "A.txt"], "are one on many systems"),
        (["x/a", "X/b"], "are one on many systems"),
        (["x", "x/a"], "would be both a file and a folder"),
    ],
)
def test_names_that_differ_in_case_only(tmp_path: Path, files: list[str], expected: str) -> None:
    with pytest.raises(GenerationError, match=expected):
        write(tmp_path / "out", dict.fromkeys(files, b""))


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "deep").symlink_to(elsewhere)
    with pytest.raises(GenerationError, match="or a symbolic link, stands in the place"):
        write(out)
    assert list(elsewhere.iterdir()) == []
    assert content(out) == {}


def test_a_link_in_the_place_of_a_file_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.txt").symlink_to(target)
    with pytest.raises(GenerationError, match="or a symbolic link, stands in the place"):
        write(out, overwrite=True)
    assert target.read_bytes() == b"precious"


def test_a_link_put_there_later_does_not_lead_the_removal_out(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out)
    elsewhere = tmp_path / "elsewhere"
    (out / "deep").rename(elsewhere)
    (out / "deep").symlink_to(elsewhere)
    made = write(out, {"a.txt": b"a"})
    assert content(elsewhere) == {"c.txt": b"c", "er/b.txt": b"b"}
    assert made.kept == ["deep/c.txt", "deep/er/b.txt"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write(tmp_path / "out")
    assert content(tmp_path / "real") == FILES
    assert (tmp_path / "out").is_symlink()


def test_a_manifest_that_leads_out(tmp_path: Path) -> None:
    import hashlib

    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    out = tmp_path / "out"
    out.mkdir()
    digest = hashlib.sha256(b"precious").hexdigest()
    files = {"../victim": digest, str(victim): digest, "a/../../victim": digest}
    (out / MANIFEST).write_text(json.dumps({"version": 1, "files": files}))
    write(out)
    assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 2, "files": {}}', '{"version": 1, "files": []}',
     '{"version": 1, "files": {"a": 5}}', '{"version": 1, "files": {"a": [5]}}', "[" * 100000, "\x80"],
)  # fmt: skip
def test_a_manifest_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, "latin-1")
    with pytest.raises(GenerationError, match="the list of generated files, cannot be read"):
        write(tmp_path)
    assert content(tmp_path) == {}


# --- failures half-way


class PowerFailureError(Exception):
    """Something that no code expects."""


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PowerFailureError()])
@pytest.mark.parametrize("count", range(12))
def test_a_failure_at_any_time_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, error: Exception
) -> None:
    write(tmp_path)
    before = tree(tmp_path)
    real: Callable[..., None] = os.rename
    calls = 0

    def rename(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == count + 1:
            raise error
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    files = {"a.txt": b"new", "deep/c.txt": b"new", "new/d.txt": b"d", "new/e.txt": b"e"}
    try:
        write(tmp_path, files)
    except (GenerationError, PowerFailureError):
        assert tree(tmp_path) == before
        assert not (tmp_path / "new").exists()
    else:
        assert count >= calls
        assert content(tmp_path) == files


@pytest.mark.parametrize("count", range(4))
def test_a_failure_the_first_time_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    real: Callable[..., None] = os.rename
    calls = 0

    def rename(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == count + 1:
            raise OSError(5, "Input/output error", str(target))
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(GenerationError, match="cannot be written: Input/output error"):
        write(tmp_path / "x" / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_killed_is_completed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    files = {"a.txt": b"new", "deep/c.txt": b"new", "d.txt": b"d"}
    pid = os.fork()
    if pid == 0:  # the child dies in the middle of moving files
        real = os.rename
        calls = 0

        def rename(source: Any, target: Any) -> None:
            nonlocal calls
            calls += 1
            if calls == 5:
                os.kill(os.getpid(), signal.SIGKILL)
            real(source, target)

        os.rename = rename  # type: ignore[assignment]
        write(tmp_path, files)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    made = write(tmp_path, files)
    assert made.kept == []
    assert content(tmp_path) == files
    assert sorted(os.listdir(tmp_path)) == [MANIFEST, "a.txt", "d.txt", "deep"]


def test_the_folders_of_others_are_not_cleared_away(tmp_path: Path) -> None:
    names = [f".generating-{os.getpid()}-abc", ".generating-mine-abc", ".generating-1-abc"]
    for name in names:
        (tmp_path / name).mkdir()
    write(tmp_path)
    assert set(names) < set(os.listdir(tmp_path))


def test_ctrl_c_while_files_are_moved_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., None] = os.rename

    def rename(source: Any, target: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path)
    # All was written before it counted.
    assert content(tmp_path) == FILES
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_before_that_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Output(str(tmp_path / "out"), FILES)

    def interrupted(*_: Any) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made.write()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(GenerationError, match="cannot be made: Not a directory"):
        write(tmp_path / "file" / "out")


# --- the lock


def test_the_lock_is_none_of_the_files(tmp_path: Path) -> None:
    made = write(tmp_path, lock=b"locked")
    assert content(tmp_path) == {**FILES, LOCK: b"locked"}
    assert LOCK not in json.loads((tmp_path / MANIFEST).read_text())["files"]
    assert made.changes == 3
    with pytest.raises(GenerationError, match="cannot be called"):
        write(tmp_path / "other", {LOCK: b""})


def test_another_lock_takes_its_place(tmp_path: Path) -> None:
    write(tmp_path, lock=b"old")
    assert write(tmp_path, lock=b"new").changes == 0
    assert (tmp_path / LOCK).read_bytes() == b"new"
    # Nobody's work is lost with one that was changed.
    (tmp_path / LOCK).write_bytes(b"edited")
    write(tmp_path, lock=b"new")
    assert (tmp_path / LOCK).read_bytes() == b"new"
    write(tmp_path)
    assert content(tmp_path) == FILES


@pytest.mark.parametrize("count", range(9))
def test_a_failure_at_any_time_leaves_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    write(tmp_path, lock=b"old")
    before = tree(tmp_path)
    real: Callable[..., None] = os.rename
    calls = 0

    def rename(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == count + 1:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    files = {"a.txt": b"new", "deep/c.txt": b"c"}
    try:
        write(tmp_path, files, lock=b"new")
    except GenerationError:
        assert tree(tmp_path) == before
    else:
        assert count >= calls == 7
        assert content(tmp_path) == {**files, LOCK: b"new"}


def test_a_lock_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / LOCK).symlink_to("target")
    with pytest.raises(GenerationError, match=r'\.generated-lock" is not a file'):
        write(tmp_path, lock=b"new")
    assert (tmp_path / "target").read_bytes() == b"mine"


def test_what_was_changed_by_hand(tmp_path: Path) -> None:
    made = write(tmp_path)
    again = Output(str(tmp_path), FILES)
    assert again.changed_by_hand() == ([], [])
    assert again.manifest_digest == digest_of(FILES)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "deep" / "c.txt").write_bytes(b"edited")
    again = Output(str(tmp_path), {**FILES, "new.txt": b""}, overwrite=True)
    assert again.changed_by_hand() == (["deep/c.txt"], ["a.txt"])
    assert again.changed == ["a.txt", "deep/c.txt", "new.txt"]
    assert again.manifest_digest == digest_of(made.files) != digest_of({**FILES, "a.txt": b""})


# --- one file


def test_one_file(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    write_file(str(path), b"one")
    write_file(str(path), b"two")
    assert tree(tmp_path) == {"model.json": b"two"}
    assert stat.S_IMODE(path.stat().st_mode) & 0o044


def test_one_file_keeps_to_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(str(tmp_path / "model.json"), b"")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "model.json").stat().st_mode) == 0o640


def test_one_file_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(GenerationError, match=r'model\.json" cannot be written: No space left'):
        write_file(str(tmp_path / "model.json"), b"x")
    assert list(tmp_path.iterdir()) == []


def test_one_file_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_file(str(tmp_path / "link"), b"one")
    assert (tmp_path / "target").read_bytes() == b"one"


def test_a_long_name_is_named_in_full(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40)
    with pytest.raises(GenerationError, match=r'(long){40}/model\.json" cannot be written'):
        write_file(str(folder / "model.json"), b"")


def test_one_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="cannot be written: No such file"):
        write_file(str(tmp_path / "no" / "model.json"), b"")
