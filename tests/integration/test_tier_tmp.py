from tests.integration.test_tier_surfaces import app, log, world  # noqa: F401
from tests.integration.tier_surfaces import crawl
def test_new(app, world):
    found = crawl(app, world, endpoints=frozenset({"figure.overview","figure.events","figure.targets","figure.report","open_data.show","open_data.records","open_data.counters"}))
    print(found.answers, found.told())
    assert not found.leaks, found.told()
    assert found.answers > 200
