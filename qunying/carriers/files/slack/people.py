"""Who is who in a Slack workspace."""

from __future__ import annotations

from ..jsonvalues import as_map, as_ref, as_text, first_text
from ..records import PersonRef


def person_of_user(user: dict[str, object], ref: str) -> PersonRef:
    """A row of ``users.json``. The name is the one shown in the channels: display name, else real name, else handle."""
    profile = as_map(user.get("profile"))
    name = first_text(profile, "display_name", "real_name") or first_text(user, "real_name", "name") or ref
    role = None
    if user.get("is_owner") is True or user.get("is_primary_owner") is True:
        role = "owner"
    elif user.get("is_admin") is True:
        role = "admin"
    return PersonRef(name, ref, role=role, is_bot=user.get("is_bot") is True)


def sender_of_message(message: dict[str, object], people: dict[str, PersonRef]) -> PersonRef | None:
    """Who wrote: a member, a member of another workspace by the profile in the message, or a bot by its own id."""
    ref = as_ref(message.get("user")) or as_ref(as_map(message.get("comment")).get("user"))
    if ref is not None:
        if ref in people:
            return people[ref]
        name = first_text(as_map(message.get("user_profile")), "display_name", "real_name", "name")
        return PersonRef(name or as_text(message.get("username")) or ref, ref)
    ref = as_ref(message.get("bot_id"))
    name = first_text(message, "username") or first_text(as_map(message.get("bot_profile")), "name")
    return PersonRef(name or ref or "", ref, is_bot=True) if ref or name else None


def known_person(ref: str, people: dict[str, PersonRef]) -> PersonRef:
    """The member with that id; one who is not in the list keeps the id as name."""
    return people.get(ref, PersonRef(ref, ref))
