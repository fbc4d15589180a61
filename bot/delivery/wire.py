"""HTTP through libcurl on asyncio's loop: a call costs a third to a half of the processor time that it takes with
aiohttp (decision 0035)."""

import io
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp
import pycurl

SPARE: Final = 64
"""Handles kept for the next calls. A connection is libcurl's to keep, not a handle's."""


class CutOff(aiohttp.ClientError):
    """The call ended without a whole answer. Caught wherever the SDK's own troubles with the network are."""


class Unreached(CutOff):
    """Nothing of it ever left."""


@dataclass(frozen=True)
class Answer:
    """What came back. `lines`: its head, as it came."""

    status: int
    lines: Sequence[bytes]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        named = (line.decode("latin-1").partition(":") for line in self.lines if b":" in line)
        return {name.strip(): value.strip() for name, _, value in named}


class Wire:
    """`connections` at the most, kept open for the calls that follow."""

    def __init__(self, connections: int) -> None:
        self._multi = pycurl.AsyncCurlMulti()
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, connections)
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._spare: list[pycurl.Curl] = []
        self._trusted = ssl.get_default_verify_paths()

    async def post(self, url: str, body: bytes, head: Sequence[str], *, within: float, proxy: str | None) -> Answer:
        """`head`: "Name: value" lines. Raises TimeoutError after `within` seconds, CutOff, and Unreached."""
        curl = self._spare.pop() if self._spare else self._curl()
        lines: list[bytes] = []
        said = io.BytesIO()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.HTTPHEADER, head)
        curl.setopt(pycurl.PROXY, proxy or "")  # "" also keeps libcurl from looking for one by itself
        curl.setopt(pycurl.TIMEOUT_MS, round(within * 1000))
        curl.setopt(pycurl.POSTFIELDSIZE, len(body))
        # Read as a stream that cannot be wound back: libcurl would else send it anew, by itself, when a kept
        # connection turns out to be closed, and Slack may have read the first.
        curl.setopt(pycurl.READFUNCTION, io.BytesIO(body).read)
        curl.setopt(pycurl.WRITEFUNCTION, said.write)
        curl.setopt(pycurl.HEADERFUNCTION, lines.append)
        try:
            await self._multi.add_handle(curl)
        except pycurl.error as error:
            if error.args[0] == pycurl.E_OPERATION_TIMEDOUT:
                raise TimeoutError from None
            kind = CutOff if curl.getinfo(pycurl.REQUEST_SIZE) else Unreached
            raise kind(f"libcurl {error.args[0]}") from None
        answer = Answer(curl.getinfo(pycurl.RESPONSE_CODE), lines, said.getvalue())
        if len(self._spare) < SPARE:
            self._spare.append(curl)
        return answer

    async def close(self) -> None:
        await self._multi.aclose()
        for curl in self._spare:
            curl.close()

    def _curl(self) -> pycurl.Curl:
        """Trusts whom Python trusts: the system's authorities, or those that SSL_CERT_FILE names."""
        curl = pycurl.Curl()
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.NOSIGNAL, 1)
        for option, path in (pycurl.CAINFO, self._trusted.cafile), (pycurl.CAPATH, self._trusted.capath):
            if path is not None:
                curl.setopt(option, path)
        return curl
