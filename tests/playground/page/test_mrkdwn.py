"""mrkdwn and dates as a reader sees them, and never a way to smuggle HTML."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.page import markdown, mrkdwn
from playground.page.dates import Dates
from playground.page.mrkdwn import Reader

# Tuesday, 18 February 2014, 14:39:42 UTC: the instant of Slack's own examples.
UNIX = 1392734382


class Names:
    def user(self, user_id: str) -> str:
        return {"UMAYA0001": "Maya Okafor"}.get(user_id, user_id)

    def channel(self, channel_id: str) -> str:
        return {"C0WINS001": "wins"}.get(channel_id, channel_id)


def reader(zone: str = "Europe/Berlin", locale: str = "en-GB", now: datetime | None = None) -> Reader:
    return Reader("UMAYA0001", Dates(ZoneInfo(zone), locale, now or datetime(2014, 2, 18, 20, tzinfo=UTC)), Names())


def shown(text: str) -> str:
    return str(mrkdwn.html(text, reader())).replace('<span class="line">', "").replace("</span>", "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("`*as is* <b>`", "<code>*as is* &lt;b&gt;</code>"),
        ("```\na < b\n```", "<pre>a &lt; b</pre>"),
        ("> quoted\n&gt; twice", "<blockquote>quoted<br>twice</blockquote>"),
        ("<script>alert(1)</script>", "scriptalert(1)/script"),
        ("&lt;!channel&gt; &amp; co", "&lt;!channel&gt; &amp; co"),
        ("<javascript:alert(1)|click>", "click"),
        (
            "<https://example.com/?a=1&amp;b=2|*there*>",
            '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener">*there*</a>',
        ),
        ("*<@UMAYA0001>*", '<strong><span class="mention own">@Maya Okafor</strong>'),
        ("<#C0WINS001>", '<a class="mention" href="#" data-open="C0WINS001">#wins</a>'),
        ("<!here>", '<span class="mention loud">@here'),
        (":tada: :no_such_thing:", '<span role="img" aria-label="tada">🎉 :no_such_thing:'),
        ("<!date^nonsense^{date}|later>", "later"),
        ("\ue0000\ue001", "0"),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    assert shown(text) == html


def test_lists_hang() -> None:
    assert '<span class="bullet">•</span><span>one</span>' in str(mrkdwn.html("• one\n• two", reader()))


@pytest.mark.parametrize(
    ("template", "american", "british"),
    [
        ("{date_num}", "2014-02-18", "2014-02-18"),
        ("{date}", "February 18th", "18 February"),
        ("{date_short}", "Feb 18", "18 Feb"),
        ("{date_long}", "Tuesday, February 18th", "Tuesday, 18 February"),
        ("{date_pretty} at {time}", "today at 9:39 AM", "today at 15:39"),
        ("{date_short_pretty}", "today", "today"),
        ("{time_secs}", "9:39:42 AM", "15:39:42"),
        ("{ago}", "5 hours ago", "5 hours ago"),
    ],
)
def test_every_date_token_in_the_readers_zone(template: str, american: str, british: str) -> None:
    assert reader("America/New_York", "en-US").dates.fill(template, UNIX) == american
    assert reader("Europe/Berlin", "en-GB").dates.fill(template, UNIX) == british


def test_a_date_token_carries_its_instant() -> None:
    html = str(mrkdwn.html(f"next: <!date^{UNIX}^{{date_long_pretty}} {{time}}|soon>", reader()))
    assert f'<time datetime="2014-02-18T15:39+01:00" data-unix="{UNIX}">today 15:39</time>' in html


def test_days_around_now_have_names_in_the_readers_own_calendar() -> None:
    # 23:30 in Berlin on the 17th is still the 17th in New York.
    late = int(datetime(2014, 2, 17, 22, 30, tzinfo=UTC).timestamp())
    assert reader("Europe/Berlin").dates.fill("{date_pretty}", late) == "yesterday"
    far = datetime(2016, 2, 18, tzinfo=UTC)
    assert reader(now=far).dates.fill("{date}", UNIX) == "18 February 2014"


class Audit(HTMLParser):
    """Holds the rendered HTML to the few tags and attributes that we write."""

    tags: ClassVar = {
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "br",
        "span",
        "a",
        "time",
        "p",
        "ul",
        "ol",
        "li",
    }
    tags |= {f"h{n}" for n in range(1, 7)}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.tags
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "href" or (value or "").split(":")[0].lower() in {
                "#",
                "http",
                "https",
                "mailto",
                "slack",
                "tel",
            }


NASTY = st.text(alphabet=st.sampled_from(list("<>&\"'`*_~|!@#^:/ \nabjs=()[]{}>-•\ue000\ue0011")), max_size=80)


@given(NASTY)
def test_whatever_is_typed_the_page_stays_ours(text: str) -> None:
    for html in (mrkdwn.html(text, reader()), mrkdwn.plain(text), markdown.html(text)):
        Audit().feed(str(html))


def test_markdown_blocks() -> None:
    text = "# Title\nSome **bold**, *slanted* and [a link](https://example.com).\n- one\n- two\n\n> so\n```\n<x>\n```"
    assert str(markdown.html(text)) == (
        '<h3>Title</h3><p>Some <strong>bold</strong>, <em>slanted</em> and <a href="https://example.com" '
        'target="_blank" rel="noopener">a link</a>.</p><ul><li>one</li><li>two</li></ul><blockquote>so<br></blockquote>'
        "<pre>&lt;x&gt;\n</pre>"
    )
