"""The check-in as a script would write it: the same 2 KB as the buddy's, as plain dicts, built for each sending."""

from typing import Any, Final

WORDS: Final = "Finish the first draft of the quarterly report and send it to Jonas for a quick look"
NEXT_STEP: Final = "Write the two paragraphs about what changed since spring"
PLAN: Final = "When I have closed the morning's mail, then I open the draft before anything else"
DUE_DAY: Final = "2027-01-15"


def message(number: int) -> dict[str, Any]:
    """Arguments of chat.postMessage for the member with this number."""
    choices = ("done", "Done"), ("moving", "Moving"), ("not_yet", "Not yet")
    menu = (
        ("not_today", "Not today"),
        ("revise", "Change"),
        ("pause", "Pause"),
        ("let_go", "Let go"),
    )
    return {
        "channel": f"D{number}",
        "text": f"“{WORDS} {number}”: how did it go?",
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "buddy_delivery", "event_payload": {"id": f"{number:032x}"}},
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*“{WORDS} {number}”*: how did it go?"}},
            {
                "type": "context",
                "elements": [
                    {
                        "type": "mrkdwn",
                        "text": f"by Fri 15 January · next: “{NEXT_STEP}” · your plan: “{PLAN}” Did it come up?",
                    }
                ],
            },
            {
                "type": "actions",
                "elements": [
                    *(
                        {
                            "type": "button",
                            "text": {"type": "plain_text", "text": label, "emoji": True},
                            "action_id": f"check_in.answer:{number}:{answer}",
                            "accessibility_label": f"{label}: {WORDS} {number}"[:75],
                        }
                        for answer, label in choices
                    ),
                    {
                        "type": "overflow",
                        "action_id": f"check_in.more:{number}:{number}",
                        "options": [
                            {"text": {"type": "plain_text", "text": label, "emoji": True}, "value": value}
                            for value, label in menu
                        ],
                    },
                ],
            },
        ],
    }
