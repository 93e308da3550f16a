"""Labeling functions for the task intent: what the author of a tweet wants done."""

import re
from typing import Any

from snorkel.labeling import labeling_function

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "intent"

BAD = lexicon("intent_bad")
DEVICE = lexicon("intent_device")
FAULT = lexicon("intent_fault")
PRAISE = lexicon("intent_praise")
REQUESTS = lexicon("intent_requests")
WISH = lexicon("intent_wish")

# What takes a tweet out of praise, thanks and plain questions.
QUESTION = "re:\\?"
TURN = ("but", "not", "no", "can't", "won't", "don't", "didn't", "still", "yet", "never", "why")
TROUBLE = ("issue*", "problem*", "fix*", "delay*", "cancel*", "lost", "wrong", "error*", "help with", "wtf")
MONEY = ("refund*", "money back", "my money", "charged", "overcharg*", "compensat*", "reimburs*")
THANKS = ("thank", "thanks", "thankyou", "thx", "thanx", "tysm", "cheers", "#thank*", "appreciate*")
FALSE_THANKS = (
    "thanks for nothing", "thanks for ruin*", "thanks for wast*", "no thanks", "no thank you",
    "thanks for not", "thank you for not", "thanks a lot", "thanks for making me", "thanks to you",
)
POSITIVE = (
    "great", "amazing", "awesome", "love", "best", "friendly", "nice", "helpful", "excellent", "good",
    "wonderful", "kudos", "shout out", "shoutout", "favorite", "excited", "impressed", "fantastic",
)
# Products whose trouble is a fault to fix rather than a vent.
PRODUCTS = (
    "wifi", "wi-fi", "internet", "broadband", "network", "signal", "phone", "iphone", "ios", "app", "apps",
    "website", "site", "update",
)
# What makes a question more than a question: an order, a fault or a case is behind it.
OPEN_MATTER = (
    "why", "order", "package*", "deliver*", "not working", "seriously", "hacked", "password", "how about",
    "reply", "response", "down", "re:n't\\b",
)


def spoken(text: str) -> str:
    """The text without its mentions and links."""
    return " ".join(re.sub(r"@\w+|\bhttps?\b\S*", " ", text).split())


# Row functions: votes on the form of a tweet.


@labeling_function()
def shares_a_headline(ticket: Any) -> str | None:
    """Ends with a link and addresses nobody: news, an advertisement, a picture."""
    text = ticket.text
    return "other" if text.endswith("http") and "@" not in text and "?" not in text else None


@labeling_function(
    resources={"matter": Pattern((*REQUESTS, *BAD, *THANKS, "i", "my", "me", "we", "love", QUESTION))}
)
def talks_among_users(ticket: Any, matter: Pattern) -> str | None:
    """Opens with two or more anonymous handles and has no matter of its own: users talk to each other."""
    return "other" if re.match(r"(?:@user\s+){2,}", ticket.text) and not matter.matches(ticket.text) else None


@labeling_function(resources={"matter": Pattern((*REQUESTS, *BAD, *THANKS, *POSITIVE, "sent", "re:[?!]"))})
def bare_fragment(ticket: Any, matter: Pattern) -> str | None:
    """At most five words, mentions and links apart, and no matter in them: a piece of a thread."""
    if not ticket.text.strip():
        return None
    few = len(spoken(ticket.text).split()) <= 5
    return "other" if few and not matter.matches(ticket.text) else None


@labeling_function()
def signed_by_an_agent(ticket: Any) -> str | None:
    """Ends with the initials of an agent, as ^AB or *AB."""
    return "other" if re.search(r"[\^*][A-Z][A-Za-z]{0,7}(?:\s+http)?$", ticket.text) else None


@labeling_function(resources={"sour": Pattern((*TURN, *BAD, *TROUBLE, "please", QUESTION))})
def happy_emoji(ticket: Any, sour: Pattern) -> str | None:
    """A heart, applause or a smile in a tweet without question, refusal or trouble."""
    happy = re.search("[❤💙💕💖💛💜👏👍🙌😍😘😊👌💯🙏😁😀]", ticket.text)
    return "express_thanks" if happy and not sour.matches(ticket.text) else None


@labeling_function(resources={"matter": Pattern((*MONEY, *BAD, *TROUBLE, *OPEN_MATTER))})
def single_short_question(ticket: Any, matter: Pattern) -> str | None:
    """One question of 5 to 25 words with nothing after it and no grievance in it."""
    words = spoken(ticket.text)
    one = words.count("?") == 1 and words.endswith("?") and 5 <= len(words.split()) <= 25
    return "ask_information" if one and not matter.matches(words) else None


LFS = [
    # refund_compensation: money back, credit, voucher, compensation
    PatternLF(
        "asks_for_refund",
        label="refund_compensation",
        any_of=("refund", "a refund", "refunded", "refunds", "reimburs*", "re-imburs*"),
        unless=("refund issued", "if you cancel", "given refund"),
    ),
    PatternLF(
        "wants_money_back",
        label="refund_compensation",
        any_of=(
            "money back", "moneyback", "iwantmymoneyback", "hard earned money", "pay me back", "reverse my",
            "cash back",
            r"re:\b(?:get|give|want|need|return|release|have|where"
            r"|recover\w*)\b.{0,25}\bmy (?:\w+ )?(?:money|funds?|cash)\b", "stole my money",
            "back my money", "kindly reverse",
        ),
        unless=("debited", "deduct*", "waste of"),
    ),
    PatternLF(
        "asks_for_compensation",
        label="refund_compensation",
        any_of=(
            "compensat*", "comped", "comp me", "comp my", "make it up to", "delay repay", "owe me",
            "owes me", "travel voucher", "meal voucher", "give me a voucher", "a credit for", "credit me",
            "credit my", "being credited", "claim back", "free upgrade", "beverage coupon",
            "how about a free", "rebate",
        ),
        unless=(*THANKS,),
    ),
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
        any_of=(
            "charged", "being charged", "charging me", "charge me", "overcharg*", "a charge",
            "charged twice", "charge on my", "charges on my", "the charges", "unauthorized charge",
            "card charge",
        ),
        unless=(
            "refund*", "money back", "battery", "phone charged", "fully charged", "charger", "reimburs*",
            "charge point",
        ),
    ),
    PatternLF(
        "promo_not_applied",
        label="billing_inquiry",
        any_of=(
            "promo", "promo code*", "discount", "discounts", "coupon", "gift card", "voucher code",
            "cashback", "free trial", "this deal", "the deal", "the offer", "bonus", "promotion",
            "student plan", "free month", "discount code*",
        ),
        all_of=(
            r"re:n['’]t (?:appl|work|get|let|receiv|have|qualif)|\bnot (?:appl|yet|work|receiv|been)"
            r"|never (?:got|receiv)|invalid|no longer"
            r"|denied|charged|applied|how come|stopped|eligible|qualif",
        ),
        unless=("refund*", *THANKS, "what's the deal", "verify", "log in", "driver", "staff"),
    ),
    PatternLF(
        "money_taken_or_price_raised",
        label="billing_inquiry",
        any_of=(
            "deduct*", "debited", "took money", "taken from my", "taken out of my", "out of my account",
            "from my card", "overdraft", "price went up", "bill went up", "dispute", "billed",
            "double the price", "i owe",
            r"re:[$£€₹]\s?\d.*(?:instead|supposed|told|said|now|but|quoted).*[$£€₹]\s?\d",
            "more than expected", "my balance",
        ),
        unless=("refund*", "money back", "can't log", "voucher*", "logged out"),
    ),
    PatternLF(
        "bill_or_payment_trouble",
        label="billing_inquiry",
        any_of=(
            "payment", "payments", "transaction", "credit card", "debit card", "my card", "visa", "my bank",
            "direct debit", "autopay", "top up", "topped up", "recharge*", "trying to pay", "tried to pay",
            "my bill", "invoice*", "receipts",
        ),
        all_of=(
            r"re:declin|fail|reject|refus|not accept|n't accept|being accepted|not go|twice|deduct"
            r"|debited|taken|\bwhy\b|charge|n't received"
            r"|not received|wrong|higher",
        ),
        unless=("refund*", "log in", "password", "error", "check in", "app", "fraud*", "package"),
    ),
    # cancel_return: cancel an order, booking, subscription or account; return, exchange, replace
    PatternLF(
        "wants_to_cancel",
        label="cancel_return",
        any_of=(
            "to cancel", "cancel my", "cancel it", "cancel this", "cancel the order", "canceling my",
            "cancelling my", "close my", "account closed", "unsubscribe", "cancellation request",
            "how to cancel", "port out", "option to cancel",
        ),
        unless=(
            "you cancel*", "refund*", "had to cancel", "decided to cancel", "driver",
            "are you going to cancel", "if i", "if we", "when are you", "fee", "fees", "threat*", "charged",
        ),
    ),
    PatternLF(
        "wants_to_return",
        label="cancel_return",
        any_of=(
            "to return", "return it", "return this", "return an", "return these", "a return", "an exchange",
            "to exchange", "exchange it", "can't return", "returned a", "send it back", "return label",
            "my return",
        ),
        unless=(
            "return flight", "return my call", "a return ticket", "return my money", "a return call",
            "return leg", "if i",
        ),
    ),
    PatternLF(
        "wants_replacement_for_bad_goods",
        label="cancel_return",
        any_of=(
            "a replacement", "replacement", "replace it", "replace my", "replace them", "do replace",
            "send me a new", "send another", "wrong item", "wrong product", "damaged product",
            "damaged item", "came damaged", "defective", "faulty", "terrible condition", "sent me a",
            "different product",
        ),
        unless=(
            "update", "app", "email", "flight", "plane", "refund*", "thank*", "train", "phone number", "dm",
            "link",
        ),
    ),
    # account_help: sign-in, password, locked or hacked account, verification, account details
    PatternLF(
        "cannot_sign_in",
        label="account_help",
        any_of=(
            "log in", "log into", "login", "log on", "logged out", "logging in", "logging into", "sign in",
            "signin", "sign into", "signing in", "signed out", "sign me out", "locked out",
        ),
    ),
    PatternLF(
        "password_or_verification",
        label="account_help",
        any_of=(
            "password", "passwords", "username", "security question*", "reset link", "reset email",
            "verify my", "verify me", "verification", "verification code", "two factor", "2 factor",
            "two-factor", "2fa", "2 step", "two step", "authenticat*", "can't verify", "not verify",
            "date of birth", "verify",
        ),
    ),
    PatternLF(
        "account_hacked_or_locked",
        label="account_help",
        any_of=(
            "hacked", "hacker*", "compromised", "fraudulent", "fraud", "account locked", "unlock my",
            "account was", "account has been", "account is locked", "account suspended", "unblock",
            "under review", "banned", "suspended", "identity theft", "blocked",
        ),
        unless=("money", "discount", "thank*", "charged", "refund*"),
    ),
    PatternLF(
        "account_details",
        label="account_help",
        any_of=(
            "my account", "email address", "my email", "account details", "account recovery", "access my",
            "my profile", "sub account", "family account", "my acct", "my acc", "my details",
            "change my name", "change my number", "new account",
        ),
        unless=(
            *MONEY, "charge", "cancel*", "credit", "balance", "payment", "response", "flight", "seat",
            "close my", "debit*", "pay", "transfer", "sent", "month", "order", "not working", "on hold",
            "promised", "delivered",
        ),
    ),
    # change_order: change or add to a booking, order, reservation, seat, address or plan
    PatternLF(
        "wants_to_change_booking",
        label="change_order",
        any_of=(
            "to change my", "to change a", "can i change", "how can i change", "i change", "switch my",
            "modify my", "amend my", "move my", "changing my", "to my booking", "to my reservation",
            "add a bag", "my mistake", "correct the", "change the address", "move to earlier",
            "need to change", "wanna change", "shipping address", "wrong address",
        ),
        all_of=(
            r"re:\b(?:flights?|flt|booking|booked|reservation|tickets?|seats?|order|address|dates?"
            r"|plan|trip|parcel|location)\b",
        ),
        unless=(
            "fee", "fees", "password", "email address", "billing address", "charg*", "playlist", "refund*",
            *THANKS, "make me pay", "error", "never fly",
        ),
    ),
    PatternLF(
        "wants_rebooking",
        label="change_order",
        any_of=(
            "rebook*", "re-book*", "standby", "get me on", "get us on", "put me on", "put us on",
            "miss my connection", "my connection", "our connection", "second connection", "the connection",
            "miss our connection", "hold the", "hold flight", "another flight", "next flight",
            "different flight", "what are my options",
        ),
        all_of=(
            r"re:\?|help|please|pls|can you|\bhold\b",
            ("flight*", "connect*", "plane*", r"re:(?-i:\b[A-Z]{3}\b)"),
        ),
        unless=("on hold", "hold music", "refund*", "worst", "on the phone"),
    ),
    PatternLF(
        "wants_another_seat",
        label="change_order",
        any_of=(
            "sit together", "seated together", "sit next to", "sitting next to", "next to my", "my seat",
            "our seats", "moved seats", "seat assignment", "seat allocation", "middle seat", "aisle seat",
            "window seat", "change seats", "to upgrade my", "upgrade my flight", "chance of an upgrade",
            "an upgrade", "upgrade one of",
        ),
        all_of=(r"re:\?|help|please|pls|can you|need|trying",),
        unless=("phone", "ios", "app", "premium", "broken", "refund*"),
    ),
    # track_status: where is it, when does it come, when is it fixed
    PatternLF(
        "asks_where_it_is",
        label="track_status",
        any_of=(
            "where is my", "where's my", "where are my", "where my", "wheres my", "where tf is my",
            "where the hell is", "status of", "an update on", "any update on", "any news", "any idea when",
            "eta", "follow up on", "not received", "haven't received", "have not received",
            "hasn't arrived", "not arrived", "waiting for my", "waiting on my", "supposed to arrive",
            "supposed to be delivered", "never arrived", "didn't arrive", "yet to receive",
            "didn't show up", "i just want my",
        ),
        unless=(
            *MONEY, "reply", "response", "email", "flight", "a dm", "code", "help line", "button",
            "coming to", "free", "internet",
        ),
    ),
    PatternLF(
        "order_late_or_missing",
        label="track_status",
        any_of=(
            "package*", "parcel*", "my order", "an order", "delivery", "deliver", "delivered", "shipment",
            "item", "my stuff", "ordered", "my iphone x", "pre-order*", "preorder*", "shipped",
        ),
        all_of=(
            r"re:n['’]?t (?:been |yet |even )?(?:arriv|receiv|deliver|ship|come|here|got|show|turn)"
            r"|not (?:been |yet |to )?(?:arriv|receiv"
            r"|deliver|ship|come|here|got|in the)|never (?:arriv|came|got|receiv|deliver|show)|still"
            r"|yet\b|waiting|where is|where's"
            r"|lost|missing|supposed|suppose|\bdue\b|tracking|says|meant to|days late|when will"
            r"|out for|by tomorrow",
        ),
        unless=(
            "refund*", "money back", "cancel*", "charged", "worst", "burger", "pizza", "food", "burrito",
            "return",
        ),
    ),
    PatternLF(
        "speaks_of_delivery",
        label="track_status",
        any_of=(
            "my package", "a package", "the package", "packages", "parcel", "delivered", "my delivery",
            "delivery", "dispatched", "despatched", "tracking", "my order", "shipment", "out for delivery",
            "delivery attempt", "release day",
        ),
        unless=(
            *MONEY, "cancel*", "pizza", "burger", "fries", "food", "burrito", "address", "worst",
            "never again", *THANKS, "wrong", "return", "stop", "joke", "packaging", "instructions",
            "drivers", "driver", "app", "rude", "pathetic", "channel*", "left my", "leave", "leaving",
            "door", "disappointed", "customer service", "how do i",
        ),
    ),
    PatternLF(
        "asks_when_fixed_or_here",
        label="track_status",
        any_of=(
            r"re:\bwhen\b.{0,25}\b(?:fix(?:ed|ing)?|back up|resolved|restored|sort(?:ed)?|up again"
            r"|arriv\w+|depart\w*)\b", "going to fix", "gonna fix", "when can i expect",
            "when can we expect", "how much longer", "how long does it take to", "how long do i need",
            "how long will", "is there an outage", "outage in", "eta",
        ),
        unless=("when i", "when you", "not working", "please fix", "time to arrive"),
    ),
    PatternLF(
        "lost_bag_or_item",
        label="track_status",
        any_of=(
            "lost my", "lost our", "lost bag", "lost luggage", "lost item", "lost and found", "left my",
            "i left a", "find my bag", "my luggage", "our luggage", "my suitcase", "delayed bag",
            "baggage claim", "forgot my", "my bag is", "where are my bags",
        ),
        unless=(
            "refund*", "carry on", "charged", "overhead", "discount", "worst", "horrible", "business",
            "broke*", "damage*", "link", *POSITIVE, "a customer",
        ),
    ),
    PatternLF(
        "asks_about_delay",
        label="track_status",
        any_of=(
            "delay*", "cancelled", "canceled", "running late", "what's going on", "whats going on",
            "going on with", "what's happening", "ever going to", "keep me posted", "how late",
            "will it be", "will they be",
        ),
        all_of=(QUESTION, r"re:\b(?:flights?|trains?|plane|bus|services?|gate|\d\d[:.]?\d\d)\b"),
        unless=(
            *MONEY, *BAD, "policy", "how do you", "how is it", "really?", "seriously", "connect*",
            "what if", "how does", "what about", "do i", "do we", "can i", "can we", "how about", "coupon",
            "direct flight",
        ),
    ),
    # fix_problem: a product, app, site, device, network or facility is not working
    PatternLF(
        "reports_a_fault",
        label="fix_problem",
        any_of=FAULT,
        unless=(
            "refund*", "plane", "aircraft", "driver", "package", "parcel", "gate", "password", "log in",
            "login", "delivery", "tarmac", "bag",
        ),
    ),
    PatternLF(
        "device_in_trouble",
        label="fix_problem",
        any_of=DEVICE,
        all_of=(
            r"re:not work|n['’]?t work|won['’]?t|can['’]?t|cannot|unable|error|crash|freez|froze|slow"
            r"|broke|\bdown\b|issue|problem|fix"
            r"|glitch|bug|keeps|messed|stuck|drain|fail|\blag|weird|disappear|wrong",
        ),
        unless=(
            "refund*", "charged", "password", "log in", "login", "reply", "customer service", "on hold",
            "driver", "flight is", "delivery", "hacked",
        ),
    ),
    PatternLF(
        "asks_to_fix",
        label="fix_problem",
        any_of=(
            "please fix", "pls fix", "plz fix", "fix this", "fix your", "fix the", "fix my", "fix it",
            "fix that", "fix ur", "to fix", "sort it out", "get it together", "a fix", "fix for",
            "get your shit together",
        ),
        unless=(
            "when are", "when will", "when is", "when the", "going to fix", "thank*", "refund*", "charged",
            "flight", "seats", "driver",
        ),
    ),
    PatternLF(
        "broke_after_update",
        label="fix_problem",
        any_of=(
            "update", "updating", "upgraded", "ios 11*", "ios11*", "new version", "latest version",
            "new ios", "since the", "ever since", "since i",
        ),
        all_of=(r"re:\b(?:my|phone|iphone|ipad|mac|app|ios|ios11|battery|apps|screen|version|software)\b",),
        unless=("flight", "order", "package", "delivery", "my account", "seat", "airport"),
    ),
    PatternLF(
        "phone_or_computer_trouble",
        label="fix_problem",
        any_of=(
            "battery", "my phone", "my iphone", "my ipad", "my laptop", "my mac", "my computer",
            "my screen", "keyboard", "letter i", "autocorrect", "ios 11*", "ios11*", "ios", "bluetooth",
            "my console", "my printer", "my tv", "iphone 7", "iphone 6",
        ),
        unless=(
            "love", "refund*", "charged", "flight", "delivery", "order", "call me", "upgrade", "hacked",
            "stolen", "left my",
        ),
    ),
    PatternLF(
        "app_or_site_trouble",
        label="fix_problem",
        any_of=(
            "the app", "your app", "my app", "ios app", "android app", "mobile app", "app", "apps",
            "website", "your site", "web site", "webpage", "page", "browser", "checkout", "link",
        ),
        unless=(
            "refund*", "charged", *POSITIVE, *THANKS, "delivery", "driver", "feature", "is there",
            "does the", "option to", "scam*", "can i", "how do", "password", "log in", "should", "bring",
        ),
    ),
    PatternLF(
        "network_trouble",
        label="fix_problem",
        any_of=(
            "wifi", "wi-fi", "internet", "broadband", "signal", "no service", "network", "data speed*",
            "mbps", "4g", "3g", "lte", "coverage", "cell service", "dropped calls", "router", "modem",
            "connection lost", "outage", "server", "servers", "speeds", "my cable", "no power",
        ),
        unless=(
            "refund*", "when will", "free wifi", *THANKS, "charged", "worst", "how long", "log in",
            "will you", "does that", "does the", "is there", "eta", "can't wait",
        ),
    ),
    PatternLF(
        "cannot_do_it",
        label="fix_problem",
        any_of=(
            "can't use", "can't even", "can't find", "can't see", "can't book", "can't check in",
            "unable to", "trying to book", "trying to use", "won't let", "keeps saying", "keeps telling",
            "it keeps", "every time i", "every time", "when i try", "i try to", "no option",
            "says unavailable", "not able to", "happens",
        ),
        unless=(
            *MONEY, "cancel*", "password", "log in", "login", "my account", "speak", "talk", "contact",
            "call", "delivery", "package", "believe", "fly", "driver", "staff", "rude",
        ),
    ),
    PatternLF(
        "having_issues",
        label="fix_problem",
        any_of=(
            "having issues", "having an issue", "having problems", "having trouble", "having a problem",
            "issues with", "issue with", "problem with", "problems with", "trouble with",
            "what's wrong with", "wrong with", "anyone else", "any fix", "same problem", "same issue",
            "restart*", "reinstall*", "troubleshoot*", "any ideas", "this problem", "what the hell is this",
            "why is my", "why does my", "why won't", "why isn't my", "what is this",
        ),
        unless=(
            "driver", "my order", "delivery", "refund*", "staff", "flight", "bag", "package", "charged",
            "nothing but issues",
        ),
    ),
    PatternLF(
        "reply_troubleshoots",
        label="fix_problem",
        any_of=(
            "device", "version", "are you using", "have you tried", "restart*", "reinstall*", "browser",
            "error", "which app", "the app", "troubleshoot*", "experiencing", "what's happening",
            "operating system", "settings", "ios", "aware of any",
        ),
        field="brand_reply",
    ),
    # get_response: wants an answer, a callback, a human, an escalation
    PatternLF(
        "nobody_replies",
        label="get_response",
        any_of=(
            "no response", "no reply", "no answer", "not replied", "no one repl*", "nobody repl*",
            "haven't heard", "not heard", "heard nothing", "heard back", "didn't reply", "not reply",
            "not repl*", "not answering", "don't answer", "didn't answer", "not responding",
            "isn't responding", "still nothing", "ignoring me", "ignoring my", "ignoring our", "ignored",
            "zero help", "never responded", "won't respond", "unanswered", "zero responses", "no callback",
            "yet to hear", "not responded", "no solution", "no mail", "not helping", "no one is helping",
            "no calls",
        ),
        unless=("refund*", "package", "driver"),
    ),
    PatternLF(
        "asks_for_reply",
        label="get_response",
        any_of=(
            "please respond", "please reply", "pls reply", "plz reply", "reply to", "respond to",
            "get back to me", "back to me", "answer me", "reply me", "respond", "reply",
            "waiting for a response", "awaiting", "response to", "hearing back", "hear back",
            "hear from you", "waiting for your", "answer my question", "need an answer", "i need answer",
            "your reply",
        ),
        unless=("thank you for", "thanks for", "quick response", "dms", "refund*"),
    ),
    PatternLF(
        "sent_a_message",
        label="get_response",
        any_of=(
            "sent a dm", "sent you a dm", "dm sent", "message sent", "dm'd", "dmed", "dm'ed", "i've dm",
            "i dm", "check your dm", "checkdm", "my dm", "via dm", "your dm", "sent a message",
            "sent you a message", "private message", "check your inbox", "sent an email", "i've sent",
            "i have sent", "have send", "i sent", "just sent", "sent you", "emailed you", "already mailed",
            "details sent", "in dm", "direct message",
        ),
        unless=("refund*",),
    ),
    PatternLF(
        "asks_for_contact",
        label="get_response",
        any_of=(
            "contact me", "call me", "dm me", "message me", "pm me", "email me", "someone call",
            "call me back", "callback", "can someone", "could someone", "can somebody", "could somebody",
            "someone please", "a real person", "a human", "to speak to", "speak to a", "speak to someone",
            "speak with", "talk to a", "to talk to", "talk to someone", "get in touch", "a manager",
            "a supervisor", "reach someone", "hold of you", "hold of someone", "please contact",
            "follow back", "please follow",
        ),
        unless=(*POSITIVE, "explain", "tell me why", "log in", "refund*", "rude"),
    ),
    PatternLF(
        "kept_on_hold",
        label="get_response",
        any_of=(
            "on hold", "hold time", "hold times", "hung up", "hang up", "on the phone for",
            "in the queue for", "get through to", "can't get through", "tried calling", "tried to call",
            "trying to call", "trying to contact", "trying to reach", "pick up the phone",
            "answer the phone", "phone line", "wait time", "no one picks up", "trying to get hold",
            "call wait",
        ),
        unless=("bag", "tarmac", "my account", "put on hold", "flight was", "refund*", "cancel"),
    ),
    PatternLF(
        "case_still_open",
        label="get_response",
        any_of=(
            "my complaint", "complaint number", "complaint no", "reference number", "case number",
            "ticket number", "my case", "case id", "support ticket", "service request", "escalated",
            "my issue", "my query", "not resolved", "unresolved", "action taken", "what action",
            "any action", "case officer", "ref number", "make a complaint", "to complain", "our complaint",
        ),
        unless=("thank*", *MONEY, "formal complaint", "package", "order", "restart*"),
    ),
    PatternLF(
        "bare_cry_for_help",
        label="get_response",
        any_of=(
            "i need help", "need help", "need some help", "can you help", "please help", "pls help",
            "plz help", "need assistance", "any help", "i have a question", "have a problem",
            "need your help", "could you help", "help please", "asap", "help!", "i have an issue",
            "let's discuss", "help me",
        ),
        unless=(
            *DEVICE, *FAULT, "account*", "flight", "order", "refund*", "delivery", "package", "charged",
            "password", "booking", "train", "booked", "cancel*", "delay*", "bag", "seat*", "how to",
            "log in", "code", "hacked", "update*", "lost", "find", "stuck", "return",
        ),
        words=(0, 26),
    ),
    # ask_information: availability, policy, how-to, features, hours, price before buying
    PatternLF(
        "asks_how_to",
        label="ask_information",
        any_of=(
            "how do i", "how do you", "how can i", "how to", "how would i", "how do we", "how can we",
            "is there a way", "any way to", "is it possible", "where can i", "where do i", "where can we",
            "where would i", "who do i", "what do i need",
        ),
        unless=(
            *MONEY, "cancel*", "my account", "password", "fix", "get rid", "complain*", "hacked", "return",
            "talk to", "speak to", "change", "stop", "log in", "not working", *BAD, "turn off", "restart",
        ),
    ),
    PatternLF(
        "asks_if_allowed",
        label="ask_information",
        any_of=(
            "can i", "can we", "could i", "am i able", "are we able", "will i be able", "may i",
            "do i need", "do i have to", "do we need", "should i", "am i allowed", "is it ok", "is it okay",
            "policy on", "allowed to", "will i get", "will i", "would i", "do i get", "if i", "if we",
            "i need to",
        ),
        all_of=(QUESTION,),
        unless=(
            *MONEY, *BAD, "password", "fix", "hacked", "talk to", "speak to", "change my", "free",
            "upgrade my", "not working", "my order", "cancel my", "return this", "return it",
        ),
    ),
    PatternLF(
        "asks_availability",
        label="ask_information",
        any_of=(
            "do you have", "do you sell", "do you offer", "do you guys have", "is there", "are there",
            "available", "in stock", "stock", "when will", "any plans", "will you", "will there be",
            "does your", "does the", "do your", "what time", "opening", "open on", "will the",
            "when is the", "when does", "do you still", "any word on", "will it",
        ),
        all_of=(QUESTION,),
        unless=(
            *MONEY, *BAD, "fix*", "my order", "delivery", "package", "outage", "down", "bring back",
            "problem", "issue", "delay*", "add", "not working", "when will you", "ever",
        ),
    ),
    PatternLF(
        "asks_meaning_or_choice",
        label="ask_information",
        any_of=(
            "what does", "what is the", "what's the", "what are the", "what if", "which one",
            "what kind of", "how much is", "how many", "how often", "what's your", "difference between",
            "does this mean", "does that mean", "is that correct", "is this correct", "is it true",
            "is this true", "correct?", "right?", "what are your", "does it", "is it just", "is that",
            "what about", "is this a", "what happened to",
        ),
        all_of=(QUESTION,),
        unless=(
            *MONEY, *BAD, "fix", "wrong", "point", "delay*", "excuse", "hell", "fuck", "the problem",
            "the deal", "issue", "status", "is that right", "phone",
        ),
    ),
    PatternLF(
        "opens_with_a_question",
        label="ask_information",
        any_of=(
            r"re:^(?:[.\W]*@\w+)*\W*(?:(?:hi|hey|hello|so|ok|good (?:morning|evening"
            r"|afternoon))\b[\s,!:.-]*(?:@\w+\W*)*)?"
            r"(?:what|which|where|who|how (?:do|does|can|much|many|often|far)|do|does|is|are|can|will"
            r"|would|if)\b",
        ),
        all_of=(QUESTION,),
        unless=(
            *MONEY, *BAD, "fix", "fixed", "not working", "my order", "package", "delay*", "password",
            "hacked", "wrong", "help me", "can someone", "someone", "can you help", "the hell", "going on",
            "problem", "issue*", "ios", "outage", "down", "the point",
        ),
    ),
    PatternLF(
        "reply_gives_information",
        label="ask_information",
        any_of=(
            "you can find", "as long as", "unfortunately, we", "prior to", "you'll need to",
            "would need to", "this helps", "we do not", "we don't", "fits", "should be able to",
            "you can check", "carry-on", "yes", "you can", "we offer", "depends on",
        ),
        field="brand_reply",
        unless=("sorry", "apolog*", "frustrat*", "enjoy*", "glad"),
    ),
    # suggest_feature: asks for or proposes a feature, product, content, restock or improvement
    PatternLF(
        "proposes_improvement",
        label="suggest_feature",
        any_of=(
            "you should", "y'all should", "you guys should", "should be able to", "should have a",
            "should add", "should make", "would be nice", "be great if", "would be cool",
            "would be helpful", "would be a plus", "would love to see", "i'd love", "how about some",
            "suggestion", "suggesting", "here's an idea", "have an idea", "could you make", "can you make",
            "can we get", "can you add", "can we have", "may we have", "maybe think about", "wish they had",
            "wish you", "needs a", "time for a change", "please make", "better design", "please consider",
            "please do",
        ),
        unless=(
            *MONEY, "ashamed", "free", "delayed", "cancel*", "not working", "customer service", "employees",
            "fix",
        ),
    ),
    PatternLF(
        "asks_to_add_content",
        label="suggest_feature",
        any_of=WISH,
        unless=(
            *MONEY, "my account", "bag", "card", "flight", "to my booking", "delivery", "driver", "gate",
            "money", "email", "password",
        ),
    ),
    PatternLF(
        "wishes_for_option",
        label="suggest_feature",
        any_of=(
            "option for", "add an option", "the option to", "a feature", "new feature", "support for",
            "better packaging", "your packaging", "more options", "improve", "improved", "all year round",
            "recyclable", "why can't you", "why can't we", "why not just", "why isn't there", "come to my",
            "you need to come", "needs to be better", "make it easier", "change it back",
        ),
        unless=(*MONEY, "not working", "driver", "delay*", "worst", "error", "issue", "is there", "does the"),
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
        any_of=(
            "rude", "attitude", "employee*", "your staff", "staff", "drivers", "your driver", "driver",
            "agents", "agent", "attendants", "manager", "understaffed", "no apology", "unprofessional",
            "disrespect*", "lack of", "don't care", "doesn't care", "lied to", "lies", "crew",
        ),
        unless=(*THANKS, *POSITIVE, *MONEY, "help", "contact", "call me", "dm", "app"),
    ),
    PatternLF(
        "delay_story",
        label="express_complaint",
        any_of=(
            "delayed", "delays", "delay", "tarmac", "stuck", "stranded", "sitting on", "late", "no gate",
            "maintenance", "missed my", "waiting for a gate", "boarding", "overbooked", "bumped",
            "canceled", "cancelled", "standing",
        ),
        unless=(
            QUESTION,
            *MONEY, *THANKS, *POSITIVE, *PRODUCTS, "package", "order", "help", "please", "parcel",
            "delivery",
        ),
    ),
    PatternLF(
        "poor_customer_service",
        label="express_complaint",
        any_of=(
            "customer service", "customer care", "customer support", "custserv", "service is",
            "your service", "poor service", "bad service", "loyal customer", "been a customer",
            "your customers", "a customer", "customers", "customerservice",
        ),
        unless=(
            *POSITIVE, *THANKS, *MONEY, "number", "help", "contact", "can't get", "on hold", "trying to",
            "response", "phone",
        ),
    ),
    PatternLF(
        "travel_gripe",
        label="express_complaint",
        any_of=(
            "flight", "flights", "plane", "planes", r"re:(?<!@)\bairlines?\b", "airport", "gate",
            "boarding", "seats", "train", "trains", "bag", "bags", "luggage", "overhead", "carriages",
            "coaches", "queue", "line",
        ),
        unless=(
            QUESTION,
            *THANKS, *POSITIVE, *MONEY, *PRODUCTS, "help", "please", "pls", "lost", "change", "can't wait",
            "yay", "ready", "headed", "heading", "beautiful", "safe", "smooth", "enjoy*", "happy", "fun",
            "thankful", "on my way", "sweetest", "rebook*", "rocks",
        ),
    ),
    PatternLF(
        "rhetorical_question",
        label="express_complaint",
        any_of=(
            "how is it", "how can you", "how hard is", "seriously?", "really?", "what's the point",
            "why would", "why do you", "why do i have to", "why even", "what kind of", "why are you",
            "are you kidding", "why bother", "is this how", "since when", "why do they", "how is this",
            "why should i", "remind me why", "why did", "why is there", "why are there", "why must",
        ),
        unless=(*PRODUCTS, "fix", "refund*", "charged", "my order", "reply"),
    ),
    PatternLF(
        "sour_remark",
        label="express_complaint",
        any_of=(
            *FALSE_THANKS, "way to go", "once again", "yet again", "as usual", "not impressed", "not happy",
            "unhappy", "not good", "not acceptable", "not cool", "smh", "not ok", "so much for",
            "get your act together", "do better", "ruined", "waste of", "wasted", "can't believe",
            "not the first time", "why i don't", "false advertis*", "let down", "poor",
        ),
        unless=(*PRODUCTS, *MONEY, "amazing", "love", "order", "best"),
    ),
    PatternLF(
        "bad_food_or_goods",
        label="express_complaint",
        any_of=(
            "disgusting", "tasted", "taste like", "tastes", "cold", "stale", "mould", "moldy", "raw",
            "undercooked", "hair in", "expired", "out of date", "half empty", "empty", "overpriced",
            "stingy", "dirty", "smell*", "rotten", "burnt", "soggy", "messed up my", "got my order wrong",
            "forgot", "missing half", "out of stock", "no stock", "ran out", "run out",
        ),
        unless=(*POSITIVE, *THANKS, *MONEY, *PRODUCTS, "exchange", "replace*", "password", "please"),
    ),
    PatternLF(
        "reply_apologizes",
        label="express_complaint",
        any_of=(
            "sorry", "apolog*", "frustrat*", "disappoint*", "your patience", "let you down",
            "feel this way", "expect from", "for the delay",
        ),
        field="brand_reply",
        unless=("error", "which device", "your device", "lost and found"),
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
        "says_thanks",
        label="express_thanks",
        any_of=THANKS,
        unless=(
            QUESTION,
            *BAD, *FALSE_THANKS, *TURN, *TROUBLE, *MONEY, "please", "pls", "lol", "kindly", "sent", "would",
            "would be", "waiting", "will do", "dm",
        ),
    ),
    PatternLF(
        "opens_with_thanks_or_praise",
        label="express_thanks",
        any_of=(
            r"re:^(?:\W*@\w+\s+)*\W*(?:ok,? |great,? |awesome,? )?(?:many thanks|big thanks|thank you"
            r"|thanks|thank u|thankyou"
            r"|shout ?-?out|kudos|props|love|loving|great|awesome|amazing|well done|cheers"
            r"|huge thanks|excellent|yay)\b",
        ),
        unless=(QUESTION, *FALSE_THANKS, *BAD, *TURN, *MONEY, "suggest*", "would be", "sent", "worse"),
    ),
    PatternLF(
        "good_trip_or_crew",
        label="express_thanks",
        any_of=(
            "great flight", "smooth", "crew", "flight attendant*", "pilot", "upgraded", "on time", "early",
            "gate agent", "enjoyed", "enjoying", "happy", "made it", "resolved", "sorted", "nice", "fun",
            "so good", "delicious", "yum*", "cool", "great",
        ),
        unless=(
            QUESTION,
            *BAD, *TURN, *TROUBLE, *MONEY, "rude", "worse", "would", "should", "wait", "waiting", "please",
            "sorry", "late", "hours", "need*", "if", "unhappy", "less",
        ),
    ),
    PatternLF(
        "reply_is_delighted",
        label="express_thanks",
        any_of=(
            "kind words", "glad", "shout out", "shoutout", "kudos", "you enjoyed", "happy to hear",
            "great to hear", "thrilled", "you're welcome", "very welcome", "our pleasure", "pleasure",
            "made our day", "made my day", "made your day", "for sharing", "we love", "see you again",
            "for choosing", "for flying", "love to hear", "awesome",
        ),
        field="brand_reply",
        unless=("sorry", "apolog*", "frustrat*"),
    ),
    happy_emoji,
    # Form of the tweet: questions, vents
    single_short_question,
    PatternLF(
        "long_story_without_request",
        label="express_complaint",
        words=(22, 0),
        unless=(QUESTION, *REQUESTS, *THANKS, *POSITIVE, "would be"),
    ),
    PatternLF(
        "negation_without_request",
        label="express_complaint",
        any_of=("not", "no", "never", "nobody", "nothing", "cant", "dont", "didnt", "wont", r"re:n't\b"),
        unless=(
            QUESTION,
            *REQUESTS, *THANKS, "love", "can't wait", "sorry", "no worries",
        ),
        words=(9, 0),
    ),
    # other: chat, spam, jokes, unclear, not English
    shares_a_headline,
    talks_among_users,
    bare_fragment,
    PatternLF(
        "nothing_to_act_on",
        label="other",
        words=(4, 29),
        unless=(
            QUESTION,
            *REQUESTS, *BAD, *THANKS, *POSITIVE, *TURN, *TROUBLE, "cant", "bad", "poor", "again", "want",
            "wish", "if", "how", "late", "hour", "hours", "over", "more", "waiting", "broke*", "happy",
            "glad", "yay", "cool", "would", "service", "customer*", "battery", "rude", "fuck*", "shit",
            "gate", "tarmac", "minutes",
        ),
    ),
    signed_by_an_agent,
    PatternLF(
        "advertises",
        label="other",
        any_of=(
            "chance to win", "giveaway", "sweepstakes", "follow us", "join us", "join our", "follow and",
            "via @user", "sponsor*", "watch live", "available now", "congrats", "congratulations",
            "tune in", "happy birthday", "subscribe to", "learn more", "just posted", "get a free",
            "don't miss", "advert", "now streaming", "starring", "reveals", "proud to announce",
        ),
        unless=(QUESTION, *BAD, "my"),
    ),
    PatternLF(
        "chats_and_looks_forward",
        label="other",
        any_of=(
            "can't wait", "so excited", "excited to", "excited for", "looking forward to", "see you soon",
            "lol", "haha*", "lmao", "craving", "here we come", "on my way", "heading to", "headed to",
            "i'm at", "halloween", "christmas", "merry", "burrito*", "watching", "tomorrow", "miss you",
            "my next", "trip to",
        ),
        unless=(
            QUESTION,
            *BAD, *THANKS, *TURN, *PRODUCTS, *TROUBLE, "please", "order", "package", "best", "great",
            "need*", "delivery", "awesome",
        ),
    ),
]
