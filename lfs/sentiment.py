"""Labeling functions for `sentiment`: the author's tone towards the brand."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from labeling.lf import BatchLF, PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "sentiment"

PROFANITY = lexicon("sentiment_profanity")
INSULTS = lexicon("sentiment_insults")
AWFUL = lexicon("sentiment_awful")
PRAISE = lexicon("sentiment_praise")
KUDOS = lexicon("sentiment_kudos")
TROUBLE = lexicon("sentiment_problems")
PROBLEMS = (*TROUBLE, *lexicon("sentiment_negators"))
HOSTILE = (*PROFANITY, *INSULTS, *AWFUL, "worst")
THANKS = ("thank*", "thanx", "thx", "cheers")
FAREWELL = ("can't wait", "cannot wait", "cant wait")
OPENING = (
    r"^\W*(?:@\w+\W+)*(?:(?:hi|hey|hello|hiya|yo|ok|okay|so|and|also|please|guys|there"
    r"|good (?:morning|afternoon|evening))\W+)*"
)
OPENS_ASKING = (
    rf"re:{OPENING}(?:can|could|may|do|does|did|will|would|should|am|when|where|which|who|any|has|have|if"
    r"|(?:is|are) (?:there|it|this|that|the|my|you|u|we|they|any|all))\b"
)
THANKS_FIRST = (
    r"re:^\W*(?:@\w+\W+)*(?:(?:ok|okay|great|awesome|perfect|alright|yes|done|got it|no|aw+|big|huge|many)"
    r"\W+)*(?:thanks|thank you|thx|thank u|ty|cheers)\b"
)
YES_OR_NO = (
    r"re:\b(?:is|are|will|does|do|has) (?:the|this|that|it|there|online|all|any|you|u|y['’]?all)\b[^.!]*\?"
)
GREETS = r"re:^\W*(?:@\w+\W*)*(?:hi|hey|hello|hiya|yo|(?:good )?(?:morning|evening|afternoon))\b"
MY_THING = (
    r"re:\b(?:my|our) (?:\w+ )?(?:phone|account|order|app|package|internet|wifi|bag|luggage|battery|tv|screen"
    r"|laptop|computer|delivery|parcel|card|bill|music|data|service|seat|flight|driver|iphone|ipad|money"
    r"|playlist|password|keyboard|item|connection|refund|xbox|ps4|email)s?\b"
)


def cue(*phrases: str, unless: Sequence[str] = (), negation: int = 0) -> Pattern:
    return Pattern(phrases, unless=tuple(unless), negation=negation)


# What a tweet may show of its author's tone; the prototypes weigh it, the functions below vote on some of it.
CUES = {
    "hostile": cue(*HOSTILE),
    "harsh": cue(*lexicon("sentiment_harsh")),
    "service": cue("service", "customer care", "company", "airline*", "staff", "experience",
        "bank"),
    "many_marks": cue(r"re:!\s?!|[?!]{3}"),
    "you_lot": cue("you are", "you're", "you guys", "y'all", "yall"),
    "your": cue("your", "ur"),
    "faults": cue(*lexicon("sentiment_faults")),
    "exasperation": cue(*lexicon("sentiment_exasperation")),
    "delays": cue(*lexicon("sentiment_delays")),
    "losses": cue(*lexicon("sentiment_losses")),
    "silence": cue(*lexicon("sentiment_silence")),
    "cold_face": cue(*lexicon("sentiment_emoji_cold")),
    "why": cue("why", "how come", "what gives", "what's the point", unless=("that's why",
        "this is why", "reason why", "why not")),
    "going_on": cue("going on", "happening", "what happened", "what's up", "what is up",
        "what's wrong", "what is this"),
    "issue": cue("issue*", "problem*", "trouble", "struggling", "concern*", "complain*",
        "difficult*", unless=("no problem*",)),
    "cannot": cue("can't", "cannot", "can not", "couldn't", "unable", "not able", "won't",
        "will not", "wouldn't", "impossible", unless=FAREWELL),
    "tried": cue("try to", "trying to", "i try", "i tried", "we tried", "tried to", "tried"),
    "not_done": cue("didn't", "doesn't", "don't", "hasn't", "haven't", "isn't", "wasn't",
        "aren't", "weren't", "ain't", "did not", "does not"),
    "no_or_not": cue("not", "no", "never", "nothing", "none", "without", unless=("no problem",
        "no worries", "not sure")),
    "still": cue("still", "yet", "anymore", "any more", "another", "even", "again"),
    "long_time": cue("since", "days", "weeks", "months", "yesterday", "last night", "last week",
        "hours", "hrs", "minutes", "mins", "hour"),
    "money": cue("charge*", "charging", "overcharged", "refund*", "money", "paid", "pay",
        "paying", "fee", "fees", "cost*", "expensive", "£", "$", "price*", "bill"),
    "pleads": cue("please help", "help me", "help please", "fix", "sort this", "sort it",
        "sort out", "resolve*", "asap", "urgent*", "desperate"),
    "my_thing": cue(MY_THING),
    "joins": cue("and"),
    "sentences": cue(r"re:[.!?]\s.*[.!?]\s.*[.!?]"),
    "baffled": cue(r"re:\?\s?\?|\?!|!\?"),
    "this_is": cue("this is", "this", "these"),
    "past": cue("was", "were", "had", "got", "made", "took", "went", "did", "gave", "called",
        "came"),
    "asks": cue("?"),
    "ends_asking": cue(r"re:\?\W*(?:http\W*)*$"),
    "questions": cue(*lexicon("sentiment_questions")),
    "opens_asking": cue(OPENS_ASKING),
    "yes_or_no": cue(YES_OR_NO),
    "greets": cue(GREETS),
    "please": cue("can you", "could you", "please", "plz", "pls", "would you", "can u"),
    "details": cue("check", "clarify", "advise", "confirm", "info", "information", "details",
        "link", "email", "number", "share", "account"),
    "calm": cue(*lexicon("sentiment_calm")),
    "already": cue("i did", "already", "i have", "i've"),
    "opens_handle": cue(r"re:^@\w"),
    "help_desk": cue(r"re:@\w*(?:support|help|care|cares|helpers)\b"),
    "thanks": cue("thank*", "thanx", "thx", "ty", "cheers", "gracias", negation=1),
    "thanks_first": cue(THANKS_FIRST),
    "praise": cue(*lexicon("sentiment_praise"), negation=2),
    "kudos": cue(*lexicon("sentiment_kudos"), negation=2),
    "delight": cue(*lexicon("sentiment_delight"), negation=2),
    "warm_face": cue(*lexicon("sentiment_emoji_warm")),
    "exclaims": cue("!"),
    "tagged": cue(r"re:\x23\w"),
    "treat": cue("burrito*", "boorito*", "costume*", "halloween"),
    "people": cue("crew", "attendant*", "pilot", "captain", "agent", "team", "employee*"),
    "under_seven": Pattern(words=(1, 6)),
    "under_fourteen": Pattern(words=(1, 13)),
    "over_twenty": Pattern(words=(23, 0)),
    "over_thirty": Pattern(words=(35, 0)),
    "swears": cue(*lexicon("sentiment_profanity")),
    "worst": cue("worst", r"re:\x23\w*worst"),
    "insults": cue(*lexicon("sentiment_insults")),
    "awful": cue(*lexicon("sentiment_awful")),
    "superlative": cue("the most", "the least", "ever", "i swear", "zero", "time and time",
        "nothing but"),
    "turns_away": cue(*lexicon("sentiment_threats")),
    "bosses": cue(*lexicon("sentiment_orders")),
    "sarcasm": cue(*lexicon("sentiment_sarcasm")),
    "shouting": cue(r"re:(?-i:\b[A-Z]{2,}(?:[^\w@]+[A-Z]{2,}){3})"),
    "capitals": cue(r"re:(?:^|\s)(?-i:[A-Z]{4,})\b"),
    "raging_face": cue("re:[😡🤬😠👿🖕]"),
    "raging_faces": cue("re:[😡🤬😠👿🖕]{2}"),
    "swears_softly": cue("wtf", "wth", "hell", "damn", "kidding me", "are you serious",
        r"re:\x23\w*fail", "smh"),
    "customer": cue("customer", "customers"),
    "was_told": cue("told", "promised", "said", "says", "saying", "claim*", "apparently", "tells"),
    "link": cue("http"),
    "dots": cue("..."),
}  # fmt: skip


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=65_536)
def _compound(text: str) -> float:
    """VADER's compound score in [-1, 1]; 1 is the most positive (Hutto and Gilbert, ICWSM 2014)."""
    return float(_analyzer().polarity_scores(text)["compound"])


def vader(name: str, label: str, low: float, high: float, unless: Sequence[str]) -> BatchLF:
    """An LF that votes `label` where VADER's compound score lies in [low, high]."""
    exceptions = Pattern(tuple(unless))

    def votes(texts: Sequence[str]) -> list[str | None]:
        return [
            label if low <= _compound(text) <= high and not exceptions.matches(text) else None
            for text in texts
        ]

    return BatchLF(name, votes, resources={"vaderSentiment": "3.3"})


def angry(name: str, *any_of: str, **options: Any) -> PatternLF:
    return PatternLF(name, label="angry", any_of=any_of, **options)


def grievance(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `negative` that leaves the tweets with a hostile or a kind word to others."""
    kind = (*HOSTILE, *PRAISE, *KUDOS, *THANKS)
    return PatternLF(name, label="negative", any_of=any_of, unless=(*unless, *kind), **options)


def plain(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `neutral` that abstains where a word tells of a problem."""
    return PatternLF(name, label="neutral", any_of=any_of, unless=(*unless, *PROBLEMS), **options)


def praise(name: str, *any_of: str, unless: Sequence[str] = ()) -> PatternLF:
    """An LF for `positive` that abstains at questions, at negation and where a word tells of a problem."""
    return PatternLF(name, label="positive", any_of=any_of, unless=("?", *unless, *PROBLEMS), negation=3)


LFS = [
    # angry: swearing, insults, superlatives of bad
    angry("swears", *PROFANITY, unless=("bloody mary", "?")),
    angry("says_worst", "worst", r"re:\x23\w*worst", unless=("worst part", "worst case")),
    angry("insults_the_brand", *INSULTS, unless=("?", "but")),
    angry("swears_and_shouts", *HOSTILE, all_of=(("!", r"re:(?-i:\b[A-Z]{4,}\b)"),)),
    angry("two_hostile_words", *INSULTS, all_of=((*PROFANITY, *AWFUL, "worst"),)),
    angry("shame_or_joke", "shame", "shameful", "disgrace*", "joke of a*", "laughing stock", unless=("?",)),
    angry("shouts_trouble", r"re:(?-i:\b[A-Z]{2,}(?:[^\w@]+[A-Z]{2,}){4})", all_of=(PROBLEMS,)),
    angry("bosses_the_brand", "your shit together", "thanks for nothing", "shame on", "get with it",
          "or else", "won't be flying", "losing a customer", "is a joke", "how dare"),
    PatternLF("reply_soothes_anger", label="angry", field="brand_reply",
              any_of=("feel this way", "your language", "not the experience")),
    # negative: something went wrong
    grievance("cannot_do_it", "trying to", "try to", "i try", "i tried", "tried to", "can't", "cannot",
              "unable", "won't", "couldn't", "not able to", unless=(*FAREWELL, "?")),
    grievance("faults", *lexicon("sentiment_faults")),
    grievance("keeps_happening", "keeps", "keep getting", "every time", "constantly", "once again",
              "yet again", "third time", "second time", "2nd time", "3rd time", "twice", "every single"),
    grievance("asks_why", "why", "how come", "what gives", "the point", "what's going on", "what is going on",
              "what's up with", "happening", "what's wrong",
              unless=("that's why", "this is why", "reason why")),
    grievance("has_an_issue", "issue*", "problem*", "trouble", "struggling", unless=("no problem*",)),
    grievance("pleads_for_a_fix", "please help", "help please", "please fix", "fix this", "fix it"),
    grievance("exasperated", *lexicon("sentiment_exasperation")),
    grievance("disappointed", "disappoint*", "let down", "let me down", "not happy", "unhappy", "gutted"),
    grievance("late_or_waiting", *lexicon("sentiment_delays"), unless=("?",)),
    grievance("lost_or_never_came", *lexicon("sentiment_losses")),
    grievance("nobody_answers", *lexicon("sentiment_silence")),
    grievance("was_told", "told", "promised", "said it would", "claims", "it says", "saying", unless=("?",)),
    grievance("money_grievance", "charged", "charging me", "overcharged", "refund*", "money back", "my money",
              "i paid", "paying for", "i pay", "too expensive", unless=("refundable", "?")),
    grievance("cold_face", *lexicon("sentiment_emoji_cold")),
    vader("vader_negative", "negative", -0.75, -0.35, (*HOSTILE, *THANKS, "?")),
    # neutral: questions, requests, information
    plain("polite_question", "can i", "can we", "could i", "may i", "is it possible", "any chance",
          "is there a way", "do you have", "do you know", "do you guys", "are there any", "is there any",
          "how do i", "how can i", "if i", "do i need", "do i have to", "am i able", "what time", "which",
          all_of=("?",)),
    plain("asks_about_the_future", "will you", "will there", "will it", "will i", "would i", "would it",
          "when will", "when does", "when do", "when is", "when are", "any plans", "any news",
          unless=("!!",)),
    plain("greets_then_asks", r"re:^(?:@\w+\W+)*(?:hi|hey|hello|good (?:morning|evening|afternoon))\b.*\?"),
    plain("short_question", r"re:\?\W*(?:http)?$", words=(0, 16), unless=("!", *PRAISE)),
    PatternLF("question_with_thanks", label="neutral", unless=TROUBLE,
              any_of=(r"re:\?.*\b(?:thanks|thank you|thx|cheers|tia)\b", "in advance")),
    plain("sent_a_message", "dm", "dm'd", "dmed", "dms", "pm", "inbox", "sent you"),
    plain("states_a_wish", "would like", "i'd like", "looking for", "looking to", "interested in",
          "wondering", "question", "let me know", unless=(*PRAISE, "thank you for")),
    # positive: praise, thanks, delight
    praise("thanks_for_something", r"re:\b(?:thanks|thank you|thx|ty|thank u)\b[^.?!]{0,25}\b(?:for|to)\b",
           "many thanks", "thanks again", "thank you so much", "thanks so much",
           unless=("for the reply", "for the response", "for getting back")),
    praise("says_it_is_great", *PRAISE, unless=("be great", "be awesome", "be amazing", "would be")),
    praise("kudos", *KUDOS, unless=("would love", "i'd love", "best way")),
    praise("praises_people", "helpful", "friendly", "courteous", "polite", "so kind", "so nice",
           "professional", "very nice", "took care", "taking care", "above and beyond", "smooth"),
    praise("glad_or_grateful", "glad", "grateful", "thankful", "appreciate you", "appreciate your",
           "much appreciated", "pleased", "impressed", "blessed", "happy", "made my day"),
    PatternLF("looks_forward", label="positive", unless=(*TROUBLE, "?", "but", "excited to announce"),
              any_of=(*FAREWELL, "excited", "looking forward", "yay", "woo*", "stoked", "yum*", "tasty")),
    praise("warm_face", *lexicon("sentiment_emoji_warm")),
    PatternLF(
        "reply_is_glad", label="positive", field="brand_reply", unless=("sorry", "apolog*", "glad to"),
        any_of=("glad", "great to hear", "happy to hear", "kind words", "shoutout", "shout out", "kudos",
                "thrilled", "love to hear", "our pleasure", "made our day", "awesome", "compliment*"),
    ),
    vader("vader_very_positive", "positive", 0.8, 1.0, ("?", "but", "not", *TROUBLE)),
]  # fmt: skip
