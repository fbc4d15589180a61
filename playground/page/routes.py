"""The page's own addresses: the page, its regions as they change, its styles and script."""

from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from playground.page.conversation import Look
from playground.page.render import Renderer

if TYPE_CHECKING:
    from playground.server import Playground

STATIC = Path(__file__).parent.parent / "static"
# Text from the app is escaped where it is drawn; this holds even if that were forgotten somewhere.
_POLICY = (
    "default-src 'self'; img-src * data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_routes(app: web.Application, playground: "Playground") -> None:
    """Serves the page at /, for the workspace of `playground`; everything people do goes to the control API."""
    workspace = playground.workspace
    renderer = Renderer(workspace, playground.settings.manifest)

    async def page(request: web.Request) -> web.Response:
        look = Look.of(workspace, dict(request.query))
        return web.Response(text=renderer.page(look), content_type="text/html", headers=_HEADERS)

    async def regions(request: web.Request) -> web.Response:
        look = Look.of(workspace, dict(request.query))
        drawn, newest = renderer.regions(look)
        address = {
            "user": look.user.id,
            "at": look.at,
            "tab": look.tab,
            "thread": look.thread or "",
            "depth": look.depth,
        }
        answer = {
            "regions": drawn,
            "newest": newest,
            "look": address,
            "title": renderer.title(look),
            "zone": look.user.tz,
        }
        return web.json_response(answer, headers=_HEADERS)

    app.router.add_get("/", page)
    app.router.add_get("/page/regions", regions)
    app.router.add_static("/static/", STATIC, append_version=False)
