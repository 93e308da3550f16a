"""Labeling functions for `sentiment`: the author's tone towards the brand."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from snorkel.labeling import labeling_function

from labeling.lf import BatchLF, PatternLF
from labeling.pattern import Pattern
from lfs.lexicons import lexicon

TASK = "sentiment"

INSULTS = lexicon("sentiment_insults")
PRAISE = lexicon("sentiment_praise")
PROFANITY = lexicon("sentiment_profanity")
TROUBLE = lexicon("sentiment_problems")
PROBLEMS = (*TROUBLE, *lexicon("sentiment_negators"))
HOSTILE_WORDS = (
    *INSULTS, *PROFANITY, "worst", "sucks", "suck", "hate", "scam*", "a joke", "shame on", "ripped off",
    "crap",
    "terrible", "horrible", "awful", "appalling", "atrocious", "abysmal", "lies", "liars", "#*fail", "ass",
    "never again", "boycott*", "hell",
)  # fmt: skip

PROBLEM = Pattern(any_of=PROBLEMS)
GRIEVANCE = Pattern(any_of=TROUBLE)
PLEASURE = Pattern(any_of=(*PRAISE, "thank*", "thx", "love*", "best", "good", "nice", "glad", "happy"))
HOSTILE = Pattern(any_of=HOSTILE_WORDS)


CLOSING_QUESTION = (
    r"\b(?:do|does|is|are|can|could|will|would|how|which|who|where|when|any)\b[^.!?]*\?\W*(?:http)?$"
)


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=65_536)
def _compound(text: str) -> float:
    """VADER's compound score in [-1, 1]; 1 is the most positive (Hutto and Gilbert, ICWSM 2014)."""
    return float(_analyzer().polarity_scores(text)["compound"])


def vader(name: str, label: str, low: float, high: float) -> BatchLF:
    """An LF that votes `label` where VADER's compound score lies in [low, high]."""

    def votes(texts: Sequence[str]) -> list[str | None]:
        return [label if low <= _compound(text) <= high else None for text in texts]

    return BatchLF(name, votes, resources={"vaderSentiment": "3.3"})


def grievance(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `negative` that leaves the tweets with a hostile word to those for `angry`."""
    return PatternLF(name, label="negative", any_of=any_of, unless=(*unless, *HOSTILE_WORDS), **options)


def plain(name: str, *any_of: str, unless: Sequence[str] = (), **options: Any) -> PatternLF:
    """An LF for `neutral` that abstains where a word tells of a problem."""
    return PatternLF(name, label="neutral", any_of=any_of, unless=(*unless, *PROBLEMS), **options)


def praise(name: str, *any_of: str, unless: Sequence[str] = ()) -> PatternLF:
    """An LF for `positive` that abstains at questions, at negation and where a word tells of a problem."""
    return PatternLF(name, label="positive", any_of=any_of, unless=("?", *unless, *PROBLEMS), negation=3)


def shouted_words(text: str) -> list[str]:
    """Words of three or more capitals, handles and hashtags apart."""
    return re.findall(r"(?<![@#\w])[A-Z]{3,}\b", text)


@labeling_function(resources={"problem": PROBLEM})
def shouts_in_capitals(ticket: Any, problem: Pattern) -> str | None:
    letters = re.sub(r"[@#]\w+|http|[^A-Za-z]", "", ticket.text)
    shouted = len(letters) >= 15 and sum(map(str.isupper, letters)) > 0.6 * len(letters)
    return "angry" if shouted and problem.matches(ticket.text) else None


@labeling_function(resources={"hostile": HOSTILE})
def hostile_word_with_emphasis(ticket: Any, hostile: Pattern) -> str | None:
    loud = "!!" in ticket.text or len(shouted_words(ticket.text)) >= 2
    return "angry" if loud and hostile.matches(ticket.text) else None


@labeling_function(resources={"hostile": HOSTILE})
def two_hostile_words(ticket: Any, hostile: Pattern) -> str | None:
    return "angry" if len(hostile.spans(ticket.text)) >= 2 else None


@labeling_function(resources={"hostile": HOSTILE})
def hostile_word_in_short_tweet(ticket: Any, hostile: Pattern) -> str | None:
    words = [w for w in ticket.text.split() if not w.startswith("@") and w != "http"]
    return "angry" if len(words) <= 12 and hostile.matches(ticket.text) else None


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE, "hostile": HOSTILE})
def states_a_problem(ticket: Any, problem: Pattern, pleasure: Pattern, hostile: Pattern) -> str | None:
    """A problem, no question, no kind word and no hostile one."""
    text = ticket.text
    bare = "?" not in text and not pleasure.matches(text) and not hostile.matches(text)
    return "negative" if bare and problem.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "hostile": HOSTILE})
def question_about_a_problem(ticket: Any, problem: Pattern, hostile: Pattern) -> str | None:
    text = ticket.text
    asks = "?" in text and not hostile.matches(text)
    return "negative" if asks and problem.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "hostile": HOSTILE})
def two_problem_words(ticket: Any, problem: Pattern, hostile: Pattern) -> str | None:
    spans = problem.spans(ticket.text)
    return "negative" if len(spans) >= 2 and not hostile.matches(ticket.text) else None


@labeling_function(resources={"pleasure": PLEASURE, "hostile": HOSTILE})
def trails_off(ticket: Any, pleasure: Pattern, hostile: Pattern) -> str | None:
    """Dots at the end or in the middle, without a kind or a hostile word."""
    text = ticket.text
    dots = ".." in text or "…" in text
    return "negative" if dots and not pleasure.matches(text) and not hostile.matches(text) else None


@labeling_function(resources={"problem": PROBLEM})
def question_without_problem(ticket: Any, problem: Pattern) -> str | None:
    text = ticket.text
    return (
        "neutral" if text.removesuffix("http").rstrip().endswith("?") and not problem.matches(text) else None
    )


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE})
def short_and_plain(ticket: Any, problem: Pattern, pleasure: Pattern) -> str | None:
    """At most eight words beside handles and links, none of them warm or cold, no shouting."""
    if not ticket.text.strip():
        return None
    text = ticket.text
    words = [w for w in text.split() if not w.startswith("@") and w != "http"]
    plain = len(words) <= 8 and not problem.matches(text) and not pleasure.matches(text) and "!" not in text
    return "neutral" if plain else None


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE})
def impersonal_statement(ticket: Any, problem: Pattern, pleasure: Pattern) -> str | None:
    if not ticket.text.strip():
        return None
    """Neither "I" nor "you", no question, no exclamation, no warm or cold word."""
    text = ticket.text
    personal = re.search(r"\b(?:i|i'm|i've|me|my|we|us|our|you|your|u|ur)\b|[?!]", text, re.IGNORECASE)
    return "neutral" if not personal and not problem.matches(text) and not pleasure.matches(text) else None


@labeling_function(resources={"grievance": GRIEVANCE, "hostile": HOSTILE, "closing": CLOSING_QUESTION})
def closing_question(ticket: Any, grievance: Pattern, hostile: Pattern, closing: str) -> str | None:
    """Ends in a question that opens with a question word or a verb and carries no grievance."""
    text = ticket.text
    ends = re.search(closing, text, re.IGNORECASE)
    return "neutral" if ends and not grievance.matches(text) and not hostile.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE})
def talks_to_several_handles(ticket: Any, problem: Pattern, pleasure: Pattern) -> str | None:
    text = ticket.text
    several = re.match(r"(@\w+\W+){2,}", text)
    return "neutral" if several and not problem.matches(text) and not pleasure.matches(text) else None


@labeling_function(resources={"problem": PROBLEM})
def exclaims_without_problem(ticket: Any, problem: Pattern) -> str | None:
    text = ticket.text
    return "positive" if "!" in text and "?" not in text and not problem.matches(text) else None


@labeling_function(resources={"problem": PROBLEM, "pleasure": PLEASURE})
def kind_words_without_problem(ticket: Any, problem: Pattern, pleasure: Pattern) -> str | None:
    text = ticket.text
    return "positive" if pleasure.matches(text) and "?" not in text and not problem.matches(text) else None


LFS = [
    # angry: swearing, insults, superlatives of bad
    PatternLF("swears", label="angry", any_of=PROFANITY, unless=("bloody mary",)),
    PatternLF("coarse_words", label="angry", any_of=("ass", "bs", "b.s.", "crap*", "damn", "piss*",
              "effing")),
    PatternLF("says_worst", label="angry", any_of=("worst", "#*worst*"), unless=("worst part", "worst case")),
    PatternLF("insults_the_brand", label="angry", any_of=INSULTS),
    PatternLF(
        "terrible_service", label="angry",
        any_of=("terrible", "horrible", "horrid", "awful", "appalling", "atrocious", "abysmal", "dreadful",
                "horrendous", "horrific", "shocking", "diabolical", "dire", "useless", "worthless",
                "hopeless"),
        all_of=(r"re:\b(?:service|experience|company|airline|support|staff|care|job|app|product|flight|you|your|they|absolutely)\b",),
    ),
    PatternLF("it_sucks", label="angry", any_of=("suck", "sucks", r"re:#\w+sucks", "hate you", "hate your",
              "i hate")),
    PatternLF("shame_or_joke", label="angry",
              any_of=("shame on", "be ashamed", "#shameonyou", "embarrassment", "is a joke", "are a joke",
                      "joke of a",
                      "what a joke", "complete joke", "total joke", "absolute joke")),
    PatternLF(
        "scam_or_theft", label="angry",
        any_of=("scam", "scammed", "#scam", "ripped off", "rip off", "ripoff", "thieves", "thief", "robbed",
                "robbing", "crooks", "liars", "lying", "lies", "con artists", "cheats", "cheated"),
        unless=("a scam?", "is this", "scam email", "scam call*", "scam text"),
    ),
    PatternLF(
        "get_your_act_together", label="angry",
        any_of=("your shit together", "your act together", "your stuff together", "get it together",
                "do your job",
                "sort yourselves out"),
    ),
    PatternLF(
        "swears_off_the_brand", label="angry",
        any_of=("never again", "never fly*", "never use", "never using", "never buy*", "never order*",
                "never shop*",
                "boycott*", "#boycott*", "avoid at all costs", "lost a customer", "lost a loyal customer",
                "won't be flying", "#never*"),
    ),
    shouts_in_capitals,
    hostile_word_with_emphasis,
    two_hostile_words,
    hostile_word_in_short_tweet,
    PatternLF(
        "reply_soothes_anger", label="angry", field="brand_reply",
        any_of=("feel this way", "never want", "let you down", "upset", "language", "not the experience"),
    ),
    # negative: something went wrong
    grievance("cannot_do_it", "trying to", "try to", "i try", "i tried", "tried to", "can't", "cannot",
              "can not", "unable", "won't", "couldn't", "not able to",
              unless=("can't wait", "cannot wait")),
    grievance("faults", *lexicon("sentiment_faults")),
    grievance("keeps_happening", "keeps", "keep getting", "every time", "constantly", "once again",
              "yet again",
              "third time", "second time", "2nd time", "3rd time", "twice", "every single"),
    grievance("asks_why", "why", "how come", "what gives", "what happened", "the point", "explain",
              "what's going on", "what is going on", "what's up with", "happening", "what's wrong",
              "what is wrong",
              unless=("that's why", "this is why", "reason why")),
    grievance("has_an_issue", "issue*", "problem*", "trouble", "struggling", unless=("no problem*",
              "thank*")),
    grievance("pleads_for_help", "please help", "help me", "help please", "pls help", "can you help",
              "can someone help", "please fix", "fix this", "fix it", "get this fixed"),
    grievance("disappointed", "disappoint*", "let down", "letdown", "unhappy", "dissatisf*", "not happy",
              "unsatisf*",
              "displeased", "upset", "gutted", "shame", "sad", "sadly", "unfortunately", "not great"),
    grievance("exasperated", *lexicon("sentiment_exasperation"), "rude", "bad service", "don't care",
              "doesn't care"),
    grievance("delayed_or_late", "delay*", "late", "cancelled", "canceled", "overdue",
              unless=("thank you", "no delay*", "late night", "despite", "thanks for")),
    grievance("kept_waiting", "waiting", "waited", "on hold", "for days", "for weeks", "for months",
              "for hours",
              "for an hour", "it's been", r"re:\b\d+\+? ?(?:hours?|hrs?|mins?|minutes?)\b",
              unless=("thank you", "hour flight")),
    grievance("lost_or_never_came", "lost", "missing", "misplaced", "stolen", "left behind", "disappeared",
              "never received", "not received", "didn't receive", "haven't received", "hasn't arrived",
              "never came",
              "never arrived", "not arrived", "not delivered", "not been delivered", "didn't get",
              "never got",
              "supposed to", "was meant to", "be delivered"),
    grievance("nobody_answers", "no response", "no reply", "no answer", "no one", "nobody",
              "not responding", "no help",
              "ignored", "ignoring", "hung up", "never respond*", "never repl*", "never answer*"),
    grievance("was_told", "told", "promised", "said it would", "claims", "it says", "saying",
              unless=("thank*",)),
    grievance("money_grievance", "charged", "charging me", "overcharged", "refund*", "money back",
              "my money", "i paid",
              "paying for", "i pay", "pay for", "too expensive", unless=("refundable",)),
    grievance("no_such_thing", "no service", "no signal", "no internet", "no wifi", "no connection",
              "no update*",
              "no power", "no info*", "no communication", "no sign of", "no way to", "no explanation",
              "no apology",
              "no longer", "unavailable"),
    grievance("incredulous", "really?", "seriously", "come on", "are you kidding", "are you serious", "wtf",
              "wth",
              "what the", "smh", "ugh", "again?", "how is this", "how can you", "how hard", "so much for",
              "not even",
              "literally"),
    grievance("sad_or_annoyed_emoji", "re:[😒😑🙄😤😩😫😭😢☹😞😔😕😡😠🤦]", "re::'?-?\\("),
    grievance("but_not", "but", all_of=(r"re:\b(?:not|no|never|can't|\w+n't)\b",), unless=("thank you",)),
    grievance(
        "my_thing_is_wrong",
        r"re:\bmy (?:\w+ )?(?:phone|account|order|app|package|internet|wifi|bag|battery|tv|screen|computer|"
        r"laptop|delivery|parcel|card|bill|music|data|service|seat|flight|driver)\b",
        all_of=(r"re:\b(?:not|no|never|still|when|but|since|after|again|is|was|has|keeps|\w+n't)\b",),
        unless=("thank*", "thx"),
    ),
    PatternLF("reply_apologises", label="negative", any_of=("sorry", "apolog*"), field="brand_reply"),
    PatternLF(
        "reply_takes_up_the_case", label="negative", field="brand_reply",
        any_of=("look into", "take a look", "dm us", "send us a", "direct message", "reach out", "get you",
                "patience",
                "frustrat*", "inconvenience", "be happy to help", "here to help"),
        unless=("thanks for the", "glad", "kind words"),
    ),
    states_a_problem,
    question_about_a_problem,
    two_problem_words,
    trails_off,
    vader("vader_negative", "negative", -0.75, -0.35),
    # neutral: questions, requests, information
    plain("polite_question", "can i", "can we", "could i", "may i", "is it possible", "any chance",
          "is there a way",
          "do you have", "do you know", "do you guys", "are there any", "is there any", "how do i",
          "how can i", "if i",
          "do i need", "do i have to", "am i able", "what time", "which", all_of=("?",)),
    plain("asks_about_the_future", "will you", "will there", "will it", "will i", "will the", "would i",
          "would it",
          "when will", "when does", "when do", "when is", "when are", "are you going to", "any plans",
          "any news",
          "any idea", unless=("!!",)),
    PatternLF(
        "question_with_thanks", label="neutral",
        any_of=(r"re:\?.*\b(?:thanks|thank you|thx|cheers|tia)\b", "in advance"),
        unless=TROUBLE,
    ),
    plain("sent_a_message", "dm", "dm'd", "dmed", "dms", "pm", "inbox", "sent you"),
    plain("greets_then_asks", r"re:^(?:@\w+\W+)*(?:hi|hey|hello|good (?:morning|evening|afternoon))\b.*\?"),
    plain("states_a_wish", "would like", "i'd like", "want to", "looking for", "looking to",
          "interested in", "i need",
          "wondering", "question", "let me know", unless=(*PRAISE, "thank you for")),
    plain("answers_an_agent",
          r"re:^(?:@\w+\W+)+(?:yes|yeah|yep|ok|okay|sure|done|it's|it is|i have|i am|i'm|it was|sorry)\b",
          unless=(*PRAISE, "thank*", "love*", "excited", "!")),
    PatternLF(
        "brand_or_agent_post", label="neutral",
        any_of=(r"re:\^(?-i:[A-Z]{2,3}\b)", r"re:\*(?-i:[A-Z])\w+$", "sign up", "giveaway", "live on",
                "check out",
                "tune in", "retweet", "learn more", "join us", "how can we assist", "we're excited to",
                "we are thrilled", "now available"),
    ),
    question_without_problem,
    closing_question,
    short_and_plain,
    impersonal_statement,
    talks_to_several_handles,
    # positive: praise, thanks, delight
    praise("thanks_for_something", r"re:\b(?:thanks|thank you|thx|ty|thank u)\b[^.?!]{0,25}\b(?:for|to)\b",
           "many thanks", "thanks again", "thank you so much", "thanks so much",
           unless=("for the reply", "for the response", "for getting back")),
    praise("says_it_is_great", *PRAISE, unless=("be great", "be awesome", "be amazing", "would be")),
    praise("loves_it", "the best", "best * ever", "best airline", "best service", "favorite", "favourite",
           "#best*", "love", "loved", "loving", "luv", "adore", "obsessed", unless=("would love",
           "i'd love", "best way")),
    praise("gives_credit", "shout out", "shoutout", "shout-out", "kudos", "props to", "hats off", "well done",
           "good job", "great job", "nice job", "awesome job", "good work", "great work", "keep it up",
           "way to go"),
    praise("praises_people", "helpful", "friendly", "courteous", "polite", "so kind", "so nice",
           "professional",
           "very nice", "took care", "taking care", "take care of", "above and beyond", "great service",
           "good service", "great flight", "great customer", "great crew", "smooth"),
    praise("glad_or_grateful", "glad", "grateful", "thankful", "appreciate you", "appreciate your",
           "appreciate the",
           "much appreciated", "pleased", "impressed", "blessed", "happy", "made my day", "#thank*",
           "#happy*",
           "#love*", "#great*"),
    PatternLF(
        "looks_forward", label="positive",
        any_of=("can't wait", "cannot wait", "so excited", "excited", "looking forward", "yay", "woo*",
                "stoked",
                "heck yes", "delicious", "yum*", "tasty"),
        unless=(*TROUBLE, "?", "but", "until", "excited to announce"),
    ),
    praise("warm_emoji", "re:[❤💙💚💛💜💕😍😘🥰♥💖💗😊😀😁😃😄☺👍👌🎉✨🙌👏]"),
    PatternLF(
        "reply_is_glad", label="positive", field="brand_reply",
        any_of=("glad", "great to hear", "happy to hear", "kind words", "shout out", "shoutout", "kudos",
                "thrilled",
                "love to hear", "our pleasure", "made our day", "thanks for the love", "awesome",
                "that's what we",
                "you enjoyed", "thanks for sharing", "compliment*"),
        unless=("sorry", "apolog*", "glad to help", "glad to look"),
    ),
    PatternLF(
        "reply_wishes_well", label="positive", field="brand_reply",
        any_of=("enjoy", "see you", "again soon", "have a great", "on board", "onboard", "can't wait",
                "congrat*",
                "thanks for flying", "thanks for choosing", "for your loyalty"),
        unless=("sorry", "apolog*", "unfortunately", "frustrat*", "delay*"),
    ),
    exclaims_without_problem,
    kind_words_without_problem,
    vader("vader_very_positive", "positive", 0.8, 1.0),
]
