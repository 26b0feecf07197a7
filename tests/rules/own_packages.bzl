"""Python packages of one's own, which take the place of those that this repository brings."""

load("@rules_python//python:py_info.bzl", "PyInfo")

_FLAGS = {
    package: str(Label("//tools/third_party:" + package))
    for package in ["flit_core", "jinja2", "pyyaml", "requests", "websockets"]
}

def _replace_impl(settings, attr):
    own = Label(":own_package")
    return {flag: own if package in attr.packages else settings[flag] for package, flag in _FLAGS.items()}

def _on_own_packages_impl(ctx):
    [target] = ctx.attr.target
    info = [target[PyInfo]] if PyInfo in target else []
    return [DefaultInfo(files = target[DefaultInfo].files, runfiles = target[DefaultInfo].default_runfiles)] + info

on_own_packages = rule(
    implementation = _on_own_packages_impl,
    doc = "Its target, as it is where flags of //tools/third_party name a package of one's own.",
    attrs = {
        "packages": attr.string_list(doc = "The names of the flags.", mandatory = True),
        "target": attr.label(
            doc = "The target.",
            cfg = transition(
                implementation = _replace_impl,
                inputs = _FLAGS.values(),
                outputs = _FLAGS.values(),
            ),
            mandatory = True,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

def _replaced_test_impl(ctx):
    target = ctx.attr.target
    files = [file.short_path for file in target[DefaultInfo].default_runfiles.files.to_list()]
    wrong = []
    if ctx.file.instead.short_path not in files:
        wrong.append("does not run on {}".format(ctx.file.instead.short_path))
    ours = [path for path in files if "/site-packages/{}/".format(ctx.attr.folder) in path]
    if ours:
        wrong.append("still has {}".format(ours[0]))
    return [AnalysisTestResultInfo(
        success = not wrong,
        message = "{} {}".format(target.label, " and ".join(wrong)),
    )]

replaced_test = rule(
    implementation = _replaced_test_impl,
    doc = "Passes if a target that is on_own_packages runs on those, and has not the one that it has else.",
    attrs = {
        "folder": attr.string(doc = "The folder of the package that the target has else.", mandatory = True),
        "instead": attr.label(
            doc = "The file of one's own package.",
            allow_single_file = True,
            default = Label(":own_packages/websockets/__init__.py"),
        ),
        "target": attr.label(doc = "The target.", mandatory = True),
    },
    analysis_test = True,
)
