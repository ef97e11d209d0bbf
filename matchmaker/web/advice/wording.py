"""Every reason in kind words, and what its author can do: a sentence, an improvement, a field."""

from __future__ import annotations

from matchmaker.web.i18n import gettext as _


def sentence(reason: str) -> str:
    """What was said, as one would say it to a colleague."""
    return {
        "immature": _("The idea was liked, but looked too early for use."),
        "advantage_unclear": _("It was not clear enough what makes it better than what exists."),
        "business_unclear": _("It was not clear how it would earn or save money."),
        "description_unclear": _("Readers could not tell exactly what is meant."),
        "field_mismatch": _("It was compared with something from another field."),
        "indicators_missed": _("The figures of both sides did not meet."),
        "price": _("The two ideas of the price lay far apart."),
        "ip_risk": _("Who owns the rights, or whether they hold, was not clear enough."),
        "region": _("The distance was an obstacle for the other side."),
        "timing": _("The time was not right for the other side."),
        "solved": _("The demand had been solved in the meantime."),
        "has_partner": _("A partner had been found already."),
        "no_pilot_conditions": _("Nobody could say where pilot production would take place."),
        "confidentiality": _("One side was afraid to say too much too early."),
        "unreachable": _("Nobody could be reached about it."),
        "duplicate_or_void": _("It looked like a record that exists twice or no longer holds."),
        "other": _("There was another reason that the list does not name."),
    }[reason]


def improvement(noun: str, reason: str) -> tuple[str, str]:
    """What would help, and the field of the form to edit for it; empty: nothing to edit."""
    return (_of_demand() if noun == "demand" else _of_outcome())[reason]


def _of_outcome() -> dict[str, tuple[str, str]]:
    return {
        "immature": (_("Add evidence of the readiness reached: tests, prototypes, users."), "trl"),
        "advantage_unclear": (
            _("Compare it with the present solution in one figure: cost, speed, life."),
            "advantage",
        ),
        "business_unclear": (
            _("Say who would pay for it, and what they save or gain in a year."),
            "economics",
        ),
        "description_unclear": (
            _("Begin the summary with what it does and for whom; leave the theory for later."),
            "summary",
        ),
        "field_mismatch": (
            _("Check technical field and chains, and name the applications it is made for."),
            "field",
        ),
        "indicators_missed": (
            _("List what is reached as indicators with unit and test condition."),
            "indicators",
        ),
        "price": (_("Give a range instead of one price, or offer to use first and pay later."),
                  "price_mode"),
        "ip_risk": (_("Name number, status and owners of every right."), "ip"),
        "region": (_("Say whether the team can work at the company's place."), "description"),
        "timing": (_("Say how soon it could be delivered, and keep the outcome valid."),
                   "expires_on"),
        "solved": (_("Nothing to change: other demands will be compared with it."), ""),
        "has_partner": (_("Nothing to change: other demands will be compared with it."), ""),
        "no_pilot_conditions": (
            _("Say what pilot production needs, and where similar equipment stands."),
            "description",
        ),
        "confidentiality": (
            _("Move what is delicate into the redacted fields, and say openly what it achieves."),
            "principle",
        ),
        "unreachable": (_("Check that the telephone and mail of your account are right."), ""),
        "duplicate_or_void": (
            _("Withdraw what is listed twice, and bring the remaining one up to date."),
            "title",
        ),
        "other": (_("Read the record once as a stranger would, and ask a colleague to do so."),
                  "summary"),
    }  # fmt: skip


def _of_demand() -> dict[str, tuple[str, str]]:
    return {
        "immature": (_("Say the lowest readiness you can accept: a lower one opens more offers."),
                     "lowest_trl"),
        "advantage_unclear": (
            _("Say what you use today and where it falls short, in figures."),
            "problem",
        ),
        "business_unclear": (_("Say what a solution is worth to you: quantity, cost, market."),
                             "target"),
        "description_unclear": (
            _("Describe one case: which part, which step, what goes wrong, how often."),
            "problem",
        ),
        "field_mismatch": (_("Check technical field and chains, and name the key technology."),
                           "field"),
        "indicators_missed": (
            _("Say which indicators are needed at least, and which are only wished for."),
            "indicators",
        ),
        "price": (_("Widen the budget, or leave it open and say what it depends on."),
                  "budget_min"),
        "ip_risk": (_("Say which rights you need: to use, to use alone, or to own."),
                    "ip_expectation"),
        "region": (_("Allow partners from other regions, if visits are possible."),
                   "region_preference"),
        "timing": (_("Say by when you need it, and extend the demand if it still holds."),
                   "period_months"),
        "solved": (_("If it is solved, withdraw the demand: others then stop looking."), ""),
        "has_partner": (_("If you have a partner, withdraw the demand: others then stop looking."),
                        ""),
        "no_pilot_conditions": (
            _("Say which equipment you could offer for trials, and for how long."),
            "constraints",
        ),
        "confidentiality": (
            _("Say openly what is to be achieved; what is delicate can follow after an agreement."),
            "disclosure",
        ),
        "unreachable": (_("Check that the telephone and mail of your account are right."), ""),
        "duplicate_or_void": (
            _("Withdraw what is posted twice, and bring the remaining one up to date."),
            "title",
        ),
        "other": (_("Read the demand once as a stranger would, and ask a colleague to do so."),
                  "problem"),
    }  # fmt: skip
