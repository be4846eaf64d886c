"""Behind a reverse proxy: the one that is named is believed about who asks and how, and nobody else."""

import re
import ssl
from collections.abc import Iterator

import httpx
import pytest
from tests.integration.cli.certificates import certificate
from tests.integration.cli.program import Browser, Program, inside, trustdesk
from tests.integration.cli.proxy import ADDRESS, proxied
from tests.ports import free_port

pytestmark = pytest.mark.slow
HOST = "desk.example.org"
FORGED = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
ATTEMPTS = 10  # wrong sign-ins a minute from one address


class _ToTheProxy(httpx.BaseTransport):
    """A name server that knows where the desk is."""

    def __init__(self, port: int, inner: httpx.HTTPTransport) -> None:
        self._port = port
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        place = request.url.copy_with(host="127.0.0.1", port=self._port)
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                place,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            ),
        )

    def close(self) -> None:
        self._inner.close()


class Front:
    """The program behind its proxy, and browsers that ask from addresses of their own."""

    def __init__(self, program: Program, port: int, trusted: ssl.SSLContext, link: str) -> None:
        self.program = program
        self.link = link
        self._port = port
        self._trusted = trusted

    def browser(self, source: str = "127.0.0.1") -> httpx.Client:
        transport = httpx.HTTPTransport(verify=self._trusted, local_address=source)
        return httpx.Client(base_url=f"https://{HOST}", transport=_ToTheProxy(self._port, transport))

    def direct(self, source: str) -> httpx.Client:
        transport = httpx.HTTPTransport(local_address=source)
        return httpx.Client(base_url=f"http://127.0.0.1:{self.program.port}", transport=transport)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("proxy")
    home, port = folder / "var", free_port()
    made = trustdesk(home, "init", "--email", "a@example.org", "--name", "A", "--address", f"https://{HOST}")
    assert made.returncode == 0, made.stderr
    link = re.search(rf"https://{re.escape(HOST)}(/sign-in/start/\S+)", made.stdout)
    assert link is not None, made.stdout
    with (home / "settings.toml").open("a") as settings:
        settings.write(f'proxy = "{ADDRESS}"\n')
    program = Program(home, demo=False)
    pem, key = certificate(folder)
    program.start()
    try:
        with proxied(port, program.port, pem, key):
            yield Front(program, port, ssl.create_default_context(cafile=str(pem)), link[1])
        assert program.stop() == 0, program.printed()
    finally:
        program.end()


def token(page: httpx.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def test_people_reach_it_under_its_own_name_and_https(front: Front) -> None:
    assert f"https://{HOST}" in front.program.printed()
    with front.browser() as browser:
        page = browser.get(front.link, follow_redirects=True)
        assert page.status_code == httpx.codes.OK
        assert "max-age" in page.headers["Strict-Transport-Security"]
        given = [cookie for answer in (*page.history, page) for cookie in answer.headers.get_list("Set-Cookie")]
        assert given
        assert all("Secure" in cookie for cookie in given)
        secret = {"password": "correct-horse-battery", "again": "correct-horse-battery"}
        sent = browser.post(
            page.url,
            data={**secret, "csrfmiddlewaretoken": token(page)},
            headers={"Referer": f"https://{HOST}/sign-in/accept/"},
        )
        assert sent.status_code == httpx.codes.FOUND, sent.text
        assert sent.headers["Location"] == "/sign-in/second-factor/"


def test_a_stream_is_passed_on_as_it_is_made(front: Front) -> None:
    """What changes is told at once, through the proxy too, to somebody who signed in through it."""
    invented = "draw_sign_ins(home()); load(home(), print)"
    doors = "from trustdesk.demo.load import load; from trustdesk.demo.people import draw_sign_ins;"
    home = "from trustdesk.server.home import current_home as home;"
    inside(front.program.home, f"{doors} {home} {invented}", TRUSTDESK_DEMO="true")
    with front.browser() as client:
        client.follow_redirects = True
        browser = front.program.sign_in(Browser(str(client.base_url), client), "supervisor@demo.example")
        browser.choose()
        page = browser.tried("people.csv", b"Name\nSomebody Streamed\n", columns={"column_0": "name"})
        live = httpx.URL(page).copy_with(query=None).join("live/").path
        with client.stream("GET", live, timeout=20) as stream:
            assert stream.headers["X-Accel-Buffering"] == "no"
            lines = stream.iter_lines()
            assert "event: changed" in (next(lines), next(lines), next(lines))


@pytest.mark.parametrize("headers", [{}, FORGED])
def test_what_did_not_come_through_the_proxy_is_refused(front: Front, headers: dict[str, str]) -> None:
    for source in ("127.0.0.1", "127.0.0.5"):
        with front.direct(source) as stranger:
            for answer in (
                stranger.get("/sign-in/", headers=headers),
                stranger.get("/static/design/design.css", headers=headers),
                stranger.post("/sign-in/", data={"login": "a@example.org"}, headers=headers),
            ):
                assert answer.status_code == httpx.codes.FORBIDDEN
                assert "through its proxy" in answer.text
                assert "Set-Cookie" not in answer.headers


def test_a_throttle_counts_the_person_and_not_the_proxy(front: Front) -> None:
    """Whoever claims another address each time is still one; a neighbor behind the same proxy is not locked out."""
    refused = [wrong_sign_in(front, "127.0.0.7", number) for number in range(ATTEMPTS + 2)]
    assert refused == [False] * ATTEMPTS + [True, True]
    assert not wrong_sign_in(front, "127.0.0.8", 0)


def wrong_sign_in(front: Front, source: str, number: int) -> bool:
    """True where too many attempts were the answer."""
    with front.browser(source) as browser:
        page = browser.get("/sign-in/")
        answer = browser.post(
            "/sign-in/",
            data={
                "csrfmiddlewaretoken": token(page),
                "login": f"{source}-{number}@example.org",
                "password": "wrong-wrong-wrong",
            },
            headers={"Referer": f"https://{HOST}/sign-in/", "X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert answer.status_code == httpx.codes.OK
    return "Too many" in answer.text
