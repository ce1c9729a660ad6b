"""The command line: `python -m bot`."""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.documents import DocumentError, by_suffix
from bot.settings import Settings, SettingsError, load, telegram_token
from prompts.errors import OutlineError
from store.errors import StoreError

if TYPE_CHECKING:
    from bot.channels.gate import Talks
    from bot.review import Finding
    from prompts.library import Library

DESCRIPTION = "Drafts formal work reports with you, section by section, in Telegram or in this terminal."
EPILOG = """Without a command: Telegram if TELEGRAM_BOT_TOKEN is set, else the terminal chat.

examples:
  python -m bot                          begin, or go on where you stopped
  python -m bot chat --as 张三           talk as someone else on this machine
  python -m bot chat < session.txt       a whole session: a line is a message, #2 presses button 2
  python -m bot reports                  every report, with its id
  python -m bot draft k3f9q2             its text
  python -m bot export k3f9q2 --to 报告.docx
  python -m bot import 去年的报告.docx    what would go where; then yes or no
  python -m bot check 报告.docx         what a careful proofreader would doubt"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status. What an operator got wrong is one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        settings, base = load(options.config)
        _log_to(settings)
        command: Callable[..., int] = options.run
        return command(options, settings, base)
    except (SettingsError, OutlineError, StoreError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  (whoever read us has gone; let the exit be quiet)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data", type=Path, metavar="DIR", help="where reports are kept (default: as config.toml says)"
    )
    shared.add_argument(
        "--config", type=Path, metavar="FILE", help="settings (default: config.toml, if it is there)"
    )
    parser = argparse.ArgumentParser(
        "python -m bot", description=DESCRIPTION, epilog=EPILOG, parents=[shared],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(run=_start)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    # The shared options may stand before or after the command; after it, they must not reset what stood before.
    after = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    after.add_argument("--data", type=Path, metavar="DIR", help="where reports are kept")
    after.add_argument("--config", type=Path, metavar="FILE", help="settings")

    def add(name: str, run: Callable[..., int], help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help, parents=[after])
        command.set_defaults(run=run)
        return command

    chat = add("chat", _chat, "Talk in this terminal; piped input is a script, a line a message.")
    chat.add_argument(
        "--as", dest="name", metavar="NAME", default="", help="who you are (default: your login name)"
    )
    add("serve", _serve, "Hold the data folder for several terminals, which join with `chat --as NAME`.")
    demo = add("demo", _demo, "Draft a sample report through the conversation and write what comes out.")
    demo.add_argument(
        "--outline", metavar="ID", default="", help="which outline (default: every one with a sample)"
    )
    demo.add_argument(
        "--answers", type=Path, metavar="FILE", help="answers to play instead of the outline's sample.toml"
    )
    demo.add_argument(
        "--out", type=Path, metavar="DIR", default=Path("build/demo"), help="where to (default: build/demo)"
    )
    outlines = add(
        "outlines", _outlines, "List the outlines; check a folder of them, begin a new one, look at one."
    )
    outlines.add_argument("action", nargs="?", choices=["list", "check", "new", "preview"], default="list")
    outlines.add_argument(
        "what",
        nargs="?",
        default="",
        metavar="FOLDER|ID",
        help="the id of an outline, or its folder",
    )
    outlines.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where a new one goes (default: outlines.folder)"
    )
    bring = add(
        "import", _import, "Make a report of a .docx or .txt that was written elsewhere; prints its id."
    )
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--outline", metavar="ID", default="", help="which kind (default: the likeliest)")
    bring.add_argument("--yes", action="store_true", help="keep it without asking")
    bring.add_argument(
        "--as", dest="name", metavar="NAME", default="", help="whose it is (default: your login name)"
    )
    add("reports", _reports, "List every report: id, title, how far, last touched.")
    give = add("give", _give, "Make someone the drafter of a report, when the one before has left.")
    give.add_argument("report", metavar="REPORT", help="its id, as `reports` lists it")
    give.add_argument("--to", metavar="ID", required=True, help="telegram:12345 or console:NAME")
    person = add("person", _person, "Hand out, or erase, everything that is kept about one person.")
    person.add_argument("action", choices=["export", "erase"])
    person.add_argument("id", metavar="ID", help="telegram:12345 or console:NAME")
    person.add_argument("--to", type=Path, metavar="FILE", help="write it there instead of printing it")
    draft = add("draft", _draft, "Print a report's draft as text.")
    draft.add_argument("report", metavar="REPORT", help="its id, as `reports` lists it")
    draft.add_argument("--to", type=Path, metavar="FILE", help="write it there instead")
    export = add(
        "export", _export, "Write a report as a document: .docx, .pdf, .txt, .md, or .png (a file per page)."
    )
    export.add_argument("report", metavar="REPORT", help="its id, as `reports` lists it")
    export.add_argument("--to", type=Path, metavar="FILE", required=True, help="the suffix says the kind")
    check = add(
        "check",
        _check,
        "Review any text: misspellings, figures, wording, privacy. Exit status 1: something is 必错.",
    )
    check.add_argument("file", type=Path, metavar="FILE", help=".txt or .docx")
    check.add_argument("--json", action="store_true", help="a list of objects, lines counted from 1")
    return parser


def _start(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    if telegram_token():
        return _telegram(options, settings, base)
    options.name = ""
    return _chat(options, settings, base)


def _telegram(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.channels.gate import Gate
    from bot.channels.local import LocalServer
    from bot.channels.telegram import Telegram
    from bot.channels.telegram_run import run
    from bot.service import Service
    from store.access import Access

    with (
        Service(settings, base, options.data) as service,
        LocalServer(service.conversation, service.store.folder),
    ):
        access = Access(service.store.folder / "access.json")
        gate = Gate(
            service.conversation, access, service.wording, invite_hours=settings.telegram.invite_hours,
            estate=service,
        )  # fmt: skip
        commands = [*service.conversation.commands(), *gate.commands()]
        return run(
            Telegram(gate, service.wording, settings.telegram, commands, service),
            gate,
            settings.telegram,
            telegram_token(),
        )


def _chat(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from contextlib import ExitStack

    from bot.channels.console import chat
    from bot.channels.local import Gone, Joined, LocalServer, Remote
    from bot.documents import resolved
    from bot.service import Service
    from prompts.chat import Wording
    from store import InUse

    wording: Wording | None = None
    with ExitStack() as held:

        def hold() -> Talks:
            nonlocal wording
            service = held.enter_context(Service(settings, base, options.data))
            held.enter_context(LocalServer(service.conversation, service.store.folder))
            wording = service.wording
            return service.conversation

        talks: Talks
        try:
            talks = hold()
        except InUse as in_use:
            try:
                talks = Joined(Remote(in_use.folder), hold)
            except Gone:
                raise in_use from None
        folder = Path(resolved(settings.document, base).folder)
        chat(talks, wording or Wording(), _name(options.name), folder)
    return 0


def _serve(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    import signal
    import threading

    from bot.channels.local import LocalServer
    from bot.service import Service

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with (
        Service(settings, base, options.data) as service,
        LocalServer(service.conversation, service.store.folder),
    ):
        print(f"{service.store.folder}: terminals can join with  python -m bot chat --as NAME", flush=True)
        stop.wait()
    return 0


def _name(given: str) -> str:
    name = given.strip() or getpass.getuser()
    if len(name) > 20 or not name.isprintable():
        raise SettingsError("--as: a name of up to 20 characters, such as 张三")
    return name


def _demo(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.demo import play

    return play(_outlines_of(settings, base), options.outline, options.answers, options.out)


def _outlines_of(settings: Settings, base: Path) -> Library:
    from bot.service import outlines_of

    return outlines_of(settings, base)


def _outlines(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot import authoring
    from prompts.loading import BUILT_IN

    own = base / settings.outlines.folder if settings.outlines.folder else None
    match options.action:
        case "check":
            return 2 if authoring.check(options.what, own) else 0
        case "new":
            authoring.begin(options.what, options.to, own)
        case "preview":
            authoring.preview(options.what, [BUILT_IN, *([own] if own else [])])
        case _:
            authoring.list_(_outlines_of(settings, base).values())
    return 0


def _import(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.bringing_in import bring_in
    from bot.service import Service

    with Service(settings, base, options.data) as service:
        person = f"console:{_name(options.name)}"
        return bring_in(service, options.file, options.outline, person, yes=options.yes)


def _reports(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.service import Service

    with Service(settings, base, options.data) as service:
        for line in service.report_lines():
            print(line)
    return 0


def _draft(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.documents.text import text_of
    from bot.service import Service

    with Service(settings, base, options.data) as service:
        document = service.draft(options.report)
    text = text_of(document.lines()) + "\n"
    if options.to is None:
        sys.stdout.write(text)
        return 0
    _write(options.to, text.encode())
    print(f"{options.to}: {len(document.gaps)} gaps", file=sys.stderr)
    return 0


def _export(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.service import Service

    to: Path = options.to
    images = to.suffix.lower() == ".png"
    format = None if images else by_suffix(to.suffix)
    with Service(settings, base, options.data) as service:
        document = service.draft(options.report)
        documents = service.documents
    if format is not None:
        _write(to, format.write(document, documents))
        print(f"{to}: {len(document.gaps)} gaps", file=sys.stderr)
    else:
        from bot.documents.pdf import write_images

        for number, image in enumerate(write_images(document, documents), 1):
            path = to.with_stem(f"{to.stem}-{number}")
            _write(path, image)
            print(path)
    if images or to.suffix.lower() == ".pdf":
        from bot.documents.pdf import substitutions

        if substituted := substitutions(documents):
            print(f"fonts substituted: {substituted}; see docs/layout.md", file=sys.stderr)
    return 0


def _give(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.service import Service

    with Service(settings, base, options.data) as service:
        if service.store.reports.get(options.report) is None:
            raise SettingsError(f"there is no report {options.report!r}; `python -m bot reports` lists them")
        if ":" not in options.to:
            raise SettingsError("give: --to: an id such as telegram:12345 or console:张三")
        service.hand_over(options.report, options.to)
    return 0


def _person(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot import personal
    from bot.service import Service

    with Service(settings, base, options.data) as service:
        if options.action == "erase":
            changed = personal.erase(service.store, options.id)
            print(f"{options.id}: erased; named in {changed} reports, whose answers stay")
            return 0
        content = personal.everything(service.store, options.id)
    if options.to is None:
        sys.stdout.write(content.decode())
    else:
        _write(options.to, content)
    return 0


def _check(options: argparse.Namespace, settings: Settings, base: Path) -> int:
    from bot.incoming import NotRead, lines_of
    from bot.service import review_of
    from prompts.rules import Level

    try:
        lines = lines_of(options.file.name, options.file.read_bytes())
    except OSError as error:
        raise SettingsError(f"{options.file}: cannot be read: {error.strerror}") from error
    except NotRead as error:
        raise SettingsError(f"{options.file}: {error}") from error
    found = review_of(settings, base).text(lines)
    if options.json:
        sys.stdout.write(json.dumps([_as_json(f) for f in found], ensure_ascii=False, indent=1) + "\n")
    else:
        for finding in found:
            words = f"“{finding.text}” " if finding.text else ""
            proposal = f" → {finding.proposal}" if finding.proposal else ""
            print(
                f"{finding.line + 1}: {finding.level} {finding.kind} {words}{finding.reason}{proposal} [{finding.rule}]"
            )
    return int(any(finding.level is Level.MUST for finding in found))


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "line": finding.line + 1,
        "text": finding.text,
        "level": str(finding.level),
        "kind": finding.kind,
        "reason": finding.reason,
        "mend": finding.proposal,
        "rule": finding.rule,
    }


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}") from error


def _log_to(settings: Settings) -> None:
    handler: logging.Handler = logging.StreamHandler()
    if settings.log.file:
        try:
            handler = logging.FileHandler(settings.log.file, encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"config.toml: log.file: {settings.log.file}: {error.strerror}") from error
    handler.setFormatter(Redacted("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log.level.upper(), handlers=[handler], force=True)


class Redacted(logging.Formatter):
    """Keeps the bot's token out of the log, whoever puts it into a message or a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        token = telegram_token()
        return line.replace(token, "***").replace(token.partition(":")[2] or token, "***") if token else line


if __name__ == "__main__":
    sys.exit(main())
