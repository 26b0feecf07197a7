"""replaced_test: a Python package of one's own takes the place of the one that this repository brings."""

_PACKAGES = ["flit_core", "jinja2", "pyyaml", "requests", "websockets"]

def _replaced_test_impl(ctx):
    [target] = ctx.attr.target
    files = [file.short_path for file in target[DefaultInfo].default_runfiles.files.to_list()]
    wrong = []
    if not [path for path in files if path.endswith("tests/rules/" + ctx.file.instead.basename)]:
        wrong.append("does not run on {}".format(ctx.file.instead.short_path))
    ours = [path for path in files if "/{}/".format(ctx.attr.folder) in path]
    if ours:
        wrong.append("still has {}".format(ours[0]))
    return [AnalysisTestResultInfo(
        success = not wrong,
        message = "{} {}".format(target.label, " and ".join(wrong)),
    )]

replaced_test = rule(
    implementation = _replaced_test_impl,
    doc = "Passes if the target, where all flags of //tools/third_party name a package of one's own, runs on that one.",
    attrs = {
        "folder": attr.string(doc = "The folder of the package that the target would run on else.", mandatory = True),
        "instead": attr.label(
            doc = "The file of one's own package.",
            allow_single_file = True,
            default = Label(":own_package.py"),
        ),
        "target": attr.label(
            doc = "The target.",
            cfg = analysis_test_transition(settings = {
                str(Label("//tools/third_party:" + package)): str(Label(":own_package"))
                for package in _PACKAGES
            }),
            mandatory = True,
        ),
    },
    analysis_test = True,
)
