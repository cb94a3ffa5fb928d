"""The switch of traffic: what the command `route` needs, wired together."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from pathlib import Path

from decomposer.app.options import Options
from decomposer.model.config import Config
from decomposer.model.near import known_names, no_context
from decomposer.model.problems import DecomposerError, Problem
from decomposer.scaffold.nginx.switch import MONOLITH, Standing, Switch, percent_of, read_switch, standing, tester_of
from decomposer.scaffold.system import MARK
from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache
from decomposer.shell.configuring import read_config, read_rule_set
from decomposer.shell.flags import flag_files, remove_folder, set_percent, set_tester


def routes(options: Options, context: str | None = None) -> list[Standing]:
    """Where the traffic of every context that has a service goes, or of one; nothing where nginx was not rendered.

    Raises DecomposerError for a context that has no switch.
    """
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = _found(listing)
    if context is not None:
        _, switch = _switch(options, listing, found, context)
        if context not in switch.cut_over:
            _must_have_switch(options, listing, switch, context)
    return [one for one in _standing(listing.root, found) if context in (None, one.context)]


def route(options: Options, context: str, wish: str, header: str | None) -> tuple[Standing, str]:
    """Sends a context's traffic, or a tester's, to the service or the monolith: where it goes then.

    With the folder in which nginx looks for flags where that is another one than was written to, "" otherwise. Back to
    the monolith, all go, testers too. Raises DecomposerError for a context that has no switch, and for a wish that
    cannot be.
    """
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = _found(listing)
    folder, switch = _switch(options, listing, found, context)
    if context in switch.cut_over:
        raise DecomposerError(Problem(context, 0, "cut-over", "is cut over: the monolith does not answer for it",
                                      f"decompose rollback {context}"))  # fmt: skip
    _must_have_switch(options, listing, switch, context)
    if context not in switch.located:
        raise DecomposerError(Problem(context, 0, "no-location", "nginx has no location that leads to its service: the "
                                      "file of locations is not as it would be rendered",
                                      "decompose scaffold nginx --diff"))  # fmt: skip
    percent = percent_of(wish)
    if header is None:
        for place, _ in found:
            set_percent(listing.root, place, context, percent)
            testers = standing(context, flag_files(listing.root, place, context)).testers if wish == MONOLITH else ()
            for tester in testers:
                set_tester(listing.root, place, context, tester, False)
    else:
        tester = tester_of(header, read_config(listing, options.config).deploy.header, switch.header)
        if percent not in (0, 100):
            raise DecomposerError(Problem("--to", 0, "usage", "a tester goes to the service or to the monolith"))
        for place, _ in found:
            set_tester(listing.root, place, context, tester, percent == 100)
    is_elsewhere = switch.flags and Path(switch.flags) != listing.root / folder
    return standing(context, flag_files(listing.root, folder, context)), switch.flags if is_elsewhere else ""


def _switch(
    options: Options, listing: disk.Listing, found: list[tuple[str, Switch]], context: str
) -> tuple[str, Switch]:  # fmt: skip
    """The folder of flags and the switch that count; raises DecomposerError where none was rendered."""
    from decomposer.planning.states import extracted

    if found:
        return found[0]
    config = read_config(listing, options.config)
    if config.finish.has_ended:
        raise DecomposerError(Problem("nginx", 0, "retired", "leads to services alone: there is nothing to switch",
                                      "decompose rollback, back to the step `finish nginx`"))  # fmt: skip
    _must_be_defined(options, listing, config, context)
    if not extracted(config, context, listing.python()):
        raise DecomposerError(Problem(context, 0, "not-extracted", "has no service yet that traffic could go to",
                                      f"decompose extract {context}"))  # fmt: skip
    raise DecomposerError(Problem("nginx", 0, "not-rendered", "there is nothing rendered for nginx to switch",
                                  "decompose scaffold nginx, and include its two files"))  # fmt: skip


def _must_be_defined(options: Options, listing: disk.Listing, config: Config, context: str) -> None:
    """Raises DecomposerError for a context that no rule file defines; rules may be elsewhere than is configured."""
    known = [one.name for one in read_rule_set(config, options.rules, listing.root, Cache(listing.root)).contexts]
    if known and context not in known:
        raise DecomposerError(no_context(context, known))


def _must_have_switch(options: Options, listing: disk.Listing, switch: Switch, context: str) -> None:
    """Raises DecomposerError for a context that there is not, or that nginx does not know."""
    if context not in switch.contexts:
        _must_be_defined(options, listing, read_config(listing, options.config), context)
        known = known_names(context, switch.contexts, "contexts that have one")
        raise DecomposerError(Problem(context, 0, "no-switch", "nginx has no service of that name to switch to",
                                      f"{known}; after decompose extract, decompose scaffold nginx"))  # fmt: skip


def contexts_of(options: Options, wanted: str | None, command: Callable[[str], str]) -> tuple[str, ...]:
    """The contexts that a rollback would take a step back; raises DecomposerError where there is no such change."""
    from decomposer.shell.history import meant

    return meant(locate.find_repository(options.repo), wanted, command).contexts


def send_back(options: Options, contexts: tuple[str, ...]) -> list[Standing]:
    """Sends the traffic of contexts back to the monolith, testers too: where that went of which any went elsewhere.

    Nothing is left of their flags, not even the folders. Raises DecomposerError where nothing leads to the monolith any
    more.
    """
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    if contexts and _has_ended(listing, options):
        raise DecomposerError(Problem(contexts[0], 0, "retired", "nothing leads to the monolith any more, and nobody "
                                      "would answer for it", "take the end back first, the last step of it first: "
                                      "decompose rollback --list"))  # fmt: skip
    found = _found(listing)
    sent: dict[str, Standing] = {}
    for context in contexts:
        for folder, switch in found:
            now = standing(context, flag_files(listing.root, folder, context))
            if context in switch.contexts and (now.percent or now.testers):
                set_percent(listing.root, folder, context, 0)
                for tester in now.testers:
                    set_tester(listing.root, folder, context, tester, False)
                sent[context] = now
            remove_folder(listing.root, folder, context)
    return list(sent.values())


def _has_ended(listing: disk.Listing, options: Options) -> bool:
    """Whether services answer alone; not where no configuration can be read: what broke it has to be taken back."""
    try:
        return read_config(listing, options.config).finish.has_ended
    except DecomposerError:
        return False


def put_back(options: Options, sent: Iterable[Standing]) -> None:
    """Sends traffic where it went before it was sent back."""
    listing = disk.list_files(locate.find_repository(options.repo))
    for folder, _ in _found(listing):
        for one in sent:
            set_percent(listing.root, folder, one.context, one.percent)
            for tester in one.testers:
                set_tester(listing.root, folder, one.context, tester, True)


def _standing(root: Path, found: list[tuple[str, Switch]]) -> list[Standing]:
    if not found:
        return []
    folder, switch = found[0]
    told = [standing(context, flag_files(root, folder, context)) for context in switch.contexts]
    told += [Standing(context, 100, is_cut_over=True) for context in switch.cut_over]
    return sorted(told, key=lambda one: one.context)


def percents(listing: disk.Listing) -> dict[str, int]:
    """How much of every context's traffic goes to its service; nothing of those that nginx has no switch for."""
    return {one.context: one.percent for one in _standing(listing.root, _found(listing)) if not one.is_cut_over}


def not_routed(listing: disk.Listing, contexts: Iterable[str]) -> list[Problem]:
    """A warning for each of these contexts whose service has not all of its traffic yet."""
    known = percents(listing)
    return [
        Problem(name, 0, "not-routed", f"only {known[name]} % of its clients go to its service: cut over, all do",
                f"decompose route {name} --to service", "warning")
        for name in contexts if known.get(name, 100) < 100
    ]  # fmt: skip


def _found(listing: disk.Listing) -> list[tuple[str, Switch]]:
    """The folders of flags, each with what nginx was rendered with beside it."""
    read = disk.reader(listing.root)
    found = []
    for path, *_ in listing.files:
        if not path.endswith("/flags/.gitignore") or MARK.encode() not in (read(path) or b""):
            continue
        folder = posixpath.dirname(posixpath.dirname(path))
        for name in disk.list_folder(listing.root, folder):
            if name.endswith("-upstreams.inc") and posixpath.dirname(name) == folder:
                beside = name.removesuffix("upstreams.inc") + "locations.inc"
                texts = ((read(path) or b"").decode("utf-8", "surrogateescape") for path in (name, beside))
                switch = read_switch(*texts)
                if switch is not None:
                    found.append((f"{folder}/flags", switch))
    return found
