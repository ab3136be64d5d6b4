"""Judged rows become a chunk ready to be written (`customers.card.ready`), in the child that reads the file.

A row without any key of its own gets one: its source and the digest of all its cells. What it allows and refuses
becomes rows of the consent room's table, for every purpose that advertises.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from regulars.areas.customers.card.ready import Maker
from regulars.areas.intake.readers.row import Problem, Row

_CHANNELS = ("email", "phone", "sms", "post")
_PURPOSES = ("offers", "surveys")
_ANSWER = "consent.answer"
_DIGEST = 32


_LENGTH = struct.Struct(">I")


def framed(content: dict[str, Any]) -> bytes:
    """A chunk on its way out of the child: the length of its JSON, that, and the payloads line by line.

    A payload is JSON itself and holds no line break; within the chunk's JSON each of its quotes would be escaped.
    """
    texts = content["ready"].pop("texts")
    head = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    return _LENGTH.pack(len(head)) + head + b"\n".join(texts)


def unframed(frame: bytes) -> dict[str, Any]:
    """The chunk that `framed` sent. Raises ValueError for what is none."""
    start = _LENGTH.size + _LENGTH.unpack_from(frame)[0]
    content: dict[str, Any] = orjson.loads(frame[_LENGTH.size : start])
    content["ready"]["texts"] = frame[start:].split(b"\n") if len(frame) > start else []
    return content


def chunks(told: Mapping[str, Any]) -> Callable[[Sequence[Row]], bytes]:
    """What the child calls with each chunk.

    `told`: the `layout`; `source`, `heard` and `intake` of this import; what is `given` with it: `how` we have these
    people, and the `standings` of all that are new.
    """
    maker = Maker(told["layout"])
    source, heard, intake = told["source"], told["heard"], told["intake"]
    how, standings = told["given"]["how"], told["given"]["standings"]

    def chunk(rows: Sequence[Row]) -> bytes:
        bad: list[Any] = []
        black: list[Any] = []
        doubts: list[Any] = []
        for row in rows:
            if row.card is None or row.problem is not None:
                problem = row.problem
                bad.append(problem and told_of(problem))
                continue
            if row.blacked or row.doubts:
                black += map(told_of, row.blacked)
                doubts += map(told_of, row.doubts)
            card = row.card
            if not (card.get("references") or card.get("emails") or card.get("phones")):
                card["references"] = [{"source": source, "value": row.digest[:_DIGEST]}]
            if row.standings or standings:
                card["standings"] = [*row.standings, *(each for each in standings if each not in row.standings)]
            if how and not card.get("how"):
                card["how"], card["only_new"] = how, ["how"]
            if row.answers:
                card["rows"] = _answers(row, told["layout"]["today"], heard, intake)
            maker.add(row.number, card)
        beside = {"blacked": black, "doubted": doubts}
        return framed({"count": len(rows), "bad": bad, "beside": beside, "ready": maker.made()})

    return chunk


def told_of(problem: Problem) -> list[Any]:
    return [problem.row, problem.column, problem.value, problem.template, problem.told]


def _answers(row: Row, today: str, heard: str, intake: str) -> list[dict[str, Any]]:
    """A row of the table for each channel and purpose; of two answers for the same the no counts."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for answer in sorted(row.answers, key=lambda each: each["answer"] != "refused"):
        channels = _CHANNELS if answer["channel"] == "any" else (answer["channel"],)
        for channel in channels:
            for purpose in _PURPOSES:
                values = {
                    "channel": channel,
                    "purpose": purpose,
                    "answer": answer["answer"],
                    "day": today,
                    "heard": f"{heard}: {answer['column']} = {answer['value']}"[:200],
                    "intake": intake,
                    "row": row.number,
                }
                found.setdefault(
                    (channel, purpose), {"table": _ANSWER, "identity": ["channel", "purpose"], "values": values}
                )
    return list(found.values())
