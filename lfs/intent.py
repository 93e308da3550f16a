"""Labeling functions for the task intent: what the author of a tweet wants done."""

from functools import lru_cache
from typing import Any, NamedTuple

from snorkel.labeling import LabelingFunction

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "intent"

# Requests, each made of smaller lexicons that have a labeling function of their own.
REFUND = ("refund", "refunded", "refunds", "refunding", "reimburs*", "re-imburs*")
MONEY_BACK = (
    "money back", "moneyback", "my money", "hard earned money", "pay me back", "reverse my", "cash back",
    r"re:\b(?:get|give|want|need|return|release|have|where|recover\w*)\b.{0,25}\bmy (?:\w+ )?"
    r"(?:money|funds?|cash)\b",
)
COMPENSATION = lexicon("intent_compensation")
CHARGES, PAYMENTS = lexicon("intent_charges"), lexicon("intent_payments")
CANCEL, RETURN = lexicon("intent_cancel"), lexicon("intent_return")
NOT_CANCEL = lexicon("intent_not_cancel")
SIGN_IN, PASSWORDS = lexicon("intent_sign_in"), lexicon("intent_passwords")
LOCKED, DETAILS = lexicon("intent_locked"), lexicon("intent_details")
CHANGES, REBOOKING = lexicon("intent_booking_changes"), lexicon("intent_rebooking")
SEATS = lexicon("intent_seats")
WHERE, PARCEL, LATE = lexicon("intent_where"), lexicon("intent_parcel"), lexicon("intent_late")
NO_ANSWER, ANSWER = lexicon("intent_no_answer"), lexicon("intent_answer")
MESSAGE, CONTACT = lexicon("intent_message"), lexicon("intent_contact")
HOLD, CASE, HELP = lexicon("intent_hold"), lexicon("intent_case"), lexicon("intent_help")
FAULT, DEVICE, TECH = lexicon("intent_fault"), lexicon("intent_device"), lexicon("intent_tech")
WISH, HOW_TO = lexicon("intent_wish"), lexicon("intent_how_to")
ALLOWED, AVAILABILITY = lexicon("intent_allowed"), lexicon("intent_availability")
MEANING = lexicon("intent_meaning")
BAD, STRONG, GRIPE = lexicon("intent_bad"), lexicon("intent_strong"), lexicon("intent_gripe")
PRAISE, CHAT, REQUESTS = lexicon("intent_praise"), lexicon("intent_chat"), lexicon("intent_requests")

# What a tweet may show of its intent; the prototypes weigh it, the functions below vote on some of it.
CUES = {
    name: Pattern(phrases)
    for name, phrases in {
        "refund": REFUND, "money_back": MONEY_BACK, "compensation": COMPENSATION, "charges": CHARGES,
        "payments": PAYMENTS, "cancel": CANCEL, "sends_back": RETURN, "sign_in": SIGN_IN,
        "passwords": PASSWORDS, "locked": LOCKED, "details": DETAILS, "changes": CHANGES,
        "rebooking": REBOOKING, "seats": SEATS, "where": WHERE, "parcel": PARCEL, "late": LATE,
        "no_answer": NO_ANSWER, "answer": ANSWER, "message": MESSAGE, "contact": CONTACT, "hold": HOLD,
        "case": CASE, "asks_help": HELP, "fault": FAULT, "device": DEVICE, "tech": TECH, "wish": WISH,
        "how_to": HOW_TO, "allowed": ALLOWED, "availability": AVAILABILITY, "meaning": MEANING, "bad": BAD,
        "strong": STRONG, "gripe": GRIPE, "praise": PRAISE, "chat": CHAT, "requests": REQUESTS,
    }.items()
}  # fmt: skip

MONEY = (*REFUND, "money back", "my money", "charged", "overcharg*", "compensat*")
ACCOUNT = (*SIGN_IN, *PASSWORDS, *LOCKED, *DETAILS)
ASK = (*HOW_TO, *ALLOWED, *AVAILABILITY, *MEANING)
REPLY = (*NO_ANSWER, *ANSWER, *MESSAGE, *CONTACT, *HOLD, *CASE)
QUESTION = "re:\\?"
ENDS_ASKING = r"re:\?(?:\s|http|@\w+|#\w+|[^\w\s])*$"
# What takes a tweet out of praise, thanks and plain questions.
TURN = ("but", "not", "no", "can't", "won't", "don't", "didn't", "still", "yet", "never", "why")
TROUBLE = ("issue*", "problem*", "fix*", "delay*", "cancel*", "lost", "wrong", "error*", "help with", "wtf")
SOUR = (*TURN, *TROUBLE, "should", "would", "waiting", "hour*", "late", "need*", "sorry", "wish", QUESTION)
THANKS = ("thank", "thanks", "thankyou", "thx", "thanx", "tysm", "cheers", "#thank*", "appreciate*")
FOR_THIS = (
    r"re:\b(?:thanks|thank (?:you|u)|thx|cheers|kudos|props|shout ?-?out|s/o)\b(?: (?:so|very) much)?,?"
    r" (?:for|to|@\w)"
)
FALSE_THANKS = (
    "re:thank(?:s| you) for (?:nothing|ruin|wast|not|making me|the delay|delay|cancel|los|break|leav)",
    "no thanks", "no thank you", "thanks a lot", "thanks to you", "thanks in advance",
)
POSITIVE = lexicon("intent_positive")
HEARTS = "re:[❤💙💕💖💛💜👏👍🙌😍😘😊👌💯🙏😁😀]"
SCOWLS = "re:[😡🤬😠😤🙄😒🖕👎💩🤢🤮😑]"
BROKEN = (
    r"re:n['’]?t (?:\w+ )?(?:work|load|open|play|connect|let|turn|show|download|update|start|find|see|access"
    r"|use|get|send|receive|sync|log|hear|make|type|charge|respond)",
    r"re:\b(?:can['’]?t|cannot|won['’]?t|unable|error|crash\w*|freez\w*|froze|slow|broke\w*|down|issues?"
    r"|problems?|fix\w*|glitch\w*|bugs?|keeps?|messed|stuck|drain\w*|fail\w*|lag\w*|weird|disappear\w*|wrong|restart\w*"
    r"|no longer|stop\w*|dead|dies|die)\b",
)
# Brands of devices, software and networks: what is wrong with them is a fault rather than a vent.
MAKERS = (
    r"re:@(?:AppleSupport|ATVIAssist|AskPlayStation|XboxSupport|AdobeCare|HPSupport|MicrosoftHelps|SpotifyCares"
    r"|hulu_support|comcastcares|Ask_Spectrum|CoxHelp|DropboxSupport|NortonSupport|AzureSupport|VerizonSupport"
    r"|NikeSupport|CenturyLinkHelp)\b"
)
PRODUCTS = lexicon("intent_products")
PEOPLE = ("customer service", "customer care", "store", "rep", "reps", "on hold", "rude", "staff", "driver*")
FIELD = ("flight*", "plane", "aircraft", "crew", "train*", "order", "package", "gate", "airport", "delivery")
REPLACE = ("a replacement", "my replacement", "replace it", "replace my", "send another", "send me a new")
PLEA = (QUESTION, "help", "please", "pls", "plz", "can you", "need*", "want*", "hope", "trying", "how")
NO_MATTER = (QUESTION, *REPLY, *MONEY, *HELP, *FAULT, *TECH, MAKERS, "please")
NOT_PLAIN = (*MONEY, *BAD, "fix*", "not working", "my order", "package", "delay*", "password", "hacked")


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=65_536)
def mood(text: str) -> float:
    """VADER's compound score in [-1, 1]; 1 is the most positive (Hutto and Gilbert, ICWSM 2014)."""
    return float(_analyzer().polarity_scores(text)["compound"])


class Step(NamedTuple):
    """One line of a decision list: the label of a text that the cue matches in a mood from `low` to `high`.

    Without a label the list ends here with an abstention.
    """

    label: str | None
    cue: Pattern
    low: float = -1.0
    high: float = 1.0

    def takes(self, text: str) -> bool:
        """Whether the text's decision falls in this line."""
        whole = (self.low, self.high) == (-1.0, 1.0)
        return self.cue.matches(text) and (whole or self.low <= mood(text) <= self.high)


def decision_list(name: str, *steps: Step) -> LabelingFunction:
    """A row LF that votes the label of the first line that takes the text, in order of precedence."""

    def vote(ticket: Any, **cues: Pattern) -> str | None:
        return next((step.label for step in steps if step.takes(ticket.text)), None)

    return LabelingFunction(name, vote, resources={f"line_{at}": step.cue for at, step in enumerate(steps)})


def asks(label: str, any_of: tuple[str, ...], *unless: str, **options: Any) -> Step:
    """A line of a decision list for a request."""
    return Step(label, Pattern(any_of, unless=unless, **options))


WORDS_OF_AGENTS = (r"re:[\^*](?-i:[A-Z][A-Za-z]{0,7})(?:\s+http)?$", *lexicon("intent_agent"))
COLD_THANKS = ("late", "hour", "hours", "minutes", "miss*", "outage", "update", "sent", "please", "🙃")
UNLIKE_TRACKING = lexicon("intent_not_tracking")

BY_REQUEST = (
    asks("other", WORDS_OF_AGENTS),
    asks("express_thanks", (FOR_THIS,), *BAD, *FALSE_THANKS, *TURN, *COLD_THANKS, QUESTION, SCOWLS),
    asks("express_thanks", THANKS, *BAD, *FALSE_THANKS, "please", "but", QUESTION, all_of=(PRAISE,)),
    asks("express_thanks", PRAISE, *BAD, *SOUR, *MONEY, *CHAT, *FAULT, negation=3),
    asks(
        "refund_compensation",
        (*REFUND, *MONEY_BACK, *COMPENSATION),
        "thank", "waste of", "refund issued", "if you cancel", "if i cancel", "log in", "take my money",
        "taking my money", "no refund", "transfer",
    ),
    asks(
        "account_help", ACCOUNT, "flight was", "order was", "driver", "refund*", "charged", "error",
        "website*",
    ),
    asks(
        "billing_inquiry",
        (*CHARGES, *PAYMENTS, "promo", "promo code*", "discount code*", "my discount"),
        "battery", "charger", "fully charged", "free trial", "error", "thank*", "a receipt",
    ),
    asks("cancel_return", (*CANCEL, *RETURN, *REPLACE), *NOT_CANCEL),
    asks(
        "change_order",
        (*CHANGES, *REBOOKING, *SEATS),
        "worst", "phone", "app", "ios", "pathetic", "error", "system down", "fee", "fees",
        all_of=(PLEA,),
    ),
    asks("fix_problem", FAULT, *PEOPLE, "flight is", "flight was", all_of=((*TECH, MAKERS),)),
    asks("track_status", PARCEL, *UNLIKE_TRACKING, all_of=(LATE,)),
    asks("track_status", WHERE, "thanks for", "email", "code", "free"),
    asks("fix_problem", FAULT, *FIELD, *PEOPLE),
    asks("get_response", REPLY, "worst", "log in"),
    asks(
        "fix_problem", TECH, *PEOPLE, "how do i", "can i", "how can i", "is there a", "flight",
        all_of=(BROKEN,),
    ),
    asks("suggest_feature", WISH),
    asks("ask_information", ASK, *BAD, all_of=(QUESTION,)),
    asks(
        "fix_problem", TECH, *PEOPLE, "thank*", "love", "flight", "airline", "price*", "switch*",
        all_of=(BAD,),
    ),
    asks("fix_problem", (MAKERS,), *BAD, *THANKS, *ASK, "lol", all_of=(GRIPE,), words=(5, 0)),
    asks("get_response", HELP, *TECH),
)

# What asks for nothing is left to tone; where tone says little, nobody votes.
BY_MOOD = (
    Step("express_complaint", Pattern(BAD, negation=2), high=0.6),
    Step(
        "ask_information",
        Pattern((ENDS_ASKING,), unless=("why", "really", "seriously"), words=(4, 40)),
        low=-0.3,
    ),
    Step("express_thanks", Pattern(THANKS, unless=(*FALSE_THANKS, *SOUR))),
    Step("fix_problem", Pattern((MAKERS,), all_of=(TECH,), unless=(*THANKS, "back up", "resolved"))),
    Step("express_complaint", Pattern((SCOWLS,))),
    Step(
        "ask_information", Pattern((*HOW_TO, "when will", "when is", "do you have"), words=(4, 30)), low=-0.3
    ),
    Step("express_complaint", Pattern(STRONG, unless=(*PRAISE, *CHAT)), high=0.6),
    Step("other", Pattern(CHAT), low=-0.5, high=0.7),
    Step("express_thanks", Pattern((*PRAISE, *POSITIVE, *THANKS, HEARTS), unless=BAD), low=0.6),
    Step("express_complaint", Pattern(GRIPE, words=(9, 0)), high=-0.3),
    Step(None, Pattern((*GRIPE, MAKERS))),
    Step("other", Pattern(words=(1, 0)), low=-0.3, high=0.5),
)


LFS = [
    decision_list("request_then_mood", *BY_REQUEST, *BY_MOOD),
    # refund_compensation: money back, credit, voucher, compensation
    PatternLF(
        "asks_for_refund",
        label="refund_compensation",
        any_of=REFUND,
        unless=("refund issued", "if you cancel", "given refund"),
    ),
    PatternLF(
        "wants_money_back",
        label="refund_compensation",
        any_of=MONEY_BACK,
        unless=("debited", "deduct*", "waste of"),
    ),
    PatternLF("asks_for_compensation", label="refund_compensation", any_of=COMPENSATION, unless=THANKS),
    PatternLF(
        "reply_speaks_of_refund",
        label="refund_compensation",
        any_of=("refund*", "reimburse*", "compensation", "eligible for"),
        field="brand_reply",
    ),
    # billing_inquiry: a charge, payment, price, plan or promo on the author's own bill
    PatternLF(
        "questions_a_charge",
        label="billing_inquiry",
        any_of=CHARGES,
        unless=(
            *REFUND, "money back", "battery", "phone charged", "fully charged", "charger", "charge point",
        ),
    ),
    PatternLF(
        "bill_or_payment_trouble",
        label="billing_inquiry",
        any_of=PAYMENTS,
        all_of=(
            r"re:declin|fail|reject|refus|n't accept|accepted|not accept|not go|twice|deduct|debited"
            r"|taken|took money|\bwhy\b|charge|(?:not|n't) received|wrong|higher|went up|double|owe",
        ),
        unless=(*REFUND, "log in", "password", "error", "check in", "app", "fraud*", "package"),
    ),
    # cancel_return: cancel an order, booking, subscription or account; return, exchange, replace
    PatternLF(
        "wants_to_cancel", label="cancel_return", any_of=CANCEL, unless=(*REFUND, *NOT_CANCEL, "charged")
    ),
    PatternLF("wants_to_return", label="cancel_return", any_of=RETURN, unless=NOT_CANCEL),
    PatternLF(
        "wants_replacement",
        label="cancel_return",
        any_of=REPLACE,
        unless=(*REFUND, "thank*", "plane", "flight*", "train", "app", "update"),
    ),
    # account_help: sign-in, password, locked or hacked account, verification, account details
    PatternLF("cannot_sign_in", label="account_help", any_of=SIGN_IN),
    PatternLF("password_or_verification", label="account_help", any_of=PASSWORDS),
    PatternLF(
        "account_hacked_or_locked",
        label="account_help",
        any_of=LOCKED,
        unless=("money", "discount", "thank*", "charged", "refund*"),
    ),
    # change_order: change or add to a booking, order, reservation, seat, address or plan
    PatternLF(
        "wants_to_change_booking",
        label="change_order",
        any_of=CHANGES,
        all_of=(
            r"re:\b(?:flights?|flt|booking|booked|reservation|tickets?|seats?|order|address|dates?"
            r"|plan|trip|parcel|location)\b",
        ),
        unless=(
            *MONEY, *THANKS, "fee", "fees", "password", "email address", "playlist", "error", "never fly",
        ),
    ),
    PatternLF(
        "wants_another_seat",
        label="change_order",
        any_of=SEATS,
        all_of=(r"re:\?|help|please|pls|can you|need|trying",),
        unless=("phone", "ios", "app", "premium", "broken", "refund*"),
    ),
    PatternLF(
        "wants_rebooking",
        label="change_order",
        all_of=(PLEA,),
        any_of=("rebook*", "re-book*", r"re:\b(?:get|put) (?:me|us) on\b|\bhold (?:the|my|our|flight)\b"),
        unless=("on hold", "hold music", "refund*", "worst", "app"),
    ),
    # track_status: where is it, when does it come, when is it fixed
    PatternLF(
        "asks_where_it_is",
        label="track_status",
        any_of=WHERE,
        unless=(
            *MONEY, "reply", "response", "email", "code", "help line", "button", "coming to", "free",
            "internet",
        ),
    ),
    PatternLF(
        "order_late_or_missing",
        label="track_status",
        any_of=PARCEL,
        all_of=(LATE,),
        unless=(*UNLIKE_TRACKING, *REFUND, "cancel*", "charged", "return"),
    ),
    PatternLF(
        "asks_when_fixed_or_here",
        label="track_status",
        any_of=(
            r"re:\bwhen\b.{0,25}\b(?:fix(?:ed|ing)?|back up|resolved|restored|sort(?:ed)?|up again|arriv\w+"
            r"|depart\w*)\b", *lexicon("intent_fixed_when"),
        ),
        unless=("when i", "when you", "not working", "please fix", "time to arrive"),
    ),
    PatternLF(
        "asks_about_delay",
        label="track_status",
        any_of=lexicon("intent_delay_questions"),
        all_of=(QUESTION, r"re:\b(?:flights?|trains?|plane|bus|services?|gate|\d\d[:.]?\d\d)\b"),
        unless=(
            *MONEY, *BAD, *ALLOWED, "policy", "how do you", "how is it", "connect*", "how does",
            "what about", "how about",
        ),
    ),
    # fix_problem: a product, app, site, device, network or facility is not working
    PatternLF(
        "phone_or_computer_trouble",
        label="fix_problem",
        any_of=lexicon("intent_phone"),
        unless=(*FIELD, "love", "refund*", "charged", "call me", "upgrade", "hacked", "stolen", "left my"),
    ),
    PatternLF(
        "app_or_site_trouble",
        label="fix_problem",
        any_of=lexicon("intent_app"),
        unless=(
            *REFUND, *POSITIVE, *THANKS, *SIGN_IN, "charged", "delivery", "driver", "feature", "is there",
            "does the", "option to", "can i", "how do", "should",
        ),
    ),
    PatternLF(
        "network_trouble",
        label="fix_problem",
        any_of=lexicon("intent_network"),
        unless=(
            *REFUND, *THANKS, "when will", "free wifi", "worst", "how long", "will you", "does the",
            "is there",
        ),
    ),
    PatternLF(
        "cannot_do_it",
        label="fix_problem",
        any_of=lexicon("intent_cannot"),
        unless=(
            *MONEY, *ACCOUNT, *CANCEL, *CONTACT, "delivery", "package", "believe", "fly", "driver", "staff",
        ),
    ),
    PatternLF(
        "reply_troubleshoots", label="fix_problem", any_of=lexicon("intent_reply_fault"), field="brand_reply"
    ),
    # get_response: wants an answer, a callback, a human, an escalation
    PatternLF(
        "nobody_replies", label="get_response", any_of=NO_ANSWER, unless=("refund*", "package", "driver")
    ),
    PatternLF(
        "asks_for_reply",
        label="get_response",
        any_of=ANSWER,
        unless=("thank you for", "thanks for", "quick response", "dms", "refund*"),
    ),
    PatternLF("sent_a_message", label="get_response", any_of=MESSAGE, unless=("refund*",)),
    PatternLF(
        "asks_for_contact",
        label="get_response",
        any_of=(*CONTACT, *CASE),
        unless=(*POSITIVE, "explain", "tell me why", "log in", "refund*", "rude"),
    ),
    PatternLF(
        "kept_on_hold",
        label="get_response",
        any_of=HOLD,
        unless=("bag", "tarmac", "my account", "put on hold", "flight was", "refund*", "cancel"),
    ),
    PatternLF(
        "bare_cry_for_help",
        label="get_response",
        any_of=HELP,
        unless=(
            *DEVICE, *FAULT, *REFUND, *ACCOUNT, *PARCEL, *CANCEL, *FIELD, "book*", "how to", "lost", "stuck",
        ),
        words=(0, 26),
    ),
    # ask_information: availability, policy, how-to, features, hours, price before buying
    PatternLF(
        "asks_if_allowed",
        label="ask_information",
        any_of=ALLOWED,
        all_of=(QUESTION,),
        unless=(*NOT_PLAIN, "talk to", "speak to", "change my", "free", "upgrade my", "cancel my", "return"),
    ),
    PatternLF(
        "asks_availability",
        label="ask_information",
        any_of=AVAILABILITY,
        all_of=(QUESTION,),
        unless=(*NOT_PLAIN, "delivery", "outage", "down", "bring back", "problem", "issue", "add", "ever"),
    ),
    PatternLF(
        "asks_meaning_or_choice",
        label="ask_information",
        any_of=MEANING,
        all_of=(QUESTION,),
        unless=(
            *NOT_PLAIN, "wrong", "point", "excuse", "the problem", "the deal", "issue", "status", "phone",
        ),
    ),
    PatternLF(
        "opens_with_a_question",
        label="ask_information",
        any_of=(
            r"re:^(?:[.\W]*@\w+)*\W*(?:(?:hi|hey|hello|so|ok|good (?:morning|evening|afternoon))\b"
            r"[\s,!:.-]*(?:@\w+\W*)*)?(?:what|which|where|who|how (?:do|does|can|much|many|often|far)"
            r"|do|does|is|are|can|will|would|if)\b",
        ),
        all_of=(QUESTION,),
        unless=(
            *NOT_PLAIN, *HELP, "wrong", "someone", "going on", "problem", "issue*", "ios", "outage",
            "the point",
        ),
    ),
    PatternLF(
        "reply_gives_information",
        label="ask_information",
        any_of=lexicon("intent_reply_info"),
        field="brand_reply",
        unless=("sorry", "apolog*", "frustrat*", "enjoy*", "glad"),
    ),
    # suggest_feature: asks for or proposes a feature, product, content, restock or improvement
    PatternLF(
        "wishes_for_something",
        label="suggest_feature",
        any_of=WISH,
        unless=(
            *MONEY, "my account", "bag", "card", "flight", "to my booking", "delivery", "driver", "gate",
            "password", "not working", "error", "issue",
        ),
    ),
    PatternLF(
        "proposes_improvement",
        label="suggest_feature",
        any_of=(
            r"re:\b(?:you|y['’]all|they|u)(?: guys)? (?:really )?(?:should|need to|gotta|could)"
            r" (?:add|make|have|offer|bring)\b",
            r"re:\bbe (?:so )?(?:nice|great|cool|awesome|helpful) (?:if|to)\b",
            r"re:\b(?:i|just) wish (?:you|there|they)\b",
            r"re:\b(?:pls|plz|please) (?:add|bring back|put|make|consider|get)\b", "bring back",
            "suggestion", "a feature",
        ),
        unless=("bag", "refund*", "money", "my account", "driver", "flight is"),
    ),
    # express_complaint: vents about service, staff, quality, delay or policy with no request
    PatternLF(
        "speaks_badly_of_brand",
        label="express_complaint",
        any_of=BAD,
        negation=2,
        unless=(
            *PRODUCTS, *MONEY, "help", "fix", "please", "reply", "response", "on hold", "my order",
            "glitch*",
        ),
    ),
    PatternLF(
        "rude_or_careless_staff",
        label="express_complaint",
        any_of=lexicon("intent_staff"),
        unless=(*THANKS, *POSITIVE, *MONEY, "help", "contact", "call me", "dm", "app"),
    ),
    PatternLF(
        "delay_story",
        label="express_complaint",
        any_of=lexicon("intent_delay"),
        unless=(
            QUESTION, *MONEY, *THANKS, *POSITIVE, *PRODUCTS, "package", "order", "help", "please",
            "delivery",
        ),
    ),
    PatternLF(
        "poor_customer_service",
        label="express_complaint",
        any_of=lexicon("intent_service"),
        unless=(*POSITIVE, *THANKS, *MONEY, *CONTACT, *HOLD, "number", "help", "can't get", "response"),
    ),
    PatternLF(
        "travel_gripe",
        label="express_complaint",
        any_of=(r"re:(?<!@)\bairlines?\b", *lexicon("intent_travel")),
        unless=(
            *THANKS, *POSITIVE, *MONEY, *PRODUCTS, *PRAISE, QUESTION, "help", "please", "lost", "change",
            "can't wait", "ready", "head*", "safe", "happy",
        ),
    ),
    PatternLF(
        "rhetorical_question",
        label="express_complaint",
        any_of=lexicon("intent_rhetoric"),
        unless=(*PRODUCTS, "fix", "refund*", "charged", "my order", "reply"),
    ),
    PatternLF(
        "sour_remark",
        label="express_complaint",
        any_of=(*FALSE_THANKS[:1], *lexicon("intent_sour")),
        unless=(*PRODUCTS, *MONEY, "amazing", "love", "order", "best"),
    ),
    PatternLF(
        "reply_apologizes",
        label="express_complaint",
        any_of=(
            "sorry", "apolog*", "frustrat*", "disappoint*", "your patience", "let you down", "for the delay",
        ),
        field="brand_reply",
        unless=("error", "which device", "your device", "lost and found"),
    ),
    PatternLF(
        "long_story_without_request",
        label="express_complaint",
        words=(22, 0),
        unless=(QUESTION, *REQUESTS, *THANKS, *POSITIVE, "would be"),
    ),
    decision_list(
        "displeased_without_request",
        Step("express_complaint", Pattern(words=(1, 0), unless=NO_MATTER), high=-0.3),
    ),
    # express_thanks: praise, thanks, delight, with no request
    PatternLF(
        "praises_brand",
        label="express_thanks",
        any_of=PRAISE,
        negation=3,
        unless=(QUESTION, *BAD, *TURN, *TROUBLE, *MONEY, "would", "should", "if", "kind of", "please"),
    ),
    PatternLF(
        "opens_with_thanks_or_praise",
        label="express_thanks",
        any_of=(
            r"re:^(?:\W*@\w+\s+)*\W*(?:(?:ok|great),? )?(?:(?:many |big |huge )?thanks|thank ?you"
            r"|cheers|thank u|shout ?-?out|kudos|props|love|loving|great|awesome|amazing|excellent|yay)\b",
            "well done",
        ),
        unless=(QUESTION, *FALSE_THANKS, *BAD, *TURN, *MONEY, "suggest*", "would be", "sent"),
    ),
    PatternLF(
        "reply_is_delighted",
        label="express_thanks",
        any_of=lexicon("intent_reply_joy"),
        field="brand_reply",
        unless=("sorry", "apolog*", "frustrat*"),
    ),
    decision_list(
        "pleased_without_request",
        Step(
            "express_thanks",
            Pattern(words=(1, 0), unless=(*NO_MATTER, *CHAT, *BAD, "but", "would")),
            low=0.65,
        ),
    ),
    # other: chat, spam, jokes, unclear, not English
    PatternLF("shares_a_headline", label="other", any_of=("re:http$",), unless=("re:[@?]",)),
    PatternLF(
        "bare_fragment",
        label="other",
        words=(1, 7),
        unless=(*REQUESTS, *BAD, *THANKS, *POSITIVE, "sent", "re:[?!]"),
    ),
    PatternLF(
        "nothing_to_act_on",
        label="other",
        words=(4, 29),
        unless=(
            QUESTION, *REQUESTS, *BAD, *GRIPE, *THANKS, *POSITIVE, *TROUBLE, "want", "if", "how", "would",
            "service",
        ),
    ),
    PatternLF("signed_by_an_agent", label="other", any_of=WORDS_OF_AGENTS[:1]),
    PatternLF(
        "chats_and_looks_forward",
        label="other",
        any_of=CHAT,
        unless=(QUESTION, *BAD, *THANKS, *TURN, *PRODUCTS, *TROUBLE, *PARCEL, *POSITIVE, "please", "need*"),
    ),
]
