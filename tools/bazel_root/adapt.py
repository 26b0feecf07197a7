"""Fits the root's Bazel to this project's WORKSPACE and MODULE.bazel. Runs inside the root, when the root is made.

The project's files are written for the present rules_python. Debian packages an old one, 0.22.1, and no registry of
modules. This makes a copy of Debian's rules with three small changes, a registry of empty stand-ins for modules that
are named but never used, and the settings that put both in force for this root alone.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

RULES = Path("/usr/share/bazel/rules/python")
BAZELRC = Path("/etc/bazel/bazelrc")
TARGET = Path("/usr/local/share/bazel_root")

# Modules that Debian's Bazel and its rules name, and that no build here loads anything from.
STAND_INS = {
    "abseil-cpp": ["20230802.0"],
    "apple_support": ["1.23.1"],
    "buildozer": ["7.1.2"],
    "protobuf": ["3.19.6", "21.7"],
    "rules_pkg": ["0.7.0"],
    "zlib": ["1.3.1.bcr.3"],
}

# What a stand-in must define because something loads it by name while modules are resolved.
STAND_IN_FILES = {
    "buildozer": {
        "buildozer_binary.bzl": """\
def _empty_impl(ctx):
    ctx.file("BUILD.bazel", "")

_empty = repository_rule(_empty_impl)

def _extension_impl(_ctx):
    _empty(name = "buildozer_binary")

buildozer_binary = module_extension(_extension_impl)
""",
    },
}

# Bazel's own toolchain for the system's Python is made of native rules, which .bazelrc forbids, as Bazel 9 does.
TOOLCHAIN = """\
load("//python:defs.bzl", "py_runtime", "py_runtime_pair")

py_runtime(
    name = "runtime",
    interpreter_path = "/usr/bin/python3",
    python_version = "PY3",
)

py_runtime_pair(
    name = "pair",
    py3_runtime = ":runtime",
)

toolchain(
    name = "toolchain",
    toolchain = ":pair",
    toolchain_type = "@bazel_tools//tools/python:toolchain_type",
)
"""

# Repositories that WORKSPACE mode would otherwise download.
WORKSPACE_REPOSITORIES = {
    "bazel_skylib": "/usr/share/bazel/tools/skylib",
    "platforms": "/usr/share/bazel/tools/platforms",
    "rules_cc": "/usr/share/bazel/rules/cc",
    "rules_java": "/usr/share/bazel/rules/java",
    "rules_license": "/usr/share/bazel/rules/license",
    "rules_proto": "/usr/share/bazel/rules/proto",
    "rules_python": str(TARGET / "rules_python"),
}


def edit(path: Path, *changes: Callable[[str], str]) -> None:
    """Rewrites a file; a change that changes nothing means that the rules are not the ones known here."""
    text = path.read_text()
    for change in changes:
        changed = change(text)
        if changed == text:
            raise SystemExit(f"{path} is not as this script expects it: {change.__doc__}")
        text = changed
    path.write_text(text)


def replacing(old: str, new: str) -> Callable[[str], str]:
    """A change of one piece of text into another, everywhere."""

    def change(text: str) -> str:
        return text.replace(old, new)

    change.__doc__ = f"no {old!r}"
    return change


def tool_wheel(name: str, wheel: Path) -> Callable[[str], str]:
    """A change of the wheel that rules_python loads as the repository pypi__NAME."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()

    def change(text: str) -> str:
        return re.sub(
            rf'("pypi__{name}",\s*)"[^"]*"(,\s*)"[0-9a-f]{{64}}"',
            rf'\1"{wheel.as_uri()}"\2"{digest}"',
            text,
        )

    change.__doc__ = f"no wheel of {name}"
    return change


def adapt_rules_python(wheels: Path) -> None:
    """Copies Debian's rules_python and gives the copy the tags and the tools of a present one."""
    copy = TARGET / "rules_python"
    shutil.copytree(RULES, copy, symlinks=False)
    # pip and setuptools as rules_python names them cannot run on Python 3.12 and later.
    edit(
        copy / "python/pip_install/repositories.bzl",
        tool_wheel("pip", next(wheels.glob("pip-*.whl"))),
        tool_wheel("setuptools", next(wheels.glob("setuptools-*.whl"))),
    )
    # pip.parse(hub_name = …, python_version = …), as from 0.24 on, and targets @HUB//PACKAGE.
    edit(
        copy / "python/extensions/pip.bzl",
        replacing("attr.name", "attr.hub_name"),
        replacing(
            '"name": attr.string(mandatory = True),',
            '"hub_name": attr.string(mandatory = True), "python_version": attr.string(),',
        ),
        replacing("attr.incompatible_generate_aliases", "True"),
    )
    # python.toolchain(…) would download an interpreter; Bazel finds the root's own by itself.
    edit(
        copy / "python/extensions/python.bzl",
        replacing("in module_ctx.modules", "in []"),
        replacing(
            '"name": attr.string(mandatory = True),',
            '"is_default": attr.bool(), "name": attr.string(),',
        ),
    )
    toolchain = copy / "python/root_toolchain"
    toolchain.mkdir()
    (toolchain / "BUILD.bazel").write_text(TOOLCHAIN)


def write_registry() -> None:
    """Writes a registry of modules that holds nothing but the stand-ins."""
    registry = TARGET / "registry"
    for name, versions in STAND_INS.items():
        source = TARGET / "stand_ins" / name
        source.mkdir(parents=True)
        (source / "BUILD.bazel").touch()
        for file, text in STAND_IN_FILES.get(name, {}).items():
            (source / file).write_text(text)
        for version in versions:
            folder = registry / "modules" / name / version
            folder.mkdir(parents=True)
            (folder / "MODULE.bazel").write_text(
                f'module(name = "{name}", version = "{version}")\n'
            )
            (folder / "source.json").write_text(f'{{"type": "local_path", "path": "{source}"}}\n')
    (registry / "bazel_registry.json").write_text("{}\n")


def write_settings(key: str) -> None:
    """Adds this root's settings to those that Debian gives its Bazel."""
    settings = [
        "",
        "# Of this root alone.",
        # A server of another root looks through that root's files: Bazel ends one that was started otherwise.
        f"startup --host_jvm_args=-Dbazel.root={key}",
        f"common --registry={(TARGET / 'registry').as_uri()}",
        f"common --override_module=rules_python={TARGET / 'rules_python'}",
        "build --extra_toolchains=@rules_python//python/root_toolchain:toolchain",
        # Read the user's pip configuration, and PIP_… from the environment, as the user's own pip does.
        "common --repo_env=RULES_PYTHON_PIP_ISOLATED=0",
        # Never fall back to a sandbox that leaves the network on.
        "build --spawn_strategy=linux-sandbox",
    ]
    settings += [
        f"common:workspace --override_repository={name}={path}"
        for name, path in WORKSPACE_REPOSITORIES.items()
    ]
    edit(
        BAZELRC,
        # It floods the output with the sandbox's own log.
        replacing("build --sandbox_debug\n", ""),
        # It does nothing in this Bazel but warn.
        replacing("build --host_javabase=@local_jdk//:jdk\n", ""),
        replacing("common --override_module=rules_python=/usr/share/bazel/rules/python\n", ""),
        lambda text: text.rstrip() + "\n" + "\n".join(settings) + "\n",
    )


def main() -> None:
    """Reads the arguments and does everything above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--wheels", type=Path, required=True, help="folder with the wheels of pip and setuptools"
    )
    parser.add_argument("--key", required=True, help="what tells this root from others")
    arguments = parser.parse_args()
    adapt_rules_python(arguments.wheels)
    write_registry()
    write_settings(arguments.key)


if __name__ == "__main__":
    main()
