"""The phrases that make a ticket urgent, each group with its level and what a rep is told of it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alarm:
    """`level` as in `Urgency.level`; `says` opens the reason shown to the rep."""

    level: int
    says: str
    pattern: re.Pattern[str]


def any_of(*phrases: str) -> re.Pattern[str]:
    """One expression for whole phrases, capitals or not."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


def alarm(level: int, says: str, *phrases: str) -> Alarm:
    """A group of phrases as one rule."""
    return Alarm(level, says, any_of(*phrases))


ALARMS = (
    alarm(
        3,
        "Speaks of danger to a person",
        r"suicid\w+|kill(?:ing)? myself|in danger|injur(?:y|ed)|ambulance",
    ),
    alarm(
        3,
        "Speaks of a security incident",
        r"(?:been |was |got |is |account )(?:hacked|compromised|hijacked|breached)|data breach|identity theft",
        r"someone (?:else )?(?:has|had|got|gained) access|ransomware",
        r"unauthori[sz]ed (?:access|charge|payment|login|transaction)s?",
        r"did(?:n['’]t| not) authori[sz]ed? (?:it|this|these|any|the)",
        r"stolen (?:password|account|card|credentials)",
    ),
    alarm(
        2,
        "Says it is urgent",
        r"(?:very |extremely |really |most )?urgent(?:ly)?|asap|a\.s\.a\.p\.?|as soon as (?:humanly )?possible",
        r"emergency|immediate(?:ly)? (?:help|attention|assistance|response|fix)|time[- ]sensitive",
        r"(?<!crashes )right away",
        r"need (?:this|it|them|that|my \w+) (?:\w+ )?(?:today|tonight|now|by tomorrow|by tonight)|deadline",
        r"(?:by|before|until) (?:tomorrow|tonight|noon|end of (?:the )?day|close of business|cob|eod)",
    ),
    alarm(
        2,
        "Cannot work",
        r"(?:everything|whole (?:system|office|company|team)|server|site|service) (?:is|are|has been|went) down",
        r"outage|(?:no ?(?:one|body)|none of us) (?:can|is able to)|completely (?:locked out|down|blocked)",
        r"(?:can(?:['’]?t|not)|unable to) (?:send (?:or|and|nor) receive|work at all)",
        r"(?:can(?:['’]?t|not)|unable to) access (?:any|all) (?:of )?(?:my|our)",
        r"(?:this|it) is (?:our|my|for) business|our business (?:account|depends|e-?mail)|production (?:is )?down",
        r"losing (?:money|customers|business|orders)",
    ),
    alarm(
        2,
        "Fears data is lost",
        r"lost (?:all|everything|years|thousands|\d+ years)|deleted (?:all|everything)|data loss|wiped out",
        r"(?:all|everything|years) (?:of )?(?:my |our |the )?(?:e-?mails?|messages|folders|data|contacts|mail)"
        r" (?:is |are |has |have |were )?(?:gone|lost|deleted|vanished|disappeared|missing|wiped)",
        r"(?:inbox|mailbox|folders?|profile) (?:went|is|are|was|has|have) (?:suddenly |now |all )?"
        r"(?:empty|gone|vanished|disappeared|wiped)",
    ),
    alarm(
        2,
        "Speaks of legal steps",
        r"lawyer|attorney|solicitor|legal action|lawsuit|sue (?:you|them)|small claims|ombudsman|gdpr",
        r"data protection|consumer (?:protection|rights)|regulator|trading standards|chargeback",
    ),
    alarm(
        1,
        "Money is at stake",
        r"charged (?:me )?(?:twice|again|double)|double[- ]charged|overcharged|refund|wrong (?:amount|invoice)",
        r"payment (?:failed|declined|problem)|money back|billed (?:twice|again)",
    ),
    alarm(
        1,
        "Has asked before",
        r"(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time (?:i|we|that|this|in)",
        r"still (?:no|waiting for an?|waiting for any) (?:answer|reply|response)",
        r"no ?(?:one|body) (?:has )?(?:answered|replied|responded)|any (?:news|update) on",
        r"already (?:wrote|written|contacted|reported|asked)|follow(?:ing)?[- ]up",
    ),
    alarm(
        1,
        "Asks for a person",
        r"(?:speak|talk) to (?:a|an actual|a real|some) (?:person|human|one|body)|real person|human being",
        r"is there (?:a|any) (?:real )?(?:person|human)",
    ),
)

CALM = any_of(
    r"not (?:very |that |really )?urgent|no (?:rush|hurry)|not (?:an? )?(?:emergency|priority)|low priority",
    r"when(?:ever)? you have (?:time|a (?:moment|minute))|no big deal|not a (?:major|big) (?:problem|issue|flaw)",
)
"""The requester can wait, in their own words."""
SOLVED = any_of(
    r"(?:problem|issue|this|that|it)(?:['’]s| is| has been| was)? (?:now )?(?:solved|fixed|resolved|sorted)",
    r"works? (?:now|fine now|again|perfectly)|(?:did|do) the trick|(?:that|this) work(?:s|ed)[.!]",
    r"glad it['’]?s back",
)
"""The requester says that the problem is gone."""

CAPITALS = re.compile(r"(?<!\w)(?=[A-Z]*[AEIOU])[A-Z]{4,}(?!\w)")
"""A loud word: capitals that can be spoken (SMTP and HTTP cannot)."""
ACRONYMS = frozenset(
    {
        "IMAP",
        "OAUTH",
        "OPENPGP",
        "GMAIL",
        "YAHOO",
        "OUTLOOK",
        "APPDATA",
        "ASAP",
        "SPAM",
        "WIFI",
        "CALDAV",
        "LDAP",
    }
    | {
        "CHATGPT",
        "OCSP",
        "DMARC",
        "ICAL",
        "BING",
        "EDGE",
        "NOTE",
        "JSON",
        "JPEG",
        "NASA",
        "IMHO",
        "FAQS",
        "UEFI",
    }
)
