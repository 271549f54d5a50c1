"""Phrases that say what has stopped for a requester: their main work, one part of it, or nothing at all.

By the guideline of the urgency labels (tests/data/urgency): what was used and has stopped wants an answer today, what
is broken beside it soon, and a question how something is done can wait. English alone.
"""

from __future__ import annotations

import re

from copilot.triage.alarms import alarm, any_of

_NOT = (
    r"(?:can(?:['’]?t|not|\s+not)|unable\s+to|(?:am|is|are|was|were)\s+not\s+able\s+to|could(?:n['’]?t|\s+not)"
    r"|(?:wo|does|do|did|would)n['’]?t|(?:will|does|do|did|would)\s+not|fail(?:s|ed|ing)?\s+to|no\s+longer|stopped"
    r"|not|refus(?:es|ed|ing)\s+to|never)"
)
_FEW = r"(?:\s+(?!for\b|but\b)[\w'’]+){0,3}?"
_MAIL = r"(?:e-?mails?|messages?|mail)"

STOPPED = (
    alarm(
        2,
        "Cannot send or receive",
        rf"{_NOT}{_FEW}\s+(?:send(?:ing)?|receiv(?:e|ed|ing)|get(?:ting)?|download(?:ing)?|repl(?:y|ying))"
        rf"(?:\s+(?:or|and|nor|any|of|my|our|new|the|out|outgoing|incoming|send|receive|to|these)){{0,4}}\s+{_MAIL}",
        rf"{_NOT}{_FEW}\s+(?:send\s+(?:or|and|nor)\s+rec\w+|receive\s+(?:or|and|nor)\s+send)",
        rf"(?:outgoing|incoming)\s+{_MAIL}s?(?:\s+\w+){{0,2}}\s+(?:{_NOT}|blocked|reject\w+)",
        r"block(?:s|ed|ing)?(?:\s+\w+){0,2}\s+(?:outgoing|sending)",
        r"just\s+can['’]?t\s+send|sending\s+of\s+the\s+message\s+failed",
        r"authentication\s+(?:failure|failed|error)|relay\s+access\s+denied|connection\s+to\s+\S*\s*\S+\s+was\s+reset",
        r"(?:no\s+longer|stopped)\s+(?:download|receiv|send)\w*",
        rf"no\s+{_MAIL}\s+(?:since|coming|arrives?|at\s+all)",
    ),
    alarm(
        2,
        "Cannot get in",
        rf"{_NOT}{_FEW}\s+(?:log|sign)(?:ged|ging|ing)?[\s-]?(?:in|on)(?:to)?\b",
        r"(?:log|sign)[\s-]?in\s+(?:to\s+\S+\s+(?:\S+\s+){0,4})?fail(?:ed|s|ure)|locked\s+out|lost\s+my\s+password",
        rf"(?:unable|{_NOT})\s+(?:to\s+)?(?:use|access|enter)\s+(?:it|(?:my|our|the)\s+(?:\w+\s+){{0,2}}(?:account|e-?mails?|mail|mailbox|inbox))",
        rf"(?:passwords?|login)\s+(?:\w+\s+){{0,2}}(?:invalid|rejected|refused)|{_NOT}\s+(?:take|accept)\s+(?:my|the)\s+password",
    ),
    alarm(
        2,
        "The program does not run",
        r"(?<!attachment )(?<!attachments )(?<!link )(?<!links )(?<!file )(?<!that )"
        r"(?:wo|does|would)n['’]?t\s+(?:even\s+)?"
        r"(?:open|start|launch)\b(?!\s+(?:the|an?|my|any|it|pdf|attach))",
        r"(?:will|does|would)\s+not\s+(?:even\s+)?(?:open|start|launch)\b(?!\s+(?:the|an?|my|any|it|pdf|attach))",
        r"keeps?\s+(?:on\s+)?crashing|crash(?:es|ed|ing)?\s+(?:again\s+and\s+again|constantly|every|on\s+start|right\s+away"
        r"|immediately|repeatedly|at\s+start|all\s+the\s+time)",
        r"just\s+stopped\s+working",
    ),
    alarm(
        2,
        "Misses what was there",
        rf"(?:{_MAIL}|folders?|inbox|contacts|address\s*book|sub-?folders?|tasks|data)(?:\s+(?!not\b)[\w-]+){{0,5}}?\s+"
        r"(?:(?:is|are|was|were|have|has|had)\s+)?(?:all\s+|now\s+|suddenly\s+)*"
        r"(?:gone|missing|disappeared|vanished|lost|wiped|erased)",
        rf"(?:lost|wiped|erased|removed)\s+(?:all\s+|my\s+|our\s+|of\s+|the\s+|some\s+|recurring\s+)*(?:{_MAIL}|folders?|contacts|address)",
        r"(?:accident(?:al)?ly|unfortunately|mistakenly)\s+(?:i\s+|we\s+)?(?:deleted|removed|erased)",
        r"(?:deleted|removed)\s+(?:\S+\s+){0,4}by\s+(?:mistake|accident)|everything\s+is\s+gone",
    ),
)
"""What the requester had and used has stopped."""

ELSEWHERE = any_of(
    r"other\s+(?:e-?mail\s+)?(?:accounts?|e-?mails?|computers?|machines?|devices?)(?:\s+\w+){0,2}\s+(?:works?|working|are|is|like)",
    r"(?:all|rest)\s+(?:of\s+)?my\s+other|one\s+of\s+(?:my|our|the|two|three|four|five|several)|of\s+\d\s+\w+\s+accounts?",
    r"(?:still|account)\s+works?\b|works?\s+(?:fine|ok(?:ay)?|perfectly)\s+(?:on|in|with|from|through|via)",
)
"""Something else of the same kind still works."""
BEGINNING = any_of(
    r"new(?:ly)?\s+(?:created\s+)?(?:computer|laptop|pc|machine|notebook|mac|install(?:ation)?|account|download|profile)",
    r"(?:set(?:ting)?|setup)[\s-]+(?:it\s+)?up|add(?:ing)?\s+(?:\S+\s+){0,4}(?:account|address)s?|transfer\w*|migrat\w+",
    r"mov(?:e|ing)\s+(?:\S+\s+){0,5}(?:to|from)\s+(?:linux|windows|mac|a\s+new|the\s+new)|just\s+(?:installed|downloaded)",
    r"import(?:ing|ed)?|clean\s+install",
)
"""The requester is setting something up or moving: nothing they had has stopped."""

TROUBLE = any_of(
    r"(?:(?:is|are|has|have|does|wo|ca)n['’]?t|(?:is|are|does|will|has|have)\s+not|cannot)"
    r"(?!\s+(?:want|like|know|need|sure|convenient|a\s+big|figure|find|seem|remember|see\s+(?:how|where|any)|be\s+bothered))",
    r"unable|fail(?:s|ed|ing|ure)?|errors?|crash\w*|hangs?|hung|fr(?:eez\w+|ozen)|slow\w*|broken|breaks?|stops?|stopped",
    r"problems?|issues?|bugs?|trouble|missing|disappear\w*|no\s+longer|stuck|wrong\w*|incorrect\w*|lost|nothing\s+happens",
    r"rejected|blocked|denied|tim(?:es?|ed|ing)[\s-]?out|timeout|refus\w+|invalid|without\s+success|no\s+(?:luck|avail|success)",
    r"not\s+(?:\w+\s+)?(?:work\w*|show\w*|display\w*|respond\w*|find|found|in\s+\w+\s+order|visible|available|clickable)",
    r"keeps?\s+\w+ing|reappear\w*|delay|warning|fraud|scam|phishing|nuisance|hid(?:es|den)|corrupt\w*|duplicat\w+",
)
"""Something does not work as it should."""
ASKING = re.compile(
    r"^\W*(?:how\s+(?:do|can|could|to|would|does|should)\b|how\s?to\b|where\s+(?:is|are|do|can)\b|what\s+(?:is|are|does)\b"
    r"|is\s+(?:there|it\s+possible)\b|can\s+(?:i|you|we|one)\b(?!['’])|could\s+(?:i|you|we)\b|do(?:es)?\s+(?:i|anyone|anybody"
    r"|someone)\b|which\b|am\s+i\s+able\b|i\s+(?:want|would\s+like|wish|need)\b|if\s+i\b|feature\s+request)",
    re.IGNORECASE,
)
"""A sentence that asks how something is done."""
WISH = any_of(
    r"feature\s+request|would\s+be\s+(?:nice|great|good|useful|helpful|better)|(?:please|could\s+you)\s+(?:add|make|bring\s+back)",
    r"add\s+an\s+option|i\s+(?:wish|suggest|prefer)|suggestion|prefer\s+(?:it|to)|great\s+job|simple\s+wish|why\s+not\b",
    r"is\s+there\s+(?:a\s+way|an\s+option|any\s+(?:way|option|possibility))|would\s+like\s+(?:to\s+(?:have|see)|an?\b)",
)
"""Asks for something there has not been, or for a way."""
THANKS = any_of(
    r"(?:many\s+|much\s+)?thanks?(?:\s+you)?|thank\s+you|thx|cheers|much\s+appreciated|grateful|merci|vielen\s+dank|danke",
)
"""Thanks."""
HAPPY_END = any_of(
    r"(?:problems?|issue|this|that|it)(?:['’]s|\s+is|\s+has|\s+has\s+been)?\s+(?:\w+\s+)?(?:solved|fixed|resolved|sorted)",
    r"(?:solved|fixed|resolved|sorted)\s+(?:it|the|my|out|by)|(?:mark(?:ed|ing)?)\s+(?:\w+\s+){0,2}(?:solved|resolved)",
    r"works?\s+(?:now|fine|great|perfectly|again)|worked\s+(?:for\s+me|first|fine|perfectly|great)|it\s+worked|this\s+worked",
    r"working\s+(?:again|now|fine)|(?:did|done|do)\s+the\s+trick|that\s+was\s+it|now\s+i\s+(?:can|have|do)|got\s+it\s+working",
    r"all\s+(?:is\s+)?(?:good|well|fine)(?:\s+now)?|(?:has|have|that)\s+helped|exactly\s+what\s+i\s+(?:meant|needed|wanted)",
    r"(?:has|have)\s+worked|i\s+am\s+so\s+grateful|success[.!]|finally\s+(?:back|works)|glad\s+it['’]?s\s+back|gelöst",
)
"""The requester tells that it went well."""
AGAIN = any_of(
    r"(?:any|other)\s+(?:other\s+)?(?:ideas?|suggestions?|thoughts)|but\b|however|unfortunately|regrettably|although|still",
    r"same\s+(?:problem|issue|error|result)|in\s+advance|persists?|no\s+(?:luck|better|joy)|how\s+(?:do|long|can)",
)
"""The thanks do not close it."""
STILL = any_of(
    r"still\s+(?:\w+\s+)?(?:not|no|does|doesn|can|can['’]t|get|getting|the\s+same|happens|happening|have|won)\b",
    r"persists?|no\s+(?:luck|better|joy)|(?:did|does|has|have|is|was)\s*n['’]?o?t\s+(?:help|work|fix|solve)\w*",
)
"""Part of it is there yet."""
