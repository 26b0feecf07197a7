"""How rules find Perl.

The default is the Perl of the machine. A consumer replaces it by registering a perl_toolchain before that, which
defs.bzl has.
"""

PerlInfo = provider(
    doc = "A Perl.",
    fields = {
        "files": "depset of File: what it needs, where it is a part of the build.",
        "include": "list of string: folders for @INC beside Perl's own; a path of the machine, or one among the runfiles.",
        "perl": "string: the program, a path of the machine or one among the runfiles; empty where there is none.",
    },
)

_TYPE = Label(":toolchain_type")

#: What to do where Perl is missing.
_MISSING = "there is no Perl on this machine: install it (Perl 5.26 or later, on Debian `apt-get install perl`), " + \
           "or register a perl_toolchain of your own"

def _runfiles_path(ctx, file):
    """Where a file lies among the runfiles, with its repository's name first."""
    return file.short_path.removeprefix("../") if file.short_path.startswith("../") else ctx.workspace_name + "/" + file.short_path

def _include_path(ctx, folder):
    """A folder of the machine as it is, another as it lies among the runfiles."""
    if folder.startswith("/"):
        return folder
    return "/".join([part for part in (ctx.label.repo_name or ctx.workspace_name, ctx.label.package, folder) if part])

def _perl_toolchain_impl(ctx):
    path = ctx.attr.perl_path
    if ctx.file.perl and path:
        fail("{}: perl and perl_path are two programs: leave one out".format(ctx.label))
    if path and not path.startswith("/") and path[1:2] != ":":
        fail("{}: perl_path = {} is no path of the machine: it must begin with /; a file of the build is named as perl".format(ctx.label, repr(path)))
    for folder in ctx.attr.include:
        if ":" in folder:
            fail("{}: include: {} must have no colon, which parts folders from each other".format(ctx.label, repr(folder)))
    return [platform_common.ToolchainInfo(perlinfo = PerlInfo(
        files = depset(ctx.files.perl + ctx.files.srcs),
        include = [_include_path(ctx, folder) for folder in ctx.attr.include],
        perl = _runfiles_path(ctx, ctx.file.perl) if ctx.file.perl else ctx.attr.perl_path,
    ))]

perl_toolchain = rule(
    implementation = _perl_toolchain_impl,
    doc = """Declares a Perl: a file of the build, or a program of the machine.

It is used where a [toolchain](#toolchains) of it is registered:

```starlark
perl_toolchain(
    name = "my_perl",
    include = ["/opt/cpan/lib/perl5"],
    perl_path = "/opt/perl-5.42/bin/perl",
)

toolchain(
    name = "my_perl_toolchain",
    toolchain = ":my_perl",
    toolchain_type = "@asterisk_rest_libraries//tools/toolchains/perl:toolchain_type",
)
```
""",
    attrs = {
        "include": attr.string_list(doc = "Folders that @INC has beside Perl's own: paths of the machine, or relative to " +
                                          "this package; what lies there is then among srcs."),
        "perl": attr.label(doc = "The program perl.", allow_single_file = True),
        "perl_path": attr.string(doc = "The program's path on the machine, instead of perl."),
        "srcs": attr.label_list(doc = "What else it needs.", allow_files = True),
    },
)

def _current_perl_impl(ctx):
    info = ctx.toolchains[_TYPE].perlinfo
    if not info.perl:
        fail(_MISSING)
    return [
        DefaultInfo(files = info.files, runfiles = ctx.runfiles(transitive_files = info.files)),
        info,
        platform_common.TemplateVariableInfo({"PERL": info.perl, "PERL_INCLUDE": ":".join(info.include)}),
    ]

current_perl = rule(
    implementation = _current_perl_impl,
    doc = "The Perl that was chosen: $(PERL) and $(PERL_INCLUDE), as PerlInfo has them, for rules that name it among " +
          "their toolchains and data.",
    toolchains = [_TYPE],
    provides = [PerlInfo],
)

def _local_perl_impl(repository_ctx):
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        perl = repository_ctx.which("perl") or "",
        toolchain = Label(":toolchain.bzl"),
        type = _TYPE,
    ))

local_perl = repository_rule(
    implementation = _local_perl_impl,
    doc = "A repository with a toolchain for the Perl that is installed; where there is none, using it says what to install.",
    environ = ["PATH"],
    local = True,
)

_BUILD = """\
load("{toolchain}", "perl_toolchain")

package(default_visibility = ["//visibility:public"])

perl_toolchain(
    name = "perl",
    perl_path = "{perl}",
)

toolchain(
    name = "toolchain",
    toolchain = ":perl",
    toolchain_type = "{type}",
)
"""

def _perl_extension_impl(_module_ctx):
    local_perl(name = "local_perl")

perl = module_extension(
    implementation = _perl_extension_impl,
    doc = "Makes the repository local_perl for MODULE.bazel.",
)
