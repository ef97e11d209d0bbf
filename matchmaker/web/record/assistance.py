"""What helps an author while writing: steps, how complete it is, what readers and the check say.

Everything is computed from what the form holds, typed or stored; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from matchmaker.domain.completeness import completeness
from matchmaker.domain.draft import PROSE, figures_text, plain_text, public_texts
from matchmaker.domain.indicator import Indicator
from matchmaker.domain.indicator_text import not_listed
from matchmaker.domain.leak import Identity, find_leaks
from matchmaker.domain.quality import complaints
from matchmaker.domain.record import INDICATORS_COUNT
from matchmaker.web.i18n import gettext as _
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.pages import (
    Assistance,
    ChainOffer,
    Finding,
    LeakLine,
    Offer,
    StepLine,
)

if TYPE_CHECKING:
    from matchmaker.web.record.forms import RecordForm

_OFFERED: Final = 12
# A text shorter than a title says too little to be placed by.
_ENOUGH: Final = 8
STEPS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "demand": {
        "what": (
            "title", "problem", "key_technology", "target", "indicators", "constraints",
            "description",
        ),
        "where": ("kind", "field", "clarity", "industry", "chains", "keywords"),
        "conditions": (
            "solution_mode", "budget_min", "budget_max", "period_months", "lowest_trl",
            "region_preference", "ip_expectation", "expires_on",
        ),
        "audience": ("disclosure", "recipients"),
        "english": ("title_en", "summary_en", "target_en", "description_en"),
        "check": (),
    },
    "outcome": {
        "what": (
            "title", "summary", "problem_solved", "advantage", "economics", "indicators", "scenes",
            "description", "principle",
        ),
        "maturity": ("stage", "trl", "trl_evidence", "deployments"),
        "where": ("field", "provenance", "chains", "keywords", "ipc"),
        "terms": (
            "ip", "ownership", "conversion_modes", "licence_kind", "price_mode", "price_min",
            "price_max", "use_before_pay", "team", "registration_number", "expires_on",
        ),
        "english": ("title_en", "summary_en", "advantage_en", "description_en"),
        "check": (),
    },
}  # fmt: skip


def step_label(noun: str, code: str) -> str:
    """What a step of a form is about."""
    labels = {
        "what": _("What is wanted") if noun == "demand" else _("What is offered"),
        "where": _("Where it belongs"),
        "conditions": _("Conditions"),
        "audience": _("Who may see it"),
        "maturity": _("How far it has come"),
        "terms": _("Rights and terms"),
        "english": _("In English, for partners abroad"),
        "check": _("Check and submit"),
    }
    return labels[code]


def assist(
    noun: str, form: RecordForm, own: Identity, confirmed: Collection[str] = ()
) -> Assistance:
    """Everything that the form's content gives rise to."""
    values = form.raw()
    labels = {name: field.label.text for name, field in form._fields.items()}
    complete = completeness(noun, values)
    missing = {lack.field for lack in complete.lacks}
    anonymous = values.get("disclosure") == "anonymous"
    leaks = leak_lines(noun, values, labels, own, confirmed) if anonymous else ()
    open_leaks = sum(leak.certain or not leak.confirmed for leak in leaks)
    return Assistance(
        steps=tuple(
            StepLine(
                code,
                step_label(noun, code),
                open_leaks if code == "check" else len(missing.intersection(names)),
            )
            for code, names in STEPS[noun].items()
        ),
        percent=complete.percent,
        lacks=tuple(
            Finding(
                href=f"#{lack.field}",
                label=labels[lack.field],
                text=_("say a little more") if lack.short else "",
                required=lack.required,
            )
            for lack in complete.lacks
        ),
        complaints=complaint_lines(noun, values, labels),
        leaks=leaks,
        anonymous=anonymous,
        offers=_offers(noun, values, form),
        chains=_chains(noun, values),
    )


def _chains(noun: str, values: Mapping[str, object]) -> tuple[ChainOffer, ...]:
    """Chains proposed by what is typed so far, without those that are chosen."""
    title = plain_text(values.get("title"))
    text = "\n".join(filter(None, (plain_text(values.get(name)) for name in PROSE[noun])))
    if len(title) + len(text) < _ENOUGH:
        return ()
    chosen = values.get("chains")
    known = chosen if isinstance(chosen, list) else []
    from matchmaker.services import placement  # NumPy is loaded when it is needed

    (proposals,) = matchmaker().placing.propose([(title, text)])
    offered = [(code, share) for code, share in proposals if code and code not in known]
    told = placement.reasons(matchmaker().plan, [(title, text, code) for code, _ in offered])
    return tuple(
        ChainOffer(code, round(share * 100), words)
        for (code, share), words in zip(offered, told, strict=True)
    )


def complaint_lines(
    noun: str, values: Mapping[str, object], labels: Mapping[str, str]
) -> tuple[Finding, ...]:
    """What readers would complain of, and what to do about it."""
    return tuple(
        Finding(
            href=f"#{one.field}",
            label=labels[one.field],
            text=_complaint(noun, one.code),
            required=False,
        )
        for one in complaints(noun, values)
    )


def leak_lines(
    noun: str,
    values: Mapping[str, object],
    labels: Mapping[str, str],
    own: Identity,
    confirmed: Collection[str] = (),
) -> tuple[LeakLine, ...]:
    """What in the public text would tell who stands behind it."""
    return tuple(
        LeakLine(
            key=leak.key,
            href=f"#{leak.field}",
            label=labels[leak.field],
            words=leak.words,
            kind=_kind(leak.code),
            certain=leak.certain,
            confirmed=leak.key in confirmed,
        )
        for leak in find_leaks(public_texts(noun, values), own)
    )


def offered(noun: str, form: RecordForm) -> tuple[Indicator, ...]:
    """The indicators that stand in the form's texts and not yet in its rows."""
    values = form.raw()
    return _found(noun, values, form)


def _found(noun: str, values: Mapping[str, object], form: RecordForm) -> tuple[Indicator, ...]:
    listed = listed_indicators(form.raw()["indicators"])
    room = max(0, INDICATORS_COUNT - len(listed))
    return not_listed(figures_text(noun, values), listed)[: min(_OFFERED, room)]


def _offers(noun: str, values: Mapping[str, object], form: RecordForm) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            text=one.text,
            name=one.name,
            comparator=one.comparator,
            value=f"{one.value:f}",
            value_high="" if one.value_high is None else f"{one.value_high:f}",
            unit=one.unit,
            condition=one.condition,
        )
        for one in _found(noun, values, form)
    )


def listed_indicators(rows: object) -> tuple[Indicator, ...]:
    """The rows of a form that are indicators already, as far as they can be read."""
    found = []
    for row in rows if isinstance(rows, Sequence) else ():
        value, high = _decimal(row["value"]), _decimal(row["value_high"])
        if row["name"] and value is not None:
            found.append(
                Indicator(
                    name=row["name"], comparator=row["comparator"], value=value, value_high=high
                )
            )
    return tuple(found)


def _decimal(written: str) -> Decimal | None:
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _complaint(noun: str, code: str) -> str:
    texts: Mapping[str, Callable[[], str]] = {
        "too_short": lambda: _("too short to judge by; say what happens, where and how often"),
        "no_comparison": lambda: (
            _("say how it is done today, or by others, and why that is not enough")
            if noun == "demand"
            else _("say what is used today and by how much this is better")
        ),
        "no_indicator": lambda: _("no figure yet; readers ask first what has to be reached"),
        "no_application": lambda: _("say where it is used: product, line, conditions"),
    }
    return texts[code]()


def _kind(code: str) -> str:
    texts: Mapping[str, Callable[[], str]] = {
        "own_name": lambda: _("your organisation's name"),
        "own_short_name": lambda: _("looks like your organisation's name"),
        "company": lambda: _("a company's name"),
        "brand": lambda: _("a brand"),
        "url": lambda: _("a web address"),
        "email": lambda: _("an e-mail address"),
        "phone": lambda: _("a telephone number or account"),
        "person": lambda: _("a person's name"),
        "patent": lambda: _("a patent number"),
        "credit_code": lambda: _("a credit code"),
        "address": lambda: _("a street address"),
    }
    return texts[code]()
