"""Addresses of the catalogue: whatever they say, they mean something harmless."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from matchmaker.bootstrap import Matchmaker
from matchmaker.web.catalogue.address import QUERY_LENGTH, read_address, read_query
from matchmaker.web.catalogue.pagination import page_count, paginate


@given(st.text(max_size=2_000))
def test_a_query_is_short_printable_and_on_one_line(written: str) -> None:
    query = read_query(written)
    assert len(query) <= QUERY_LENGTH
    assert query == query.strip()
    assert query.isprintable()


def test_any_arguments_make_an_address(platform: Matchmaker) -> None:
    names = ["chain", "cluster", "region", "trl", "money", "sort", "page", "q", "unheard-of"]
    values = st.one_of(
        st.text(max_size=20), st.sampled_from(["-1", "tyres", "4-6", "money", "9" * 40])
    )

    @given(st.dictionaries(st.sampled_from(names), st.lists(values, max_size=3)))
    def read(drawn: dict[str, list[str]]) -> None:
        address = read_address("demand", platform.plan, MultiDict(drawn))
        assert 1 <= address.page <= 100_000
        assert set(address.chosen["chain"]) <= set(platform.plan.chain_by_code)

    read()


def test_unknown_codes_are_left_out_and_known_ones_stand_in_the_order_offered(
    platform: Matchmaker,
) -> None:
    arguments = MultiDict(
        [
            ("trl", "7-9"),
            ("trl", "0-0"),
            ("trl", "1-3"),
            ("chain", "'; DROP TABLE demand"),
            ("page", "x"),
        ]
    )
    address = read_address("demand", platform.plan, arguments)
    assert address.chosen["trl"] == ("1-3", "7-9")
    assert address.chosen["chain"] == ()
    assert address.page == 1


def test_relevance_is_an_order_of_searches_only(platform: Matchmaker) -> None:
    def sort(**arguments: str) -> str:
        return read_address("outcome", platform.plan, MultiDict(arguments)).effective_sort

    assert sort() == "newest"
    assert sort(sort="relevance") == "newest"
    assert sort(q="树脂") == "relevance"
    assert sort(q="树脂", sort="money") == "money"
    assert sort(sort="nonsense") == "newest"


@given(st.integers(0, 5_000), st.integers(1, 50), st.data())
def test_pagination_reaches_every_row(total: int, size: int, data: st.DataObject) -> None:
    pages = page_count(total, size)
    assert (pages - 1) * size < max(1, total) <= pages * size or total == 0
    page = data.draw(st.integers(1, pages))
    made = paginate(total, size, page, str)
    numbers = [link.number for link in made.links if link.number is not None]
    assert numbers == sorted(set(numbers))
    assert {1, page, pages} <= set(numbers)
    assert [link.number for link in made.links if link.current] == [page]
    assert (made.previous is None) == (page == 1)
    assert (made.next is None) == (page == pages)
    assert made.last - made.first + 1 in range(size + 1) or total == 0
