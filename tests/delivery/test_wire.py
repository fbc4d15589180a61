"""What goes out over libcurl arrives once or not at all, within its time, and only where it may."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.clock import SystemClock
from bot.delivery.wire import Answer, CutOff, Unreached, Wire

OK = b"HTTP/1.1 200 OK\r\nX-Seen: yes\r\nContent-Length: 2\r\n\r\n{}"
BODY = b"x" * 3000

Serve = Callable[[int, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Reads whole requests, and leaves the answer to `serve`, which is told how many came before."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self.bodies: list[bytes] = []
        self.connections = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                self.bodies.append(await reader.readexactly(length))
                await self._serve(len(self.bodies) - 1, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def _served(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Server, str]]:
    server = Server(serve)
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    try:
        port = listening.sockets[0].getsockname()[1]
        yield server, f"http{'s' if tls else ''}://127.0.0.1:{port}/"
    finally:
        listening.close()  # and no more: from Python 3.12 on, waiting is for the wire's own connections too


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    made = Wire(2)
    yield made
    await made.close()


async def _post(wire: Wire, url: str, within: float = 5.0) -> Answer:
    return await wire.post(url, BODY, ["Content-Type: text/plain", "Expect:"], within=within, proxy=None)


async def _answer(_number: int, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)


async def test_a_connection_is_used_again(wire: Wire) -> None:
    async with _served(_answer) as (server, url):
        for _ in range(3):
            answer = await _post(wire, url)
        assert (answer.status, answer.body, answer.headers["X-Seen"]) == (200, b"{}", "yes")
        assert (server.bodies, server.connections) == ([BODY] * 3, 1)


async def test_no_more_connections_than_allowed(wire: Wire) -> None:
    async with _served(_answer) as (server, url):
        await asyncio.gather(*(_post(wire, url) for _ in range(20)))
        assert len(server.bodies) == 20
        assert server.connections <= 2


async def test_what_was_read_before_a_kept_connection_broke_is_not_sent_again(wire: Wire) -> None:
    """By itself libcurl tries again on a new connection. Whoever was written to may have acted on the first."""

    async def cut_the_second(number: int, writer: asyncio.StreamWriter) -> None:
        if number == 1:
            writer.transport.abort()
        else:
            writer.write(OK)

    async with _served(cut_the_second) as (server, url):
        await _post(wire, url)
        with pytest.raises(CutOff) as broken:
            await _post(wire, url)
        assert not isinstance(broken.value, Unreached)
        assert server.bodies == [BODY] * 2
        assert (await _post(wire, url)).status == 200


async def test_a_proxy_is_used_where_one_is_named_and_nowhere_else(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """libcurl would look for one by itself; which one holds is the SDK's to say."""
    async with _served(_answer) as (proxy, proxy_url), _served(_answer) as (server, url):
        await wire.post("http://slack.invalid/", BODY, ["Expect:"], within=5.0, proxy=proxy_url)
        monkeypatch.setenv("http_proxy", proxy_url)
        await _post(wire, url)
        assert (proxy.bodies, server.bodies) == ([BODY], [BODY])


async def test_half_an_answer_is_none(wire: Wire) -> None:
    async def half(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(OK[:-1])
        writer.close()

    async with _served(half) as (_, url):
        with pytest.raises(CutOff):
            await _post(wire, url)


async def test_nobody_there(wire: Wire) -> None:
    async with _served(_answer) as (_, url):
        pass
    with pytest.raises(Unreached):
        await _post(wire, url)


async def test_time_is_up(wire: Wire) -> None:
    async def say_nothing(_number: int, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with _served(say_nothing) as (_, url):
        with pytest.raises(TimeoutError):
            await _post(wire, url, within=0.05)


async def test_who_gives_up_leaves_the_others_alone(wire: Wire) -> None:
    came, go = asyncio.Event(), asyncio.Event()

    async def wait(_number: int, writer: asyncio.StreamWriter) -> None:
        came.set()
        await go.wait()
        writer.write(OK)

    async with _served(wait) as (_, url):
        given_up = asyncio.create_task(_post(wire, url))
        await came.wait()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        go.set()
        assert (await _post(wire, url)).status == 200


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_only_whom_the_system_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(_certificate(tmp_path / "server.pem"))
    own = tmp_path / "server.pem" if is_trusted else _certificate(tmp_path / "other.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    wire = Wire(1)
    async with _served(_answer, tls) as (server, url):
        if is_trusted:
            assert (await _post(wire, url)).status == 200
        else:
            with pytest.raises(Unreached):
                await _post(wire, url)
            assert not server.bodies
        await wire.close()


def _certificate(path: Path) -> Path:
    """A key, and a certificate for this machine that vouches for itself."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), SystemClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
