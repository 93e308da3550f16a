"""Labeling functions of `category`: is the ticket about money, a fault, dissatisfaction or none of them?"""

from labeling.lf import PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "category"
LABELS = ("billing", "technical", "complaint", "general")

AMOUNTS = (
    "re:[$£€₹]\\s?\\d|\\d\\s?(?:dollars|bucks|pounds|euros|quid|rupees|ksh)\\b",
    "re:\\b(?:rs|inr|usd|rm|ksh)\\.?\\s?\\d",
)
SPANS_OF_TIME = (
    "re:\\b(?:\\d+\\+?|an|half an|one|two|three|four|five|six|several)\\s?(?:hrs?|days|months)\\b", "hours",
    "hour", "minutes", "mins", "re:\\d ?min\\b", "weeks", "years",
)
CANNOT = (
    "\\b(?:can['’]?t|can not|cannot|won['’]?t|unable to|couldn['’]?t|not able to|(?:does|did)n['’]?t"
    "|not letting|trying to|try to|tried to)"
)
CANNOT_DO = (
    f"re:{CANNOT}(?: \\w+)? (?:download|upload|open|load|access|connect|sync|install"
    "|update|register|stream|play|watch|activate|verify|add|link|use|make|receive|send|see|turn|type|scroll|save"
    "|check|print|view|log|sign|get|hear|listen|change|cancel|book|order|find|buy|select|choose|complete|submit"
    "|allow)\\b",
)
VERSION_NUMBER = ("re:(?<![\\d.$£])\\d{1,2}\\.\\d{1,2}\\.\\d{1,3}(?!\\d)|\\bv\\d+\\.\\d",)
SAD_FACES = ("re:[😡😠🤬😤🙄👎😒😑😭😢😞😩😫😕☹🤦😔🙃🤢🤮😓😪💔🖕]", "re::['’]?-?[(\\[]")
GLAD_FACES = (
    "re:[😀😁😃😄😆😊☺🙂😍🥰😘🤗🎉🎊👏🙌❤💕💖💗💙💛💜♥👍✈🛫🛬🎃🌟⭐✨💯👌🙏😎😇🤩👻🎅🎄🍺🌎☀💪🙋👋🍾🥂]",
    "re::-?[)D\\]]|<3|;-?\\)",
)
NEGATION = ("re:n['’]t\\b|\\b(?:not|no|never|cannot|cant|dont|didnt|wont|doesnt|nothing|without)\\b",)
LAST_A_QUESTION = ("re:\\?[^?\\w@#]*(?:(?:\\bhttp\\b|[@#]+\\w+)[^\\w@#]*)*$",)

PHRASES = {
    "refunds": lexicon("category_refunds"),
    "charges": lexicon("category_charges"),
    "bills": lexicon("category_bills"),
    "offers": lexicon("category_offers"),
    "payment": lexicon("category_payment"),
    "prices": lexicon("category_prices"),
    "amounts": AMOUNTS,
    "makers": lexicon("category_makers"),
    "tech_brands": lexicon("category_tech_brands"),
    "providers": lexicon("category_providers"),
    "faults": lexicon("category_faults"),
    "errors": lexicon("category_errors"),
    "updates": lexicon("category_updates"),
    "version_number": VERSION_NUMBER,
    "device_parts": lexicon("category_device_parts"),
    "sites": lexicon("category_sites"),
    "network": lexicon("category_network"),
    "sign_in": lexicon("category_sign_in"),
    "fixing": lexicon("category_fixing"),
    "trouble": lexicon("category_trouble"),
    "keeps_happening": lexicon("category_keeps_happening"),
    "digital_things": lexicon("category_digital_things"),
    "booking_screens": lexicon("category_booking_screens"),
    "cannot_do": CANNOT_DO,
    "cannot": ("re:\\b(?:can['’]?t|cannot|can not|unable|won['’]?t|not able|able to)\\b",),
    "worst": lexicon("category_worst"),
    "displeased": lexicon("category_displeased"),
    "bad_words": lexicon("category_bad_words"),
    "staff": lexicon("category_staff"),
    "conduct": lexicon("category_conduct"),
    "delays": lexicon("category_delays"),
    "waiting": lexicon("category_waiting"),
    "spans_of_time": SPANS_OF_TIME,
    "silence": lexicon("category_silence"),
    "parcels": lexicon("category_parcels"),
    "bags": lexicon("category_bags"),
    "promises": lexicon("category_promises"),
    "leaving": lexicon("category_leaving"),
    "reproaches": lexicon("category_reproaches"),
    "swearing": lexicon("category_swearing"),
    "goods": lexicon("category_goods"),
    "policy": lexicon("category_policy"),
    "drivers": lexicon("category_drivers"),
    "aboard": lexicon("category_aboard"),
    "journey": lexicon("category_journey"),
    "field_brands": lexicon("category_field_brands"),
    "others": lexicon("category_others"),
    "tired": lexicon("category_tired"),
    "still": lexicon("category_still"),
    "sad_faces": SAD_FACES,
    "negation": NEGATION,
    "dots": ("...", "…"),
    "shouts": ("re:(?-i:\\b[A-Z]{3,}\\W+[A-Z]{2,}\\W+[A-Z]{2,}\\b)",),
    "past": ("re:\\b(?:was|were|had|did|went|got|came|gave|took|said)\\b",),
    "been": ("been",),
    "praise": lexicon("category_praise"),
    "thanks": lexicon("category_thanks"),
    "good_words": lexicon("category_good_words"),
    "glad_faces": GLAD_FACES,
    "asks_if": lexicon("category_asks_if"),
    "request_forms": lexicon("category_request_forms"),
    "messages": lexicon("category_messages"),
    "festive": lexicon("category_festive"),
    "trips": lexicon("category_trips"),
    "requests": lexicon("category_requests"),
    "friendly_brands": lexicon("category_friendly_brands"),
    "last_a_question": LAST_A_QUESTION,
    "exclaims": ("!",),
    "hashtag": ("re:#\\w",),
    "two_mentions": ("re:@\\w+\\W+(?:\\w+\\W+)*@\\w",),
    "please": ("please", "pls", "plz", "kindly"),
    "your": ("you", "your"),
}
REPLY = {
    "glad": lexicon("category_reply_glad"),
    "sorry": lexicon("category_reply_sorry"),
    "field": lexicon("category_reply_field"),
    "screens": lexicon("category_reply_screens"),
    "money": lexicon("category_reply_money"),
    "informs": lexicon("category_reply_informs"),
    "asks_details": lexicon("category_reply_asks_details"),
}


def phrases(*names: str) -> tuple[str, ...]:
    """The phrases of several cues."""
    return tuple(phrase for name in names for phrase in PHRASES[name])


MONEY = phrases("refunds", "charges", "bills", "offers")
FAULTS = phrases("faults", "errors", "updates", "sites", "network", "sign_in", "fixing", "makers")
GRIPES = phrases("worst", "displeased", "bad_words")
MISHAPS = phrases(
    "delays", "waiting", "spans_of_time", "silence", "promises", "reproaches", "trouble", "sad_faces"
)
PRAISE = phrases("praise", "thanks")
IN_THE_FIELD = (
    *phrases("parcels", "drivers", "delays", "goods"),
    "flight", "seat", "plane", "store", "staff",
)
ON_SCREEN = (
    *phrases("faults", "errors", "fixing", "trouble", "keeps_happening", "cannot_do", "cannot"),
    "how",
)
GONE_WRONG = (*NEGATION, *GRIPES, *phrases("sad_faces", "spans_of_time", "still"), "why")
NOT_A_COMPLAINT = MONEY + FAULTS + PRAISE + phrases("payment", "device_parts", "tech_brands")
TROUBLE = MONEY + FAULTS + GRIPES + MISHAPS

# One cue alone decides, where nothing of a label that comes first, or of another tone, stands beside it.
ONE_CUE = [
    PatternLF(f"{name}_alone", label=label, any_of=phrases(name), unless=unless)
    for label, unless, names in (
        ("billing", ("battery",), ("refunds", "charges")),
        ("technical", MONEY + PRAISE + IN_THE_FIELD, ("makers", "faults", "errors", "updates", "fixing")),
        (
            "complaint", NOT_A_COMPLAINT,
            ("worst", "displeased", "staff", "conduct", "delays", "spans_of_time"),
        ),
        (
            "general", TROUBLE,
            (
                "praise", "thanks", "good_words", "glad_faces", "asks_if", "messages", "festive", "trips",
                "requests",
            ),
        ),
    )
    for name in names
]

# A thing decides where it is in trouble.
THING_IN_TROUBLE = [
    PatternLF(f"{name}_in_trouble", label=label, any_of=phrases(name), all_of=(trouble,), unless=unless)
    for label, trouble, unless, names in (
        (
            "technical", ON_SCREEN,
            MONEY + PRAISE + IN_THE_FIELD,
            ("tech_brands", "device_parts", "sites", "network"),
        ),
        (
            "complaint", GONE_WRONG, NOT_A_COMPLAINT,
            (
                "waiting", "silence", "parcels", "bags", "promises", "leaving", "reproaches", "goods",
                "policy", "drivers", "aboard", "tired", "swearing",
            ),
        ),
    )
    for name in names
]

REPLIES = [
    PatternLF(name, label=label, field="brand_reply", any_of=found, unless=unless)
    for name, label, found, unless in (
        ("reply_speaks_of_money", "billing", ("refund*", "billing"), REPLY["glad"] + REPLY["field"]),
        (
            "reply_speaks_of_a_fault", "technical",
            (
                "your device", "version", "restart*", "reinstall*", "troubleshoot*", "ios", "error*",
                "settings", "browser", "username", "operating system",
            ),
            (),
        ),
        ("reply_is_sorry", "complaint", REPLY["sorry"], REPLY["screens"]),
        ("reply_speaks_of_a_delay", "complaint", REPLY["field"], REPLY["glad"] + REPLY["screens"]),
        ("reply_is_glad", "general", REPLY["glad"], REPLY["sorry"]),
    )
]

# What a tweet may show of its category; the prototypes weigh it.
CUES = {name: Pattern(found) for name, found in PHRASES.items()}
CUES |= {"few_words": Pattern(words=(1, 5)), "many_words": Pattern(words=(31, 0))}

LFS = [*ONE_CUE, *THING_IN_TROUBLE, *REPLIES]
