"""The people who sign in here, by name."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User


def names_of_colleagues(user_ids: Collection[int]) -> dict[int, str]:
    """What each of these sign-ins is called, in one query; none at all for no ids."""
    if not user_ids:
        return {}
    return {user.pk: user.get_full_name() or user.get_username() for user in User.objects.filter(pk__in=user_ids)}
