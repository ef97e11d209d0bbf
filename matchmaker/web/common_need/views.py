"""Common needs: one of them, and what firms say about being named."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.common_need import FEWEST_FIRMS, firms_told, named_firms
from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.gap_map import NO_CHAIN
from matchmaker.domain.permissions import may, require
from matchmaker.services import need_consent as service
from matchmaker.store.queries import common_need as query
from matchmaker.store.queries.common_need import Need
from matchmaker.store.queries.visibility import reviews
from matchmaker.web.common_need.pages import CommonNeedPage, ConsentsPage, MemberLine
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.gap_map.overview import address
from matchmaker.web.gap_map.wording import chain_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext
from matchmaker.web.local_time import read_day
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.version import version_from_form

blueprint = Blueprint("common_need", __name__, url_prefix="/common-needs")


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One common need."""
    return _show(public_id)


@blueprint.post("/<public_id>/ask")
def ask(public_id: str) -> Response:
    """Ask its firms whether they may be named."""
    platform = matchmaker()
    with platform.unit_of_work() as uow:
        asked = service.ask(uow, g.actor, need_id=public_id, base_url=platform.settings.base_url)
    flash(
        ngettext("%(num)s firm has been asked.", "%(num)s firms have been asked.", asked)
        if asked
        else _("Every firm has been asked already."),
        "success",
    )
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.post("/<public_id>/demands/<demand_id>/note")
def note(public_id: str, demand_id: str) -> Response:
    """Note what a firm without an account has said in writing."""
    named = request.form.get("named") == "yes"
    try:
        with matchmaker().unit_of_work() as uow:
            service.note(
                uow,
                g.actor,
                demand_id=demand_id,
                named=named,
                written_on=read_day(request.form.get("written_on", "")),
                reference=request.form.get("reference", ""),
                version=version_from_form(),
            )
    except Invalid as error:
        return _show(public_id, refused(f"note-{demand_id}", error), 422)
    told = (
        _("Noted: the company is named beside the need.")
        if named
        else _("Noted: the company is not named.")
    )
    flash(told, "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.get("/consents")
def consents() -> Response:
    """A company's demands in common needs."""
    require(g.actor, "need_consent", "list")
    with matchmaker().reading() as uow:
        demands = query.own(uow, g.actor)
    return render(ConsentsPage(demands=demands))


@blueprint.post("/consents/<demand_id>")
def answer(demand_id: str) -> Response:
    """Say whether one's company may be named."""
    named = request.form.get("named") == "yes"
    with matchmaker().unit_of_work() as uow:
        service.answer(uow, g.actor, demand_id=demand_id, named=named, version=version_from_form())
    flash(
        _("Stored: your company is named beside the need.")
        if named
        else _("Stored: your company is not named."),
        "success",
    )
    return redirect(url_for(".consents"), code=303)


def _show(public_id: str, filled: Filled = EMPTY, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        found = query.listing(uow, g.actor, public_id=public_id)
        if not found:
            msg = "There is no such common need any more; needs are grouped anew every day."
            raise NotFound(msg, noun="common_need")
        reached = query.reachable_firms(uow, found[0]) if reviews(g.actor) else frozenset[int]()
    return render(_page(found[0], reached, filled), status)


def _challenge(need: Need) -> str:
    """A challenge that is filled in from the demands of a need."""
    return url_for("challenge.new", demand=[one.public_id for one in need.members])


def _page(need: Need, reached: frozenset[int], filled: Filled) -> CommonNeedPage:
    facts = [one.facts for one in need.members]
    agreed = named_firms(facts)
    inside = reviews(g.actor)
    return CommonNeedPage(
        public_id=need.public_id,
        name=" · ".join(need.terms),
        chains=tuple(
            (chain_text(code), address((code, "")))
            for code in sorted(need.chains)
            if code != NO_CHAIN
        ),
        demands=tuple(
            MemberLine(
                public_id=one.public_id,
                version=one.version,
                silent=inside and one.facts.organisation_id not in reached,
                title=one.title,
                href=url_for("demand.show", public_id=one.public_id),
                firm=one.firm if inside else "",
                state=(one.facts.consent or "") if inside else "",
            )
            for one in need.members
        ),
        firms=firms_told(facts, reviews=inside),
        fewest=FEWEST_FIRMS,
        named=tuple(
            sorted({one.firm for one in need.members if one.facts.organisation_id in agreed})
        ),
        reviews=inside,
        asking=may(g.actor, "need_consent", "ask"),
        waiting=sum(
            one.facts.consent is None and one.facts.organisation_id in reached
            for one in need.members
        ),
        stability=round(100 * need.stability),
        found_at=need.found_at,
        challenge=_challenge(need) if may(g.actor, "challenge", "create") else "",
        filled=filled,
    )
