"""Labeling functions for `department`: which team should get the ticket."""



from labeling.lf import PatternLF
from labeling.pattern import NEGATION_CUE, Pattern
from lfs.lexicons import lexicon

TASK = "department"
TEAMS = (
    "technical_support",
    "billing",
    "account_security",
    "operations",
    "sales_product",
    "customer_relations",
)


GADGETS = lexicon("department_gadgets")
FAULTS = lexicon("department_faults")
SURE_FAULTS = lexicon("department_sure_faults")
NETWORKS = lexicon("department_networks")
SINCE_WHEN = lexicon("department_since_when")
ONLINE = lexicon("department_online")
JOURNEY = lexicon("department_journey")
DELAYS = lexicon("department_delays")
PARCELS = lexicon("department_parcels")
DELIVERIES = lexicon("department_deliveries")
FOOD = lexicon("department_food")
MONEY = lexicon("department_money")
PRICES = lexicon("department_prices")
OWN_MONEY = lexicon("department_own_money")
STAFF = lexicon("department_staff")
PRAISE = lexicon("department_praise")
PRAISE_KILLERS = lexicon("department_praise_killers")
THANKS_FOR = lexicon("department_thanks_for")
BAD = lexicon("department_bad")
LOSSES = lexicon("department_losses")
CONTACT = lexicon("department_contact")
MANNERS = lexicon("department_manners")
SERVICE = lexicon("department_service")
ACCOUNT_DETAILS = lexicon("department_account_details")
WISHES = lexicon("department_wishes")
AVAILABILITY = lexicon("department_availability")
CONTENT = lexicon("department_content")
LOYALTY = lexicon("department_loyalty")
TECHNOLOGY_BRANDS = lexicon("department_technology_brands")
MEDIA_BRANDS = lexicon("department_media_brands")
NETWORK_BRANDS = lexicon("department_network_brands")
AIRLINES = lexicon("department_airline_brands")

ACCOUNT = ("account*", "acct", "password*", "log in", "login", "sign in", "hack*", "fraud*", "scam*")
SUM = ("re:[$£€₹] ?\\d", "re:\\d ?(?:dollars|bucks|pounds|euros|quid|usd|rs)\\b", "re:\\b(?:rs|rm)\\.? ?\\d")
VERSION_OR_CODE = (
    "re:\\b\\d{1,2}\\.\\d{1,2}\\.\\d{1,3}\\b",
    "re:\\bios ?\\d",
    "re:\\b[a-z]{2}-\\d{4,6}-\\d\\b",
    "re:\\b0x[0-9a-f]{4,}",
)
FLIGHT_OR_ROUTE = (
    "re:(?-i:\\b[A-Z]{2} ?\\d{3,4}\\b)",
    "re:\\bflight #?\\d+",
    "re:(?-i:\\b[A-Z]{3} ?(?:-|to|->|/) ?[A-Z]{3}\\b)",
)
HAPPY_FACES = ("re:[❤💙💜💛💚🧡😍🥰😘😊😁😀😃😄☺🙌👏👍🎉🤗😎💕💖💗✨]",)
OPENS_QUESTION = (
    "re:^\\W*(?:(?:@\\w+|hi|hey|hello|so|and|ok|please|also|dear)\\W+)*"
    "(?:will|can|could|do|does|is|are|any|when|what|how|where|which|would|if)\\b",
)
OWN = ("my", "our", "mine", "me", "i'm", "i've")
TROUBLE = (*FAULTS, *BAD, *DELAYS, *LOSSES, *MONEY, *MANNERS, NEGATION_CUE)
TOPICS = (*GADGETS, *JOURNEY, *PARCELS, *MONEY, *ACCOUNT, *SURE_FAULTS)

# What a tweet may show of its department; the prototypes weigh it, the functions below vote on some of it.
CUES = {
    "gadgets": Pattern(GADGETS),
    "faults": Pattern(FAULTS),
    "sure_faults": Pattern(SURE_FAULTS),
    "fix": Pattern(("fix", "fixes", "fixed", "fixing", "get it together", "shit together", "troubleshoot*")),
    "software": Pattern(lexicon("department_software")),
    "networks": Pattern(NETWORKS),
    "handling": Pattern(lexicon("department_handling")),
    "online": Pattern(ONLINE),
    "since_when": Pattern(SINCE_WHEN),
    "how_to": Pattern(lexicon("department_how_to")),
    "cannot": Pattern(lexicon("department_cannot")),
    "own_devices": Pattern(lexicon("department_own_devices")),
    "version": Pattern(VERSION_OR_CODE),
    "money": Pattern(MONEY),
    "prices": Pattern(PRICES),
    "own_money": Pattern(OWN_MONEY),
    "sum": Pattern(SUM),
    "sign_in": Pattern(lexicon("department_sign_in")),
    "fraud": Pattern(lexicon("department_fraud")),
    "account": Pattern(("account", "accounts", "acct")),
    "account_details": Pattern(ACCOUNT_DETAILS),
    "journey": Pattern(JOURNEY),
    "delays": Pattern(DELAYS),
    "flights": Pattern(lexicon("department_flights")),
    "luggage": Pattern(lexicon("department_luggage")),
    "seats": Pattern(lexicon("department_seats")),
    "trains": Pattern(lexicon("department_trains")),
    "rides": Pattern(lexicon("department_rides")),
    "on_the_way": Pattern(lexicon("department_on_the_way")),
    "places": Pattern(lexicon("department_places")),
    "parcels": Pattern(PARCELS),
    "deliveries": Pattern(DELIVERIES),
    "orders": Pattern(lexicon("department_orders")),
    "food": Pattern(FOOD),
    "losses": Pattern(LOSSES),
    "under_way": Pattern(lexicon("department_under_way")),
    "broken_words": Pattern(lexicon("department_broken_words")),
    "waiting": Pattern(lexicon("department_waiting")),
    "days": Pattern(lexicon("department_days")),
    "wishes": Pattern(WISHES),
    "availability": Pattern(AVAILABILITY),
    "asks_whether": Pattern(lexicon("department_asks_whether")),
    "asks_before_buying": Pattern(lexicon("department_asks_before_buying")),
    "choices": Pattern(lexicon("department_choices")),
    "content": Pattern(CONTENT),
    "loyalty": Pattern(LOYALTY),
    "opens_question": Pattern(OPENS_QUESTION),
    "praise": Pattern(PRAISE),
    "thanks_for": Pattern(THANKS_FOR),
    "good": Pattern(lexicon("department_good")),
    "chat": Pattern(lexicon("department_chat")),
    "happy_face": Pattern(HAPPY_FACES),
    "persons": Pattern(lexicon("department_persons")),
    "praised_people": Pattern(lexicon("department_praised_people")),
    "people": Pattern(lexicon("department_people")),
    "service": Pattern(SERVICE),
    "manners": Pattern(MANNERS),
    "contact": Pattern(CONTACT),
    "leaving": Pattern(lexicon("department_leaving")),
    "brand_talk": Pattern(lexicon("department_brand_talk")),
    "bad": Pattern(BAD),
    "requests": Pattern(lexicon("department_requests")),
    "own": Pattern(OWN),
    "you": Pattern(("you", "your", "you're", "u", "ur", "y'all", "yall", "you've", "you'll")),
    "question": Pattern(("?",)),
    "exclamation": Pattern(("!",)),
    "hashtag": Pattern(("re:#[a-z]",)),
    "link": Pattern(("http",)),
    "up_to_6_words": Pattern(words=(1, 6)),
    "up_to_10_words": Pattern(words=(1, 10)),
    "up_to_16_words": Pattern(words=(1, 16)),
    "no_handle": Pattern(("re:^[^@]+$",)),
    "opens_without_handle": Pattern(("re:^\\s*[^\\s@]",)),
    "question_about_the_field": Pattern(("?",), ((*JOURNEY, *PARCELS),), (*BAD, *DELAYS, *LOSSES)),
    "airline_and_no_journey": Pattern(AIRLINES, unless=JOURNEY),
    "trouble_without_topic": Pattern(TROUBLE, unless=TOPICS),
    "question_without_topic": Pattern(("?",), unless=TOPICS),
    "praise_with_trouble": Pattern(PRAISE, (TROUBLE,)),
    "gadget_without_fault": Pattern(GADGETS, unless=FAULTS),
    "service_in_the_field": Pattern(SERVICE, ((*JOURNEY, *PARCELS),)),
    "nothing_concrete": Pattern(words=(1, 0), unless=(*TOPICS, "?")),
    "bad_without_topic": Pattern(BAD, unless=(*GADGETS, *PARCELS, *JOURNEY, *MONEY, "fix", "?")),
    "food_with_losses": Pattern(FOOD, ((*LOSSES, "cold", "raw", "hair", "mould*", "ran out", "only"),)),
    "content_wanted": Pattern(CONTENT, (("when", "add", "get", "please", "want", "find", "will"),), JOURNEY),
    "technology_brands": Pattern(TECHNOLOGY_BRANDS),
    "media_brands": Pattern(MEDIA_BRANDS),
    "network_brands": Pattern(NETWORK_BRANDS),
    "cable_brands": Pattern(("@comcastcares", "@ask_spectrum", "@coxhelp")),
    "bank_brands": Pattern(lexicon("department_bank_brands")),
    "airlines": Pattern(AIRLINES),
    "rail_brands": Pattern(lexicon("department_rail_brands")),
    "parcel_brands": Pattern(("@amazonhelp", "@upshelp", "@argoshelpers", "@sizehelpteam")),
    "shop_brands": Pattern(lexicon("department_shop_brands")),
}


# Patterns that vote by themselves.
LFS = [
    # technical_support: a thing does not work
    PatternLF(
        "gadget_with_fault", label="technical_support", any_of=FAULTS, all_of=(GADGETS,),
        unless=(*ACCOUNT, "refund*", "delivery", "luggage", "baggage"),
    ),
    PatternLF(
        "sure_fault",
        label="technical_support", any_of=SURE_FAULTS, unless=(*ACCOUNT, *JOURNEY, *PARCELS, *MONEY),
    ),
    PatternLF(
        "phone_software_update", label="technical_support",
        any_of=("ios*", "update", "updated", "updating", "latest version", "high sierra", "firmware", "os"),
        all_of=(lexicon("department_updated_things"),),
    ),
    PatternLF(
        "asks_to_fix_it", label="technical_support", any_of=lexicon("department_fix_requests"),
        unless=("thank*", "love*", "refund*", "bag", "order", "seat*", "flight", "driver"),
    ),
    PatternLF("battery_or_screen", label="technical_support", any_of=lexicon("department_device_parts")),
    PatternLF(
        "network_trouble", label="technical_support", any_of=NETWORKS,
        all_of=((*FAULTS, *BAD, NEGATION_CUE, "?"),),
        unless=("refund", "bill", "charged", *JOURNEY, "ordered", "appointment"),
    ),
    PatternLF("outage", label="technical_support", any_of=lexicon("department_outages")),
    PatternLF(
        "since_the_update", label="technical_support", any_of=SINCE_WHEN,
        unless=(*JOURNEY, *PARCELS, *MONEY, "account", "staff", "rude"),
    ),
    PatternLF(
        "cannot_do_it_online", label="technical_support", any_of=ONLINE,
        all_of=(("can't", "cannot", "won't", "unable", "error*", "down", "fix*", "not", "issue*", "trying"),),
        unless=(*ACCOUNT, *MONEY, "delivery", "order"),
    ),
    PatternLF(
        "gadget_and_nothing_shipped_or_paid", label="technical_support", any_of=GADGETS,
        unless=(
            *JOURNEY,
            *PARCELS,
            *MONEY,
            *ACCOUNT,
            *THANKS_FOR,
            *STAFF,
            *AVAILABILITY,
            *WISHES,
            *CONTENT,
        ),
    ),
    PatternLF("version_or_error_code", label="technical_support", any_of=VERSION_OR_CODE),
    PatternLF(
        "asks_a_technology_brand", label="technical_support", any_of=TECHNOLOGY_BRANDS,
        unless=("thank*", "love", "great", *ACCOUNT, *MONEY, "customer service", "dm"),
    ),
    PatternLF(
        "asks_a_provider_about_a_fault", label="technical_support", any_of=(*NETWORK_BRANDS, *MEDIA_BRANDS),
        all_of=(FAULTS,), unless=("thank*", *ACCOUNT, *MONEY, "customer service"),
    ),
    PatternLF(
        "reply_about_device", label="technical_support", field="brand_reply",
        any_of=lexicon("department_reply_technical"), unless=("flight", "kind words"),
    ),
    # billing: money is what must be settled
    PatternLF("asks_for_refund", label="billing", any_of=("refund*", "money back", "reimburs*", "my money")),
    PatternLF(
        "charged", label="billing", any_of=lexicon("department_charges"),
        unless=("battery", "fraud*", "unauthorized", "hacked"),
    ),
    PatternLF(
        "money_matters", label="billing", any_of=MONEY,
        unless=("fraud*", "hacked", "password", *THANKS_FOR, "page", "internet"),
    ),
    PatternLF(
        "sum_and_price", label="billing", any_of=SUM, all_of=((*PRICES, *OWN_MONEY),),
        unless=("burrito*", "boorito", "sale", "hacked", "internet", "how much", "delivery", *THANKS_FOR),
    ),
    # account_security: who may get in
    PatternLF("cannot_sign_in", label="account_security", any_of=lexicon("department_log_in")),
    PatternLF("intruder", label="account_security", any_of=lexicon("department_intruders"), unless=("bag",)),
    PatternLF(
        "account_locked_or_closed", label="account_security", any_of=ACCOUNT_DETAILS,
        all_of=(("account*", "card", "profile", "acct"),), unless=("refund*", "charge*"),
    ),
    PatternLF(
        "own_account", label="account_security",
        any_of=("my account", "our account", "an account", "account is", "family account", "link my"),
        unless=("charge*", "refund*", "money", "credit", "paid", "bill", "payment", "balance", "order"),
    ),
    # operations: what is being fulfilled in the field
    PatternLF(
        "delayed_journey", label="operations", any_of=DELAYS, all_of=(JOURNEY,),
        unless=(*THANKS_FOR, "refund*", "compensat*", "charge*", "thank*", "rude"),
    ),
    PatternLF(
        "journey_with_trouble", label="operations", any_of=JOURNEY, all_of=(TROUBLE,),
        unless=(*THANKS_FOR, *MONEY, "app", "website", "customer service", "rude", "love*", "thank*", "wifi"),
    ),
    PatternLF(
        "parcel_or_meal_with_trouble", label="operations", any_of=PARCELS, all_of=(TROUBLE,),
        unless=(
            *MONEY,
            *ACCOUNT,
            "app",
            "website",
            "site",
            "phone",
            "iphone",
            "update",
            "customer service",
            "rude",
            "love*",
            "thank*",
            "game",
        ),
    ),
    PatternLF(
        "own_journey_or_order", label="operations", any_of=lexicon("department_own_things"),
        unless=(*THANKS_FOR, *MONEY, "app", "website", "online"),
    ),
    PatternLF(
        "delayed", label="operations",
        any_of=("delay*", "stranded", "rebook*", "diverted", "overbooked", "rescheduled", "mechanical"),
        unless=("thank*", "refund*", "compensat*", "great", "awesome", "rude", "customer service"),
    ),
    PatternLF(
        "luggage_matters", label="operations",
        any_of=("luggage", "baggage", "bag", "bags", "suitcase*", "carry on*", "carry-on*"),
        unless=("thank*", "fee*", "charge*", "refund*", "great", "love*"),
    ),
    PatternLF(
        "delivery_matters", label="operations", any_of=DELIVERIES,
        unless=("thank*", "refund*", "app", "internet", "landed", "code", "my phone", "iphone"),
    ),
    PatternLF(
        "waits_in_the_field", label="operations",
        any_of=("waiting", "waited", "sitting", "sat", "stuck", "hour", "hours", "hrs", "minutes", "mins"),
        all_of=((*JOURNEY, *PARCELS, "line", "tarmac"),),
        unless=("thank*", "on hold", "customer service", "refund*", "phone", "rude"),
    ),
    PatternLF(
        "train_or_bus", label="operations",
        any_of=("train", "trains", "platform", "carriage*", "bus", "buses", "rail", "station"),
        unless=("thank*", "wifi", "refund*", "compensation", "staff", "app", "website"),
    ),
    PatternLF(
        "flight_number_with_trouble", label="operations", any_of=FLIGHT_OR_ROUTE,
        all_of=((*DELAYS, *LOSSES, NEGATION_CUE, "waiting", "why", "hours", "status", "?"),),
        unless=("thank*", "great", "refund*"),
    ),
    PatternLF(
        "reply_about_delay_or_bag", label="operations", field="brand_reply",
        any_of=lexicon("department_reply_field"),
        unless=("thanks for the shout", "kind words", "glad you", "enjoyed"),
    ),
    # sales_product: before buying, content, features
    PatternLF(
        "asks_about_availability", label="sales_product", any_of=AVAILABILITY, all_of=("?",),
        unless=(*TROUBLE, *JOURNEY, *DELIVERIES, "my", "update"),
    ),
    PatternLF(
        "asks_about_loyalty", label="sales_product", any_of=LOYALTY, all_of=("?", OPENS_QUESTION),
        unless=(*TROUBLE, "my bag", "my flight", "my seat", "thank*"),
    ),
    PatternLF(
        "plain_question_without_trouble", label="sales_product", any_of=OPENS_QUESTION, all_of=("?",),
        unless=(*TROUBLE, *ACCOUNT, *JOURNEY, *OWN, "help", "someone", "dm", "contact", "why"),
    ),
    # customer_relations: praise
    PatternLF(
        "praise_alone",
        label="customer_relations", any_of=PRAISE, unless=(*PRAISE_KILLERS, "re:n't\\b"), negation=2,
    ),
    PatternLF(
        "great_people_or_service", label="customer_relations", any_of=THANKS_FOR,
        all_of=((*STAFF, "service", "flight", "experience", "company", "job", "people", "lady", "pilot"),),
        unless=(*LOSSES, "not", "but", "however", "worst", "isn't", "unhelpful", "why", "how", "buy", "?"),
        negation=2,
    ),
    PatternLF(
        "happy_face_and_no_trouble", label="customer_relations", any_of=HAPPY_FACES, unless=(*TROUBLE, "?")
    ),
    PatternLF(
        "closes_politely", label="customer_relations",
        any_of=(*lexicon("department_closings"), "re:(?:thanks|thank you|thx|cheers)\\W*$"),
        unless=(*GADGETS, *JOURNEY, *PARCELS, NEGATION_CUE, "please", "help", "why", "how", "?", "waiting"),
    ),
    PatternLF(
        "reply_delighted", label="customer_relations", field="brand_reply",
        any_of=lexicon("department_reply_glad"), unless=("sorry", "apolog*", "unfortunately"),
    ),
    # customer_relations: manners, service, silence
    PatternLF(
        "rude_or_unhelpful", label="customer_relations", any_of=MANNERS,
        unless=(*MONEY, *DELAYS, *DELIVERIES, *LOSSES, "order", "stuck", "seat*", "website"),
    ),
    PatternLF(
        "customer_service", label="customer_relations", any_of=lexicon("department_service_desks"),
        unless=("refund*", "charge*", "internet", "delivery", "package", "order", "delay*", "luggage", "bag"),
    ),
    PatternLF(
        "nobody_answers", label="customer_relations", any_of=CONTACT,
        unless=(*MONEY, *DELAYS, *DELIVERIES, *ACCOUNT, *SURE_FAULTS, "bag", "luggage", "order", "app"),
    ),
    PatternLF(
        "direct_message_talk", label="customer_relations",
        any_of=("dm", "dm'd", "dmed", "dms", "direct message", "follow back", "private message", "sent you"),
        unless=("refund*", "password", "internet", "flight", "delivery"),
    ),
    PatternLF(
        "staff_without_other_topic", label="customer_relations", any_of=STAFF,
        unless=(*GADGETS, *MONEY, *ACCOUNT, *DELAYS, *DELIVERIES, *LOSSES, "order", "seat*", "waiting"),
    ),
    # customer_relations: chat and what has no topic
    PatternLF("few_words_without_topic", label="customer_relations", words=(1, 10), unless=(*TOPICS, "?")),
    PatternLF(
        "no_question_no_trouble", label="customer_relations", words=(1, 0),
        unless=(*TROUBLE, *ACCOUNT, "?", "please", "pls", "need", "help", "why", "how", "what", "only"),
    ),
]
