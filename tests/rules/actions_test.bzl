"""actions_test: what a target does to make its outputs."""

_ActionsInfo = provider(
    doc = "The actions of a target.",
    fields = {"actions": "list of Action: those."},
)

def _actions_impl(target, _ctx):
    return [_ActionsInfo(actions = target.actions)]

_actions = aspect(implementation = _actions_impl)

def _actions_test_impl(ctx):
    target = ctx.attr.target
    actions = target[_ActionsInfo].actions
    wrong = []
    if [action.mnemonic for action in actions] != [ctx.attr.mnemonic]:
        wrong.append("the actions are {}, not one {}".format([action.mnemonic for action in actions], ctx.attr.mnemonic))
    for action in actions:
        if [file.short_path for file in action.outputs.to_list()] != [ctx.attr.output]:
            wrong.append("{} writes {}, not {}".format(action.mnemonic, action.outputs.to_list(), ctx.attr.output))

        # Without a shell between.
        if action.argv[0].endswith("sh") or "-c" in action.argv:
            wrong.append("{} is {}, not a program with its arguments".format(action.mnemonic, action.argv))
        for argument in ctx.attr.wants:
            if argument not in action.argv:
                wrong.append("{} does not have the argument {}: {}".format(action.mnemonic, argument, action.argv))
        inputs = {file.basename: True for file in action.inputs.to_list()}
        for name in ctx.attr.reads:
            if name not in inputs:
                wrong.append("{} does not read {}".format(action.mnemonic, name))
        for name in ctx.attr.ignores:
            if name in inputs:
                wrong.append("{} reads {}".format(action.mnemonic, name))
    return [AnalysisTestResultInfo(
        success = not wrong,
        message = "{}: {}".format(target.label, "; ".join(wrong)),
    )]

actions_test = rule(
    implementation = _actions_test_impl,
    doc = "Passes if one action makes the target's only output, by a program and no shell.",
    attrs = {
        "ignores": attr.string_list(doc = "Names of files that it must not see."),
        "mnemonic": attr.string(doc = "What kind of action it is.", mandatory = True),
        "output": attr.string(doc = "The path of the output.", mandatory = True),
        "reads": attr.string_list(doc = "Names of files that are among its inputs."),
        "target": attr.label(doc = "The target.", aspects = [_actions], mandatory = True),
        "wants": attr.string_list(doc = "Some of its arguments."),
    },
    analysis_test = True,
)
