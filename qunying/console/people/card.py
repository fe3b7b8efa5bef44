"""What somebody's group cards say, field by field, with a way to correct it; and who of us knows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.access import Reach
from qunying.communities.queries import GroupInfo, list_community_names
from qunying.console.people.context import CardField, CardPanel, CardRow, Option
from qunying.console.people.words import CARD_WORDS, tell_card_field, tell_duty
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.cards import Field, fields_of
from qunying.people.roll import RollLine
from qunying.talk.knowing import who_knows

CARDS_AT_MOST = 6
KNOWN_AT_MOST = 6


def read_panel(
    seats: Sequence[RollLine], groups: Mapping[int, GroupInfo], community_ids: Collection[int] | None, decide: Reach
) -> CardPanel:
    """The cards of one person's seats, each text once, where they talk most first. A few queries."""
    fields = fields_of(seat.id for seat in seats)
    rows: dict[tuple[int, str], CardRow] = {}
    for seat in seats:
        key = (seat.identity_id, seat.card or seat.name)
        said = fields.get(seat.id, ())
        if key not in rows and said and len(rows) < CARDS_AT_MOST:
            where = [groups[one.group_id].name for one in same_card(seats, seat)]
            rows[key] = CardRow(
                seat.id,
                seat.card or seat.name,
                bool(seat.card),
                _several(where),
                _told(said),
                decide.covers(seat.community_id),
            )
    options = [Option(name, _(label), is_chosen=False) for name, label in CARD_WORDS.items()]
    return CardPanel(list(rows.values()), options, _who_knows(seats, community_ids))


def same_card(seats: Sequence[RollLine], seat: RollLine) -> list[RollLine]:
    """The seats of the same account under the same card: what is wrong in one is wrong in all of them."""
    return [one for one in seats if (one.identity_id, one.card) == (seat.identity_id, seat.card)]


def card_to_correct(seats: Sequence[RollLine], seat_id: int, decide: Reach) -> list[int]:
    """The memberships that a correction of this one means, within the reach of who corrects. Raises ``BadUse`` without any."""
    seat = next((one for one in seats if one.id == seat_id and decide.covers(one.community_id)), None)
    if seat is None:
        raise BadUse(mark("这张群名片不在了，或者不归你管"))
    return [one.id for one in same_card(seats, seat) if decide.covers(one.community_id)]


def tell_fields(fields: Sequence[Field]) -> list[CardField]:
    """What stands beside a card in lists: nothing where a card is only a name that nobody corrected."""
    told = _told(fields)
    return told if any(one.name != "name" or one.is_corrected for one in told) else []


def _told(fields: Sequence[Field]) -> list[CardField]:
    return [
        CardField(one.name, tell_card_field(one.name), one.value, f"{one.confidence:.0%}", one.is_corrected)
        for one in fields
    ]


def _several(names: Sequence[str]) -> str:
    shown = _("、").join(names[:3])
    return _("%(names)s 等 %(n)d 个群") % {"names": shown, "n": len(names)} if len(names) > 3 else shown


def _who_knows(seats: Sequence[RollLine], community_ids: Collection[int] | None) -> list[tuple[str, str]]:
    """(who, how) of colleagues and of private talk."""
    sitting = [(seat.community_id, seat.group_id, seat.identity_id) for seat in seats]
    known = who_knows({0: sitting}, community_ids)[0]
    told = []
    for one in known.colleagues[:KNOWN_AT_MOST]:
        n = len(one.group_ids)
        how = ngettext("一起在 %(n)d 个群", "一起在 %(n)d 个群", n) % {"n": n}
        told.append((one.name, f"{tell_duty(one.duty)} · {how}"))
    names = list_community_names({talk.community_id for talk in known.talks}) if known.talks else {}
    for talk in known.talks[:KNOWN_AT_MOST]:
        n = talk.messages
        how = ngettext("私下说过 %(n)d 条", "私下说过 %(n)d 条", n) % {"n": n}
        told.append((_("「%(name)s」的账号") % {"name": names.get(talk.community_id, "")}, how))
    return told
