"""What a sentence does in a support thread: asks, reports trouble, tells what was tried, instructs, promises.

English cues, in the open: a sentence that fits none is none, and nothing is guessed for other languages.
"""

from __future__ import annotations

import re


def _anywhere(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


def _opening(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"^\W{{0,3}}(?:{'|'.join(phrases)})", re.IGNORECASE)


def _whole(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:(?:so|and|but|please|also)[, ]+)?(?:{'|'.join(phrases)})\W*$", re.IGNORECASE)


_WISH = _anywhere(
    r"how (?:do|can|could|should|would|to)|is (?:it|there)(?: \w+){0,2} (?:possible|a way|an? (?:option|setting))",
    r"(?:can|could|would|will) (?:you|someone|somebody|anyone|i|we)|i(?:['’]d| would) (?:like|love|want|prefer)",
    r"i (?:want|need|wish|am looking|am trying|['’]m trying)|(?:please|kindly) (?:help|advise|tell|fix|let)",
    r"what (?:can|should|do|is|are)|where (?:is|are|do|can)|why (?:is|are|do|does|did|can)|help me",
    r"does (?:anyone|anybody|this|it)|do i (?:have|need)|looking for|any (?:ideas?|advice)",
)
_HOW = _anywhere(
    r"how (?:do|can|could|should|would) (?:i|we|you|one)|how to|is (?:it|there)(?: \w+){0,2} (?:possible|a way)",
    r"(?:can|may|could|should) (?:i|we)|where (?:is|are|do|can)|i(?:['’]d| would) like|i want to|does .{3,60} exist",
)
_TROUBLE = _anywhere(
    r"can(?:['’´]?t|not)|could(?: not|n['’]t)|won['’]?t|will not|no longer|unable|fail(?:s|ed|ing)?",
    r"(?:does|do|did|is|are|was|has|have)(?: not|n['’]?t)|instead of|wrong|suddenly|keeps?|every time",
    r"not (?:working|able|possible|recei\w+|send\w*|show\w*|displayed|available|found)|reverts?|unusable",
    r"error|problems?|issues?|bugs?|crash\w*|fr[eo]ez\w*|hangs?|hung|stuck|missing|disappear\w*|vanish\w*",
    r"stopp?(?:ed|s)|broke(?:n)?|corrupt\w*|blocked|refus\w+|reject\w+|empty|lost|gone",
    r"since (?:the|a|my|this|updat\w+|upgrad\w+)|after (?:the|an|a|updat\w+|upgrad\w+|install\w+)",
)
_DONE = (
    "tried|attempted|checked|re-?installed|uninstalled|restarted|rebooted|removed|disabled|enabled|unticked"
    "|unchecked|reset|cleared|ran|followed|looked|searched|read|repaired|compacted|rebuilt|restored|contacted|googled"
)
_ATTEMPT = _anywhere(
    rf"i(?:['’]ve| have)?(?: also| already| just| even| then| since| again| now)? (?:{_DONE})",
    r"tried (?:to|it|that|this|the|all|every\w*|both|several|re\w+|\w+ing)|poked around|no (?:luck|success)",
    r"(?:re-?installed|restarted|rebooted) (?:it|the|my)|i did (?:all )?(?:that|this|so)",
    r"same (?:thing|error|problem|issue|result) (?:in|with|after|when)|to no avail|without success",
    r"set \w+ (?:\w+ ){0,3}again",
)
_EVERY_TIME = _anywhere(r"(?:times?|whenever) (?:that )?i(?:['’]ve)?")
_OUTCOME = _anywhere(
    r"(?:it|that|this|everything|all) (?:now )?(?:works?|worked|did it|helped|fixed|solved|is (?:fixed|solved))",
    r"(?:did|do) the trick|problem solved|still (?:the same|not|no|does|doesn['’]t|happen\w*|fail\w*|can\w*|get\w*)",
    r"(?:did|does)(?: not|n['’]t) (?:work|help|change|solve|fix|address)|same (?:thing|error|problem|result|issue)",
    r"nothing (?:changed|happens|happened|works|worked|helps)|no (?:change|difference|luck|success)",
    r"makes? no difference|(?:it|mail) (?:seems|appears) to be|back (?:up|to normal)",
)
_WILL = (
    "look|check|get|let|send|reply|call|update|find|ask|try|investigate|follow|contact|report|forward|test|fix|refund"
    "|return|be in touch|do|have|come|write|pass|raise|escalate|keep|review|arrange|open|file|see|make|provide|post"
    "|take"
)
_PROMISE = _anywhere(
    rf"(?:i|we)(?:['’]ll| will| shall)(?: \w+ly| also| now| then)? (?:{_WILL})",
    r"(?:i|we)(?: am|['’]m| are|['’]re) (?:going to|looking into|working on|checking)",
    r"let me (?:look|check|find|ask|see|get)|you(?:['’]ll| will) (?:hear|receive|get) (?:from|an?|the|back|it)",
    r"a colleague will",
)
_GENERAL = _whole(
    r"why is (?:this|that|it)(?: so \w+)?|what(?:['’]s| is) (?:going on|wrong|up)",
    r"is (?:this|that) (?:called|normal|a bug|possible|correct)\b.{0,20}",
    r"any(?:one|body)? (?:else|ideas?|help|thoughts|suggestions?|possibility|advice|solutions?)\b.{0,40}",
    r"(?:have|has|does) (?:others|anyone|anybody)(?: else)? (?:had|have|seen|experienced|know)\b.{0,30}",
    r"(?:can|could|would) (?:you|someone|anyone|somebody)(?: please)? (?:help|advise|guide|assist|tell)\b.{0,60}",
    r"is there (?:a|any) (?:fix|solution|way around)\b.{0,30}|what (?:can|should|do) i do\b.{0,20}",
    r"how (?:do|can|to|should)(?: i| we)? (?:fix|solve|resolve|retrieve|correct|stop) (?:this|it|that)\b.{0,20}",
    r"your (?:advice|help)\b.{0,20}|help(?: me)?",
)
_VERBS = (
    "add|adjust|allow|apply|ask|attach|back ?up|change|check|choose|clear|click|close|compact|configure|confirm"
    "|connect|contact|convert|copy|create|customi[sz]e|deactivate|delete|deselect|disable|disconnect|do"
    "|double[- ]?click|download|drag|drop|edit|empty|enable|ensure|enter|exit|export|fill|find|follow|generate|get"
    "|give|go|highlight|hold|hover|import|insert|install|keep|launch|leave|let|locate|log|look|make|mark|move"
    "|navigate|open|paste|pick|place|press|quit|read|rebuild|re-?install|refer|refresh|remove|rename|repair|repeat"
    "|replace|report|reset|restart|restore|review|right[- ]?click|run|save|scroll|search|see|select|send|set|show"
    "|sign|start|stop|subscribe|switch|tap|test|tick|toggle|try|turn|type|uncheck|uninstall|unsubscribe|untick"
    "|update|upgrade|upload|use|verify|view|visit|wait"
)
_LEAD_IN = (
    r"(?:so|then|next|first(?:ly)?|second(?:ly)?|finally|now|also|or|and|please|just|simply|instead|otherwise"
    r"|alternatively|once (?:done|there|you)|(?:if|when|after|before|in|on|under|to|from|at) [^,]{1,80})[,:]?\s+"
)
_INSTRUCTION = _opening(rf"(?:{_LEAD_IN}){{0,3}}(?:{_VERBS})\b")
_ADVICE = _anywhere(
    rf"(?:you|one) (?:can|could|should|must|may|might|need to|have to|will need to|want to)(?: \w+)? (?:{_VERBS})",
    r"(?:i|we)(?:['’]d| would)? (?:suggest|recommend|advise)",
    r"try (?:to|this|the|adding|removing|using|setting|restarting)",
)
_MENU_PATH = re.compile(r"\w[\w .&…)≡\"”]{0,40}\s?(?:>|→|▸|»|--?>)\s?[\w≡“\"(\[]")
_GREETING = re.compile(
    r"^\W{0,3}(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day))\b(?P<rest>[^.!?\n]{0,40}?)"
    r"(?:[,!.:;–—-]+\s*|\s*$)",
    re.IGNORECASE,
)
_COURTESY = _opening(
    r"(?:many |kind )?thanks?\b|thank you\b|thx\b|thanx\b|cheers\b|(?:kind|best|warm)? ?regards\b|good luck",
    r"you(?:['’]re| are) welcome|no problem|my pleasure|happy to help|welcome\b|glad (?:to|it|you)|great[,!.]",
    r"(?:i )?hope (?:this|that|it) (?:helps|works|is)|sorry (?:to hear|about|for)|i(?: am|['’]m) sorry",
    r"(?:please[, ]+)?let (?:me|us) know|any (?:help|advice|ideas?|suggestions?)\b",
    r"(?:(?:i|we)(?: would|['’]d)? )?(?:really |much |greatly )?appreciate[sd]?\b|please (?:advise|help)\W*$",
)
_LONGEST_COURTESY = 140


def asks_how(text: str) -> bool:
    """Wants to know how to do something, or whether it can be done: no trouble is told of."""
    return bool(_HOW.search(text))


def asks(text: str) -> bool:
    """Ends with a question mark."""
    return text.rstrip(" \"”')*_").endswith("?")


def is_general(text: str) -> bool:
    """A question that could close any message ("What is going on?")."""
    return bool(_GENERAL.match(text))


def wishes(text: str) -> bool:
    """Says what somebody wants."""
    return asks(text) or bool(_WISH.search(text))


def reports_trouble(text: str) -> bool:
    """Says what goes wrong."""
    return bool(_TROUBLE.search(text))


def tells_attempt(text: str) -> bool:
    """Says what the writer has tried already."""
    return bool(_ATTEMPT.search(text)) and not asks(text) and not _EVERY_TIME.search(text)


def tells_outcome(text: str) -> bool:
    """Says how it went."""
    return bool(_OUTCOME.search(text)) and not asks(text)


def promises(text: str) -> bool:
    """Says what the writer or the team will do."""
    return bool(_PROMISE.search(text)) and not asks(text)


def instructs(text: str) -> bool:
    """Tells the reader what to do."""
    if asks(text):
        return False
    return bool(_INSTRUCTION.match(text) or _ADVICE.search(text) or _MENU_PATH.search(text))


def is_courtesy(text: str) -> bool:
    """Politeness without news."""
    return without_greeting(text) == "" or (len(text) <= _LONGEST_COURTESY and bool(_COURTESY.match(text)))


def without_greeting(text: str) -> str:
    """A sentence without the greeting it opens with; empty when it is nothing else."""
    found = _GREETING.match(text)
    if found is None or len(found["rest"].split()) > 4:
        return text
    return text[found.end() :].lstrip()
