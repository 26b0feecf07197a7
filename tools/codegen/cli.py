"""The command line: ``generate_library``.

It ends with 0 when all is written, with 1 when something is wrong with what it was given (each
problem is one line on stderr, and nothing was written), and with 2 when the options themselves are.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from .problems import GenerationError, Problems, ProblemsFound, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Api

#: Where the user name and the password may stand, for a run without a terminal.
USERNAME_VARIABLE = "API_USERNAME"
PASSWORD_VARIABLE = "API_PASSWORD"

_EPILOG = f"""\
A library from a live server:

  generate_library --lang=python --out=library --username=me \\
      --resource=http://localhost:8088/ari/api-docs/resources.json

Without --password it is taken from the variable {PASSWORD_VARIABLE} (the user name from
{USERNAME_VARIABLE}), or asked for.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="generate_library",
        description="Turns the documents that describe a REST API into client libraries.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        fromfile_prefix_chars="@",
    )
    parser.add_argument(
        "--lang",
        metavar="NAME",
        help="the language: one of --list-languages, several with commas, or all",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--dir",
        metavar="FOLDER",
        help="the folder of the documents; resources.json in it lists them, or openapi.yaml (.json, …) is read",
    )
    source.add_argument(
        "--resource",
        metavar="FILE-OR-URL",
        help="a listing or a single document, JSON or YAML: a file, or an address of a live server",
    )
    source.add_argument(
        "--model", metavar="FILE", help="a model written by --dump-model, instead of documents"
    )
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        help="where the library is written; with several languages, each has its own folder in it",
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="names and more (default: client.toml beside the documents, if there is one; '--settings=': none)",
    )
    parser.add_argument(
        "--package", metavar="NAME", help="the package's name, instead of the settings'"
    )
    parser.add_argument(
        "--languages",
        metavar="FOLDER[:TEMPLATES]",
        help="a folder with further languages, and one with their templates",
    )
    parser.add_argument("--username", metavar="NAME", help="the user of a live server")
    parser.add_argument(
        "--password",
        metavar="PASSWORD",
        help="the user's password; others on this machine can see options",
    )
    parser.add_argument(
        "--list-languages", action="store_true", help="print the languages, and end"
    )
    parser.add_argument(
        "--dump-model",
        metavar="FILE",
        nargs="?",
        const="-",
        help="write the model as JSON, to FILE or to stdout",
    )
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files of the output folder that were changed or not generated",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="say nothing of what went well, only of problems"
    )
    parser.add_argument(
        "--traceback", action="store_true", help="show where an internal error arose"
    )
    parser.add_argument(
        "--version", action="store_true", help="print the generator's version, and end"
    )
    return parser


def program() -> NoReturn:
    """Run the command line as a whole process, which ends at once.

    Python would give back the memory of every single object first, which takes longer than writing
    the library does.
    """
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody is left to read it
        code = code or 1
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    problems = Problems()
    # A short run that keeps nearly all it makes: looking for garbage would only cost time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        code = _run(parser, options, problems)
    except ProblemsFound:
        _show(problems)
        code = 1
    except GenerationError as error:
        _show(problems)
        _say(f"error: {printable(str(error))}")
        code = 1
    except KeyboardInterrupt:
        _say("interrupted; nothing was left half-written")
        code = 130
    except RecursionError:
        _say("error: something in the description is nested too deeply")
        code = 1
    except BrokenPipeError:
        # Whoever read stdout has gone: nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 1
    except OSError as error:
        if options.traceback:
            raise
        place = f"{printable(str(error.filename))}: " if error.filename else ""
        _say(f"error: {place}{error.strerror or type(error).__name__}")
        code = 1
    except Exception as error:
        # A mistake of the generator or of a language, never one of the user's.
        if options.traceback:
            raise
        _say(f"internal error: {_described(error)}; --traceback shows more")
        code = 1
    finally:
        if collecting:
            gc.enable()
    return code


def _described(error: BaseException) -> str:
    """Return an unexpected error in one line, with the place where it arose."""
    traceback = error.__traceback__
    place = ""
    while traceback is not None:
        place = f" at {traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return printable(f"{type(error).__name__}: {error}{place}")


def _run(parser: argparse.ArgumentParser, options: argparse.Namespace, problems: Problems) -> int:
    if options.version:
        from . import __version__

        _print(f"generate_library {__version__}")
        return 0
    if options.list_languages:
        from . import languages

        for name in languages.find(options.languages):
            _print(name)
        return 0
    if not (options.dir or options.resource or options.model):
        parser.error("one of --dir, --resource and --model is needed")
    if not options.lang and not options.dump_model:
        parser.error("--lang is needed (or --dump-model)")
    if options.lang and not options.out:
        parser.error("--out is needed: the folder to write to")
    if options.out and not options.lang:
        parser.error("--out without --lang: which language is to be written?")
    if options.model and options.settings:
        parser.error("--settings does not go with --model, which has its settings in it")
    _check_package(parser, options.package)
    chosen = []
    if options.lang:
        from . import languages

        chosen = languages.choose(options.lang, languages.find(options.languages))
        if not chosen:
            raise GenerationError("there is no language to write")
    api = _read(options, problems)
    warnings = problems.warnings
    _show(problems)
    if options.strict and warnings:
        raise GenerationError(
            "there were warnings, which --strict makes errors; nothing was written"
        )
    if options.dump_model:
        _dump(api, options.dump_model)
    if chosen:
        _generate(api, chosen, options)
    return 0


def _check_package(parser: argparse.ArgumentParser, package: str | None) -> None:
    if package is not None:
        import re

        if not re.match(r"[A-Za-z][A-Za-z0-9_]*(?:(?:\.|::|-)[A-Za-z0-9_]+)*\Z", package):
            parser.error("--package must be the name of a package: letters, digits and underscores")


def _read(options: argparse.Namespace, problems: Problems) -> Api:
    from . import source

    if options.model:
        from . import model_json

        return model_json.deserialize(source.open_source(options.model, problems).root(), problems)
    from . import readers, settings

    if options.dir:
        documents = source.open_folder(options.dir, problems)
    else:
        username, password = (
            _credentials(options) if source.is_url(options.resource) else (None, None)
        )
        documents = source.open_source(options.resource, problems, username, password)
    description = readers.read(documents, problems)
    path = options.settings
    if path is None and documents.folder is not None:
        beside = os.path.join(documents.folder, settings.FILE)
        path = beside if os.path.exists(beside) else None
    if not path:
        return settings.without_settings(description, problems)
    text, data = settings.load(path, problems)
    return settings.apply(description, data, text, problems)


def _credentials(options: argparse.Namespace) -> tuple[str | None, str | None]:
    username = options.username or os.environ.get(USERNAME_VARIABLE)
    if username is None:
        return None, None
    password = (
        options.password if options.password is not None else os.environ.get(PASSWORD_VARIABLE)
    )
    if password is None:
        if not sys.stdin.isatty():
            raise GenerationError(
                f"the password is missing: give it in the variable {PASSWORD_VARIABLE}"
            )
        import getpass

        try:
            password = getpass.getpass(f"Password of {printable(username)}: ")
        except EOFError:
            raise GenerationError("no password was given") from None
    return username, password


def _dump(api: Api, target: str) -> None:
    from . import model_json

    text = model_json.serialize(api).encode("utf-8")
    if target == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    else:
        from .output import write_file

        write_file(target, text)


def _generate(api: Api, chosen: Sequence[Any], options: argparse.Namespace) -> None:
    from . import output, renderer, template_cache

    several = options.lang == "all" or "," in options.lang
    outputs = []
    for language in chosen:
        if not options.quiet:
            _progress(f"generating {language.name} …")
        cache = template_cache.TemplateCache(template_cache.place(language.folder / "language.py"))
        files = renderer.render(
            language.load(), api, options.package, language.templates, language.runtime, cache
        )
        folder = os.path.join(options.out, language.name) if several else options.out
        outputs.append((language, output.Output(folder, files, overwrite=options.overwrite)))
    for language, library in outputs:
        if not options.quiet:
            _progress(f"writing {language.name} …")
        library.write()
    _progress("")
    for language, library in outputs:
        for path in library.kept:
            _say(
                f"{printable(path)}: warning: it is no longer generated, but was changed, and stays"
            )
        if not options.quiet:
            count = f"{len(library.files)} files in {printable(library.shown)}"
            _print(f"{language.name}: {count} ({library.changes} changed)")


def _show(problems: Problems) -> None:
    for problem in problems.items:
        _say(str(problem))
    if problems.errors:
        _say(f"{problems.errors} error{'s' if problems.errors != 1 else ''}; nothing was written")
    problems.items.clear()


def _say(text: str) -> None:
    _progress("")
    sys.stderr.write(text + "\n")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _progress(text: str) -> None:
    """Show what is being done, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
