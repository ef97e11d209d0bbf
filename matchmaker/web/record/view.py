"""Turning a stored record into what one reader may see of it."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.permissions import Actor
from matchmaker.domain.plan import Plan
from matchmaker.domain.visibility import Tier, may_name_organisation, may_read
from matchmaker.services.record import Record, indicators_of, noun_of
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, money, term
from matchmaker.web.record.pages import Fact, IndicatorRow, RecordView, Text


def view_of(actor: Actor, record: Record, plan: Plan) -> RecordView:
    """The record as the actor may see it: what is hidden is left out here, not in the template."""
    noun = noun_of(record)
    named = may_name_organisation(actor, noun, record)
    redacted = may_read(actor, noun, record, Tier.REDACTED)
    return RecordView(
        noun=noun,
        public_id=record.public_id,
        title=record.title,
        state=record.state,
        state_note=record.state_note,
        origin=record.origin,
        organisation_name=record.organisation.name if named else None,
        organisation_id=record.organisation.public_id if named else None,
        disclosure=record.disclosure,
        chains=tuple(chain.chain_code for chain in record.chains),
        keywords=tuple(record.keywords),
        texts=_demand_texts(record) if isinstance(record, Demand) else _outcome_texts(record),
        more=_texts(
            (_("Constraints"), record.constraints if isinstance(record, Demand) else ""),
            (_("Further description"), record.description),
        ),
        redacted=_texts((_("Principle"), record.principle))
        if isinstance(record, Outcome) and redacted
        else (),
        lead=_demand_lead(record) if isinstance(record, Demand) else _outcome_lead(record),
        facts=_demand_facts(record, plan, named=named)
        if isinstance(record, Demand)
        else _outcome_facts(record, plan),
        indicators=tuple(_indicator(one) for one in indicators_of(record)),
        published_at=record.published_at,
        expires_on=record.expires_on,
    )


def _demand_texts(demand: Demand) -> tuple[Text, ...]:
    return _texts(
        (_("Main problem"), demand.problem),
        (_("Key technology"), demand.key_technology),
        (_("Target"), demand.target),
    )


def _outcome_texts(outcome: Outcome) -> tuple[Text, ...]:
    return _texts(
        (_("Summary"), outcome.summary),
        (_("Problem it solves"), outcome.problem_solved),
        (_("Compared with existing solutions"), outcome.advantage),
        (_("Economic effect"), outcome.economics),
    )


def _demand_lead(demand: Demand) -> tuple[Fact, ...]:
    return _facts(
        (_("Way of solution"), term(demand.solution_mode, "solution_mode")),
        (_("Budget"), _range(money(demand.budget_min), money(demand.budget_max))),
        (
            _("Time allowed"),
            _("%(count)s months", count=demand.period_months) if demand.period_months else "",
        ),
        (_("Lowest acceptable TRL"), term(demand.lowest_trl, "trl")),
    )


def _outcome_lead(outcome: Outcome) -> tuple[Fact, ...]:
    return _facts(
        (_("TRL reached"), term(outcome.trl, "trl")),
        (_("Stage"), term(outcome.stage, "stage")),
        (
            _("Ways of conversion"),
            _list([term(mode.mode, "conversion_mode") for mode in outcome.modes]),
        ),
        (
            _("Price"),
            _range(money(outcome.price_min), money(outcome.price_max))
            or term(outcome.price_mode, "price_mode"),
        ),
    )


def _demand_facts(demand: Demand, plan: Plan, *, named: bool) -> tuple[Fact, ...]:
    region = plan.region_by_code.get(demand.organisation.region_code or "") if named else None
    preferred = plan.region_by_code.get(demand.region_preference or "")
    return _facts(
        (_("Kind of demand"), term(demand.kind, "demand_kind")),
        (_("Technical field"), term(demand.field, "field")),
        (_("Company's district"), region.text(locale()) if region else ""),
        (_("Preferred region of the partner"), preferred.text(locale()) if preferred else ""),
        (_("Industry code (GB/T 4754)"), demand.industry),
        (_("Expectation about intellectual property"), demand.ip_expectation),
        (_("How clear the demand is"), term(demand.clarity, "clarity")),
    )


def _outcome_facts(outcome: Outcome, plan: Plan) -> tuple[Fact, ...]:
    region = plan.region_by_code.get(outcome.organisation.region_code or "")
    rights = [
        " ".join(
            part
            for part in (
                term(right.get("kind"), "ip_kind"),
                right.get("number", ""),
                term(right.get("status"), "ip_status"),
            )
            if part
        )
        for right in outcome.ip
    ]
    return _facts(
        (_("Evidence of the TRL"), _list(outcome.trl_evidence)),
        (_("Technical field"), term(outcome.field, "field")),
        (_("Kind of licence"), term(outcome.licence_kind, "licence_kind")),
        (_("Use first, pay later"), _("Yes") if outcome.use_before_pay else ""),
        (_("Application scenes"), _list(outcome.scenes)),
        (_("Where it is in use"), _list(outcome.deployments)),
        (_("Intellectual property rights"), _list(rights)),
        (_("IPC symbols"), _list(outcome.ipc)),
        (_("Owner"), outcome.ownership),
        (_("Team, in order"), _list(outcome.team)),
        (_("Outcome registration number"), outcome.registration_number),
        (_("Region"), region.text(locale()) if region else ""),
        (_("Provenance"), term(outcome.provenance, "provenance")),
    )


def _indicator(one: Indicator) -> IndicatorRow:
    whole = one.text.removeprefix(one.name).strip()
    condition = f"({one.condition})"
    return IndicatorRow(
        name=one.name,
        requirement=whole.removesuffix(condition).strip() if one.condition else whole,
        condition=one.condition,
    )


def _texts(*pairs: tuple[str, str]) -> tuple[Text, ...]:
    return tuple(Text(heading=heading, text=text) for heading, text in pairs if text)


def _facts(*pairs: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(label=label, value=value) for label, value in pairs if value)


def _range(low: str, high: str) -> str:
    return " – ".join(dict.fromkeys(part for part in (low, high) if part))


def _list(parts: Sequence[str]) -> str:
    return ("; " if locale() == "en" else "；").join(part for part in parts if part)
