"""cpan_dist: packs a Perl library as CPAN wants its distributions."""

load(":client.bzl", "client_of")

# Others load it from defs.bzl.
visibility("//...")

def _cpan_dist_impl(ctx):
    library = client_of(ctx, "perl_client", others = {"javascript": "npm_package", "python": "python_wheel"}).library

    # The file's own name holds the version, which stands in a file that is only read when it is packed.
    distribution = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    arguments.add_all([library], expand_directories = False, format_each = "--library=%s")
    arguments.add_all([distribution], expand_directories = False, format_each = "--out=%s")
    ctx.actions.run(
        arguments = [arguments],
        env = {"PYTHONDONTWRITEBYTECODE": "1"},
        executable = ctx.executable._build_cpan,
        inputs = [library],
        mnemonic = "CpanDist",
        outputs = [distribution],
        progress_message = "Packing %{label}",
        toolchain = None,
    )
    return [DefaultInfo(files = depset([distribution]), runfiles = ctx.runfiles([distribution]))]

cpan_dist = rule(
    implementation = _cpan_dist_impl,
    doc = """Packs a generated Perl library as a distribution that cpanm installs, and that can be given to CPAN.

The output is a folder with that one file; the same library gives the same one, byte for byte.

```starlark
cpan_dist(
    name = "cpan_dist",
    client = ":my_client",
)
```
""",
    attrs = {
        "client": attr.label(
            doc = "The library, a perl_client.",
            mandatory = True,
        ),
        "_build_cpan": attr.label(
            cfg = "exec",
            default = Label("//tools/distribution:build_cpan"),
            executable = True,
        ),
    },
)
