"""The form of a demand."""

from __future__ import annotations

from wtforms import FormField, StringField, TextAreaField

from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import (
    CLARITIES,
    DEMAND_KINDS,
    DISCLOSURES,
    FIELDS,
    SOLUTION_MODES,
    TRLS,
)
from matchmaker.services.record import indicators_of
from matchmaker.store.demand import Demand
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.i18n import locale
from matchmaker.web.record.forms import (
    Checks,
    Choice,
    Day,
    IndicatorRow,
    Lines,
    RecordForm,
    Rows,
    chain_choices,
    indicator_texts,
    sign_choices,
    term_choices,
)


class DemandForm(RecordForm):
    """What a company says about a demand; confidential fields are not offered yet."""

    money = frozenset({"budget_min", "budget_max"})
    numbers = frozenset({"lowest_trl", "period_months", "expires_on"})
    own_way = frozenset({"chains", "indicators", "recipients"})

    title = StringField(_l("Title"))
    kind = Choice(_l("Kind of demand"))
    problem = TextAreaField(_l("Main problem"))
    key_technology = TextAreaField(_l("Key technology"))
    target = TextAreaField(_l("Target"))
    indicators = Rows(FormField(IndicatorRow), _l("Indicators"), min_entries=2)
    constraints = TextAreaField(_l("Constraints"))
    description = TextAreaField(_l("Further description"))
    keywords = Lines(_l("Keywords"))
    chains = Checks(_l("Innovation chains"))
    field = Choice(_l("Technical field"))
    industry = StringField(_l("Industry code (GB/T 4754)"))
    solution_mode = Choice(_l("Way of solution"))
    budget_min = StringField(_l("Budget from (10,000 yuan)"))
    budget_max = StringField(_l("Budget to (10,000 yuan)"))
    period_months = StringField(_l("Time allowed (months)"))
    lowest_trl = Choice(_l("Lowest acceptable TRL"))
    region_preference = Choice(_l("Preferred region of the partner"))
    ip_expectation = StringField(_l("Expectation about intellectual property"))
    clarity = Choice(_l("How clear the demand is"))
    disclosure = Choice(_l("Who may see it"))
    recipients = Lines(_l("Institutions it is directed to"))
    title_en = StringField(_l("Title in English"))
    summary_en = TextAreaField(_l("Summary in English"))
    target_en = TextAreaField(_l("What is to be reached, in English"))
    description_en = TextAreaField(_l("Description in English"))
    expires_on = Day(_l("Valid until"))

    def offer(self, plan: Plan) -> None:
        """Fill the lists of choices in the language of the request."""
        for name, vocabulary in (
            ("kind", DEMAND_KINDS),
            ("field", FIELDS),
            ("solution_mode", SOLUTION_MODES),
            ("lowest_trl", TRLS),
            ("clarity", CLARITIES),
        ):
            self[name].choices = term_choices(vocabulary)
        self.disclosure.choices = term_choices(DISCLOSURES)[1:]
        self.region_preference.choices = [
            ("", "—"),
            *((region.code, region.text(locale())) for region in plan.regions),
        ]
        self.chains.choices = chain_choices(plan)
        self.indicators.offer(sign_choices())

    def fill(self, demand: Demand) -> None:
        """Show a stored demand."""
        self.fill_columns(demand)
        self.chains.process_data([chain.chain_code for chain in demand.chains])
        self.indicators.process(None, indicator_texts(indicators_of(demand)))
        self.indicators.grow(1)
