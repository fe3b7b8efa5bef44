"""Our own accounts on the carriers, and the groups they listen in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from qunying.communities.models import Account, Group


@dataclass(frozen=True, slots=True)
class Ears:
    """An account of ours, and where groups belong that it hears and nobody registered; None where a person has to say."""

    account_id: int
    home_id: int | None


def ears_of(carrier: str, refs: Collection[str]) -> dict[str, Ears]:
    """These accounts of ours, by what the platform calls them; unknown ones are absent."""
    ours = Account.objects.filter(carrier=carrier, ref__in=refs).values_list(
        "ref", "pk", "home_id", "home__leaving_since"
    )
    return {ref: Ears(pk, None if is_leaving else home) for ref, pk, home, is_leaving in ours}


def accounts_of_groups(group_ids: Collection[int]) -> dict[int, int]:
    """Which account of ours speaks in each of these groups; those without are absent; one query."""
    spoken = Group.objects.filter(pk__in=set(group_ids), account__isnull=False) if group_ids else Group.objects.none()
    return dict(spoken.values_list("pk", "account_id"))


def find_only_account(community_id: int, carrier: str) -> int | None:
    """Our account in the groups of a community on this carrier, where it is the same in all of them."""
    groups = Group.objects.filter(community=community_id, carrier=carrier)
    accounts = set(groups.order_by().values_list("account_id", flat=True).distinct())
    return accounts.pop() if len(accounts) == 1 else None


def list_away(account_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Of these accounts those that are not there, each with its carrier and what it is called there."""
    away = Account.objects.filter(pk__in=account_ids, is_online=False)
    return {pk: (carrier, ref) for pk, carrier, ref in away.values_list("pk", "carrier", "ref")}


def list_accounts() -> list[Account]:
    """Our accounts on all carriers, in order of their coming."""
    return list(Account.objects.order_by("id"))


def list_accounts_with_groups() -> list[tuple[Account, int]]:
    """Our accounts with the number of groups each listens in."""
    groups = Group.objects.exclude(account=None).order_by().values("account_id").annotate(n=Count("pk"))
    counts = dict(groups.values_list("account_id", "n"))
    return [(account, counts.get(account.pk, 0)) for account in Account.objects.order_by("id")]
