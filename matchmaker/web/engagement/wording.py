"""The steps of an engagement in words: on buttons, in the timeline, as what is next."""

from __future__ import annotations

from matchmaker.domain.engagement import EXPECTED
from matchmaker.web.i18n import gettext as _


def step_label(action: str) -> str:
    """What the button of a step says."""
    return {
        "accept_nda": _("Accept the confidentiality agreement"),
        "disclose": _("Documents have been disclosed"),
        "meet": _("The first talk has taken place"),
        "validate": _("Begin validation"),
        "agree_terms": _("Terms are agreed"),
        "draft": _("Begin drafting the contract"),
        "publicise": _("The public notice is up"),
        "sign": _("The contract is signed"),
        "register": _("The contract is registered"),
        "perform": _("Performance has begun"),
        "complete": _("Completed and accepted"),
    }[action]


def step_done(action: str) -> str:
    """What the timeline says of a step that was taken."""
    return {
        "begin": _("both sides accepted"),
        "accept_nda": _("one side accepted the confidentiality agreement"),
        "conclude_nda": _("the confidentiality agreement is in force"),
        "disclose": _("documents disclosed"),
        "meet": _("first talk held"),
        "validate": _("validation begun"),
        "agree_terms": _("terms agreed"),
        "draft": _("drafting begun"),
        "publicise": _("public notice"),
        "sign": _("contract signed"),
        "register": _("contract registered"),
        "perform": _("performance begun"),
        "complete": _("completed"),
        "rest": _("thirty days without a step"),
        "wake": _("taken up again"),
        "lose": _("ended"),
    }.get(action, action)


def next_text(state: str, own_words: str) -> str:
    """What is next: the parties' own words, or what the stage usually waits for."""
    if own_words:
        return own_words
    usual = {
        "accept_nda": _("Both sides accept the confidentiality agreement"),
        "disclose": _("Disclose the documents needed"),
        "meet": _("Meet and write minutes"),
        "validate": _("Validate: samples, trials, tests"),
        "agree_terms": _("Agree on the terms"),
        "draft": _("Draft the contract"),
        "publicise": _("Public notice at the institution"),
        "sign": _("Sign the contract"),
        "register": _("Register the contract"),
        "perform": _("Begin performance"),
        "complete": _("Accept what was delivered"),
    }
    if state == "dormant":
        return _("Take it up again, or end it")
    expected = EXPECTED.get(state)
    return usual[expected.step] if expected else ""


def lacking(code: str) -> str:
    """What a step still lacks."""
    return {
        "meeting": _("Needs a meeting that was held, with its minutes."),
        "contract": _("Needs a contract that both sides have signed."),
        "registration": _("Needs a contract that is registered."),
    }.get(code, "")
