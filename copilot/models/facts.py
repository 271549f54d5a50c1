"""What policy decides by, read off a ticket: money and regulated topics by words, the people in it by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from copilot.domain import Conversation, Message, MessageKind, Role, Sentiment, Urgency
from copilot.models.base import Personal, TicketFacts
from copilot.models.tokens import count_tokens

NEVER_LEAVES_TAGS = frozenset({"never-leaves", "never_leaves", "confidential", "do-not-share"})

_MONEY = re.compile(
    r"\b(?:refund\w*|charg(?:ed?|es|ing|eback\w*)|overcharg\w*|invoic\w*|billing|billed|payments?|paid|compensat\w*"
    r"|reimburs\w*|credit note|direct debit|rückerstatt\w*|erstatt\w*|rechnung\w*|abgebucht|rembours\w*|facture\w*"
    r"|reembols\w*|factura\w*)\b|[$€£]\s?\d|\d\s?(?:[$€£]|USD\b|EUR\b|GBP\b)",
    re.IGNORECASE,
)
_REGULATED = re.compile(
    # law and data protection
    r"\b(?:gdpr|dsgvo|ccpa|data protection|datenschutz\w*|right to (?:erasure|be forgotten)|delete (?:all )?my "
    r"(?:personal )?data|subject access request|lawyers?|attorneys?|solicitors?|legal action|lawsuit|sue you|court"
    r"|anwalt\w*|avocat|abogad[oa]|ombudsman|regulator|consumer protection"
    # health, safety, minors
    r"|medical\w*|diagnos\w*|prescription\w*|patients?|hipaa|allerg\w*|injur\w*|hospital\w*|suicid\w*|self[- ]harm"
    r"|caught fire|electric shock|product recall|minors?|under ?age|my (?:\d{1,2}[- ]year[- ]old|child)"
    # finance and identity
    r"|fraud\w*|money laundering|identity theft|stolen (?:card|identity)"
    r"|unauthori[sz]ed (?:transaction|charge|payment)s?|credit score|insurance claim|tax(?:es| return)?|passports?"
    r"|social security)\b",
    re.IGNORECASE,
)
_TIER_FIELDS = ("tier", "plan", "customer tier", "customer_tier", "segment", "support level")
_NUMBER_FIELDS = re.compile(
    r"order|account|customer|invoice|contract|serial|member|booking|policy", re.IGNORECASE
)
_PHONE_FIELDS = re.compile(r"phone|mobile|tel\b|fax|whatsapp", re.IGNORECASE)


def read_facts(
    conversation: Conversation,
    *,
    intent: str = "",
    sentiment: Sentiment | None = None,
    urgency: Urgency | None = None,
    never_leaves: bool = False,
) -> TicketFacts:
    """The facts of a ticket. Takes time in proportion to the thread; call it off the event loop for long ones.

    A ticket never leaves the building when the caller says so, or one of its tags does (`NEVER_LEAVES_TAGS`).
    """
    ticket = conversation.ticket
    public = [message for message in conversation.messages if message.kind is MessageKind.PUBLIC]
    asked = "\n".join([ticket.subject, *(_text(one) for one in public if one.author.role is Role.REQUESTER)])
    return TicketFacts(
        ticket=ticket.id,
        desk=ticket.desk,
        intent=intent,
        sentiment=sentiment.score if sentiment else 0.0,
        urgency=urgency.level if urgency else 0,
        language=next((one.language for one in reversed(public) if one.language), ""),
        tier=_tier(conversation),
        tokens=sum(count_tokens(_text(message)) for message in conversation.messages),
        regulated=_REGULATED.search(asked) is not None,
        money=_MONEY.search(asked) is not None,
        never_leaves=never_leaves or any(tag.lower() in NEVER_LEAVES_TAGS for tag in ticket.tags),
        personal=_personal(conversation),
    )


def _text(message: Message) -> str:
    return message.clean or message.text


def _tier(conversation: Conversation) -> str:
    fields = {name.lower(): value for name, value in conversation.ticket.fields.items()}
    return next((fields[name].strip().lower() for name in _TIER_FIELDS if fields.get(name)), "")


def _personal(conversation: Conversation) -> Personal:
    ticket = conversation.ticket
    people = [ticket.requester, *(message.author for message in conversation.messages)]
    if ticket.assignee is not None:
        people.append(ticket.assignee)
    fields = ticket.fields.items()
    return Personal(
        names=_each_once(person.name for person in people if person.role is not Role.SYSTEM),
        mails=_each_once(person.email for person in people),
        phones=_each_once(value for name, value in fields if _PHONE_FIELDS.search(name)),
        numbers=_each_once(value for name, value in fields if _NUMBER_FIELDS.search(name)),
    )


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text and text.strip()))
