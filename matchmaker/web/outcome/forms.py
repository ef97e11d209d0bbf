"""The form of an outcome."""

from __future__ import annotations

from wtforms import BooleanField, Form, FormField, StringField, TextAreaField

from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import (
    CONVERSION_MODES,
    FIELDS,
    IP_KINDS,
    IP_STATUSES,
    LICENCE_KINDS,
    PRICE_MODES,
    PROVENANCES,
    STAGES,
    TRLS,
)
from matchmaker.services.record import indicators_of
from matchmaker.store.outcome import Outcome
from matchmaker.web.i18n import lazy_gettext as _l
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
    texts,
)


class RightRow(Form):
    """One right of intellectual property."""

    kind = Choice(_l("Kind"))
    number = StringField(_l("Number"))
    status = Choice(_l("Legal status"))
    owners = StringField(_l("Owners"))


class OutcomeForm(RecordForm):
    """What a researcher says about an outcome; know-how is not offered yet."""

    money = frozenset({"price_min", "price_max"})
    numbers = frozenset({"trl", "expires_on"})
    own_way = frozenset({"chains", "indicators", "conversion_modes", "ip"})

    title = StringField(_l("Title"))
    summary = TextAreaField(_l("Public summary"))
    problem_solved = TextAreaField(_l("Problem it solves"))
    advantage = TextAreaField(_l("Compared with existing solutions"))
    economics = TextAreaField(_l("Economic effect"))
    indicators = Rows(FormField(IndicatorRow), _l("Indicators reached"), min_entries=2)
    description = TextAreaField(_l("Further description"))
    principle = TextAreaField(_l("Principle (verified organisations only)"))
    stage = Choice(_l("Stage"))
    trl = Choice(_l("TRL reached"))
    trl_evidence = Lines(_l("Evidence of the TRL"))
    scenes = Lines(_l("Application scenes"))
    deployments = Lines(_l("Where it is in use"))
    keywords = Lines(_l("Keywords"))
    chains = Checks(_l("Innovation chains"))
    field = Choice(_l("Technical field"))
    ipc = Lines(_l("IPC symbols"))
    ip = Rows(FormField(RightRow), _l("Intellectual property rights"), min_entries=1)
    ownership = StringField(_l("Owner"))
    conversion_modes = Checks(_l("Ways of conversion"))
    licence_kind = Choice(_l("Kind of licence"))
    price_mode = Choice(_l("Price mode"))
    price_min = StringField(_l("Price from (10,000 yuan)"))
    price_max = StringField(_l("Price to (10,000 yuan)"))
    use_before_pay = BooleanField(_l("Use first, pay later"))
    team = Lines(_l("Team, in order"))
    registration_number = StringField(_l("Outcome registration number"))
    provenance = Choice(_l("Provenance"))
    title_en = StringField(_l("Title in English"))
    summary_en = TextAreaField(_l("Summary in English"))
    advantage_en = TextAreaField(_l("Advantages in English"))
    description_en = TextAreaField(_l("Description in English"))
    expires_on = Day(_l("Valid until"))

    def offer(self, plan: Plan) -> None:
        """Fill the lists of choices in the language of the request."""
        for name, vocabulary in (
            ("field", FIELDS),
            ("stage", STAGES),
            ("trl", TRLS),
            ("licence_kind", LICENCE_KINDS),
            ("price_mode", PRICE_MODES),
        ):
            self[name].choices = term_choices(vocabulary)
        self.provenance.choices = term_choices(PROVENANCES)[1:]
        self.conversion_modes.choices = term_choices(CONVERSION_MODES)[1:]
        self.chains.choices = chain_choices(plan)
        self.indicators.offer(sign_choices())
        self.ip.offer({"kind": term_choices(IP_KINDS), "status": term_choices(IP_STATUSES)})

    def fill(self, outcome: Outcome) -> None:
        """Show a stored outcome."""
        self.fill_columns(outcome)
        self.chains.process_data([chain.chain_code for chain in outcome.chains])
        self.conversion_modes.process_data([mode.mode for mode in outcome.modes])
        self.indicators.process(None, indicator_texts(indicators_of(outcome)))
        self.ip.process(None, [texts(right) for right in outcome.ip])
        for rows in (self.indicators, self.ip):
            rows.grow(1)
