"""Labeling functions for `department`: which team should get the ticket."""

import re
from typing import Any

from snorkel.labeling import labeling_function

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "department"


GADGETS = lexicon("department_gadgets")
FAULTS = lexicon("department_faults")
JOURNEY = lexicon("department_journey")
PARCELS = lexicon("department_parcels")
PRAISE = lexicon("department_praise")
PRAISE_KILLERS = lexicon("department_praise_killers")
STAFF = lexicon("department_staff")

MONEY = (
    "refund*", "charged", "charges", "charging", "overcharged", "money", "bill", "billing", "billed",
    "invoice*", "payment*", "compensat*", "reimburs*", "voucher*", "promo", "discount*", "fee", "fees",
    "credit", "paid", "fare", "price*", "re:[$£€₹]\\s?\\d",
)
ACCOUNT = (
    "account*", "password*", "log in", "login", "logged", "sign in", "hack*", "fraud*", "scam*", "phish*",
    "verif*", "identity", "locked out",
)
PROBLEM = (
    "delay*", "late", "lost", "cancel*", "broken", "missing", "waiting", "waited", "stuck", "worst",
    "terrible", "horrible", "awful", "rude", "ridiculous", "disappoint*", "never", "error*", "issue*",
    "problem*", "fix", "damaged", "wrong", "fail*", "stop", "still",
)

GRATITUDE = (
    "thank*", "shout out", "shoutout", "kudos", "props", "great", "awesome", "amazing", "best", "love*",
    "friendly", "helpful", "congrat*", "appreciate*", "excellent", "fantastic", "super", "wonderful",
    "impressed", "excited",
)
NEGATIONS = (
    "not", "re:n't\\b", "no", "none", "only", "please", "pls", "plz", "need", "help", "why", "how", "what",
)


MENTIONS = re.compile(r"[@#]\w+|http")
WORD = re.compile(r"[a-z][a-z']*", re.IGNORECASE)
ANY_TOPIC = Pattern(any_of=(*GADGETS, *FAULTS, *JOURNEY, *PARCELS, *MONEY, *ACCOUNT))
GRIEVANCE = Pattern(any_of=(*PROBLEM, *FAULTS, *MONEY, *ACCOUNT))
TROUBLE = Pattern(any_of=(*PROBLEM, *FAULTS, *MONEY, *ACCOUNT, *NEGATIONS))
MISHAP = Pattern(any_of=PROBLEM)
OWN_CASE = Pattern(
    any_of=("my", "our", "dm", "call", "contact", "i'm", "help", "this", "someone", "anyone", "why")
)
HAPPY_FACES = re.compile("[❤💙💜💛💚🧡😍🥰😘😊😁😀😃😄☺🙌👏👍🎉🤗😎💕💖💗✨]")
OPENS_QUESTION = re.compile(
    r"(?:(?:hi|hey|hello|so|and|ok|please|also)\W+)*"
    r"(?:will|can|could|do|does|is|are|any|when|what|how|where|which|would)\b",
    re.IGNORECASE,
)
VERSION_OR_CODE = re.compile(
    r"\b\d{1,2}\.\d{1,2}\.\d{1,3}\b|\bios\s?\d|\b[A-Z]{2}-\d{4,6}-\d\b|\b0x[0-9a-f]{4,}", re.IGNORECASE
)
FLIGHT_OR_ROUTE = re.compile(
    r"\b[A-Z]{2}\s?\d{3,4}\b|\bflight\s#?\d+|\b[A-Z]{3}\s?(?:-|to|->|/)\s?[A-Z]{3}\b"
)


def body(text: str) -> str:
    """The text without handles, hashtags and links."""
    return MENTIONS.sub(" ", text).strip(" .,:;-!")


# Row functions name their patterns as resources, so that a changed word list changes the fingerprint.

# customer_relations: structure


@labeling_function(resources={"topic": ANY_TOPIC})
def short_reply_without_topic(ticket: Any, topic: Pattern) -> str | None:
    """A scrap of a thread: at most eight words and none of a topic."""
    if not ticket.text.strip():
        return None
    words = WORD.findall(body(ticket.text))
    return "customer_relations" if len(words) <= 8 and not topic.matches(ticket.text) else None


@labeling_function(resources={"topic": ANY_TOPIC})
def nothing_concrete(ticket: Any, topic: Pattern) -> str | None:
    """No device, fault, journey, parcel, money or account is mentioned and nothing is asked."""
    if not ticket.text.strip():
        return None
    if "?" in ticket.text or topic.matches(ticket.text):
        return None
    return "customer_relations"


@labeling_function(resources={"faces": HAPPY_FACES, "trouble": TROUBLE})
def happy_face_and_no_trouble(ticket: Any, faces: re.Pattern[str], trouble: Pattern) -> str | None:
    """A heart, smile or clapping, no trouble and no question."""
    if "?" in ticket.text or not faces.search(ticket.text):
        return None
    return None if trouble.matches(ticket.text) else "customer_relations"


@labeling_function(resources={"trouble": TROUBLE})
def no_question_no_trouble(ticket: Any, trouble: Pattern) -> str | None:
    """Neither a question nor a word of trouble: praise, chat, brand talk."""
    if not ticket.text.strip():
        return None
    return None if "?" in ticket.text or trouble.matches(ticket.text) else "customer_relations"


# sales_product: structure


@labeling_function(resources={"grievance": GRIEVANCE, "own_case": OWN_CASE})
def plain_question_without_trouble(ticket: Any, grievance: Pattern, own_case: Pattern) -> str | None:
    """Opens as a question and names no trouble, money or account."""
    text = body(ticket.text)
    if "?" not in text or not OPENS_QUESTION.match(text) or grievance.matches(text) or own_case.matches(text):
        return None
    return "sales_product"


# technical_support: structure


@labeling_function(resources={"codes": VERSION_OR_CODE})
def names_a_version_or_error_code(ticket: Any, codes: re.Pattern[str]) -> str | None:
    """A version number such as 11.0.2, or an error code such as CE-42284-0."""
    return "technical_support" if codes.search(body(ticket.text)) else None


# operations: structure


@labeling_function(resources={"numbers": FLIGHT_OR_ROUTE, "problem": MISHAP})
def flight_number_with_trouble(ticket: Any, numbers: re.Pattern[str], problem: Pattern) -> str | None:
    """A flight number or a pair of airport codes in a text about trouble."""
    found = numbers.search(ticket.text) and problem.matches(ticket.text)
    return "operations" if found else None


LFS = [
    # technical_support: a thing does not work
    PatternLF(
        "gadget_with_fault",
        label="technical_support",
        any_of=FAULTS,
        all_of=(GADGETS,),
        unless=(*ACCOUNT, "refund*", "delivery", "luggage", "baggage"),
    ),
    PatternLF(
        "phone_software_update",
        label="technical_support",
        any_of=(
            "ios*", "#ios*", "update", "updated", "updating", "new update", "latest version", "high sierra",
            "firmware", "os",
        ),
        all_of=(
            (
                "phone*", "iphone*", "ipad*", "mac", "macbook*", "ios*", "#ios*", "app", "apps", "battery",
                "version", "software", "console", "game", "keyboard", "screen", "android", "windows",
                "laptop",
            ),
        ),
    ),
    PatternLF(
        "asks_to_fix_it",
        label="technical_support",
        any_of=(
            "please fix", "pls fix", "plz fix", "fix this", "fix the", "fix your", "fix it", "fix my",
            "fixed", "going to fix", "gonna fix", "how do i fix", "how to fix", "need a fix", "fixing",
        ),
        unless=(*GRATITUDE, "refund*", "bag", "order", "seat*", "flight", "driver"),
    ),
    PatternLF(
        "not_working",
        label="technical_support",
        any_of=(
            "not working", "isn't working", "aren't working", "wasn't working", "stopped working",
            "stops working", "won't work", "doesn't work", "don't work", "didn't work", "not work",
            "barely works", "never works", "can't get it to work", "hasn't worked", "working properly",
            "doesn't seem to work",
        ),
        unless=("refund", "password", "login", "promo*", "code"),
    ),
    PatternLF(
        "freezes_or_crashes",
        label="technical_support",
        any_of=(
            "crash*", "freez*", "frozen", "froze", "glitch*", "laggy", "lagging", "lags", "bug", "bugs",
            "buggy", "restart*", "reboot*", "buffering", "black screen", "blank page", "unresponsive",
            "shuts off", "shut down", "shuts down", "shutting down", "overheat*", "reinstall*",
            "uninstall*",
        ),
    ),
    PatternLF(
        "error_message",
        label="technical_support",
        any_of=("error", "errors", "error code", "error message", "404", "502", "503", "504"),
        unless=("charge*", "refund*", "password", "log in", "login", "sign in", "their error", "your error"),
    ),
    PatternLF(
        "battery_or_screen",
        label="technical_support",
        any_of=(
            "battery", "battery life", "screen", "touchscreen", "keyboard", "home button", "bluetooth",
            "charger", "headphone*", "earphone*", "speaker*", "lock screen", "predictive text",
            "autocorrect", "auto correct", "the letter", "face id", "touch id", "airdrop", "hotspot",
            "airpods", "emoji*",
        ),
    ),
    PatternLF(
        "internet_or_signal_down",
        label="technical_support",
        any_of=(
            "internet", "broadband", "wifi", "wi-fi", "router", "modem", "network", "signal", "4g", "lte",
            "3g", "data connection", "dsl", "bandwidth", "mbps", "speeds", "reception",
        ),
        unless=("refund", "bill", "charged"),
    ),
    PatternLF(
        "no_internet_or_outage",
        label="technical_support",
        any_of=(
            "outage", "outages", "no internet", "without internet", "internet is", "no service",
            "no signal", "no wifi", "no network", "no data", "can't connect", "won't connect",
            "internet down", "internet has been", "connection issue*", "connection problem*",
            "connectivity", "disconnect*",
        ),
    ),
    PatternLF(
        "keeps_happening_since_the_update",
        label="technical_support",
        any_of=(
            "keeps happening", "still happening", "happening again", "every time i", "everytime i",
            "all of a sudden", "suddenly", "ever since", "since the update", "since updating",
            "after the update", "after updating", "after update", "randomly", "constantly",
            "since i updated", "is it just me", "anyone else", "anybody else", "same issue", "same problem",
            "down for",
        ),
        all_of=((*GADGETS, "fix", "it", "this"),),
        unless=(*JOURNEY, *PARCELS, *MONEY, "account", "staff", "rude"),
    ),
    PatternLF(
        "how_do_i_use_it",
        label="technical_support",
        any_of=(
            "how do i", "how do you", "how to", "how can i", "how would i", "is there a way", "any way to",
            "why can't i", "why does", "why is", "why does my", "why won't", "what is wrong",
            "what's wrong", "what's up with", "what happened to", "any ideas", "any advice", "any fix",
            "workaround",
        ),
        all_of=(GADGETS,),
        unless=(*JOURNEY, *PARCELS, *MONEY, "account", "password", "add"),
    ),
    PatternLF(
        "gadget_and_nothing_shipped_or_paid",
        label="technical_support",
        any_of=GADGETS,
        unless=(
            *JOURNEY, *PARCELS, *MONEY, *ACCOUNT, *GRATITUDE, *STAFF, "add", "when will", "bring",
            "available", "remove*", "album", "switch*", "will you", "does the", "can i get", "how much",
            "preorder*", "is it possible",
        ),
    ),
    names_a_version_or_error_code,
    PatternLF(
        "reply_about_device",
        label="technical_support",
        field="brand_reply",
        any_of=(
            "device", "ios", "version", "browser", "are you using", "have you tried", "error message",
            "restart*", "reinstall*", "update your", "your app", "the app", "troubleshoot*", "settings",
            "operating system", "what happens when", "web support", "reported errors", "technical",
        ),
    ),
    # billing: money is what must be settled
    PatternLF(
        "asks_for_refund",
        label="billing",
        any_of=("refund*", "money back", "reimburs*", "my money"),
        unless=("no refund needed",),
    ),
    PatternLF(
        "charged",
        label="billing",
        any_of=(
            "charged", "overcharged", "charging me", "charge me", "charges me", "charged me",
            "double charged", "charge for", "charges for", "charge on", "false charge", "extra charge",
            "charging for", "billed", "surcharge", "charge my", "charging my",
        ),
        unless=("battery", "fraud*", "unauthorized", "hacked"),
    ),
    PatternLF(
        "bill_payment_or_invoice",
        label="billing",
        any_of=(
            "my bill", "the bill", "bills", "billing", "invoice*", "payment*", "my balance", "direct debit",
            "balance", "bank account", "overdraft", "copy of my receipt", "pending", "withdrawal",
            "transaction*", "deduct*", "debited", "recharge*", "top up", "money", "autopay",
            "contract price", "monthly",
        ),
        unless=("fraud*", "hacked", "stolen", "password", "error", "page", "screen"),
    ),
    PatternLF(
        "wants_compensation",
        label="billing",
        any_of=(
            "compensat*", "credit for", "a credit", "credit back", "credited", "free drink*", "free flight",
            "free upgrade", "free month", "comp", "comped", "make up for", "make it up", "make this right",
            "how about a free", "travel credit", "credit on my", "my credit", "claim back",
        ),
        unless=("credit card",),
    ),
    PatternLF(
        "voucher_promo_or_discount",
        label="billing",
        any_of=(
            "voucher*", "promo", "promo code", "promotion*", "coupon*", "discount*", "cashback",
            "cash back", "rebate", "student plan", "student discount", "promised", "referral",
            "false advertis*", "special offer",
        ),
        unless=("thank*", "love*", "excited", "great", "works", "page", "delivery", "staff"),
    ),
    PatternLF(
        "names_a_sum_of_money",
        label="billing",
        any_of=(
            "re:[$£€₹]\\s?(?:\\d{2}|\\d\\.\\d)",
            "re:\\d\\s?(?:dollars|bucks|pounds|euros|quid|rs|usd|gbp)\\b", "re:\\brs\\.?\\s?\\d",
        ),
        unless=("burrito*", "sale", "hacked", "internet", "fix", "delivery", "bag", "fly"),
    ),
    PatternLF(
        "reply_about_refund_or_fare",
        label="billing",
        field="brand_reply",
        any_of=(
            "refund*", "fare", "fares", "voucher*", "charge*", "billing", "compensat*", "invoice", "fee",
            "credit", "promo*", "price*",
        ),
        unless=("price match",),
    ),
    # account_security: who may get in
    PatternLF(
        "cannot_sign_in",
        label="account_security",
        any_of=(
            "can't log*", "cannot log*", "can't sign in", "cannot sign in", "unable to log*",
            "won't let me log*", "won't let me sign", "can't login", "log in", "login", "log into",
            "logging in", "logging into", "get into my account", "access my account", "logged out",
            "log me out", "sign in", "signing in", "signed out", "sign into", "log on", "logon",
            "log back in",
        ),
    ),
    PatternLF(
        "password_or_verification",
        label="account_security",
        any_of=(
            "password*", "passcode", "verification", "verify", "verified", "two factor", "2fa", "two-step",
            "2 step", "security question*", "security code", "username", "forgot my", "reset link", "my id",
            "captcha", "authentic*",
        ),
    ),
    PatternLF(
        "hacked_fraud_or_scam",
        label="account_security",
        any_of=(
            "hack*", "fraud", "fraudulent*", "phishing", "identity theft", "stole my", "stolen",
            "unauthorized", "unauthorised", "without my consent", "without my permission", "compromised",
            "suspicious", "breach", "fake email*", "scam email", "a scam", "scammed", "scammer*", "spoof*",
            "unknown number*", "is this legit", "data protection", "privacy", "gdpr", "spam*",
        ),
    ),
    PatternLF(
        "account_locked_or_closed",
        label="account_security",
        any_of=(
            "locked", "unlock*", "suspended", "blocked", "unblock*", "deactivat*", "reactivat*", "disabled",
            "under review", "banned", "closed", "close my", "delete my", "restricted", "on hold", "limited",
            "recover*", "access to my", "restore",
        ),
        all_of=(("account*", "card", "profile", "acct"),),
    ),
    PatternLF(
        "my_account",
        label="account_security",
        any_of=(
            "my account", "into my account", "my acct", "our account", "an account", "my accounts",
            "account is", "family account", "new account", "two accounts", "linked", "link my", "household",
        ),
        unless=("charge*", "refund*", "money", "credit", "paid", "bill", "payment", "balance", "order"),
    ),
    # operations: what is being fulfilled in the field
    PatternLF(
        "late_or_cancelled_journey",
        label="operations",
        any_of=(
            "delay*", "late", "cancelled", "canceled", "cancellation*", "cancel", "missed", "miss", "stuck",
            "stranded", "waiting", "wait", "held up", "diverted", "rebook*", "rescheduled", "bumped",
            "overbooked", "oversold", "hours", "hrs",
        ),
        all_of=((*JOURNEY, "trip", "services"),),
        unless=(*GRATITUDE, "refund*", "compensat*", "charge*", "thank*", "rude"),
    ),
    PatternLF(
        "journey_with_trouble",
        label="operations",
        any_of=JOURNEY,
        all_of=(
            (
                *PROBLEM, "no", "not", "n't", "unacceptable", "mess", "crowded", "full", "cold", "left",
                "why", "only",
            ),
        ),
        unless=(*GRATITUDE, *MONEY, "app", "website", "customer service", "rude", "love*", "thank*"),
    ),
    PatternLF(
        "parcel_or_meal_with_trouble",
        label="operations",
        any_of=PARCELS,
        all_of=(
            (
                *PROBLEM, "no", "not", "n't", "unacceptable", "mess", "full", "cold", "left", "only",
                "haven't", "hasn't", "received", "where",
            ),
        ),
        unless=(
            *GRATITUDE, *MONEY, *ACCOUNT, "app", "website", "site", "phone", "iphone", "update",
            "customer service", "rude", "love*", "thank*", "game",
        ),
    ),
    PatternLF(
        "asks_about_own_trip_or_order",
        label="operations",
        any_of=(
            "my flight", "our flight", "my flights", "our flights", "my booking", "my reservation",
            "change my flight", "my ticket", "my tickets", "my trip", "our trip", "my order", "my package",
            "my parcel", "my delivery", "my bag", "my bags", "my luggage", "my seat", "our seats",
            "my connection", "our connection", "my train", "my item", "my food", "my driver", "my table",
        ),
        unless=(
            *GRATITUDE, *MONEY, "thank*", "love*", "app", "website", "site", "great", "best", "awesome",
            "excited", "can't wait", "looking forward",
        ),
    ),
    PatternLF(
        "delayed",
        label="operations",
        any_of=("delayed", "delay", "delays", "delaying"),
        unless=(*GRATITUDE, "refund*", "compensat*", "thanks for", "thank you"),
    ),
    PatternLF(
        "luggage",
        label="operations",
        any_of=(
            "luggage", "baggage", "bag", "bags", "suitcase*", "carry on", "carry-on", "carryon",
            "overhead bin*", "checked in bag", "stroller", "left my", "lost item*", "lost and found",
            "lost property",
        ),
        unless=(*GRATITUDE, "refund*", "compensat*", "fee", "fees", "charge*", "rude"),
    ),
    PatternLF(
        "parcel_or_delivery",
        label="operations",
        any_of=(
            "package*", "parcel*", "shipment*", "shipping", "shipped", "deliver", "delivered", "delivery",
            "deliveries", "delivering", "courier", "dispatched", "tracking", "out for delivery",
            "not arrived", "hasn't arrived", "still waiting for my", "warehouse", "my order", "an order",
        ),
        unless=(*GRATITUDE, "refund*", "charged", "can't log*", "app", "error", "promo*"),
    ),
    PatternLF(
        "train_or_bus",
        label="operations",
        any_of=(
            "train", "trains", "platform", "carriage*", "coaches", "the station", "commuters", "timetable",
            "bus", "rail", "signal failure", "peak",
        ),
        unless=(*GRATITUDE, "refund*", "wifi", "app", "website", "thank you", "ticket price*"),
    ),
    PatternLF(
        "driver_or_ride",
        label="operations",
        any_of=(
            "driver", "drivers", "my ride", "cab", "taxi", "pickup", "pick up", "pick me up", "picked up",
            "drop off",
        ),
        unless=(*GRATITUDE, "refund*", "charge*", "app", "account", "rating"),
    ),
    PatternLF(
        "bad_food_or_packaging",
        label="operations",
        any_of=(
            "mould*", "mold", "moldy", "raw", "undercooked", "cold food", "out of date", "use by",
            "best before", "stale", "rotten", "inedible", "soggy", "burnt", "found in my", "hair in",
            "packaging", "wrong order", "wrong item", "damaged", "smashed", "squashed", "missing from",
            "ran out", "run out", "out of stock", "expired food", "food poisoning", "faulty",
        ),
    ),
    PatternLF(
        "supposed_to_arrive",
        label="operations",
        any_of=(
            "was supposed to", "were supposed to", "supposed to be", "was due", "not arrived",
            "hasn't arrived", "haven't received", "not received", "never received", "never arrived",
            "never came", "never showed", "didn't arrive", "where is my", "where's my", "when will my",
            "still waiting for", "still waiting on", "arrive", "arriving", "arrival", "arrived", "turn up",
            "turned up", "no show", "not here",
        ),
        unless=(
            *GRATITUDE, "refund*", "email", "reply", "response", "credit", "app", "iphone", "update",
            "thank*",
        ),
    ),
    flight_number_with_trouble,
    PatternLF(
        "reply_about_delay_or_bag",
        label="operations",
        field="brand_reply",
        any_of=(
            "for the delay", "delay", "delays", "delayed", "baggage", "bag", "bags", "your patience",
            "on your way", "airport team", "flight number", "as quickly as possible", "departure",
            "for the wait", "rebook*", "crew and", "your order", "delivery", "package", "tracking",
            "which store", "gate agent", "gate",
        ),
        unless=("thanks for the shout", "kind words", "glad you", "enjoyed"),
    ),
    PatternLF(
        "reply_sorry_for_the_trip",
        label="operations",
        field="brand_reply",
        any_of=("sorry for", "apologies for", "apologize for", "our apologies", "sorry your", "sorry about"),
        unless=("site", "app", "wifi", "device", "response", "rude"),
    ),
    # sales_product: before buying, content, features
    PatternLF(
        "asks_about_availability",
        label="sales_product",
        any_of=(
            "be available", "available in", "available for", "available on", "is available",
            "back in stock", "in stock", "do you sell", "do you have any", "do you stock", "do you offer",
            "do you guys have", "will you have", "will you be", "are you going to", "coming to", "come to",
            "release date", "be released", "come out", "pre order", "pre-order", "preorder", "for sale",
            "where can i buy", "where can i get", "where can i find", "when is", "when will the",
            "when does the", "when do you", "will there be", "are there any", "is there any",
        ),
        unless=(
            *PROBLEM, "refund*", "delivered", "arrive", "not available", "my flight", "my order", "fixed",
        ),
    ),
    PatternLF(
        "asks_how_plans_and_points_work",
        label="sales_product",
        any_of=(
            "points", "miles", "status", "loyalty", "tier", "rewards", "plan", "plans", "contract",
            "package deal", "deal", "deals", "offer", "upgrade", "policy", "eligible", "membership",
            "subscription", "if i book", "if i buy", "if i cancel", "switch to", "the difference",
            "trade in", "companion",
        ),
        all_of=("?",),
        unless=(
            *PROBLEM, "refund*", "charged", "why", "log in", "password", "my bag", "my flight", "my seat",
        ),
    ),
    PatternLF(
        "asks_whether_it_can",
        label="sales_product",
        any_of=(
            "can you use", "can i use", "can i get", "can i buy", "can i order", "can i still",
            "can we get", "is it possible", "is there a way", "any way to", "any plans", "will i be able",
            "will it be", "does the", "does this", "do i need", "do i have to", "will the",
            "do you know if", "know if", "compatible", "support the", "allowed to", "able to use",
            "eligible", "how much is", "how much does", "how much for", "what's the difference",
            "what is the difference", "does it", "do you guys", "do they", "how long does",
        ),
        unless=(
            *PROBLEM, *FAULTS, "refund*", "charged", "password", "my bag", "my flight", "my seat",
            "delivered",
        ),
    ),
    PatternLF(
        "suggests_feature_or_content",
        label="sales_product",
        any_of=(
            "please add", "pls add", "plz add", "can you add", "could you add", "you should add", "add a",
            "add an", "add the", "need to add", "bring back", "bring it back", "suggestion*",
            "feature request", "a feature", "features", "an option", "the option", "would be nice",
            "would be great", "would be cool", "be great if", "be nice if", "be cool if",
            "why don't you have", "why isn't there", "you should have", "wish you", "wish there",
            "please make", "good idea to", "you guys should", "you should have", "please bring",
            "please put", "please get", "please give us", "need to bring", "why not add", "consider adding",
            "should be able to", "can you make", "could you make", "can we have", "can we get",
            "any plans to", "would love to see", "would love it if", "make it possible", "hurry up with",
            "recommendation*",
        ),
        unless=(
            "not working", "crash*", "bug", "broken", "refund*", "charged", "ashamed", "delay*", "password",
            "error", "working", "driver*", "staff", "delivered", "package", "late", "my flight", "worst",
            "apologize", "luggage", "bag", "bags", "freez*", "fix",
        ),
    ),
    PatternLF(
        "asks_for_show_song_or_game",
        label="sales_product",
        any_of=(
            "season", "album", "song", "songs", "discography", "playlist", "playlists", "new game", "movie",
            "movies", "series", "artist", "podcast*", "show", "dlc", "beta",
        ),
        all_of=(
            (
                "when", "why", "add", "get", "please", "need", "put", "want", "find", "missing", "have",
                "bring",
            ),
        ),
        unless=(
            *FAULTS, "not working", "refund*", "flight", "crash*", "skip*", "staff", "thank*", "play",
            "working", "rude", "plays", "stop",
        ),
    ),
    plain_question_without_trouble,
    # customer_relations: praise
    PatternLF(
        "praise",
        label="customer_relations",
        any_of=PRAISE,
        unless=(*PRAISE_KILLERS, "re:n't\\b"),
        negation=2,
    ),
    PatternLF(
        "great_flight_service_or_people",
        label="customer_relations",
        any_of=(
            "great", "awesome", "amazing", "excellent", "fantastic", "wonderful", "outstanding", "best",
            "lovely", "friendly", "helpful", "incredible", "stellar", "brilliant", "impressed", "superb",
            "fabulous", "perfect",
        ),
        all_of=(
            (
                *STAFF, "service", "flight", "experience", "company", "job", "work", "help", "people",
                "lady", "guy", "store", "pilot", "trip", "food",
            ),
        ),
        unless=(
            "not", "but", "however", "delay*", "lost", "would be", "worst", "isn't", "sarcas*", "unhelpful",
            "why", "how", "buy",
        ),
        negation=2,
    ),
    # customer_relations: staff, service and silence
    PatternLF(
        "rude_or_unhelpful_staff",
        label="customer_relations",
        any_of=(
            "rude", "rudest", "rudeness", "unhelpful", "unprofessional", "disrespect*", "attitude",
            "impolite", "arrogant", "incompetent", "lazy", "hung up", "hangs up", "lied to", "liar*",
            "condescending", "racist", "discriminat*", "no help", "not helpful", "couldn't help",
            "didn't help", "treated", "ignored", "laugh*", "yell*",
        ),
        unless=(
            "refund*", "lost", "missed", "delay*", "deliver*", "delivery", "order", "charged", "stuck",
            "seat*", "website", "bill",
        ),
    ),
    PatternLF(
        "bad_customer_service",
        label="customer_relations",
        any_of=(
            "customer service", "customer care", "customer support", "customer services", "cust service",
            "costumer service", "your service", "call centre", "call center", "helpline", "help desk",
            "tech support", "phone support",
        ),
        unless=("refund*", "charge*", "internet", "delivery", "package", "order", "delay*", "luggage", "bag"),
    ),
    PatternLF(
        "nobody_answers",
        label="customer_relations",
        any_of=(
            "no response", "no reply", "no answer", "not responding to", "not replied", "haven't replied",
            "not responded", "haven't responded", "never responded", "never replied", "never got back",
            "get back to me", "got back to me", "hear back", "heard back", "haven't heard", "respond to",
            "reply to", "answer my", "answer the phone", "respond", "response", "on hold", "hold for",
            "call back", "callback", "waiting for a response", "ignoring", "waiting for a reply",
            "been transferred", "speak to", "talk to a human", "talk to someone", "complaint", "complaints",
            "phone number to", "contact number", "contact you", "someone call", "call me", "email you",
        ),
        unless=(
            "refund*", "charge*", "delivery", "package", "bag", "luggage", "hacked", "internet", "app",
            "website", "order", "delivered", "delay*", "iphone", "account", "bill", "flight is",
            "not working",
        ),
    ),
    PatternLF(
        "direct_message_talk",
        label="customer_relations",
        any_of=(
            "dm", "dm'd", "dmed", "dms", "pm", "direct message", "inbox", "follow me", "follow back",
            "sent you a message", "private message", "messaged you", "check your dm", "can i dm",
            "sent a dm", "sent you",
        ),
        unless=("re:\\d\\s?pm\\b", "refund*", "password", "internet", "flight", "delivery"),
    ),
    PatternLF(
        "worst_brand_ever",
        label="customer_relations",
        any_of=(
            "worst", "you suck", "sucks", "suck", "trash", "garbage", "joke", "pathetic", "disgusting",
            "disgrace", "shame on", "fuck you", "screw you", "never again", "hate you", "i hate",
            "worst airline", "worst company", "terrible company", "shitty", "crap", "horrible company",
            "boycott", "switching to", "bye", "disappointed in", "lost a customer", "losing customers",
            "lost my business", "loyal customer", "never fly*", "never buy*", "go elsewhere",
        ),
        unless=(*GADGETS, *PARCELS, *JOURNEY, *MONEY),
    ),
    # customer_relations: brand talk and chat
    PatternLF(
        "mentions_staff_without_other_topic",
        label="customer_relations",
        any_of=STAFF,
        unless=(
            *GADGETS, *MONEY, *ACCOUNT, "delay*", "delivery", "order", "package", "late", "lost", "luggage",
            "bag", "bags", "seat*", "cancel*", "missed", "waiting", "technical",
        ),
    ),
    PatternLF(
        "follow_up_pleasantry",
        label="customer_relations",
        any_of=(
            "ok thanks", "ok thank you", "okay thanks", "thanks for the reply", "thanks for the response",
            "thanks for getting", "thanks for letting", "thanks for your help", "thank you for your",
            "thanks again", "thanks anyway", "will do", "no worries", "no problem", "got it", "sorted",
            "resolved", "all good", "yes please", "cheers", "appreciate it", "thanks!", "thank you!",
            "re:(?:thanks|thank you|thx|cheers)\\W*$",
        ),
        unless=(*GADGETS, *JOURNEY, *PARCELS, *NEGATIONS, "?", "never", "for nothing", "waiting"),
    ),
    PatternLF(
        "reply_delighted",
        label="customer_relations",
        field="brand_reply",
        any_of=(
            "thanks for the", "kind words", "glad", "great to hear", "love to hear", "happy to hear",
            "we love", "love it", "shout out", "shoutout", "enjoyed", "enjoy", "again soon", "your loyalty",
            "for choosing", "pleasure", "awesome", "can't wait", "looking forward", "thanks for flying",
            "see you", "thank you for flying", "compliment*", "pass along", "kudos", "for sharing",
            "you're welcome", "welcome aboard", "so much for",
        ),
        unless=("sorry", "apolog*", "unfortunately"),
    ),
    short_reply_without_topic,
    nothing_concrete,
    happy_face_and_no_trouble,
    no_question_no_trouble,
]
