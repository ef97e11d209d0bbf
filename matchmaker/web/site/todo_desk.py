"""What waits at the desks of associations and specialists, and for their firms, in words."""

from __future__ import annotations

from flask import url_for

from matchmaker.web.i18n import gettext as _


def desk_texts() -> dict[str, tuple[str, str, str]]:
    """Label, next step and address by code."""
    return _answers() | _association() | _specialist()


def _answers() -> dict[str, tuple[str, str, str]]:
    return {
        "demands_ready": (
            _("Demands that your specialist finds ready"),
            _("Look at them and submit them"),
            url_for("demand.mine"),
        ),
        "secondments": (
            _("Technology specialists proposed to you"),
            _("Consent or decline"),
            url_for("secondment.listing"),
        ),
        "memberships": (
            _("Memberships that wait for your answer"),
            _("Accept the membership or decline it"),
            url_for("membership.listing"),
        ),
        "recommended": (
            _("Outcomes that your association recommends"),
            _("Say whether a broker shall look into it"),
            url_for("referral.listing"),
        ),
        "shares": (
            _("Introductions that another broker would share"),
            _("Agree or decline"),
            url_for("share.listing"),
        ),
        "referrals": (
            _("Pairs put forward by associations"),
            _("Take them up, or say why not"),
            url_for("referral.listing"),
        ),
    }


def _association() -> dict[str, tuple[str, str, str]]:
    return {
        "member_demands_expiring": (
            _("Members' demands that expire soon"),
            _("Remind the firms"),
            url_for("association.desk", view="expiring"),
        ),
        "member_demands_unmatched": (
            _("Members' demands without a usable match"),
            _("Recommend an outcome, or put a pair to brokers"),
            url_for("association.desk", view="unmatched"),
        ),
    }


def _specialist() -> dict[str, tuple[str, str, str]]:
    return {
        "firm_demands_returned": (
            _("Returned demands of your firms"),
            _("Help to answer the reasons"),
            url_for("secondment.listing"),
        ),
        "firm_demands_undiagnosed": (
            _("Demands of your firms without a diagnosis"),
            _("Say what to add"),
            url_for("secondment.listing"),
        ),
        "firm_demands_expiring": (
            _("Demands of your firms that expire soon"),
            _("Ask whether they still hold"),
            url_for("secondment.listing"),
        ),
        "secondments_ending": (
            _("Secondments that end soon"),
            _("Hand over what is open"),
            url_for("secondment.listing"),
        ),
    }
