"""The requester's mood, at the end of a thread and along it, by VADER with a few rules of support language.

VADER (Hutto and Gilbert 2014, the lexicon and rules as in NLTK) knows everyday words. Here "problem", "error" or "junk"
name the subject and "please help" is no joy, so such words count little; and grievances told in neutral words ("third
time", "still no answer") are added. What customers quote, logs and code do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from copilot.domain import Message, MessageKind, MoodPoint, Role, Sentiment
from copilot.text.sentences import Sentence, SentenceKind, split_sentences
from copilot.triage.cues import ADVANCE_THANKS, CUES, POSITIVE_SHARE, SUBJECT_SHARE, SUBJECT_WORDS

if TYPE_CHECKING:
    from vader import SentimentIntensityAnalyzer

LAST_WEIGHT = 0.7
"""How much the last requester message counts; each one before it shares what is left in the same way."""
NOTABLE = 0.15
"""Below this a mood is nothing to speak of, and no words are shown for it."""
MAX_SENTENCES = 120
MAX_WORDS = 5

_LOGLIKE = re.compile(
    r"\b0x[0-9a-f]{4,}\b|\b\w+(?:\.\w+){3,}\(|(?:^|\s)at [\w.$]+\(|[{}<>=|\\/]{4,}|\d{2}:\d{2}:\d{2}"
)
_QUOTED = re.compile(r"[\"“][^\"“”\n]{1,200}[\"”]")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One message's mood, the words that made it, and how many signs there were on each side."""

    score: float
    words: tuple[tuple[str, float], ...]


def read_mood(messages: Sequence[Message]) -> tuple[Sentiment, tuple[MoodPoint, ...]]:
    """The mood at the end of a thread, and its course: a point for each public message of the requester."""
    spoken = [m for m in messages if m.author.role is Role.REQUESTER and m.kind is MessageKind.PUBLIC]
    readings = [_read(message.clean) for message in spoken]
    course = tuple(
        MoodPoint(message=m.remote_id, at=m.created, score=reading.score)
        for m, reading in zip(spoken, readings, strict=True)
    )
    return _at_the_end(readings), course


def mood_of(text: str) -> float:
    """The mood of one text, from -1 to 1; 0 where nothing speaks of any."""
    return _read(text).score


def _at_the_end(readings: Sequence[_Reading]) -> Sentiment:
    if not readings:
        return Sentiment(score=0.0, confidence=0.0)
    score, left = 0.0, 1.0
    for reading in reversed(readings[1:]):
        score += left * LAST_WEIGHT * reading.score
        left *= 1 - LAST_WEIGHT
    score = round(score + left * readings[0].score, 3)
    signs = [sign for reading in readings[-2:] for sign in reading.words]
    agreeing = [word for word, weight in sorted(signs, key=lambda s: -abs(s[1])) if weight * score > 0]
    agreement = len(agreeing) / len(signs) if signs else 0.0
    confidence = 0.3 if not signs else min(0.9, 0.35 + 0.1 * len(agreeing)) * (0.5 + 0.5 * agreement)
    words = tuple(dict.fromkeys(agreeing))[:MAX_WORDS] if abs(score) >= NOTABLE else ()
    return Sentiment(score=score, confidence=round(confidence, 2), words=words)


def _read(text: str) -> _Reading:
    sentences = [s for s in split_sentences(text) if _speaks(s)][:MAX_SENTENCES]
    scores: list[float] = []
    words: list[tuple[str, float]] = []
    for index, sentence in enumerate(sentences):
        bare = _QUOTED.sub(
            " ", sentence.text
        )  # what the program or somebody else said is not the writer's mood
        found = [(hit.group(), weight) for pattern, weight in CUES if (hit := pattern.search(bare))]
        if ADVANCE_THANKS.match(bare) and (index > 0 or not found):
            continue
        total = _clamped(sum(weight for _, weight in found), _everyday(bare))
        if abs(total) < 0.05:
            continue
        scores.append(total)
        words += [*found, *_strong_words(bare, total)]
    return _Reading(_combined(scores), tuple(words))


def _clamped(cues: float, everyday: float) -> float:
    """Phrases of support go first: everyday words may add to them, not soften them."""
    total = cues + everyday if cues * everyday >= 0 else cues
    return max(-1.0, min(1.0, total))


def _everyday(text: str) -> float:
    compound = float(_analyzer().polarity_scores(text)["compound"])
    return compound * (POSITIVE_SHARE if compound > 0 else 0.8)


def _combined(scores: Sequence[float]) -> float:
    """The mean of what was felt, drawn towards the strongest of it."""
    if not scores:
        return 0.0
    strongest = max(scores, key=abs)
    return round(0.5 * sum(scores) / len(scores) + 0.5 * strongest, 3)


def _speaks(sentence: Sentence) -> bool:
    return sentence.kind in {SentenceKind.TEXT, SentenceKind.ITEM} and not _LOGLIKE.search(sentence.text)


def _strong_words(text: str, direction: float) -> list[tuple[str, float]]:
    lexicon = _analyzer().lexicon
    tokens = (token.strip(".,!?;:()[]*_").lower() for token in text.split())
    weighed = ((token, lexicon[token] / 4) for token in tokens if token in lexicon)
    return [(token, weight) for token, weight in weighed if _is_strong(weight) and weight * direction > 0]


def _is_strong(weight: float) -> bool:
    return weight <= -0.3 or weight >= 0.5  # "like" and "please" are polite, not glad


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    from vader import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    known = {
        word: analyzer.lexicon[word] * SUBJECT_SHARE for word in SUBJECT_WORDS if word in analyzer.lexicon
    }
    analyzer.lexicon = {**analyzer.lexicon, **known}
    return analyzer
