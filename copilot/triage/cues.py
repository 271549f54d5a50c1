"""Phrases by which requesters show their mood in support, weighed on VADER's scale from -1 to 1.

Each group is a set of alternatives of one regular expression. Written from the general language of support, not from
any one set of tickets.
"""

from __future__ import annotations

import re

_PHRASES: dict[float, tuple[str, ...]] = {
    -0.75: (
        r"(?:absolutely |completely |totally |just )?ridic\w{1,3}lous",
        r"(?:totally |completely )?unacceptable|disgrace(?:ful)?|outrageous|appalling|pathetic|a joke|scandalous",
        r"worst (?:\w+ )?(?:support|service|experience|software|program|update)",
    ),
    -0.6: (
        r"wast(?:e|ed|ing) (?:of )?(?:my |our )?(?:time|hours|days)",
        r"(?:wasted|spent|lost) (?:\w+ )?(?:hours|days|weeks)",
        r"fed up|sick (?:and tired )?of|had enough|driv(?:es|ing) me (?:crazy|mad|nuts|insane)|infuriating|frustrat\w+",
        r"(?:did|do|have) you (?:even |actually )?(?:read|understand|listen)|i (?:just|already) (?:said|told|wrote)",
        r"why (?:on earth|in the world|the (?:hell|heck))|what the (?:hell|heck|f\w*)|wtf",
        r"for (?:god|heaven)['’]?s sake",
        r"shame on|rubbish|garbage|crap(?:py)?|horrible|terrible|awful|nightmare|a mess",
    ),
    -0.45: (
        r"(?:second|third|fourth|fifth|\d+(?:nd|rd|th)|umpteenth) time (?:i|we|this|that|in)|yet again|over and over",
        r"(?:still|have had|had|got|received|with) no (?:answer|reply|response)|heard? nothing",
        r"no ?(?:one|body) (?:answers?|replie[sd]|responds?|helps?)",
        r"useless|worthless|unusable|not (?:at all )?helpful|no help at all",
        r"(?:does not|doesn['’]t|did not|didn['’]t|not) help(?:ing)?(?: at all)?",
        r"(?:how long|when) (?:before|until|will) (?:i|we|somebody|someone|anyone|you) (?:get|finally|help|answer)",
        r"\[edited\]",
    ),
    -0.3: (
        r"(?:switch|switching|move|moving|go|going) (?:back )?to (?:another|a different|a new) \w+",
        r"still (?:does not|doesn['’]t|not|isn['’]t|won['’]t|can['’]?t|cannot|the same|happening|broken|no)",
        r"same (?:thing|problem|error|issue)(?: again)?|nothing (?:works|worked|happened|helps|helped)|no luck|in vain",
        r"(?:sent|told|gave|said) (?:me )?(?:that|this) already|you already (?:sent|said|told)|asked (?:that )?already",
        r"(?:speak|talk) to (?:a|an actual|a real) (?:person|human|colleague)|is there (?:a|any) (?:person|human)",
        r"urgently|desperate(?:ly)?|panick?(?:ing)?|at my wit['’]?s['’]? end|please help!+",
        r"lost (?:it|them|the \w+) again",
        r"not happy|unhappy|disappointed|disappointing|annoy(?:ed|ing)|confusing|so difficult|absurd|stubborn",
    ),
    0.4: (
        r"thank(?:s| you)(?: (?:so|very) much| a lot| again)?(?! in advance| for (?:any|your) help)",
        r"(?:much|greatly|really) appreciated?|good to know|makes sense|very helpful|very kind",
    ),
    0.6: (
        r"works? (?:now|fine now|perfectly|great now|again|like a charm|a treat)|(?:that|this|it) work(?:s|ed)[.!]",
        r"(?:problem|issue|this|that|it)(?:['’]s| is| has been| was)? (?:now |all )?(?:solved|fixed|resolved|sorted)",
        r"(?:did|do|does) the trick|that (?:did it|was it|solved it|fixed it|worked)|all (?:is )?(?:good|well) now",
        r"you(?:['’]re| are) (?:a )?(?:star|genius|legend|awesome|the best)|brilliant|wonderful|excellent|fantastic",
        r"love (?:it|this|thunderbird)|i['’]m (?:very |so )?(?:happy|glad|pleased|delighted)",
    ),
}

CUES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE), weight)
    for weight, phrases in _PHRASES.items()
)

ADVANCE_THANKS = re.compile(
    r"^(?:(?:many |kind |best )?(?:thanks?|thank you|thx|tks|tx|tia|regards)|any (?:help|advice|ideas?|suggestions?)"
    r"|i (?:would )?(?:greatly |really )?appreciate)\b"
    r"[^.!?]{0,60}(?:in advance|help|advice|time|support|assistance|appreciated)?[.!?]*$",
    re.IGNORECASE,
)
"""Courtesy that closes a question and says nothing of a mood."""

SUBJECT_WORDS: tuple[str, ...] = (
    *(
        "problem",
        "problems",
        "error",
        "errors",
        "issue",
        "issues",
        "failed",
        "fails",
        "fail",
        "failure",
        "failing",
    ),
    *(
        "bug",
        "bugs",
        "crash",
        "crashes",
        "crashed",
        "junk",
        "spam",
        "trash",
        "delete",
        "deleted",
        "deletes",
        "deleting",
    ),
    *(
        "remove",
        "removed",
        "block",
        "blocked",
        "blocking",
        "lost",
        "lose",
        "missing",
        "stop",
        "stopped",
        "stops",
    ),
    *(
        "warning",
        "wrong",
        "dead",
        "kill",
        "killed",
        "reject",
        "rejected",
        "denied",
        "refused",
        "invalid",
        "unable",
    ),
    *(
        "broken",
        "cut",
        "hidden",
        "lock",
        "locked",
        "attack",
        "virus",
        "alert",
        "alerts",
        "alarm",
        "mistake",
        "scan",
    ),
    *(
        "no",
        "doubt",
        "alone",
        "low",
        "cancel",
        "hid",
        "cry",
        "lame",
        "fire",
        "firewall",
        "critical",
        "difficult",
    ),
)
"""Negative in everyday language, but in support they name the subject."""
SUBJECT_SHARE = 0.25
"""How much of its everyday valence a subject word keeps."""
POSITIVE_SHARE = 0.3
"""How much everyday positive words count: who writes to support says "great", "hope", "share" and "save" of the
program, and shows joy in the phrases above."""
