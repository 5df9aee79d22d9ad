"""What a stranger on the network may not do through the one door."""
import http.client

import pytest

from running_city import PORT


def ask(method, path, body=None, headers=None):
    """The bare status: urllib would tidy the path up."""
    connection = http.client.HTTPConnection("127.0.0.1", int(PORT), timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("prefix", ["", "/registry", "/disclosure", "/patrol", "/notification", "/parent"])
@pytest.mark.parametrize("path", ["/health/ready", "/metrics", "/internal/video/authorize", "/log/tile/entries/000"])
def test_operators_pages_stay_inside(city, prefix, path):
    assert ask("GET", prefix + path) == 404


@pytest.mark.parametrize(
    "path", ["/parent//login", "/parent/login/", "/registry//login", "//registry/login", "/registry/v1//tokens"])
def test_no_way_around_the_limit_of_log_in(city, path):
    assert ask("POST", path, "account=x&password=y", {"Content-Type": "application/x-www-form-urlencoded"}) == 404


@pytest.mark.parametrize("path", ["/registry/login", "/disclosure/", "/parent/login", "/notification/inbox"])
def test_large_bodies_are_refused_before_they_are_stored(city, path):
    assert ask("POST", path, b"x" * 400_000, {"Content-Type": "application/x-www-form-urlencoded"}) == 413


@pytest.mark.parametrize(
    "path", ["/patrol/", "/patrol/api/v1/problems", "/notification/inbox", "/parent/school", "/registry/canteens"])
def test_nobody_reads_without_signing_in(city, path):
    assert ask("GET", path, headers={"Accept": "application/json"}) == 401
    assert ask("GET", path, headers={"Accept": "application/json", "Authorization": "Bearer x.y.z"}) == 401


@pytest.mark.parametrize("path", ["/video/live/x/y/index.m3u8", "/video/live/../44078400111327000001/index.m3u8",
                                  "/video/live/%2e%2e/44078400111327000001/seg-000001.ts"])
def test_video_is_served_to_nobody_without_a_session(city, path):
    assert ask("GET", path) in (400, 401, 403, 404)
