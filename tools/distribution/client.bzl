"""client_of: the library that a rule is to pack."""

load("//tools/codegen:providers.bzl", "ClientInfo")

visibility("//...")

def client_of(ctx, rule, others):
    """Gives the ClientInfo of the attribute client; fails where it is none of the kind.

    Libraries of languages that a repository brings are packed by whichever rule it names.

    Args:
      ctx: the rule's context.
      rule: what makes the libraries that the rule packs.
      others: for the languages that have other rules, those.

    Returns:
      its ClientInfo.
    """
    target = ctx.attr.client
    if ClientInfo not in target:
        fail("{}: client = {} is no generated library: name a {}".format(ctx.label, target.label, rule))
    client = target[ClientInfo]
    if client.language in others:
        fail("{}: client = {} is a library in {}, which {} packs; this wants a {}".format(
            ctx.label,
            target.label,
            {"javascript": "JavaScript", "perl": "Perl", "python": "Python"}[client.language],
            others[client.language],
            rule,
        ))
    return client
