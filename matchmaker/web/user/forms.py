"""The administrator's form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField

from matchmaker.domain.account import KINDS_OF_ROLE
from matchmaker.domain.vocabulary import ROLES
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.i18n import locale


class RoleForm(FlaskForm):
    """A person's role, and whether they manage their organisation."""

    version = HiddenField()
    role = SelectField(_l("Role"))
    manager = BooleanField(_l("Manages the organisation"))

    def offer(self, kind: str | None) -> None:
        """Offer the roles that fit the kind of the person's organisation."""
        self.role.choices = [
            (code, ROLES[code].text(locale()))
            for code, kinds in KINDS_OF_ROLE.items()
            if code == "administrator" or kind in kinds
        ]
