"""failure_test: what a rule says when it cannot go on."""

def _failure_test_impl(ctx):
    [target] = ctx.attr.target
    causes = []
    if AnalysisFailureInfo in target:
        causes = [cause.message for cause in target[AnalysisFailureInfo].causes.to_list()]
    return [AnalysisTestResultInfo(
        success = any([ctx.attr.error in cause for cause in causes]),
        message = "{} is to fail with {}, and says {}".format(target.label, repr(ctx.attr.error), causes),
    )]

_without_programs = analysis_test_transition(settings = {
    "//command_line_option:allow_analysis_failures": "True",
    "//command_line_option:extra_toolchains": [
        str(Label(":no_node_toolchain")),
        str(Label(":no_perl_toolchain")),
    ],
})

failure_test = rule(
    implementation = _failure_test_impl,
    doc = "Passes if the target cannot be analysed where no program is installed, and its message says the error.",
    attrs = {
        "error": attr.string(doc = "A part of the message.", mandatory = True),
        "target": attr.label(doc = "The target.", cfg = _without_programs, mandatory = True),
    },
    analysis_test = True,
)
