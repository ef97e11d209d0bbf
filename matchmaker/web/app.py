"""Making the Flask application of a wired platform."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from jinja2 import StrictUndefined

from matchmaker.bootstrap import Matchmaker
from matchmaker.settings import PROJECT_ROOT
from matchmaker.web import access, daily, errors, i18n, security, sessions, shell
from matchmaker.web.account import views as account
from matchmaker.web.account.device import device
from matchmaker.web.activity import views as activity
from matchmaker.web.agency import views as agency
from matchmaker.web.assignment import views as assignment
from matchmaker.web.association import views as association
from matchmaker.web.audit import views as audit
from matchmaker.web.broker_profile import views as broker_profile
from matchmaker.web.calendar import views as calendar
from matchmaker.web.catalogue import views as catalogue
from matchmaker.web.challenge import views as challenge
from matchmaker.web.common_need import views as common_need
from matchmaker.web.consortium import views as consortium
from matchmaker.web.contract import views as contract
from matchmaker.web.demand import views as demand
from matchmaker.web.diagnosis import views as diagnosis
from matchmaker.web.disclosure import views as disclosure
from matchmaker.web.duplicate import views as duplicate
from matchmaker.web.engagement import views as engagement
from matchmaker.web.evaluation import views as evaluation
from matchmaker.web.event import views as event
from matchmaker.web.figure import views as figure
from matchmaker.web.gap_map import views as gap_map
from matchmaker.web.introduction import views as introduction
from matchmaker.web.match import views as match
from matchmaker.web.match.wording import fact_text
from matchmaker.web.match_review import views as match_review
from matchmaker.web.meeting import views as meeting
from matchmaker.web.membership import views as membership
from matchmaker.web.next_step import views as next_step
from matchmaker.web.notification import views as notification
from matchmaker.web.open_data import views as open_data
from matchmaker.web.organisation import views as organisation
from matchmaker.web.outcome import views as outcome
from matchmaker.web.pack import views as pack
from matchmaker.web.placement import views as placement
from matchmaker.web.profile import views as profile
from matchmaker.web.question import views as question
from matchmaker.web.record import views as record
from matchmaker.web.referral import views as referral
from matchmaker.web.saved_search import views as saved_search
from matchmaker.web.secondment import views as secondment
from matchmaker.web.share import views as share
from matchmaker.web.site import views as site
from matchmaker.web.user import views as user
from matchmaker.web.work_record import views as work_record


def create_app(platform: Matchmaker) -> Flask:
    """The application: extensions, then blueprints, then the access table over all of them."""
    app = Flask(
        "matchmaker.web",
        root_path=str(PROJECT_ROOT / "matchmaker" / "web"),
        template_folder=str(PROJECT_ROOT / "templates"),
        static_folder="static",
    )
    app.secret_key = platform.secret_key()
    app.permanent_session_lifetime = timedelta(days=platform.settings.session_days)
    app.extensions["matchmaker"] = platform
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_options["autoescape"] = True
    app.config["TEMPLATES_AUTO_RELOAD"] = platform.settings.development
    i18n.install(app, platform.plan, platform.settings.timezone)
    app.jinja_env.filters["fact_text"] = fact_text
    app.jinja_env.filters["device"] = device
    sessions.install(app)
    security.install(app, platform.settings)
    errors.install(app)
    shell.install(app)
    for views in (
        *(site, account, organisation, user, audit, evaluation),
        *(catalogue, demand, outcome, record, match, match_review, duplicate, placement, next_step),
        disclosure,
        *(introduction, engagement, meeting, calendar),
        *(assignment, broker_profile, question),
        *(notification, saved_search, work_record, activity),
        *(contract, consortium, event, challenge, figure, open_data, gap_map, common_need),
        *(secondment, diagnosis, membership, association, referral, agency, share),
        *(pack, profile),
    ):
        app.register_blueprint(views.blueprint)
    access.protect(app)
    daily.install(app)
    return app
