"""`gansmith VERB …`: finds the verb and turns errors into one line."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from typing import TextIO

from gansmith.cli.text import survive_all
from gansmith.errors import DivergedError, GansmithError, unknown
from gansmith.memory import keep_freed_memory

VERBS: dict[str, str] = {
    "train": "train a GAN:         gansmith train RECIPE [--data …] [--steps …] [--seed …] [--out …] [any field]",
    "resume": "go on with a run:    gansmith resume RUN [--steps …]",
    "evaluate": "measure a run:       gansmith evaluate RUN [--data …] [--features …] [--samples …]",
    "compare": "compare runs:        gansmith compare RUN RUN … [--out …]",
    "sweep": "many runs:           gansmith sweep RECIPE [--seeds 5] [field=a,b,c …] [any field]",
    "profile": "where time goes:     gansmith profile RECIPE [--steps 30] [any field]",
    "sample": "draw samples:        gansmith sample RUN [--count …] [--seed …] [--truncation …] [--out …]",
    "reconstruct": "answers, measured:   gansmith reconstruct RUN [--data …] [--samples …] [--out sheet.png]",
    "directions": "what moves what:     gansmith directions RUN [--data …] [--attributes …] [--lock …] [--out …]",
    "invert": "picture to latent: gansmith invert RUN PICTURE … [--near …] [--steps …] [--out …]",
    "edit": "strokes to picture: gansmith edit RUN [--from PICTURE | --seed N] --strokes FILE [--keep …] [--drag …]",
    "walk": "walk the latents:    gansmith walk RUN [--seeds 1,5,9] [--points FILE] [--out FILE.gif] [--coordinates …]",
    "studio": "play and look:       gansmith studio [RUNS] [--port …] [--address …]",
    "theory": "what theory says:    gansmith theory [NAME or all] [--out …]",
    "recipes": "list the recipes:    gansmith recipes",
    "data": "list or look at data: gansmith data [NAME or PATH]",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 done, 1 diverged, 2 bad input, 130 interrupted."""
    arguments = sys.argv[1:] if arguments is None else arguments
    survive_all()
    warnings.showwarning = _one_line
    _say_what_takes_time()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return 0
    if arguments[0] == "--version":
        from gansmith import __version__

        print(f"gansmith {__version__}")
        return 0
    verb, *rest = arguments
    try:
        if verb not in VERBS:
            raise unknown("command", verb, VERBS)
        importlib.import_module(f"gansmith.cli.{verb}").main(rest)
        if sys.stdout is not None:  # closed by who started us
            sys.stdout.flush()
    except SystemExit as done:  # after --help
        return int(done.code or 0)
    except DivergedError as error:
        print(f"gansmith: {error}", file=sys.stderr)
        return 1
    except GansmithError as error:
        print(f"gansmith: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads our output, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, a folder that may not be written, a file where a folder should be
        print(f"gansmith: {error.filename or 'system'}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("gansmith: interrupted", file=sys.stderr)
        return 130
    return 0


def entry() -> None:
    """The `gansmith` command."""
    keep_freed_memory()  # before torch is there and asks for any
    sys.exit(main())


def _help() -> str:
    lines = [f"  {verb:11} {text}" for verb, text in VERBS.items()]
    return "\n".join(
        [
            "gansmith: generative adversarial networks that train, explain themselves and obey.",
            "",
            *lines,
            "",
            "`gansmith VERB --help` tells more; `gansmith train RECIPE --help` lists every field of a recipe.",
        ]
    )


class _Say(logging.Handler):
    """Says what the library is doing on whatever stderr is now: a progress bar may have taken it over."""

    def emit(self, record: logging.LogRecord) -> None:
        print(record.getMessage(), file=sys.stderr)


def _say_what_takes_time() -> None:
    log = logging.getLogger("gansmith")
    if not log.handlers:
        log.addHandler(_Say())
        log.setLevel(logging.INFO)


def _one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning as one line, without the place in the code it came from."""
    print(f"gansmith: {message}", file=sys.stderr)
