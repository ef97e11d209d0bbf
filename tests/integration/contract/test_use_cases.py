"""From the draft to the registration, and everything that is refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.contract import clean_contract
from matchmaker.domain.contract_registration import clean_registration, clean_signature
from matchmaker.domain.contract_reward import clean_reward, reward_of
from matchmaker.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.fields import InvalidFields
from matchmaker.services import contract as service
from matchmaker.services import contract_registration as registration_service
from matchmaker.services import contract_reward as reward_service
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import contract as query
from matchmaker.store.queries.engagement_facts import contract_facts
from tests import builders
from tests.integration.contract import engaged
from tests.integration.contract.engaged import NUMBER, OFFICE, TERMS, actor

People = dict[str, User]


def registration(**changes: str) -> Any:
    raw = {"number": NUMBER, "registered_on": "2026-03-02", "office": OFFICE} | changes
    return clean_registration(raw, signed_on=None, today=date(2026, 3, 2))


def stored(platform: Matchmaker) -> Contract:
    with platform.reading() as uow:
        found = uow.session.scalars(select(Contract)).one()
        uow.session.expunge_all()
        return found


def test_a_contract_goes_from_draft_to_registered_and_fills_the_guards_of_its_engagement(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        assert made.amount_technical == 100
        assert not contract_facts(uow, engagement.id).signed
        engaged.signed(uow, people, made)
        facts = contract_facts(uow, engagement.id)
        assert (facts.signed, facts.registered) == (True, False)
    with platform.unit_of_work() as uow:
        registration_service.register(
            uow,
            actor(people["broker"]),
            contract_id=made.public_id,
            registration=registration(),
            version=made.version,
        )
        facts = contract_facts(uow, engagement.id)
        assert (facts.signed, facts.registered) == (True, True)
        assert query.totals(uow) == query.Totals(
            contracts=1, amount=Decimal(120), technical=Decimal(100)
        )


def test_every_change_of_state_has_an_audit_row_without_amounts(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
    with platform.reading() as uow:
        rows = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.noun == "contract").order_by(AuditEvent.id)
        ).all()
        steps = [(row.action, row.state_from, row.state_to) for row in rows]
    assert steps == [
        ("draft", None, "draft"),
        ("confirm", "draft", "draft"),
        ("confirm", "draft", "draft"),
        ("conclude", "draft", "confirmed"),
        ("sign", "confirmed", "signed"),
        ("register", "signed", "registered"),
    ]
    for row in rows:
        assert "120" not in str(row.changes)
        assert NUMBER not in str(row.changes)


def test_a_change_after_a_confirmation_resets_it_and_tells_the_others(
    platform: Matchmaker,
    people: People,
    engagement: Engagement,
    mails: Callable[[], list[OutboxMail]],
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        service.confirm(uow, actor(people["company"]), contract_id=made.public_id, revision=1)
    before = len(mails())
    with platform.unit_of_work() as uow:
        service.edit(
            uow,
            actor(people["researcher"]),
            contract_id=made.public_id,
            terms=clean_contract(TERMS | {"deducted_equipment": "30"}),
            version=stored(platform).version,
        )
    found = stored(platform)
    assert (found.state, found.revision, found.company_confirmed) == ("draft", 2, None)
    assert {mail.recipient for mail in mails()[before:]} == {
        people["company"].email,
        people["broker"].email,
    }
    assert all("30" not in mail.body for mail in mails())
    with platform.unit_of_work() as uow, pytest.raises(Conflict):
        service.confirm(uow, actor(people["company"]), contract_id=made.public_id, revision=1)
    with platform.reading() as uow:
        amounts = uow.session.scalars(
            select(ContractRevision.amount_technical).order_by(ContractRevision.revision)
        ).all()
    assert amounts == [100, 90]


def test_a_change_after_both_have_confirmed_leads_back_to_the_draft(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        for role in ("company", "researcher"):
            service.confirm(uow, actor(people[role]), contract_id=made.public_id, revision=1)
        assert made.state == "confirmed"
        same = service.edit(
            uow,
            actor(people["broker"]),
            contract_id=made.public_id,
            terms=clean_contract(TERMS),
            version=made.version,
        )
        assert same.state == "confirmed"  # nothing was changed
        service.edit(
            uow,
            actor(people["broker"]),
            contract_id=made.public_id,
            terms=clean_contract(TERMS | {"acceptance": "另行约定的检验"}),
            version=made.version,
        )
        assert (made.state, made.institution_confirmed) == ("draft", None)


def test_an_incomplete_contract_cannot_be_confirmed_nor_an_unconfirmed_one_signed(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement, related="", amount_total="119")
    with platform.unit_of_work() as uow, pytest.raises(InvalidFields) as found:
        service.confirm(uow, actor(people["company"]), contract_id=made.public_id, revision=1)
    assert found.value.fields == {"related": "missing_to_confirm", "payments": "not_adding_up"}
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        service.sign(
            uow,
            actor(people["company"]),
            contract_id=made.public_id,
            signature=clean_signature({"signed_on": "2026-03-01"}, today=date(2026, 3, 2)),
            version=made.version,
        )
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        registration_service.register(
            uow,
            actor(people["company"]),
            contract_id=made.public_id,
            registration=registration(),
            version=made.version,
        )


def test_a_side_confirms_once_and_the_broker_not_at_all(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        service.confirm(uow, actor(people["company"]), contract_id=made.public_id, revision=1)
        with pytest.raises(WrongState):
            service.confirm(uow, actor(people["company"]), contract_id=made.public_id, revision=1)
        with pytest.raises(NotAllowed):
            service.confirm(uow, actor(people["broker"]), contract_id=made.public_id, revision=1)


@pytest.mark.parametrize("state", ["mutual", "nda", "meeting", "dormant", "lost", "completed"])
def test_a_contract_is_drafted_only_once_terms_are_agreed_and_while_talks_go_on(
    platform: Matchmaker, people: People, state: str
) -> None:
    with platform.unit_of_work() as uow:
        found = engaged.engagement(
            uow, people["company"], people["researcher"], people["broker"], state
        )
        with pytest.raises(WrongState):
            engaged.drafted(uow, people, found)


def test_an_engagement_has_one_contract(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        engaged.drafted(uow, people, engagement)
        with pytest.raises(WrongState):
            engaged.drafted(uow, people, engagement)


def test_nobody_else_knows_of_the_contract(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        strangers = [
            *(builders.user(uow, platform.passwords, role) for role in people if role != "bureau"),
            builders.user(
                uow, platform.passwords, "researcher", engaged.home(uow, people["researcher"])
            ),
            people["bureau"],
            people["administrator"],
        ]
        for stranger in strangers:
            with pytest.raises(NotFound):
                service.load(uow, actor(stranger), made.public_id)
            with pytest.raises(NotFound):
                engaged.drafted(uow, people | {"broker": stranger}, engagement)
        with pytest.raises(NotFound):
            query.registered(uow, actor(people["bureau"]), made.public_id)
        with pytest.raises(NotAllowed):
            query.registered(uow, actor(people["company"]), made.public_id)


def test_a_lost_race_is_a_conflict(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        old = made.version
        service.edit(
            uow,
            actor(people["company"]),
            contract_id=made.public_id,
            terms=clean_contract(TERMS | {"subject": "一"}),
            version=old,
        )
        with pytest.raises(Conflict):
            service.edit(
                uow,
                actor(people["researcher"]),
                contract_id=made.public_id,
                terms=clean_contract(TERMS | {"subject": "二"}),
                version=old,
            )


def test_one_number_stands_for_one_contract(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
        second = engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
        with pytest.raises(InvalidFields) as found:
            engaged.registered(uow, people, engaged.drafted(uow, people, second))
        assert found.value.fields == {"number": "taken"}


def test_a_correction_needs_a_reason_and_keeps_the_amounts_before(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
        values: dict[str, Any] = {
            "contract_id": made.public_id,
            "terms": clean_contract(TERMS | {"deducted_equipment": "35"}),
            "signature": clean_signature({"signed_on": "2026-03-02"}, today=uow.now.date()),
            "registration": registration(number="2026371000000002"),
        }
        with pytest.raises(Invalid) as found:
            registration_service.correct(
                uow, actor(people["broker"]), **values, reason=" ", version=made.version
            )
        assert found.value.fields == {"reason": "missing"}
    with platform.unit_of_work() as uow:
        registration_service.correct(
            uow,
            actor(people["broker"]),
            **values,
            reason="登记机构核减设备费",
            version=made.version,
        )
    with platform.unit_of_work() as uow:
        with pytest.raises(Invalid):
            registration_service.correct(
                uow,
                actor(people["broker"]),
                **values,
                reason="再次提交",
                version=stored(platform).version,
            )
        assert query.totals(uow).technical == 85
        latest, before, *_rest = query.revisions(uow, made.id, registered_only=True)
        assert (before.amount_technical, latest.amount_technical) == (100, 85)
        assert latest.reason == "登记机构核减设备费"
        assert latest.changed == ("deducted_equipment", "number")


def test_a_withdrawn_registration_no_longer_counts_and_can_be_drafted_anew(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
        with pytest.raises(Invalid):
            registration_service.withdraw(
                uow, actor(people["company"]), contract_id=made.public_id, reason=""
            )
    with platform.unit_of_work() as uow:
        registration_service.withdraw(
            uow, actor(people["company"]), contract_id=made.public_id, reason="合同解除"
        )
        assert query.totals(uow) == query.Totals()
        assert not contract_facts(uow, engagement.id).registered
        with pytest.raises(NotFound):
            query.registered(uow, actor(people["bureau"]), made.public_id)
    with platform.unit_of_work() as uow:
        again = registration_service.reopen(
            uow, actor(people["researcher"]), contract_id=made.public_id, reason="重新签订"
        )
        assert (again.state, again.number, again.signed_on) == ("draft", None, None)
        engaged.registered(uow, people, again)
        assert query.totals(uow).contracts == 1


def test_a_contract_that_is_given_up_says_why(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement)
        registration_service.abandon(
            uow, actor(people["company"]), contract_id=made.public_id, reason="改为委托检测"
        )
        assert (made.state, made.void_reason) == ("void", "改为委托检测")
        with pytest.raises(WrongState):
            service.confirm(uow, actor(people["company"]), contract_id=made.public_id, revision=2)


def test_a_related_party_contract_is_registered_and_not_counted(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(
            uow, people, engagement, related="related", related_note="院所持股企业三成"
        )
        engaged.registered(uow, people, made)
        assert query.totals(uow) == query.Totals()
        [row], total = query.listing(uow, query.ContractFilters(), limit=10)
        assert (total, row.related) == (1, True)


def test_one_credit_code_makes_parties_related_whatever_they_declare(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        for role in ("company", "researcher"):
            engaged.home(uow, people[role]).credit_code = "91371000MA3C0000X1"
        uow.flush()
        assert engaged.drafted(uow, people, engagement).related


def test_sums_agree_with_their_lists_by_quarter_type_and_district(
    platform: Matchmaker, people: People
) -> None:
    plans = [
        ("120", "development", "none", date(2025, 11, 20)),
        ("10.5", "service", "none", date(2026, 1, 5)),
        ("7", "service", "none", date(2026, 3, 1)),
        ("999", "service", "related", date(2026, 2, 1)),
    ]
    with platform.unit_of_work() as uow:
        engaged.home(uow, people["company"]).region_code = "rongcheng"
        for place, (amount, kind, related, on) in enumerate(plans):
            where = engaged.engagement(
                uow, people["company"], people["researcher"], people["broker"]
            )
            made = engaged.drafted(
                uow,
                people,
                where,
                amount_total=amount,
                deducted_equipment="",
                type=kind,
                payment_mode="lump_sum",
                payments=[],
                related=related,
                related_note="控股" if related == "related" else "",
            )
            engaged.registered(uow, people, made, number=f"2026371000000{place:03d}", on=on)
    with platform.reading() as uow:
        everything = query.ContractFilters()
        assert query.totals(uow, everything).amount == Decimal("137.5")
        quarters = query.by_quarter(uow, everything)
        assert list(quarters) == ["2026-Q1", "2025-Q4"]
        assert quarters["2026-Q1"].amount == Decimal("17.5")
        assert query.by_type(uow, everything)["service"].contracts == 2
        assert query.by_region(uow, everything)["rongcheng"].contracts == 3
        for name, groups in (
            ("quarter", quarters),
            ("type", query.by_type(uow, everything)),
            ("region", query.by_region(uow, everything)),
        ):
            for code, totals in groups.items():
                filters = query.ContractFilters(**{name: code}, counted="yes")
                rows, count = query.listing(uow, filters, limit=None)
                assert count == len(rows) == totals.contracts
                assert sum(row.amount_total for row in rows) == totals.amount
                assert query.totals(uow, filters) == totals
        assert query.years(uow) == (2026, 2025)
        assert query.listing(uow, query.ContractFilters(quarter="2026"), limit=None)[1] == 3
        assert query.listing(uow, query.ContractFilters(counted="no"), limit=None)[1] == 1


def test_the_reward_is_kept_by_the_institution_and_read_by_nobody_else(
    platform: Matchmaker, people: People, engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.drafted(uow, people, engagement, type="transfer")
        entered = clean_reward({"share": "60", "costs": "10"}, "transfer")
        reward_service.enter(
            uow, actor(people["researcher"]), contract_id=made.public_id, reward=entered
        )
        for role in ("company", "broker"):
            with pytest.raises(NotAllowed):
                reward_service.entered(uow, actor(people[role]), made)
            with pytest.raises(NotAllowed):
                reward_service.enter(
                    uow, actor(people[role]), contract_id=made.public_id, reward=entered
                )
        read = reward_service.entered(uow, actor(people["researcher"]), made)
        assert reward_of(service.terms_of(made), read).amount == 54
        assert made.revision == 1  # what the institution enters changes nothing for the others


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("technical_is_total_less_deductions", {"amount_technical": Decimal(99)}),
        ("kind_of_development_only", {"type": "service"}),
        ("registered_with_number", {"number": None, "registered_on": None}),
        ("number_once_registered", {"state": "draft", "signed_on": None}),
        (
            "both_confirmed_the_same_revision",
            {"state": "signed", "number": None, "registered_on": None, "company_confirmed": 7},
        ),
        ("reason_iff_void", {"void_reason": "因为"}),
        ("related_if_declared", {"related_declared": "related"}),
        ("period_in_order", {"ends_on": date(2020, 1, 1)}),
        ("registered_after_signed", {"registered_on": date(2026, 1, 1)}),
        ("number_has_sixteen_digits", {"number": "1"}),
    ],
)
def test_the_database_refuses_what_cannot_be(
    platform: Matchmaker,
    people: People,
    engagement: Engagement,
    name: str,
    values: dict[str, Any],
) -> None:
    with platform.unit_of_work() as uow:
        made = engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
        for column, value in values.items():
            setattr(made, column, value)
        with pytest.raises(IntegrityError, match=name):
            uow.session.flush()
        uow.session.rollback()
    with platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Contract)) == 0
