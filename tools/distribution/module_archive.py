"""Packs a released version of this repository as other Bazel repositories take it, with its entry for a registry.

The archive is that of a commit, as git has it, so that everybody makes the same file of it: what lies about in the
checkout, and has not been committed, is not in it.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

# A script's own folder is the first on the path; the package lies in the folder above it.
if not __package__:
    sys.path[0] = str(Path(__file__).absolute().parents[1])

from distribution import collect_release, version

NAME = "asterisk_rest_libraries"
HOMEPAGE = "https://github.com/asterisk/asterisk_rest_libraries"


class Unpackable(Exception):
    """The commit is no release."""


def archived(root: Path, reference: str, prefix: str) -> bytes:
    """Give a commit's files as a tar; nobody's settings of git change it."""
    settings = ("tar.umask=0022", "core.autocrlf=false", f"core.attributesFile={os.devnull}")
    done = subprocess.run(
        [
            *("git", *(word for setting in settings for word in ("-c", setting))),
            *("archive", "--format=tar", f"--prefix={prefix}/", f"{reference}^{{commit}}"),
        ],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise Unpackable(f"git archive: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def released(archive: bytes, prefix: str) -> str:
    """Give the version that a commit's own files name, which must be a released one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tarfile.open(fileobj=io.BytesIO(archive)) as files,
    ):
        for name in (version.SOURCE, version.MODULE, version.CHANGELOG):
            try:
                found = files.extractfile(f"{prefix}/{name}")
            except KeyError:
                found = None
            if not found:
                raise Unpackable(f"the commit has no {name}")
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(found.read())
        state = version.state(Path(folder))
    if not state.released:
        raise Unpackable(f"the commit's changelog has not released {state.version}")
    return state.version


def module_file(archive: bytes, prefix: str) -> bytes:
    """Give the MODULE.bazel of an archive."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        found = files.extractfile(f"{prefix}/{version.MODULE}")
        assert found
        return found.read()


def pack(root: Path, number: str, reference: str, out: Path) -> Path:
    """Write the archive of a commit into a folder, and return its path."""
    prefix = f"{NAME}-{number}"
    archive = archived(root, reference, prefix)
    if released(archive, prefix) != number:
        raise Unpackable(f"{reference} is {released(archive, prefix)}, not {number}")
    # The generator's own sdist is called NAME-VERSION.tar.gz.
    target = out / f"{NAME}-bazel-{number}.tar.gz"
    target.write_bytes(gzip.compress(archive, 9, mtime=0))
    return target


def register(registry: Path, number: str, archive: Path, url: str) -> None:
    """Enter an archive into a registry: a folder, which may have earlier versions."""
    prefix = f"{NAME}-{number}"
    content = archive.read_bytes()
    module = registry / "modules" / NAME
    (module / number).mkdir(parents=True, exist_ok=True)
    (module / number / "MODULE.bazel").write_bytes(module_file(gzip.decompress(content), prefix))
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    source = {"integrity": f"sha256-{digest}", "strip_prefix": prefix, "url": url}
    _write(module / number / "source.json", source)
    metadata: dict[str, Any] = {
        "homepage": HOMEPAGE,
        "maintainers": [],
        "repository": [HOMEPAGE.replace("https://github.com/", "github:")],
        "versions": [],
        "yanked_versions": {},
    }
    if (module / "metadata.json").exists():
        metadata |= json.loads((module / "metadata.json").read_text("utf-8"))
    if number not in metadata["versions"]:
        metadata["versions"].append(number)
    _write(module / "metadata.json", metadata)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=4) + "\n", "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("version", help="the released version")
    parser.add_argument("--commit", help="the commit, by default the tag vVERSION")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the release")
    parser.add_argument(
        "--url", help="where the archive will be found; for the entry in a registry"
    )
    parser.add_argument("--registry", type=Path, help="the registry's folder")
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", ".")),
        help="the checkout; `bazel run` knows it",
    )
    options = parser.parse_args(arguments)
    if bool(options.url) != bool(options.registry):
        parser.error("--url and --registry go together")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        commit = options.commit or f"v{options.version}"
        archive = pack(options.root, options.version, commit, options.out)
        collect_release.write_sums(options.out)
        if options.registry:
            register(options.registry, options.version, archive, options.url)
    except (Unpackable, version.Wrong, OSError) as error:
        print(f"module_archive: {error}", file=sys.stderr)
        return 1
    print(archive.name)
    return 0


if __name__ == "__main__":
    # `bazel run` starts a program in a folder of its own; paths are meant from where it was called.
    if "BUILD_WORKING_DIRECTORY" in os.environ:
        os.chdir(os.environ["BUILD_WORKING_DIRECTORY"])
    sys.exit(main())
