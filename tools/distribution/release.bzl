"""release: collects packages, with their checksums."""

# For the project itself.
visibility("//...")

def _release_impl(ctx):
    release = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    arguments.add_all([release], expand_directories = False, format_each = "--out=%s")
    arguments.add_all(ctx.files.packages, expand_directories = False)
    ctx.actions.run(
        arguments = [arguments],
        env = {"PYTHONDONTWRITEBYTECODE": "1"},
        executable = ctx.executable._collect_release,
        inputs = ctx.files.packages,
        mnemonic = "Release",
        outputs = [release],
        progress_message = "Collecting %{label}",
        toolchain = None,
    )
    return [DefaultInfo(files = depset([release]), runfiles = ctx.runfiles([release]))]

release = rule(
    implementation = _release_impl,
    doc = "Collects packages in a folder with a file SHA256SUMS, as `sha256sum --check` reads it.",
    attrs = {
        "packages": attr.label_list(
            doc = "The packages: python_wheel, python_sdist, npm_package, cpan_dist, or whatever gives a folder with one file.",
            allow_empty = False,
            allow_files = True,
            mandatory = True,
        ),
        "_collect_release": attr.label(
            cfg = "exec",
            default = Label("//tools/distribution:collect_release"),
            executable = True,
        ),
    },
)
