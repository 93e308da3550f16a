"""Labeling functions for `priority`: how soon must someone act?"""

from collections.abc import Sequence
from typing import Any

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "priority"


def cue(*any_of: str, negation: int = 0, words: tuple[int, int] = (0, 0)) -> Pattern:
    return Pattern(any_of=any_of, negation=negation, words=words)


REPLY_PLEASED = lexicon("priority_reply_pleased")
WARM = "re:[❤💙💚💛💜💕😍😘🥰♥💖💗😊😀😁😃😄☺👍👌🎉✨🙌👏✈😎🤗😋🤓]|[:;]-?\\)|<3"
TOMORROW = ("tomorrow*", "tmrw", "2mrw", "tmr")
INBOX = ("dm", "dms", "pm", "inbox", "direct message", "my message*", "check your")
HELP_DESK = r"re:@\w*(?:help|support|cares?\b|ask|assist)\w*"

# What a tweet may show of its priority; the prototypes weigh it, the functions below vote on some of it.
CUES = {
    # what it is about
    "faults": cue(*lexicon("priority_faults")),
    "gadgets": cue(*lexicon("priority_gadgets")),
    "content": cue(*lexicon("priority_content")),
    "attempts": cue(*lexicon("priority_attempts")),
    "orders": cue(*lexicon("priority_orders")),
    "missing_things": cue(*lexicon("priority_missing_things")),
    "money": cue(*lexicon("priority_money")),
    "accounts": cue(*lexicon("priority_accounts")),
    "security": cue(*lexicon("priority_security")),
    "unwanted_charges": cue(*lexicon("priority_unwanted_charges")),
    "outages": cue(*lexicon("priority_outages")),
    "journeys": cue(*lexicon("priority_journeys")),
    "cancelled": cue(*lexicon("priority_cancelled")),
    "delays": cue(*lexicon("priority_delays")),
    "stranded": cue(*lexicon("priority_stranded")),
    "journey_trouble": cue(*lexicon("priority_journey_trouble")),
    "safety": cue(*lexicon("priority_safety")),
    "events": cue(*lexicon("priority_events")),
    "meals": cue(*lexicon("priority_meals")),
    "help_desk": cue(HELP_DESK),
    "mine": cue("my", "our", "mine"),
    "flight_number": cue(r"re:\b(?:flight|flt|train) ?#?\w{0,2} ?\d{2,4}\b|\b(?-i:[A-Z]{2})\d{3,4}\b"),
    # how it is told
    "requests": cue(*lexicon("priority_requests")),
    "asks_why": cue(*lexicon("priority_asks_why")),
    "own_questions": cue(*lexicon("priority_own_questions")),
    "general_questions": cue(*lexicon("priority_general_questions")),
    "silence": cue(*lexicon("priority_silence")),
    "unanswered": cue(*lexicon("priority_unanswered")),
    "contacts": cue(*lexicon("priority_contacts")),
    "repeats": cue(*lexicon("priority_repeats")),
    "again": cue(*lexicon("priority_again")),
    "many_days": cue(*lexicon("priority_many_days")),
    "hours": cue(*lexicon("priority_hours")),
    "urgent": cue(*lexicon("priority_urgent")),
    "presses": cue(*lexicon("priority_presses")),
    "leaving": cue(*lexicon("priority_leaving")),
    "gone": cue(*lexicon("priority_gone")),
    "legal": cue(*lexicon("priority_legal")),
    "vents": cue(*lexicon("priority_vents")),
    "sweeping": cue(*lexicon("priority_sweeping")),
    "others": cue(*lexicon("priority_others")),
    "one_case": cue(*lexicon("priority_one_case")),
    "suggestions": cue(*lexicon("priority_suggestions")),
    "chat": cue(*lexicon("priority_chat")),
    "solved": cue(*lexicon("priority_solved")),
    "answers": cue(*lexicon("priority_answers")),
    "praise": cue(*lexicon("priority_praise"), negation=2),
    "thanks": cue(*lexicon("priority_thanks")),
    "inbox": cue(*INBOX),
    "tomorrow": cue(*TOMORROW),
    "today": cue("today", "tonight", "this morning", "this evening", "this afternoon"),
    "now": cue("now"),
    "need": cue("need"),
    "not": cue(r"re:\b(?:not|no|never|none|nothing|nobody)\b|n['’]t\b"),
    "warm": cue(WARM),
    "cold": cue("re:[😡😠😤😒😑🙄😩😫😭😢😞😔🤬👎😕☹🙁💔🤦]|:-?\\("),
    "exclaims": cue("!"),
    "insists": cue(r"re:!!|\?!|!\?|\?\?"),
    "brief": cue(words=(1, 11)),
}  # fmt: skip


def cues(*names: str) -> tuple[str, ...]:
    """The phrases of several cues, each once."""
    return tuple(dict.fromkeys(phrase for name in names for phrase in CUES[name].any_of))


PRESSING = (*cues("outages", "security", "stranded", "unanswered", "urgent", "leaving"), *TOMORROW)
PLEASED = cues("praise", "thanks", "chat", "suggestions")
OPEN = cues(
    "faults", "attempts", "requests", "delays", "missing_things", "asks_why", "accounts", "silence", "events"
)  # fmt: skip


def act_now(name: str, cue: str, *all_of: Sequence[str], unless: Sequence[str] = ()) -> PatternLF:
    """An LF for `high` on a lexicon, where one phrase of each further group is there too."""
    return PatternLF(name, label="high", any_of=cues(cue), all_of=all_of, unless=(*cues("thanks"), *unless))


def open_case(name: str, any_of: Sequence[str], *all_of: Sequence[str]) -> PatternLF:
    """An LF for `medium` that leaves what presses to `high` and what pleases to `low`."""
    return PatternLF(name, label="medium", any_of=any_of, all_of=all_of, unless=(*PRESSING, *PLEASED))


def idle(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `low` that abstains where a word tells of something open."""
    return PatternLF(name, label="low", any_of=any_of, unless=(*unless, *OPEN, *PRESSING), **options)


LFS = [
    # high: safety, security, time running out, service down, nobody answers, about to leave
    act_now("says_urgent", "urgent"),
    act_now("stranded", "stranded"),
    act_now("travels_tomorrow", "journeys", TOMORROW, ("?", *OPEN)),
    act_now("needs_it_tomorrow", "tomorrow", ("my", "i", "need", "we"), unless=PLEASED),
    act_now(
        "outage", "outages", ("my", "i", "we", "our", "still", "again", HELP_DESK), unless=cues("journeys")
    ),
    act_now("break_in_or_fraud", "security"),
    act_now("money_taken", "unwanted_charges", cues("money"), ("my", "me", "i")),
    act_now("nobody_answers", "unanswered"),
    act_now("nobody_answers_for_days", "unanswered", (*cues("many_days", "contacts", "repeats"), "still")),
    act_now("wrote_again_and_again", "contacts", cues("repeats")),
    act_now("wrote_in_vain", "contacts", (*cues("unanswered"), "still")),
    act_now(
        "waits_for_days", "many_days", ("still", "yet", "waiting", "not", "no", "never", *cues("silence"))
    ),
    act_now("late_by_hours", "hours", cues("delays")),
    act_now("late_journey_by_hours", "hours", cues("delays"), cues("journeys")),
    act_now("about_to_leave", "leaving"),
    act_now("about_to_leave_over_a_fault", "leaving", OPEN),
    act_now("unsafe", "safety"),
    # medium: an open problem or request
    open_case("faults", cues("faults")),
    open_case("fault_of_a_gadget", cues("faults"), cues("gadgets")),
    open_case("cannot_do_it", cues("attempts"), cues("gadgets")),
    open_case("gadget_and_help_desk", cues("gadgets"), (HELP_DESK,)),
    open_case("asks_why", cues("asks_why")),
    open_case("asks_to_fix", ("fix", "fixed", "sort", "resolve*", "explain", "solve")),
    open_case("asks_for_help", ("help", "assist", "please", "can you", "could you"), ("my", "i", "me")),
    open_case("order_is_late_or_wrong", cues("orders"), cues("missing_things", "delays", "faults")),
    open_case("wrote_a_message", INBOX),
    open_case("waits_on_hold", ("on hold", "on the phone", "callback", "call back", "chat")),
    # low: praise, thanks, chat, opinion, suggestion, a question with no matter behind it
    PatternLF(
        "praises",
        label="low",
        any_of=cues("praise"),
        negation=2,
        unless=("?", "but", *cues("attempts", "vents")),
    ),
    idle("praises_and_nothing_open", *cues("praise"), negation=2),
    idle("thanks_and_nothing_open", *cues("thanks"), unless=("?", "please")),
    PatternLF(
        "thanks_for_something",
        label="low",
        any_of=("thank* for", "thank* you for", "thanks to", "thank you to", "thank* @*", "thank you @*"),
        unless=("?", "nothing", "ruin*", "cancel*", "not", "losing", *cues("faults", "delays", "vents")),
    ),
    idle("warm_emoji", WARM, unless=("?",)),
    idle("chats", *cues("chat")),
    idle("suggests", *cues("suggestions")),
    idle("asks_in_general", *cues("general_questions"), all_of=("?",), unless=("my",)),
    idle("sweeping_vent", *cues("vents"), unless=("my", "today", "now", "this", "?", "i", "we")),
    idle("vents_about_service", *cues("sweeping"), unless=("my", "today", "now", "?", "our")),
    idle("settled", *cues("solved"), unless=("?", "my", "not")),
    idle("talks_about_others", *cues("others"), unless=("?", "my", "our", "me")),
    idle("exclaims", "!", unless=("?", *cues("vents"), "my")),
    idle("about_not_to", "re:^[^@]", unless=("?", *cues("gadgets"))),
    idle("few_words", "re:.", words=(1, 8)),
    idle(
        "nothing_open", "re:.", unless=("?", *cues("mine", "not", "money", "orders", "gadgets", "contacts"))
    ),
    idle("meals", *cues("meals")),
    PatternLF(
        "reply_is_pleased",
        label="low",
        field="brand_reply",
        any_of=REPLY_PLEASED,
        unless=("sorry", "apolog*", "?"),
    ),
    PatternLF(
        "reply_takes_note",
        label="low",
        field="brand_reply",
        any_of=("feedback", "pass", "share", "comments", "feel", "expect"),
        unless=("dm", "?"),
    ),
    PatternLF(
        "reply_troubleshoots",
        label="medium",
        field="brand_reply",
        any_of=(
            "version", "device", "restart*", "browser", "which app", "are you using", "tried",
            "what happens", "error", "steps",
        ),
    ),
]
