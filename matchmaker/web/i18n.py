"""Languages, and how terms, money and times are written in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale, get_timezone
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from matchmaker.domain import (
    challenge_vocabulary,
    contract_vocabulary,
    desk_vocabulary,
    event_vocabulary,
    gap_vocabulary,
    vocabulary,
)
from matchmaker.domain.plan import Plan
from matchmaker.domain.term import Vocabulary
from matchmaker.settings import PROJECT_ROOT

LANGUAGES: Final = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT: Final = "zh_Hans"
_CATALOGUES: Final = PROJECT_ROOT / "matchmaker" / "locale"
# Amounts and numbers that are kept as written: facets and lists repeat them.
_KEPT: Final = 4_096

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    value.name: value
    for module in (
        vocabulary,
        contract_vocabulary,
        event_vocabulary,
        challenge_vocabulary,
        gap_vocabulary,
        desk_vocabulary,
    )
    for value in vars(module).values()
    if isinstance(value, Vocabulary)
}


def install(app: Flask, plan: Plan, timezone: str) -> None:
    """Set up translation and the filters that templates use."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(_CATALOGUES)
    Babel(app, locale_selector=_select, timezone_selector=lambda: timezone)
    # Not by the extension's `install_gettext_callables`: what it makes takes the whole context of
    # the template, a copy of it within every loop, and a third of a long page's time.
    app.jinja_env.globals.update(_=_text, gettext=_text, ngettext=_plural)
    app.jinja_env.filters.update(
        term=term,
        money=money,
        amount=exact_money,
        date=write_date,
        datetime=write_datetime,
        number=write_number,
        joined=joined,
        chain=lambda code: plan.chain_by_code[code].text(locale()),
        region=lambda code: plan.region_by_code[code].text(locale()) if code else "",
    )


@pass_eval_context
def _text(written: EvalContext, message: str, **values: object) -> str:
    """A message as templates write it, what is filled in escaped where the template escapes."""
    if not values:
        return _bare(message, locale(), escaped=bool(written.autoescape))
    return _written(written, _catalogue().ugettext(message)) % values


@lru_cache(maxsize=_KEPT)
def _bare(message: str, language: str, *, escaped: bool) -> str:
    """A message in which nothing is filled in: most are."""
    found = _read(language).ugettext(message)
    return (Markup(found) if escaped else found) % {}  # noqa: S704 - our own texts


@pass_eval_context
def _plural(written: EvalContext, one: str, many: str, number: int, **values: object) -> str:
    found = _catalogue().ungettext(one, many, number)
    return _written(written, found) % {"num": number, **values}


def _written(written: EvalContext, message: str) -> str:
    return Markup(message) if written.autoescape else message  # noqa: S704 - our own texts


def _select() -> str:
    """The language chosen, else the user's, else the browser's, else Chinese."""
    if not has_request_context():
        return DEFAULT
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if getattr(g, "signed_in", None) is not None and g.signed_in.locale in LANGUAGES:
        return str(g.signed_in.locale)
    best = request.accept_languages.best_match(["zh-Hans", "zh-CN", "zh", "en"], "zh")
    return "en" if best == "en" else DEFAULT


def locale() -> str:
    """The language of this request: ``zh_Hans`` or ``en``."""
    try:
        language: str = g.language
    except RuntimeError:  # outside of an application
        return DEFAULT
    except AttributeError:  # asked for the first time
        language = "en" if str(get_locale() or DEFAULT).startswith("en") else DEFAULT
        g.language = language
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, everything is written in a language that is not the request's."""
    before = locale()
    with force_locale(language):
        g.language = language
        try:
            yield
        finally:
            g.language = before


def gettext(message: str, **values: object) -> str:
    """A message in the language of the request, its ``%(name)s`` filled in.

    A page asks hundreds of times, and flask-babel's function of the same name looks for the
    request, the domain and the language anew each time.
    """
    found = _catalogue().ugettext(message)
    return found % values if values else found


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The message for so many, ``%(num)s`` among what is filled in."""
    found: str = _catalogue().ungettext(one, many, number)
    return found % {"num": number, **values}


def lazy_gettext(message: str, **values: object) -> LazyString:
    """A message that is translated when it is written."""
    return LazyString(gettext, message, **values)


def _catalogue() -> NullTranslations:
    """The messages in the language of the request; outside of one, as they are in the code."""
    return _read(locale()) if has_app_context() else _UNTRANSLATED


@lru_cache
def _read(language: str) -> NullTranslations:
    return Translations.load(str(_CATALOGUES), [language])


_UNTRANSLATED: Final = NullTranslations()


def term(code: object, name: str) -> str:
    """A vocabulary's term in the language of the request; empty for none."""
    return "" if code is None or code == "" else VOCABULARIES[name][str(code)].text(locale())


def money(amount: Decimal | None) -> str:
    """An amount in 万元: ``50 万元``, or ``CNY 500,000`` in English."""
    return "" if amount is None else _money(amount, locale(), "#,##0.##")


def exact_money(amount: Decimal | None) -> str:
    """An amount in 万元 to the yuan: what is registered must not be rounded."""
    return "" if amount is None else _money(amount, locale(), "#,##0.####")


@lru_cache(maxsize=_KEPT)
def _money(amount: Decimal, language: str, pattern: str) -> str:
    if language == "en":
        return f"CNY {format_decimal(amount * 10_000, '#,##0', locale='en')}"
    return f"{format_decimal(amount, pattern, locale='zh')} 万元"


def write_date(value: date | datetime | None) -> str:
    """A date as ISO writes it, unambiguous in every language."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(get_timezone()).date()
    return value.isoformat()


def write_datetime(value: datetime | None) -> str:
    """A time in the platform's zone, to the minute."""
    if value is None:
        return ""
    return value.astimezone(get_timezone()).strftime("%Y-%m-%d %H:%M")


def joined(words: Iterable[object]) -> str:
    """Words as a list in the language of the request: with 、 or with commas."""
    return gettext(", ").join(map(str, words))


@lru_cache(maxsize=_KEPT)
def write_number(value: float | Decimal) -> str:
    """A number with separators."""
    return format_decimal(value, locale="en")
