"""Drafting a challenge, and changing it before it goes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.challenge import LIMITS, TEXTS
from matchmaker.domain.challenge_vocabulary import CHALLENGE_CRITERIA
from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import require
from matchmaker.services import challenge as service
from matchmaker.store.demand import Demand
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.challenge.pages import ChallengeFormPage
from matchmaker.web.challenge.reading import fields_from_form, values_of
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.forms import chain_choices
from matchmaker.web.version import version_from_form


def install(blueprint: Blueprint) -> None:
    """Add the addresses of drafts."""
    blueprint.add_url_rule("/new", view_func=new)
    blueprint.add_url_rule("/new", view_func=create, methods=["POST"])
    blueprint.add_url_rule("/<public_id>/edit", view_func=edit)
    blueprint.add_url_rule("/<public_id>/edit", view_func=save, methods=["POST"])


def new() -> Response:
    """A challenge to be drafted, from demands where ``?demand=`` names some."""
    require(g.actor, "challenge", "create")
    with matchmaker().reading() as uow:
        asked = [read_query(one) for one in request.args.getlist("demand")]
        demands = service.sources(uow, g.actor, asked)
        first = service.first_text(demands)
        return _form("", 0, values_of(first), first.chains, _told(demands), EMPTY)


def create() -> Response:
    """Draft it."""
    require(g.actor, "challenge", "create")
    platform = matchmaker()
    chosen = request.form.getlist("demand")
    try:
        with platform.unit_of_work() as uow:
            made = service.create(
                uow,
                g.actor,
                fields_from_form(platform.plan.chain_by_code),
                demand_ids=chosen,
                base_url=platform.settings.base_url,
            )
            public_id = made.public_id
    except Invalid as error:
        with platform.reading() as uow:
            demands = _told(service.sources(uow, g.actor, chosen))
        return _form("", 0, {}, (), demands, refused("challenge", error), 422)
    flash(_("Saved. Next, experts argue the call; the firms are asked for their consent."))
    return redirect(url_for(".manage", public_id=public_id), code=303)


def edit(public_id: str) -> Response:
    """The challenge to be changed."""
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        require(g.actor, "challenge", "edit", found)
        return _form(public_id, found.version, values_of(found), found.chains, (), EMPTY)


def save(public_id: str) -> Response:
    """Change it."""
    version = version_from_form()
    try:
        with matchmaker().unit_of_work() as uow:
            service.edit(
                uow,
                g.actor,
                challenge_id=public_id,
                fields=fields_from_form(matchmaker().plan.chain_by_code),
                version=version,
            )
    except Invalid as error:
        return _form(public_id, version, {}, (), (), refused("challenge", error), 422)
    flash(_("Saved."), "success")
    return redirect(url_for(".manage", public_id=public_id), code=303)


def _told(demands: Sequence[Demand]) -> tuple[tuple[str, str, bool], ...]:
    """Public id, title, and whether the firm stays unnamed."""
    return tuple((one.public_id, one.title, one.disclosure == "anonymous") for one in demands)


def _form(
    public_id: str,
    version: int,
    values: Mapping[str, str],
    chains: Collection[str],
    demands: tuple[tuple[str, str, bool], ...],
    filled: Filled,
    status: int = 200,
) -> Response:
    if filled.form:
        chains = request.form.getlist("chains")
    page = ChallengeFormPage(
        public_id=public_id,
        version=version,
        values={**dict.fromkeys((*TEXTS, *LIMITS, "amount"), ""), **values},
        chosen=frozenset(chains),
        groups=chain_choices(matchmaker().plan),
        criteria=tuple(CHALLENGE_CRITERIA),
        demands=demands,
        filled=filled,
    )
    return render(page, status)
