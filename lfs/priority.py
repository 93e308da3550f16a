"""Labeling functions for `priority`: how soon must someone act?"""

import re
from collections.abc import Sequence
from typing import Any

from snorkel.labeling import labeling_function

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "priority"

FAULTS = lexicon("priority_faults")
PRAISE = lexicon("sentiment_praise")
TROUBLE = lexicon("sentiment_problems")
PROBLEMS = (*TROUBLE, *lexicon("sentiment_negators"))
URGENT_NEEDS = lexicon("priority_urgent_needs")
DELIGHT = (*PRAISE, "love", "thank you for", "thanks for the")

PLEASURE = Pattern(
    any_of=(*PRAISE, "thank*", "thx", "love*", "best", "good", "nice", "glad", "happy", "excited")
)
PROBLEM = Pattern(any_of=PROBLEMS)
REQUEST = Pattern(any_of=(
    "help", "please", "pls", "can you", "could you", "need", "fix", "explain", "advise", "assist*", "want",
    "how do i", "how can i", "where is", "where's", "refund*", "dm", "contact", "account", "order", "my",
))  # fmt: skip
URGENT = Pattern(
    any_of=(*URGENT_NEEDS, "now", "today", "tonight", "hours", "hrs", "weeks", "months", "airport")
)


def open_case(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `medium` that leaves urgent needs to those for `high`, and delight to those for `low`."""
    return PatternLF(
        name, label="medium", any_of=any_of, unless=(*unless, *URGENT_NEEDS, *DELIGHT), **options
    )


def idle(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `low` that abstains where a word tells of a problem."""
    return PatternLF(name, label="low", any_of=any_of, unless=(*unless, *PROBLEMS), **options)


@labeling_function()
def two_signs_of_lateness(ticket: Any) -> str | None:
    """A late or cancelled journey with hours, an airport or a connection in it."""
    text = ticket.text.lower()
    journey = re.search(r"\b(?:flights?|plane|trains?|gate|tarmac|airport|boarding|connection)\b", text)
    late = re.search(r"\b(?:delay\w*|cancel\w*|late|stuck|missed|miss|sitting|waiting)\b", text)
    number = r"\b(?:[2-9]|1\d|two|three|four|five|six|several|over an?)"
    long = re.search(number + r"\+? ?(?:hours?|hrs?|hr|h)\b|overnight", text)
    stranding = re.search(r"\bconnecti\w+|\bstuck\b|\bmiss(?:ed)? (?:my|our)\b|\bhotel\b", text)
    past = re.search(r"\bthank\w*|\blast (?:week|month|year|time)\b", text)
    return "high" if journey and late and (long or stranding) and not past else None


@labeling_function(resources={"problem": PROBLEM})
def problem_now_or_today(ticket: Any, problem: Pattern) -> str | None:
    soon = re.search(r"\b(?:now|today|tonight|tomorrow|asap|immediately)\b", ticket.text, re.IGNORECASE)
    live = re.search(
        r"\b(?:flight|train|airport|account|work|internet|service|call|card|bag|trip|driver)\b",
        ticket.text,
        re.IGNORECASE,
    )
    return "high" if soon and live and problem.matches(ticket.text) else None


@labeling_function()
def many_days_unsolved(ticket: Any) -> str | None:
    """Days, weeks or months together with a word for waiting, asking or getting nothing."""
    text = ticket.text.lower()
    number = r"\b(?:\d+|two|three|four|five|six|several|few|couple of|many|for)"
    days = re.search(
        number + r"\+? (?:days?|weeks?|wks|months?)\b|\bday \d+\b|\ba (?:week|month)\b|\bsince (?:last|\d+)",
        text,
    )
    silence = r"\b(?:still|yet|never|nothing|nobody|unresolved|no (?:one|reply|response|answer|help))\b"
    asking = re.search(
        silence + r"|\b(?:wait|call|email|contact|complain)\w*|\bnot (?:received|resolved|fixed|been)\b", text
    )
    return "high" if days and asking else None


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE, "urgent": URGENT})
def problem_of_my_own(ticket: Any, problem: Pattern, pleasure: Pattern, urgent: Pattern) -> str | None:
    """A problem with "my", "I" or "me" in it, no kind word and nothing urgent."""
    text = ticket.text
    own = re.search(r"\b(?:my|i|i'm|i've|me|we|our)\b", text, re.IGNORECASE)
    calm = not pleasure.matches(text) and not urgent.matches(text)
    return "medium" if own and calm and problem.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "urgent": URGENT})
def asks_about_a_problem(ticket: Any, problem: Pattern, urgent: Pattern) -> str | None:
    text = ticket.text
    return "medium" if "?" in text and problem.matches(text) and not urgent.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "request": REQUEST})
def nothing_asked(ticket: Any, problem: Pattern, request: Pattern) -> str | None:
    """No question, no word of request and no word of trouble."""
    if not ticket.text.strip():
        return None
    text = ticket.text
    return "low" if "?" not in text and not problem.matches(text) and not request.matches(text) else None


@labeling_function(resources={"problem": PROBLEM})
def question_without_problem(ticket: Any, problem: Pattern) -> str | None:
    text = ticket.text
    own = re.search(r"\b(?:my|dm|help|order|account|booking)\b", text, re.IGNORECASE)
    return "low" if "?" in text and not own and not problem.matches(text) else None


@labeling_function(resources={"request": REQUEST})
def short_remark(ticket: Any, request: Pattern) -> str | None:
    """At most seven words beside handles and links, no question, no request."""
    if not ticket.text.strip():
        return None
    text = ticket.text
    words = [w for w in text.split() if not w.startswith("@") and w != "http"]
    return "low" if len(words) <= 7 and "?" not in text and not request.matches(text) else None


@labeling_function(resources={"problem": PROBLEM})
def talks_to_several_handles(ticket: Any, problem: Pattern) -> str | None:
    several = re.match(r"(@\w+\W+){2,}", ticket.text)
    return "low" if several and "?" not in ticket.text and not problem.matches(ticket.text) else None


@labeling_function(resources={"request": REQUEST})
def talks_about_not_to_the_brand(ticket: Any, request: Pattern) -> str | None:
    """Does not open with a handle and asks for nothing."""
    if not ticket.text.strip():
        return None
    text = ticket.text
    about = not text.lstrip(".,\"' ").startswith("@") and "?" not in text
    return "low" if about and not request.matches(text) else None


@labeling_function(resources={"problem": PROBLEM})
def exclaims_without_problem(ticket: Any, problem: Pattern) -> str | None:
    text = ticket.text
    return "low" if "!" in text and "?" not in text and not problem.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE})
def kind_words_without_problem(ticket: Any, problem: Pattern, pleasure: Pattern) -> str | None:
    text = ticket.text
    return "low" if pleasure.matches(text) and "?" not in text and not problem.matches(text) else None


LFS = [
    # high: safety, security, time running out, service down, nobody answers, about to leave
    PatternLF("says_urgent", label="high", any_of=("urgent*", "emergency", "asap", "immediately",
              "right away", "need * now", "now!"),
              unless=("thank*",)),
    PatternLF("travels_today_or_tomorrow", label="high",
              any_of=("tomorrow", "tonight", "leaving today", "flying today", "in a few hours",
                      "this afternoon", "2mrw",
                      "tmrw"),
              all_of=(r"re:\b(?:flight|fly|flying|check.?in|travel\w*|trip|book\w*|seat|bag|train|delay\w*|cancel\w*"
                      r"|need|help|deliver\w*|wedding|birthday|leave)\b",),
              unless=(*PRAISE, "can't wait", "excited")),
    PatternLF("stranded_or_missing_a_connection", label="high",
              any_of=("stranded", "stuck at", "stuck on", "miss my", "miss our", "missing my connect*",
                      "make my connection",
                      "make our connection", "tight connection", "missed my connect*", "missed our",
                      "missed connection",
                      "missed my flight", "going to miss", "gonna miss", "will miss", "can't make"),
              unless=("thank*", "awesome", "miss my old")),
    PatternLF("flight_cancelled_or_rebooked", label="high",
              any_of=(r"re:\b(?:my|our|the|your) (?:\w+ )?(?:flights?|trains?)\b.{0,40}\bcancel(?!lation)",
                      r"re:\bcancel\w+\b.{0,20}\b(?:flights?|trains?)\b", "rebook me", "rebooked",
                      "get rebooked",
                      "help rebooking", "need to rebook", "standby list", "next available flight",
                      "get on another",
                      "reroute*"),
              unless=("thank*", "policy", "fee", "if", "points", "voucher", "shout*", "s/o", *PRAISE)),
    PatternLF("delayed_for_hours", label="high",
              any_of=(r"re:\b(?:[2-9]|1\d|two|three|four|five|six|several)\+?[ -]?(?:hours?|hrs?|hr)\b"
                      r".*\b(?:delay|late|wait|sit|stuck)",
                      r"re:\b(?:delay|late|wait|sit|stuck)\w*"
                      r".*\b(?:[2-9]|1\d|two|three|four|five|six|several)\+?[ -]?(?:hours?|hrs?|hr)\b"),
              unless=("last week", "last month", "thank you")),
    PatternLF("hacked_or_fraud", label="high", any_of=("hack*", "fraud*", "unauthori*", "compromised",
              "phishing", "identity theft", "stolen", "stole", "someone used my", "not authorize*",
              "never authorized", "suspicious"), unless=("life hack*",)),
    PatternLF("locked_out", label="high",
              any_of=("locked out", "account locked", "account is locked", "account has been",
                      "account was", "my password",
                      "reset my password", "can't log", "cannot log", "can't sign in", "can't access my",
                      "can't get into",
                      "won't let me log", "suspended", "deactivated", "my account is", "verification code",
                      "blocked my",
                      "recover my account", "account recovery")),
    PatternLF("my_account_in_trouble", label="high",
              any_of=("my account", "my acct", "my bank account", "my card", "my password", "my email"),
              all_of=(r"re:\b(?:access|someone|without|changed|block\w*|verif\w*|logg?\w*|sign\w*|recover|lock\w*"
                      r"|taken|took|money|charg\w*|closed|hold|suspend\w*|hack\w*|stolen|password)\b",),
              unless=("thank*", *PRAISE)),
    PatternLF("money_taken", label="high", any_of=("took my money", "taken from my", "money was taken",
              "money taken", "deducted", "debited", "charged twice", "double charged", "charged me twice",
              "charged again", "keep charging", "still charging", "still being charged", "charging me",
              "without my permission", "without permission", "without my consent", "my money back",
              "never signed up", "didn't order", "didn't sign")),
    PatternLF("nobody_answers", label="high",
              any_of=("no response", "no reply", "no answer", "no one responds", "no one answers",
                      "no one is answering",
                      "no one can help", "no one has", "nobody can", "not responding", "never responded",
                      "never replied",
                      "haven't heard", "not heard", "not replied", "haven't replied", "not answered",
                      "till now",
                      "no resolution", "unresolved", "ignoring me", "waiting for a response",
                      "waiting for a reply",
                      "get a response", "please respond", "please reply"),
              unless=("app", "phone is", "page not responding")),
    PatternLF("wrote_or_called_in_vain", label="high",
              any_of=("emailed", "e-mailed", "mailed", "i called", "i've called", "i have called",
                      "called you", "called in",
                      "been calling", "i contacted", "contacted you*", "sent an email", "sent a",
                      "sent you", "on hold for",
                      "complaint number", "filed a", "raised a", "on the phone for"),
              all_of=(r"re:\b(?:no|not|nothing|still|never|nobody|weeks?|months?|days|twice|times|again|yet|\w+n't)\b",)),
    PatternLF("asked_again_and_again", label="high",
              any_of=(r"re:\b(?:called|calling|email\w*|contact\w*|tweet\w*|messag\w*|phoned|written|wrote|asked|spoke\w*"
                      r"|complain\w*|told)\b.{0,25}"
                      r"\b(?:twice|(?:two|three|four|five|\d+|several|multiple|many) times)\b",
                      r"re:\b(?:twice|(?:three|four|five|\d+|several|multiple|many) (?:times|people|reps"
                      r"|agents|calls|emails))\b.{0,25}"
                      r"\b(?:called|calling|email\w*|contact\w*|told|spoken|spoke|complain\w*|response|reply)\b",
                      "multiple calls", "multiple emails", "several calls", "several emails", "many calls",
                      "many emails",
                      "being passed", "countless", "again and again"),
              unless=("thank*",)),
    PatternLF("still_waiting", label="high",
              any_of=("still waiting", "still haven't", "still hasn't", "still not", "still no",
                      "still nothing", "been waiting",
                      "waiting for over", "waiting since", "yet to receive", "yet to get"),
              unless=("thank*", "battery", "app", "ios", "works", "update*", "working", r"re:\b\d+ ?min")),
    PatternLF("service_down", label="high", any_of=("outage*", "no internet", "no service", "no signal",
              "no phone", "no power", "no connection", "internet is down", "internet is out",
              "internet has been", "internet down", "internet out", "service is down", "been down",
              "no wifi", "without internet", "without service", "without power", "out all day",
              "is your service down", "can't make calls", "not receiving calls", "services down"),
              unless=("in-flight", "inflight", "plane", "flight", "on board")),
    PatternLF("threatens_to_leave", label="high",
              any_of=("switching to", "about to switch", "going to switch", "i'm switching", "will switch",
                      "will be switching",
                      "time to switch", "cancel my service*", "cancel my subscription",
                      "cancel everything",
                      "cancel my membership", "cancelling my", "canceling my", "leaving you", "i'm leaving",
                      "lost a customer", "lost my business", "losing a customer", "lose a customer",
                      "going elsewhere",
                      "take my business", "taking my business", "change provider*", "changing provider*",
                      "shop elsewhere",
                      "never fly*", "won't be flying", "#lostacustomer*", "will be leaving"),
              unless=("can i switch", "how do i", "how can i", "when i", "song*", "off")),
    PatternLF("legal_threat", label="high", any_of=("sue", "suing", "lawyer", "attorney", "legal action",
              "lawsuit", "small claims", "police", "ombudsman", "consumer court", "consumer forum",
              "trading standards", "bbb", "court", "illegal")),
    PatternLF("safety_or_health", label="high", any_of=("unsafe", "safety", "dangerous*", "danger",
              "assault*", "allerg*", "injur*", "accident", "hospital", "medical", "food poisoning",
              "threw up", "vomit*", "harass*", "wheelchair", "fire", "smoke", "burned", "burning", "mould*",
              "mold*", "raw", "driver was", "my driver", "funeral", "emergency"), unless=("thank*",
              "fire stick", "fire tv", "firestick", "safety video", "kindle fire", *PRAISE)),
    two_signs_of_lateness,
    problem_now_or_today,
    many_days_unsolved,
    PatternLF("reply_about_a_stranding", label="high", any_of=("airport team", "rebook*",
              "confirmation number", "your connection", "weather", "air traffic", "maintenance",
              "get you on your way", "get you to", "on your way", "safety is", "misconnect*"),
              unless=("enjoy", "glad", "thanks for the"), field="brand_reply"),
    PatternLF("reply_secures_account", label="high", any_of=("account number", "email address", "full name",
              "confirmation number", "fraud", "security", "phone number", "case number", "reference number",
              "specialist"), field="brand_reply"),
    # medium: an open problem or request
    open_case("faults", *FAULTS),
    open_case("device_or_app_trouble",
              r"re:\b(?:app|ios|iphone|ipad|phone|updated?|website|site|page|console|laptop|battery|screen|software"
              r"|version|servers?|bluetooth)\b",
              all_of=(r"re:\b(?:not|no|can't|cant|won't|keeps?|when|why|fix|help|issue|problem|since|but|after|\w+n't"
                      r"|\w+ing|slow|trying)\b",),
              unless=("thank*", "love*", "great", "would be nice")),
    open_case("has_an_issue", "issue*", "problem*", "trouble", "struggling", unless=("no problem*",
              "thank*", *PRAISE)),
    open_case("cannot_do_it", "can't", "cannot", "can not", "cant", "unable", "won't let", "couldn't",
              "won't", "not able to", "trying to", "tried to", "i tried", "i try", unless=("can't wait",
              "cannot wait", "can't believe", "thank*", *PRAISE)),
    open_case("asks_for_help", "fix", "fix this", "sort this", "sort it out", "resolve*", "please help",
              "help me", "help please", "pls help", "can you help",
              "can someone help", "need help", "need some help", "any help", "assist", "assistance", "help?"),
    open_case("asks_to_explain", "please explain", "explain", "what gives", "what's going on",
              "what is going on", "what happened", "what's up with", "what's wrong", "what is wrong",
              "happening", "any idea why", "can you tell me why"),
    open_case("asks_why_about_own", "why", all_of=(r"re:\b(?:my|me|i|i'm|we|our)\b",)),
    open_case("order_or_delivery",
              r"re:\b(?:orders?|ordered|package|parcel|delivery|delivered|deliver|shipping|shipped|shipment|courier|item"
              r"|tracking|dispatched|pre-?order\w*)\b",
              unless=("thank*", *PRAISE, "love*", "delivers", "in order to")),
    open_case("where_is_it", "where is my", "where's my", "when will my", "hasn't arrived", "not arrived",
              "not received", "haven't received", "didn't receive", "never received", "not delivered",
              "supposed to", "was meant to", "hasn't come", "hasn't been", "missing", "didn't get",
              "never came", "lost"),
    open_case("refund_or_charge", "refund*", "charged", "overcharged", "charge", "bill", "billing",
              "payment", "invoice", "money back", "reimburse*", "compensation", "voucher", "promo", "code",
              unless=("thank*", *PRAISE)),
    open_case("return_or_exchange", "return", "returned", "returning", "exchange", "replacement", "replace",
              "warranty", "receipt"),
    open_case("sent_a_message", "dm", "dm'd", "dmed", "dms", "pm", "inbox", "sent you", "message me",
              "check your", "contact me", "call me"),
    open_case("my_thing",
              r"re:\bmy (?:\w+ )?(?:phone|iphone|app|music|tv|card|bill|laptop|computer|screen|battery"
              r"|console|playlist\w*|subscription|plan|data|wifi|router|device|booking|points|miles)\b",
              unless=("thank*", *PRAISE, "love*")),
    open_case("tried_the_usual", "restart*", "reset", "reinstall*", "uninstall*", "rebooted", "reboot*",
              "logged out", "tried everything", "updated", "settings", "already tried"),
    problem_of_my_own,
    asks_about_a_problem,
    PatternLF("reply_troubleshoots", label="medium", any_of=("version", "device", "restart*", "browser",
              "which app", "are you using", "have you tried", "what happens", "steps", "troubleshoot*",
              "error", "screenshot", "let's take", "settings", "do you have"), field="brand_reply"),
    PatternLF("reply_offers_help", label="medium", any_of=("can you dm", "here to help", "happy to help",
              "like to help", "want to help", "look into this", "take a look", "baggage", "claim",
              "order number", "for the delay", "send us a", "your patience", "we're aware", "reach out to"),
              unless=("thanks for the", "glad", "kind words", "feedback"), field="brand_reply"),
    # low: praise, thanks, chat, opinion, suggestion, a question with no matter behind it
    idle("thanks", "thank*", "thanks", "thx", "ty", "cheers", "appreciate", unless=("?", "in advance",
         "need", "please", "asap")),
    PatternLF("thanks_for_something", label="low",
              any_of=(r"re:\b(?:thanks|thank you|thx|ty)\b[^.?!]{0,25}\b(?:for|to)\b", "thank you so much",
                      "many thanks",
                      "thanks so much"),
              unless=("?", r"re:\bfor (?:nothing|not|ruin|losing|cancel|break|delay|the delay|being)\w*",
                      "still", "please",
                      "dm", "need")),
    idle("praises", *PRAISE, unless=("?", "help")),
    idle("gives_credit", "shout out", "shoutout", "kudos", "props to", "hats off", "well done", "good job",
         "great job", "nice job", "helpful", "friendly", "courteous", "professional", "took care",
         "good work", "great work", "smooth"),
    idle("delighted", "love", "loved", "loving", "luv", "the best", "best * ever", "favorite", "favourite",
         "#best*",
         "#love*", "excited", "can't wait", "looking forward", "yay", "happy", "glad", "grateful",
         "blessed", "delicious",
         "yum*", "tasty", "impressed", "fun", "congrat*"),
    PatternLF("jokes_or_laughs", label="low", any_of=("lol", "haha*", "lmao", "lmfao", "re:[😂🤣😜😆😏]",
              "hehe*", "joking", "kidding"), unless=("help", "account", "are you kidding", "fix")),
    idle("warm_emoji", "re:[❤💙💚💛💜💕😍😘🥰♥💖💗😊😀😁😃😄☺👍👌🎉✨🙌👏✈]", "re:[:;]-?\\)", unless=("?",)),
    PatternLF("suggests", label="low",
              any_of=("bring back", "would be nice", "would be great", "would be cool", "would be awesome",
                      "would be good",
                      "would love", "i'd love", "wish you", "suggestion*", "idea:", "please add",
                      "please make",
                      "please bring", "need to add", "how about", "consider", "you guys should",
                      "you should", "feature"),
              unless=(*URGENT_NEEDS, "my account", "my order", "not working", "help", "fix*", "arrive*",
                      "delivered",
                      "refund*", "not", "can't")),
    PatternLF("asks_about_offer", label="low", any_of=("do you have", "do you guys", "do you sell",
              "do you offer", "will you be", "will there be", "are you going to", "any plans",
              "available in", "be available", "when do you", "when does", "is it possible", "what is the",
              "what are the", "does the", "is there a", "are there", "if i"), all_of=("?",),
              unless=(*TROUBLE, *URGENT_NEEDS, "my account", "my order", "help", "can't", "not")),
    PatternLF("holiday_or_treat", label="low", any_of=("halloween", "christmas", "xmas", "costume",
              "burrito*", "pizza", "coffee", "breakfast", "weekend", "vacation", "holiday*",
              "birthday", "party", "thanksgiving", "#happy*"), unless=(*TROUBLE, *URGENT_NEEDS, "order",
              "deliver*", "not")),
    PatternLF("compares_brands_or_prices", label="low",
              any_of=("better than", "worse than", "rather than", "unlike", "compared to", "cheaper",
                      "prefer", "competitor*",
                      "other airlines", "than any", "price*", "expensive", "overpriced", "fare", "fares",
                      "ads", "ad",
                      "commercial*", "advert*"),
              unless=(*URGENT_NEEDS, "charged", "my", "booking", "refund*", "help", "premium")),
    PatternLF("brand_or_agent_post", label="low", any_of=(r"re:\^(?-i:[A-Z]{2,3}\b)",
              r"re:\*(?-i:[A-Z])\w+$", "sign up", "giveaway", "live on", "check out", "tune in",
              "learn more", "join us", "how can we assist", "excited to announce", "now available",
              "congratulations", "winner")),
    PatternLF("on_the_way", label="low", any_of=("on my way", "headed to", "heading to", "off to",
              "on board", "onboard", "just landed", "boarding", "first class", "lounge", "flying with",
              "next trip", "my first", "bound"), unless=(*TROUBLE, *URGENT_NEEDS, "?", "not", "no", "can't",
              "still")),
    PatternLF("solved_already", label="low", any_of=("works now", "working now", "got it", "sorted",
              "all good", "fixed now", "it worked", "solved", "no worries", "never mind", "nevermind",
              "found it", "figured it out", "will do", "i'll try", "makes sense"), unless=("?", "not",
              "sorted out", "can't", "still")),
    PatternLF("reply_is_glad", label="low", field="brand_reply", any_of=("glad", "great to hear",
              "happy to hear", "kind words", "shout out", "shoutout", "kudos", "thrilled", "love to hear",
              "our pleasure", "made our day", "thanks for the love", "awesome", "that's what we",
              "you enjoyed", "compliment*", "thanks for sharing"), unless=("sorry", "apolog*",
              "glad to help", "glad to look")),
    PatternLF("reply_wishes_well", label="low", field="brand_reply", any_of=("enjoy", "see you",
              "again soon", "have a great", "on board", "onboard", "can't wait", "congrat*",
              "thanks for flying", "thanks for choosing", "for your loyalty", "look forward", "welcome"),
              unless=("sorry", "apolog*", "unfortunately", "delay*")),
    PatternLF("reply_takes_feedback", label="low", field="brand_reply", any_of=("feedback", "pass this",
              "pass it", "pass along", "pass your", "share this", "share your", "be sure to", "hope to",
              "suggestion*", "feel this way", "in the future"), unless=("dm", "confirmation")),
    nothing_asked,
    question_without_problem,
    short_remark,
    talks_to_several_handles,
    talks_about_not_to_the_brand,
    exclaims_without_problem,
    kind_words_without_problem,
]
