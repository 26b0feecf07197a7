"""python_wheel and python_sdist: pack a Python project by its own build backend."""

load(":client.bzl", "client_of")

# Others load it from defs.bzl.
visibility("//...")

def _relative(file, package):
    """The path of a file in the package that declares it."""
    path = file.short_path
    if path.startswith("../"):
        path = path.split("/", 2)[2]
    return path.removeprefix(package + "/") if package else path

def _pack(ctx, kind, mnemonic):
    """Runs the project's build backend for a wheel or an sdist."""
    if bool(ctx.attr.client) == bool(ctx.attr.pyproject):
        fail("{}: {}".format(
            ctx.label,
            "client and pyproject are two projects: leave one out" if ctx.attr.client else "there is no project: name a client, a python_client, or the pyproject of another, with its files",
        ))
    if ctx.attr.client and ctx.attr.files:
        fail("{}: files goes with pyproject: a client has all of its own".format(ctx.label))

    # The file's own name holds the version, which stands in files that are only read when it is built.
    packed = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    arguments.add(kind, format = "--kind=%s")
    arguments.add_all([packed], expand_directories = False, format_each = "--out=%s")
    inputs = []
    if ctx.attr.client:
        library = client_of(ctx, "python_client", others = {"javascript": "npm_package", "perl": "cpan_dist"}).library
        inputs.append(library)
        arguments.add_all([library], expand_directories = False, format_each = "--tree=%s")
    else:
        places = {"pyproject.toml": ctx.file.pyproject}
        for target, folder in ctx.attr.files.items():
            if not folder or folder.startswith("/") or ".." in folder.split("/"):
                fail("{}: files: {} is no folder of the project: . is its own, others are relative to it".format(
                    ctx.label,
                    repr(folder),
                ))
            for file in target[DefaultInfo].files.to_list():
                place = ("" if folder == "." else folder + "/") + _relative(file, target.label.package)
                if places.setdefault(place, file) != file:
                    fail("{}: files: {} and {} are both to be {}: give them different folders".format(
                        ctx.label,
                        places[place].short_path,
                        file.short_path,
                        place,
                    ))
        for place, file in places.items():
            inputs.append(file)
            arguments.add(file, format = "--file={}=%s".format(place.replace("%", "%%")))
    ctx.actions.run(
        arguments = [arguments],
        env = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        executable = ctx.executable._build_wheel,
        inputs = inputs,
        mnemonic = mnemonic,
        outputs = [packed],
        progress_message = "Packing %{label}",
        toolchain = None,
    )
    return [DefaultInfo(
        files = depset([packed]),
        runfiles = ctx.runfiles([packed]),
    )]

def _python_wheel_impl(ctx):
    return _pack(ctx, "wheel", "PythonWheel")

def _python_sdist_impl(ctx):
    return _pack(ctx, "sdist", "PythonSdist")

_PROJECT = {
    "client": attr.label(
        doc = "A generated library, which is a project as it is: a python_client.",
    ),
    "files": attr.label_keyed_string_dict(
        doc = "Where the project's files belong: a target, and the folder for what that target's package holds (`.` " +
              "is the project's own).",
        allow_files = True,
    ),
    "pyproject": attr.label(
        doc = "The project's pyproject.toml, where it is not a generated library.",
        allow_single_file = ["pyproject.toml"],
    ),
    "_build_wheel": attr.label(
        cfg = "exec",
        default = Label("//tools/distribution:build_wheel"),
        executable = True,
    ),
}

python_wheel = rule(
    implementation = _python_wheel_impl,
    doc = """Builds the wheel of a Python project, by the build backend that its pyproject.toml names.

The output is a folder with that one file. The same project gives the same file byte for byte, here and by
`SOURCE_DATE_EPOCH=315532800 pip wheel FOLDER` outside of Bazel.

```starlark
python_wheel(
    name = "wheel",
    client = ":my_client",
)
```
""",
    attrs = _PROJECT,
)

python_sdist = rule(
    implementation = _python_sdist_impl,
    doc = """Builds the source distribution of a Python project, by the build backend that its pyproject.toml names.

The output is a folder with that one file, from which `SOURCE_DATE_EPOCH=315532800 pip wheel FILE` makes the wheel of
python_wheel, byte for byte.

```starlark
python_sdist(
    name = "sdist",
    client = ":my_client",
)
```
""",
    attrs = _PROJECT,
)
