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

failure_test = rule(
    implementation = _failure_test_impl,
    doc = "Passes if the target cannot be analysed, and its message says the error.",
    attrs = {
        "error": attr.string(doc = "A part of the message.", mandatory = True),
        "target": attr.label(
            doc = "The target.",
            cfg = analysis_test_transition(settings = {"//command_line_option:allow_analysis_failures": "True"}),
            mandatory = True,
        ),
    },
    analysis_test = True,
)

def _toolchain_first_impl(settings, attr):
    return {"//command_line_option:extra_toolchains": settings["//command_line_option:extra_toolchains"] + [str(attr.toolchain)]}

def _on_toolchain_impl(_ctx):
    return []

on_toolchain = rule(
    implementation = _on_toolchain_impl,
    doc = "Its target, as it is where a toolchain comes before all others.",
    attrs = {
        "target": attr.label(
            doc = "The target.",
            cfg = transition(
                implementation = _toolchain_first_impl,
                inputs = ["//command_line_option:extra_toolchains"],
                outputs = ["//command_line_option:extra_toolchains"],
            ),
            mandatory = True,
        ),
        # A transition reads labels as they are, not their targets.
        "toolchain": attr.label(doc = "The toolchain.", mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)

# How this mode begins the labels of this repository.
_HERE = str(Label("//:BUILD.bazel")).partition("//")[0]

def fails(name, rule, error, attributes = {}, **kwargs):
    """Makes a target that cannot be analysed, and the test that its message says why.

    Args:
      name: the test's name.
      rule: the target's rule.
      error: a part of the message; @@// begins a label of this repository.
      attributes: the target's attributes, where BUILD files must have them in one.
      **kwargs: further ones.
    """
    rule(
        name = name + "_target",
        tags = ["manual"],
        **(attributes | kwargs)
    )
    failure_test(
        name = name,
        size = "small",
        error = error.replace("@@//", _HERE + "//"),
        target = ":" + name + "_target",
    )
