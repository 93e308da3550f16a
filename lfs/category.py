"""Labeling functions of `category`: is the ticket about money, a fault, dissatisfaction or none of them?"""

import re
from typing import Any

from snorkel.labeling import labeling_function

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "category"


MONEY = lexicon("category_money")
FAULTS = lexicon("category_faults")
DEVICES = lexicon("category_devices")
GRIPES = lexicon("category_gripes")
PRAISE = lexicon("category_praise")
# Cues that make the mention of a thing a fault (on a screen) or a complaint (in the field).
ON_SCREEN = lexicon("category_fault_cues")
IN_THE_FIELD = lexicon("category_mishap_cues")
# What went wrong in the field: a ticket that says one of these is rarely praise or a plain question.
MISHAPS = lexicon("category_mishaps")
TROUBLE = MONEY + FAULTS + GRIPES + MISHAPS
AMOUNT = (
    "re:[$£€₹]\\s?\\d|\\d\\s?(?:dollars|bucks|pounds|euros|quid|rupees)\\b|\\b(?:rs|inr|usd|rm)\\.?\\s?\\d"
)
BAD = (
    "\\b(?:worst|bad|poor|terrible|horrible|awful|no|not|never|zero|rude|useless|sucks?|crap|rubbish|shocking|pathetic"
    "|lousy|worse|joke|horrific|ridiculous|atrocious|lack\\w*|refus\\w*|disappoint\\w*|disgust\\w*)\\b"
)
SERVICE = "\\b(?:service|support|staff|agents?|employees|customer care|reps?|team)\\b"
CANNOT = (
    "\\b(?:can['’]?t|can not|cannot|won['’]?t|unable to|couldn['’]?t|not able to|doesn['’]?t|trying to"
    "|try to)"
)
DO_ON_SCREEN = (
    "(?:download|upload|open|load|access|connect|sync|install|update|register|stream|play|watch|activate|verify|add"
    "|link|use|make calls|send|see|turn|type|scroll|save|check in|print|view)\\b"
)
UNITS_OF_TIME = "hours?|hrs?|mins?|minutes|days|weeks|months"

# Billing: money must be settled.
BILLING = [
    PatternLF(
        "asks_for_refund",
        label="billing",
        any_of=("refund*", "reimburse*", "money back", "cash back", "give me my money", "repay"),
    ),
    PatternLF(
        "charged_wrongly",
        label="billing",
        any_of=(
            "charged", "overcharg*", "charging me", "charge me", "charging us", "charges me", "charge my",
        ),
        unless=("phone", "battery", "fully charged", "charger", "charged up", "stay charged"),
    ),
    PatternLF(
        "charge_or_fee_on_account",
        label="billing",
        any_of=("charge", "charges", "a fee", "fees", "cancellation fee", "late fee", "service fee"),
        unless=(
            "in charge", "free of charge", "charge my phone", "battery", "charge it", "to charge",
            "charger",
        ),
    ),
    PatternLF(
        "payment_or_card_trouble",
        label="billing",
        any_of=(
            "payment", "payments", "pay my bill", "pay the bill", "trying to pay", "transaction*",
            "autopay", "my card", "credit card", "debit card", "prepaid card", "card details",
            "bank account", "my bank", "withdrawal*", "transfer money", "money transfer", "debit",
        ),
        all_of=((
            "re:n't\\b", "not", "no", "still", "charg*", "declin*", "block*", "fail*", "wrong", "why",
            "twice", "help", "pending", "reject*", "hold", "money", "without", "how", "need", "trying",
            "tried", "update",
        ),),
        unless=("error", "app", "website", "page", "site", "boarding", "log in", "verify"),
    ),
    PatternLF(
        "bill_or_invoice",
        label="billing",
        any_of=(
            "my bill", "a bill", "phone bill", "the bill", "bill is", "bill was", "bill went", "billing",
            "billed", "invoice*", "a receipt", "the receipt", "my account balance", "overdraft",
            "overdrawn", "on my statement", "subscription fee",
        ),
    ),
    PatternLF(
        "voucher_or_promo_code",
        label="billing",
        any_of=(
            "voucher*", "coupon*", "promo code*", "promo", "promos", "promotion", "discount*", "gift card*",
            "egift card*", "cashback", "redeem*", "e-gift", "free trial", "student discount",
            "price match*", "special offer*",
        ),
        unless=("drink coupon*", "thank*", "excited", "disappoint*", "customer service", "terrible"),
    ),
    PatternLF(
        "wants_compensation",
        label="billing",
        any_of=(
            "compensat*", "comped", "comp me", "comp my", "credit me", "credited",
            "re:(?:my|a|file an?) claim",
        ),
    ),
    PatternLF(
        "money_taken_or_owed",
        label="billing",
        any_of=(
            "my money", "our money", "the money", "hard earned money", "deducted", "debited", "took money",
            "taking money", "taken money", "took out", "owe me", "owes me", "you owe", "stealing",
            "scammed", "unauthori*", "fraudulent", "fraud", "dispute a", "dispute the", "i dispute",
        ),
        unless=("waste of money", "log in", "password"),
    ),
    PatternLF(
        "amount_on_my_account",
        label="billing",
        any_of=(AMOUNT,),
        all_of=((
            "charg*", "bill*", "owe*", "deduct*", "account", "credit", "credited", "deal", "balance",
            "wallet", "receiv*", "cost me", "costs me", "supposed", "took", "transfer*", "promised",
            "cash*", "order was", "my order",
        ),),
        unless=("love", "thank you", "wifi", "phones"),
    ),
    PatternLF(
        "credit_or_points_missing",
        label="billing",
        any_of=(
            "my credit*", "credits", "my points", "the points", "rewards", "bonus", "the code", "my code",
            "discount code*", "the deal", "this deal", "the offer", "this offer", "a deal",
        ),
        all_of=("re:n't\\b|\\b(?:not|never|no|still|missing|lost|expired|where|when|why|disappeared)\\b",),
        unless=("great", "thank*"),
    ),
    PatternLF(
        "reply_speaks_of_money",
        label="billing",
        field="brand_reply",
        any_of=(
            "refund", "refunded", "the charge", "charges", "charged", "payment", "billing", "transaction",
            "promo", "voucher",
        ),
        unless=("non-refundable", "giveaway", "delay*"),
    ),
]

# Technical: something does not work, or how to make it work. Money stands first, so it excludes.
TECHNICAL = [
    PatternLF(
        "does_not_work",
        label="technical",
        any_of=(
            "not working", "isn't working", "aren't working", "stopped working", "quit working",
            "doesn't work", "don't work", "didn't work", "won't work", "not work", "never works",
            "not functioning", "wasn't working", "is broken", "keeps breaking",
        ),
        unless=MONEY,
    ),
    PatternLF(
        "app_or_site_trouble",
        label="technical",
        any_of=("app", "apps", "website", "web site", "site", "web page", "webpage", "online", "portal"),
        all_of=(ON_SCREEN,),
        unless=(*MONEY, "order", "delivery", "delivered"),
    ),
    PatternLF(
        "error_crash_or_freeze",
        label="technical",
        any_of=(
            "error", "errors", "timed out", "blank screen", "black screen", "blank page", "crash*",
            "freez*", "frozen", "glitch*", "bug", "bugs", "buggy", "lag", "lags", "lagging", "laggy",
            "hangs", "keeps restarting", "keeps stopping", "shuts down", "shutting down", "shut off",
            "turns off", "turning off", "unresponsive",
        ),
        unless=("freezing cold", "human error", "freezer", "frozen food", "frozen pizza", "car crash"),
    ),
    PatternLF(
        "software_update",
        label="technical",
        any_of=(
            "new update", "latest update", "this update", "the update", "last update", "software update",
            "updated my", "updating", "ios", "ios11", "re:\\bios ?\\d+", "android", "macos", "firmware",
            "windows 10", "patch", "update my phone", "just updated", "i updated",
        ),
    ),
    PatternLF(
        "device_trouble",
        label="technical",
        any_of=DEVICES,
        all_of=(ON_SCREEN,),
        unless=(*MONEY, "on the phone", "by phone", "phone call", "phone number", "phone line*"),
    ),
    PatternLF(
        "battery_screen_or_keyboard",
        label="technical",
        any_of=(
            "battery", "my screen", "the screen", "charger", "charging port", "touch screen", "home button",
            "camera", "autocorrect*", "auto correct*", "keyboard", "emoji", "emojis", "the letter",
            "type the", "i type", "when typing", "touch id", "face id", "sim card", "volume",
        ),
        unless=MONEY,
    ),
    PatternLF(
        "cannot_sign_in",
        label="technical",
        any_of=(
            "log in", "logging in", "login", "log into", "log on", "sign in", "signing in", "sign into",
            "logged out", "password", "locked out", "hacked", "two-step verification", "verification code",
            "my username", "2fa", "access my account", "into my account", "reset my", "compromised",
        ),
    ),
    PatternLF(
        "internet_or_signal_down",
        label="technical",
        any_of=(
            "internet", "wifi", "wi-fi", "router", "modem", "broadband", "signal", "outage", "outages",
            "4g", "3g", "lte", "cell service", "network", "download speed*", "mbps", "no service", "fiber",
            "fibre", "data connection", "mobile data", "is down", "are down", "down again", "been down",
            "went down", "back online", "dropped calls", "roaming", "no connection", "coverage", "speeds",
            "bandwidth",
        ),
        unless=(*MONEY, "free wifi", "thank*", "plane is down", "flight", "net neutrality", "queue"),
    ),
    PatternLF(
        "asks_to_fix_a_fault",
        label="technical",
        any_of=(
            "fix this", "please fix", "fix your", "fix it", "fix the", "fix my", "fix that", "to fix",
            "a fix",
        ),
        unless=(*MONEY, "flight", "seat*", "order", "plane"),
    ),
    PatternLF(
        "game_or_stream_fault",
        label="technical",
        any_of=(
            "server*", "lobby", "matchmaking", "multiplayer", "kicked out", "installed", "installing",
            "connect to", "buffering", "no sound", "no audio", "won't play", "can't play", "stops playing",
            "keeps skipping", "cuts out", "cutting off", "cutting out", "keeps cutting", "subtitles",
            "captions", "dvr", "set top box", "cable box", "out of sync", "picture quality", "pixelat*",
        ),
        unless=MONEY,
    ),
    PatternLF(
        "already_troubleshooted",
        label="technical",
        any_of=(
            "reinstall*", "uninstall*", "re-install*", "restart*", "reboot*", "factory reset", "hard reset",
            "reset it", "cleared cache", "clear cache", "cleared my cookies", "turned it off",
            "turn it off", "unplug*", "power cycle*", "tried everything", "different browser*", "incognito",
            "troubleshoot*",
        ),
    ),
    PatternLF(
        "cannot_do_it_on_screen",
        label="technical",
        any_of=(
            f"re:{CANNOT} (?:even |let me |seem to )?{DO_ON_SCREEN}", "won't let me", "not letting me",
            "doesn't let me", "wouldn't let me", "not let me",
        ),
        unless=MONEY,
    ),
    PatternLF(
        "having_issues_with",
        label="technical",
        any_of=(
            "having issues", "having problems", "having a problem", "having trouble", "issues with",
            "problem with my", "trouble with", "an issue with", "problems with", "any known issues",
            "technical issue*", "the same issue", "technical difficult*", "connection issues",
        ),
        unless=MONEY + GRIPES + ("delivery", "order", "flight*", "driver*", "package*", "plane"),
    ),
    PatternLF(
        "it_keeps_happening_since",
        label="technical",
        any_of=(
            "every time i", "everytime i", "whenever i", "when i try", "when i click", "it keeps",
            "keeps saying", "keep getting", "it says", "it just", "ever since", "all of a sudden",
            "randomly", "comes up", "shows up as", "it won't", "when i open",
        ),
        unless=(*MONEY, "order", "fly", "delivery", "flight", "flights", "package", "delivered"),
    ),
    PatternLF(
        "technical_thing_in_trouble",
        label="technical",
        any_of=lexicon("category_technical_things"),
        all_of=(ON_SCREEN,),
        unless=(
            *MONEY, "zip code", "order", "package*", "delivery", "delivered", "flight", "codeshare",
            "code share",
        ),
    ),
    PatternLF(
        "reply_speaks_of_device",
        label="technical",
        field="brand_reply",
        any_of=(
            "your device", "which device", "what device", "version", "restart*", "reinstall*",
            "troubleshoot*", "ios", "the app", "error message", "error", "operating system", "reset your",
            "model", "browser", "connection", "your username", "screenshot", "log in", "settings",
            "update to",
        ),
    ),
]

# Complaint: displeased, with neither money nor a fault to settle.
COMPLAINT = [
    PatternLF(
        "words_of_dissatisfaction",
        label="complaint",
        any_of=GRIPES,
        unless=MONEY + FAULTS + DEVICES,
        negation=1,
    ),
    PatternLF(
        "bad_service_or_staff",
        label="complaint",
        any_of=(
            f"re:{BAD}.{{0,40}}{SERVICE}", f"re:{SERVICE}.{{0,40}}{BAD}", "rude", "unprofessional",
            "attitude", "incompetent", "lied", "lying", "liars", "unhelpful", "yelled", "refused",
            "unfriendly", "arrogant", "disrespect*", "hung up", "couldn't care less", "discriminat*",
        ),
        unless=MONEY + FAULTS,
    ),
    PatternLF(
        "delayed_or_stuck_on_the_way",
        label="complaint",
        any_of=(
            "delayed", "delay", "delays", "late", "delaying", "overdue", "tarmac", "runway", "stranded",
            "stuck", "missed my", "missed our", "missed connection", "miss my", "miss our",
            "cancelled flight", "flight cancelled", "flight canceled", "cancelled my flight",
            "canceled my flight", "overbooked", "no crew", "maintenance", "mechanical", "gate change*",
            "kicked off", "bumped", "missing crew", "cancelled again", "wait for a gate", "for a gate",
        ),
        unless=MONEY + FAULTS + PRAISE + ("thank*", "will i", "late night", "better late"),
    ),
    PatternLF(
        "kept_waiting",
        label="complaint",
        any_of=(
            "still waiting", "been waiting", "on hold", "waiting for", "waiting on", "waited", "wait time*",
            "waiting", "sitting on", "sat on", "sitting at", "still sitting", "queue", "long line*",
            "long lines",
        ),
        unless=MONEY + FAULTS + PRAISE + ("can't wait", "excited"),
    ),
    PatternLF(
        "counts_the_hours",
        label="complaint",
        any_of=(
            f"re:\\b(?:\\d+\\+?|an|half an|two|three|four|five|several)\\s?(?:{UNITS_OF_TIME})\\b",
            "all day", "for hours", "for days", "for weeks",
        ),
        unless=MONEY + FAULTS + PRAISE + ("thank*", "thanks"),
    ),
    PatternLF(
        "order_did_not_come",
        label="complaint",
        any_of=lexicon("category_parcels"),
        all_of=(IN_THE_FIELD,),
        unless=MONEY + FAULTS + ("restaurant",),
    ),
    PatternLF(
        "nobody_answers",
        label="complaint",
        any_of=(
            "no response", "no reply", "no answer", "no one", "nobody", "not responding", "never responded",
            "ignoring", "ignored", "no help", "no update*", "no communication", "hasn't replied",
            "haven't heard", "hung up", "no info*", "no explanation", "not replied", "don't care",
            "no apology", "without any", "get through", "get hold of",
        ),
        unless=MONEY + FAULTS,
    ),
    PatternLF(
        "lost_or_late_bag",
        label="complaint",
        any_of=("bag", "bags", "luggage", "baggage", "suitcase", "suitcases"),
        all_of=(IN_THE_FIELD,),
        unless=MONEY + PRAISE + ("thank*",),
    ),
    PatternLF(
        "promise_was_broken",
        label="complaint",
        any_of=(
            "supposed to", "was told", "were told", "told me", "promised", "you said", "they said",
            "keep telling", "told us", "was meant to", "guaranteed", "claims to", "claim to",
        ),
        unless=MONEY + FAULTS + PRAISE,
    ),
    PatternLF(
        "threatens_to_leave",
        label="complaint",
        any_of=(
            "never again", "never fly*", "never using", "never use", "never order*", "never shop*",
            "never book*", "last time i", "never be", "won't be flying", "won't be using",
            "lost a customer", "losing a customer", "lost my business", "my business elsewhere",
            "going elsewhere", "switching to", "switch to", "switched to", "loyal customer", "loyal",
            "competitor*", "be flying again", "not be flying", "neveragain", "boycott*", "avoid", "regret",
        ),
        unless=MONEY + FAULTS + PRAISE,
    ),
    PatternLF(
        "rhetorical_why",
        label="complaint",
        any_of=(
            "why do you", "why are you", "why are your", "why do your", "why does", "why can't you",
            "why would you", "why is it", "why is your", "how hard is it", "how can you", "how do you",
            "how is it", "why the", "why did you", "what is going on", "what's going on", "how is that",
            "what kind of", "do you even", "why have you", "really?", "why not", "why isn't", "why aren't",
            "why don't you", "how about you",
        ),
        unless=MONEY + FAULTS + DEVICES + PRAISE,
    ),
    PatternLF(
        "swears_without_naming_a_fault",
        label="complaint",
        any_of=(
            "fuck*", "shit", "shitty", "bullshit", "wtf", "hell", "damn", "crap", "ass", "screw*", "piss*",
            "idiots", "morons", "bastards", "stupid", "dumb",
        ),
        unless=MONEY + FAULTS + DEVICES + PRAISE + ("fix*", "thank*", "playing", "calls", "the letter"),
    ),
    PatternLF(
        "bad_goods_or_conditions",
        label="complaint",
        any_of=(
            "stale", "mouldy", "moldy", "mould", "raw", "expired", "out of date", "out of stock",
            "wrong item", "wrong order", "wrong size", "damaged", "broken", "dirty", "filthy", "smells",
            "disgusting", "cold food", "was cold", "missing", "fake", "faulty", "defective", "tasteless",
            "tiny", "empty", "quality", "cracked", "hair in", "undercooked", "rotten", "packaging",
            "ran out", "run out", "overcrowded", "packed", "carriages", "no seats", "standing", "no room",
            "no staff", "understaffed", "no food", "no heating", "too hot", "no water", "legroom",
            "leg room", "uncomfortable", "sardines", "no space", "only one", "middle seat", "not enough",
            "understocked", "closed",
        ),
        unless=MONEY + FAULTS + DEVICES + PRAISE,
    ),
    PatternLF(
        "price_or_policy_gripe",
        label="complaint",
        any_of=(
            "price gouging", "rip off", "ripoff", "ripping off", "greedy", "money grab", "overpriced",
            "too expensive", "so expensive", "waste of money", "waste of time", "false advertising", "scam",
            "misleading", "your policy", "bait and switch", "net neutrality", "monopoly", "prices",
            "ridiculous price*", "make up your mind", "removed", "get rid of", "getting rid of",
            "took away", "discontinu*", "closing",
        ),
        unless=("refund*", "charged"),
    ),
    PatternLF(
        "driver_or_courier_did_wrong",
        label="complaint",
        any_of=(
            "driver", "drivers", "courier", "couriers", "delivery guy", "delivery man", "conductor",
            "pilot",
        ),
        all_of=(IN_THE_FIELD,),
        unless=MONEY + PRAISE,
    ),
    PatternLF(
        "reply_apologises",
        label="complaint",
        field="brand_reply",
        any_of=(
            "sorry for", "sorry to", "sorry about", "sorry your", "so sorry", "very sorry", "we're sorry",
            "apologies", "apologize*", "apologise*", "inconvenience", "frustrat*", "disappoint*",
            "your patience", "let you down",
        ),
    ),
    PatternLF(
        "reply_traces_a_delay",
        label="complaint",
        field="brand_reply",
        any_of=(
            "on your way", "delay", "delays", "delayed", "as soon as", "as quickly as", "feedback",
            "tracking", "claim", "baggage", "your order", "flight number", "your package",
        ),
        unless=("glad", "thrilled", "kind words"),
    ),
]

# General: everything else, told by the absence of trouble.
GENERAL = [
    PatternLF("praises", label="general", any_of=PRAISE, unless=TROUBLE, negation=2),
    PatternLF(
        "thanks_without_trouble",
        label="general",
        any_of=("thank you", "thanks", "thank u", "thx", "ty", "cheers", "thankyou", "appreciate"),
        unless=(*TROUBLE, "thanks for nothing"),
    ),
    PatternLF(
        "good_words",
        label="general",
        any_of=(
            "great", "good", "love", "best", "nice", "happy", "cool", "fun", "glad", "beautiful", "yay",
            "enjoy*", "proud", "friendly", "helpful", "sweet", "hope", "fast", "smooth", "better than",
            "comfortable", "fab",
        ),
        unless=TROUBLE,
        negation=2,
    ),
    PatternLF(
        "asks_if_available_or_allowed",
        label="general",
        any_of=(
            "do you have", "do you guys", "do you offer", "do you sell", "do you know", "do you do",
            "will you be", "will there", "is there a", "is there any", "are there any", "are you going to",
            "are you guys", "in stock", "be available", "any chance", "any plans", "are you open",
            "anyone know", "are you doing", "can i", "could i", "may i", "can we", "am i able to",
            "is it possible", "am i allowed", "do i need", "do i have to", "should i", "i was wondering",
            "wondering if", "is it ok", "i'd like to", "i would like to", "do i get", "how many",
            "what are the", "what is the", "if i", "does the", "will i", "is the", "will the",
        ),
        unless=(*TROUBLE, "the point"),
    ),
    PatternLF(
        "asks_when_where_how_much",
        label="general",
        any_of=(
            "what time", "how much", "how long", "when will", "when does", "when do", "when is", "when are",
            "where can", "how do i", "how can i", "how to", "who do i", "where do", "how far", "what day",
            "when can", "where is", "who can", "what about", "how would", "how soon",
        ),
        unless=TROUBLE,
    ),
    PatternLF(
        "arranges_a_message",
        label="general",
        any_of=(
            "dm", "dms", "dm'd", "dmed", "dm you", "follow me", "follow back", "direct message", "sent you",
            "sent a message", "check your", "private message", "have emailed", "i emailed", "will do",
            "let me know", "will try", "replied", "pm", "sent it", "details",
        ),
        unless=TROUBLE,
    ),
    PatternLF(
        "festive_excited_or_joking",
        label="general",
        any_of=(
            "halloween", "christmas", "xmas", "thanksgiving", "birthday", "happy friday", "costume*",
            "weekend", "honeymoon", "anniversary", "giveaway", "congrats", "game day", "dressed up",
            "holidays", "haha*", "lmao", "hehe", "lol", "jk", "re:[😂🤣😜😉😋]", "hilarious", "funny",
            "just kidding", "my mom", "my dad", "good morning", "can't wait", "cannot wait", "excited",
            "looking forward", "heading to", "headed to", "see you soon", "here we come", "off to",
            "thrilled", "next stop",
        ),
        unless=tuple(word for word in TROUBLE if word not in ("can't", "cannot")),
    ),
    PatternLF(
        "reply_is_glad",
        label="general",
        field="brand_reply",
        any_of=(
            "glad", "kind words", "thanks for the", "shout out", "shoutout", "welcome", "enjoy*",
            "have a great", "happy to hear", "love to hear", "we love", "see you", "awesome",
            "great to hear", "look forward", "kudos", "for choosing", "you made our", "for flying",
            "can't wait", "pleasure", "aboard", "safe travels",
        ),
        unless=("sorry", "apolog*", "unfortunately", "frustrat*"),
    ),
]


NAMES_AND_LINKS = re.compile(r"@\w+|#\w+|\bhttp\b|__\w+__")
NEGATION = re.compile(r"n't\b|\b(?:not|no|never|still|but|cant|wont|dont)\b", re.IGNORECASE)
TROUBLE_WORDS = Pattern(TROUBLE)
TECHNICAL_OR_MONEY = Pattern(FAULTS + DEVICES + MONEY)
PRAISE_OR_THANKS = Pattern((*PRAISE, "thank*"))


def own_words(text: str) -> list[str]:
    """The words of a tweet without its mentions, hashtags and links."""
    return re.findall(r"[a-z']+", NAMES_AND_LINKS.sub(" ", text), re.IGNORECASE)


def dissatisfaction_possible(text: str) -> bool:
    """Whether a text speaks neither of money or technology nor praises."""
    return not TECHNICAL_OR_MONEY.matches(text) and not PRAISE_OR_THANKS.matches(text)


@labeling_function()
def says_almost_nothing(ticket: Any) -> str | None:
    """A fragment of up to five words is mostly chat, unless the few words name a trouble."""
    if not ticket.text.strip():
        return None
    if TROUBLE_WORDS.matches(ticket.text):
        return None
    return "general" if len(own_words(ticket.text)) <= 5 else None


@labeling_function()
def no_sign_of_trouble(ticket: Any) -> str | None:
    """A full sentence without a negation and without any word of money, fault, mishap or displeasure."""
    if NEGATION.search(ticket.text) or TROUBLE_WORDS.matches(ticket.text):
        return None
    return "general" if len(own_words(ticket.text)) > 5 else None


@labeling_function()
def plain_question(ticket: Any) -> str | None:
    """Ends in a question mark and says nothing of trouble: a request for information."""
    asks = NAMES_AND_LINKS.sub(" ", ticket.text).strip().endswith("?")
    return "general" if asks and not TROUBLE_WORDS.matches(ticket.text) else None


@labeling_function()
def smiling_emoji_only(ticket: Any) -> str | None:
    """Happy emoji and no sad or angry one."""
    if re.search("[😡😠🤬😤😭😢😞😒🙄👎😩😕☹🤔😑]|:\\(", ticket.text):
        return None
    happy = re.search("[😀😁😃😄😊😍🥰😘🤗🎉👏🙌❤💕💙👍✈🎃🌟💯👌🙏]|:-?\\)|<3", ticket.text)
    return "general" if happy else None


@labeling_function()
def angry_emoji(ticket: Any) -> str | None:
    """Angry or weary emoji in a ticket that speaks neither of money nor of technology."""
    angry = re.search("[😡😠🤬😤🙄👎😒😑]", ticket.text)
    return "complaint" if angry and not TECHNICAL_OR_MONEY.matches(ticket.text) else None


@labeling_function()
def long_story_of_what_was_not(ticket: Any) -> str | None:
    """Twenty words and more with a negation and no question, about neither money nor technology."""
    text = ticket.text
    if "?" in text or not NEGATION.search(text) or len(own_words(text)) < 20:
        return None
    return "complaint" if dissatisfaction_possible(text) else None


@labeling_function()
def turns_on_you_and_your(ticket: Any) -> str | None:
    """Speaks to or of "you guys", "you people" or "your": the brand is addressed, not a thing."""
    addressed = re.search(r"\b(?:you guys|y'?all|you people|your)\b", ticket.text, re.IGNORECASE)
    return "complaint" if addressed and dissatisfaction_possible(ticket.text) else None


@labeling_function()
def names_a_version(ticket: Any) -> str | None:
    """A version number such as 11.0.3."""
    return (
        "technical"
        if re.search(r"(?<![\d.])\d{1,2}\.\d{1,2}\.\d{1,3}(?!\d)|\bv\d+\.\d+", ticket.text)
        else None
    )


LFS = [
    *BILLING, *TECHNICAL, *COMPLAINT, *GENERAL,
    says_almost_nothing,
    no_sign_of_trouble,
    plain_question,
    smiling_emoji_only,
    angry_emoji,
    long_story_of_what_was_not,
    turns_on_you_and_your,
    names_a_version,
]
