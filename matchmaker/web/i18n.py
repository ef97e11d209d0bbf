"""Languages, and how terms, money and times are written in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale, get_timezone
from flask_babel import gettext as _

from matchmaker.domain import contract_vocabulary, event_vocabulary, vocabulary
from matchmaker.domain.plan import Plan
from matchmaker.domain.term import Vocabulary
from matchmaker.settings import PROJECT_ROOT

LANGUAGES: Final = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT: Final = "zh_Hans"

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    value.name: value
    for module in (vocabulary, contract_vocabulary, event_vocabulary)
    for value in vars(module).values()
    if isinstance(value, Vocabulary)
}


def install(app: Flask, plan: Plan, timezone: str) -> None:
    """Set up translation and the filters that templates use."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PROJECT_ROOT / "matchmaker" / "locale")
    Babel(app, locale_selector=_select, timezone_selector=lambda: timezone)
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
    return "en" if str(get_locale() or DEFAULT).startswith("en") else DEFAULT


def term(code: object, name: str) -> str:
    """A vocabulary's term in the language of the request; empty for none."""
    return "" if code is None or code == "" else VOCABULARIES[name][str(code)].text(locale())


def money(amount: Decimal | None) -> str:
    """An amount in 万元: ``50 万元``, or ``CNY 500,000`` in English."""
    if amount is None:
        return ""
    if locale() == "en":
        return f"CNY {format_decimal(amount * 10_000, '#,##0', locale='en')}"
    return f"{format_decimal(amount, '#,##0.##', locale='zh')} 万元"


def exact_money(amount: Decimal | None) -> str:
    """An amount in 万元 to the yuan: what is registered must not be rounded."""
    if amount is None:
        return ""
    if locale() == "en":
        return money(amount)
    return f"{format_decimal(amount, '#,##0.####', locale='zh')} 万元"


def write_date(value: date | datetime | None) -> str:
    """A date as ISO writes it, unambiguous in every language."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(get_timezone()).date()
    return format_date(value, "yyyy-MM-dd", locale="en")


def write_datetime(value: datetime | None) -> str:
    """A time in the platform's zone, to the minute."""
    if value is None:
        return ""
    return format_datetime(value, "yyyy-MM-dd HH:mm", tzinfo=get_timezone(), locale="en")


def joined(words: Iterable[object]) -> str:
    """Words as a list in the language of the request: with 、 or with commas."""
    return str(_(", ")).join(map(str, words))


def write_number(value: float | Decimal) -> str:
    """A number with separators."""
    return format_decimal(value, locale="en")
