"""From a request to its answer: the envelope around every action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .api import ACTIONS
from .api.call import Call
from .params import Params
from .refusals import BAD_PARAMS, FAILED, NO_SUCH_ACTION, Refusal
from .wiring import Wiring
from .world import World

SUFFIXES = ("_async", "_rate_limited")
MISSING = object()


def split_suffix(action: str) -> tuple[str, str]:
    """An action's name without the suffix that asks for no waiting, and that suffix."""
    found = next((each for each in SUFFIXES if action.endswith(each)), "")
    return action.removesuffix(found), found


def is_known(action: str) -> bool:
    """Whether there is such an action, with or without a suffix."""
    return split_suffix(action)[0] in ACTIONS


def answer(world: World, wiring: Wiring, action: str, params: Any) -> dict[str, Any]:
    """Does an action (its name without suffix) and says what came of it; never raises a refusal."""
    handler = ACTIONS.get(action)
    if handler is None:
        return failed(NO_SUCH_ACTION, f"不支持的Api {action}")
    if not isinstance(params, Mapping):
        return failed(BAD_PARAMS, "params must be an object")
    with world.lock:
        try:
            _need_online(world, wiring.self_id, action)
            data = handler(Call(world.state, wiring, wiring.self_id, Params(params)))
        except Refusal as refusal:
            return failed(refusal.retcode, refusal.message, refusal.wording)
    return {"status": "ok", "retcode": 0, "data": data, "message": "", "wording": ""}


def _need_online(world: World, self_id: int, action: str) -> None:
    if not world.state.accounts[self_id].is_online and action not in ("get_status", "get_version_info"):
        raise Refusal("account is offline", "账号不在线", FAILED)


def failed(retcode: int, message: str, wording: str = "") -> dict[str, Any]:
    """An answer that says no."""
    return {"status": "failed", "retcode": retcode, "data": None, "message": message, "wording": wording or message}


def accepted() -> dict[str, Any]:
    """The answer to an action whose outcome nobody will hear of."""
    return {"status": "async", "retcode": 1, "data": None, "message": "", "wording": ""}


def with_echo(answered: dict[str, Any], echo: Any = MISSING) -> dict[str, Any]:
    """The answer with the request's echo, untouched; without one where there was none."""
    return answered if echo is MISSING else {**answered, "echo": echo}
