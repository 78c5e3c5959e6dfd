"""The commands of subscriptions: decks that others keep at web addresses."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..sync.run.disk import explain, replace_file
from ..sync.run.done import count_words
from ..sync.run.errors import AnkivaultError, SettingsError
from ..sync.run.report import Report
from ..sync.source.subscription.changes import Answers, Choice, SubscriptionPlan
from ..sync.source.subscription.preview import Preview
from ..sync.source.subscription.run import (
    BY_HAND,
    Fetched,
    Request,
    add_subscription,
    apply_subscription,
    check_address,
    fetch,
    find_subscriptions,
    forget_subscription,
    plan_subscription,
    preview_address,
    suggest_change,
)
from ..sync.source.subscription.subscription import Subscription, make_key
from ..sync.source.subscription.suggest import Wish
from ..sync.source.web import Web
from . import output
from .source_plan import explain_preview, plan_as_json, plan_lines, preview_as_json

if TYPE_CHECKING:
    from anki.collection import Collection


class Sources:
    """The commands about the subscriptions of one collection."""

    def __init__(
        self, options: argparse.Namespace, state: Path, backup: Callable[[Collection], None]
    ) -> None:
        self.options, self.state, self.backup = options, state, backup
        self.json: bool = options.json
        self.asked: set[str] = set()  # the keys of all questions

    def run(self, col: Collection) -> int:
        """Run a command that looks at the collection; the exit status."""
        command = self.options.source_command
        if command == "add":
            return self._add(col)
        if command == "suggest":
            return self._suggest(col)
        told, failed = [], False
        for address in self._addresses():
            try:
                made = self._check(col, address) if command == "check" else self._pull(col, address)
            except AnkivaultError as error:
                made = {"address": address, "ok": False, "error": str(error)}
                if not self.json:
                    output.tell_end(str(error), False)
            told.append(made)
            failed = failed or not made["ok"]
        for key in [] if failed else sorted(self._request().answers.keys() - self.asked):
            text = f"“{key}” is no question, and was not answered; “source check” shows all keys."
            told.append({"ok": False, "error": text})
            failed = True
            if not self.json:
                output.tell_end(text, False)
        if self.json:
            output.write_json({"ok": not failed, "sources": told})
        elif not told:
            output.write("There is no subscription.")
        return int(failed)

    def tell(self) -> int:
        """Tell which subscriptions there are, and what is wanted of them."""
        found = find_subscriptions(self.state)
        if self.json:
            output.write_json({"ok": True, "sources": [each.as_dict() for each in found]})
            return 0
        for each in found:
            output.write(f"{each.title}: {each.address}")
            for line in _wants(each):
                output.write(f"    {line}")
        if not found:
            output.write("There is no subscription.")
        return 0

    def forget(self) -> int:
        """End a subscription."""
        subscription = self._find(self.options.address)
        forget_subscription(self.state, subscription.address)
        text = f"“{subscription.title}” does not update any more. Its notes stay in Anki."
        output.write_json({"ok": True, "told": text}) if self.json else output.write(text)
        return 0

    def _add(self, col: Collection) -> int:
        options = self.options
        address = options.address.strip()
        refusal = check_address(address)
        if refusal:
            raise SettingsError(f"{address}: {refusal}")
        known = {each.address: each for each in find_subscriptions(self.state)}
        wanted = known.get(address) or Subscription(address)
        wanted = replace(
            wanted,
            left_out=(*wanted.left_out, *options.leave_out),
            wanted_tags=(*wanted.wanted_tags, *options.tag),
            unwanted_tags=(*wanted.unwanted_tags, *options.without_tag),
        )
        with Web(BY_HAND) as web:
            fetch(self.state, address, web)
        preview = preview_address(self.state, address)
        protected = _add_protected(wanted.protected, options.protect, preview.fields)
        wanted = replace(wanted, protected=protected)
        if not self.json:
            for line in explain_preview(preview):
                output.write(line)
        add_subscription(self.state, wanted)
        made = self._pull(col, address, preview)
        if self.json:
            output.write_json(made)
        return int(not made["ok"])

    def _check(self, col: Collection, address: str) -> dict[str, Any]:
        fetched = self._fetch(col, address)
        plan = plan_subscription(col, self.state, address, self._request(), fetched)
        ok = fetched.missing == 0
        if self.json:
            return {"ok": ok, **_about(fetched), **plan_as_json(plan)}
        output.write(f"{plan.subscription.title}: {address}")
        output.tell_messages(fetched.messages)
        for line in plan_lines(plan):
            output.write(f"    {line}")
        return {"ok": ok}

    def _pull(
        self, col: Collection, address: str, preview: Preview | None = None
    ) -> dict[str, Any]:
        fetched = self._fetch(col, address)
        request = self._request()
        plan = plan_subscription(col, self.state, address, request, fetched)
        self._check_answers(request.answers, plan)
        report = apply_subscription(col, plan, self.state, backup=lambda: self.backup(col))
        report = replace(report, messages=(*fetched.messages, *report.messages))
        if self.json:
            told = {**_about(fetched), **report.as_json()}
            told["questions"] = plan_as_json(plan)["questions"]
            told["waiting"] = report.questions
            return {**told, **({"preview": preview_as_json(preview)} if preview else {})}
        self._tell_run(plan, report)
        return {"ok": report.ok}

    def _check_answers(self, answers: Answers, plan: SubscriptionPlan) -> None:
        asked = {each.key: each for each in (*plan.questions, *plan.deleted)}
        self.asked |= asked.keys()
        for key, choice in answers.items():
            if key not in asked:
                continue  # of another subscription of the same run
            if choice not in asked[key].choices:
                choices = ", ".join(asked[key].choices)
                raise SettingsError(
                    f"“{choice}” is no answer to “{key}”. Choose one of: {choices}."
                )

    def _tell_run(self, plan: SubscriptionPlan, report: Report) -> None:
        output.tell_messages(report.messages)
        done = replace(report, questions=0, messages=())
        output.write(f"{plan.subscription.title}: {done.summary()}")
        if report.questions:
            again = f"python -m ankivault source check … {plan.subscription.address}"
            output.write(f"    {report.questions:,} to decide; see: {again}")

    def _suggest(self, col: Collection) -> int:
        options = self.options
        address = self._find(options.address).address
        made = suggest_change(col, self.state, address, Wish(options.tags, options.new_notes))
        for file, text in ((options.toml, made.toml), (options.patch, made.patch)):
            if file is not None and text:
                try:
                    replace_file(file, text.encode("utf-8"))
                except OSError as error:
                    raise SettingsError(f"“{file}” cannot be written: {explain(error)}.") from error
        if self.json:
            told = {"notes": made.notes, "toml": made.toml, "patch": made.patch}
            output.write_json({"ok": True, **told, "left": made.left, "media": made.media})
            return 0
        for text in made.left:
            output.tell_end(text, False)
        if options.toml is None and options.patch is None:
            if not output.can_print(made.patch):
                raise SettingsError(
                    "This output cannot print each letter of the patch. Write it into a file: "
                    "--patch FILE."
                )
            output.write(made.patch, end="")
        else:
            output.write(f"{count_words(made.notes, 'note')} with changes of yours.")
        return 0

    def _fetch(self, col: Collection, address: str) -> Fetched:
        with Web(BY_HAND) as web:
            return fetch(self.state, address, web, Path(col.media.dir()), thorough=True)

    def _request(self) -> Request:
        answers: dict[str, Choice] = {}
        for answer in getattr(self.options, "answer", ()):
            key, equals, choice = answer.rpartition("=")
            if not equals:
                raise SettingsError(f"“{answer}” is not an answer: write KEY=CHOICE.")
            answers[key] = cast("Choice", choice)
        return Request(answers, getattr(self.options, "change_types", False))

    def _addresses(self) -> list[str]:
        given = self.options.addresses
        if given:
            return [self._find(each).address for each in given]
        return [each.address for each in find_subscriptions(self.state)]

    def _find(self, wanted: str) -> Subscription:
        """The subscription with this address, or the only one with this name."""
        known = find_subscriptions(self.state)
        found = [each for each in known if each.address == wanted.strip()]
        found = found or [each for each in known if each.name == wanted.strip()]
        if len(found) > 1:
            there = ", ".join(each.address for each in found)
            raise SettingsError(
                f"{len(found)} subscriptions are called “{wanted}”: say which of "
                f"them by its address: {there}."
            )
        if not found:
            raise SettingsError(f"There is no subscription “{wanted}”; “source list” shows all.")
        return found[0]


def _add_protected(
    before: Mapping[str, tuple[str, ...]],
    given: list[str],
    fields: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    protected = {**before}
    known = {f"{model}.{name}": (model, name) for model in fields for name in fields[model]}
    for each in given:
        if each not in known:
            there = ", ".join(known) or "none"
            raise SettingsError(
                f"“{each}” is no field of this deck: write TYPE.FIELD. There are: {there}."
            )
        model, name = known[each]
        protected[model] = tuple(dict.fromkeys((*protected.get(model, ()), name)))
    return protected


def _wants(subscription: Subscription) -> Iterator[str]:
    for words, values in (
        ("decks left out", subscription.left_out),
        ("optional tags taken", subscription.wanted_tags),
        ("tags left out", subscription.unwanted_tags),
        ("protected", [f"{m}.{n}" for m, names in subscription.protected.items() for n in names]),
    ):
        if values:
            yield f"{words}: {', '.join(values)}"


def _about(fetched: Fetched) -> dict[str, Any]:
    return {
        "address": fetched.address,
        "key": make_key(fetched.address),
        "changed": fetched.changed,
        "requests": fetched.requests,
        "media_fetched": fetched.media,
        "media_missing": fetched.missing,
    }
