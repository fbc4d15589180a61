"""The guided conversations, read once at start from the YAML files beside this module."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.domain.guides.guide import CONTEXT_WORDS, MOST_QUESTIONS, Guide, GuideId
from bot.domain.guides.paths import following, most, plan, resolve, tokens
from bot.domain.motivators import Question, Theme
from bot.domain.readiness import Stage

HERE: Final = Path(__file__).parent
COMMON: Final = "common"
MOTIVATORS: Final = "motivators"
LEAST_QUESTIONS_A_THEME: Final = 3


class GuideError(ValueError):
    """A guide that cannot be used. Its message is one sentence naming the file and the step."""


class Library(NamedTuple):
    """All guides by their name, and the bank of motivator questions in its order."""

    guides: Mapping[GuideId, Guide]
    bank: tuple[Question, ...]

    def guide(self, guide_id: GuideId | str) -> Guide:
        """The guide of that name. Raises ValueError for a name that is none."""
        return self.guides[GuideId(guide_id)]

    def for_stage(self, stage: Stage) -> Guide:
        """The guide that a click on "Where are you with it?" opens."""
        return next(guide for guide in self.guides.values() if guide.stage is stage)


def load(folder: Path = HERE) -> Library:
    """Read and check everything in a folder. Raises GuideError for the first thing that is wrong."""
    common = _read(folder / f"{COMMON}.yml")
    bank = _bank(folder / f"{MOTIVATORS}.yml")
    guides = MappingProxyType({name: _guide(folder / f"{name}.yml", common, bank) for name in GuideId})
    known = {*GuideId, COMMON, MOTIVATORS}
    if strangers := sorted(path.name for path in folder.glob("*.yml") if path.stem not in known):
        raise GuideError(f"{strangers[0]}: no guide of this name is known; add it to GuideId.")
    for stage in Stage:
        if sum(guide.stage is stage for guide in guides.values()) != 1:
            raise GuideError(f"The guides in {folder.name}: exactly one is needed for the stage {stage}.")
    return Library(guides, bank)


def _read(path: Path) -> Any:  # noqa: ANN401 - a YAML file may hold anything until it is validated
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise GuideError(f"{path.name}: the file is missing or cannot be read.") from None
    except yaml.YAMLError as error:
        raise GuideError(f"{path.name}: this is not YAML ({' '.join(str(error).split())}).") from None


def _guide(path: Path, common: object, bank: tuple[Question, ...]) -> Guide:
    raw = _read(path)
    if not isinstance(raw, dict):
        raise GuideError(f"{path.name}: a guide is a mapping with id, title, about, steps and closing.")
    try:
        guide = Guide.model_validate({**raw, "common": common})
    except ValidationError as error:
        raise GuideError(_sentence(path, raw, error)) from None
    if guide.id != path.stem:
        raise GuideError(f"{path.name}: the guide calls itself {guide.id}.")
    _check_length(path, guide, bank)
    return guide


def _check_length(path: Path, guide: Guide, bank: tuple[Question, ...]) -> None:
    everything = dict.fromkeys(CONTEXT_WORDS, "something")
    for stage in (None, *Stage):
        steps = resolve(guide, plan(guide, stage, bank))
        for words in ({"commitment": "something"}, everything):
            if following(steps, None, (), words) is None:
                raise GuideError(f"{path.name}: step {guide.steps[0].id}: nothing is asked at the stage {stage}.")
            if (asked := most(steps, None, (), words)) > MOST_QUESTIONS:
                last = guide.steps[-1].id
                raise GuideError(
                    f"{path.name}: step {last}: up to {asked} questions, and {MOST_QUESTIONS} are the limit."
                )


def _bank(path: Path) -> tuple[Question, ...]:
    raw = _read(path)
    rows = raw if isinstance(raw, list) else []
    try:
        bank = TypeAdapter(tuple[Question, ...]).validate_python(rows)
    except ValidationError as error:
        raise GuideError(_sentence(path, {"steps": rows}, error)) from None
    for theme in Theme:
        if sum(question.theme is theme for question in bank) < LEAST_QUESTIONS_A_THEME:
            raise GuideError(f"{path.name}: the theme {theme} needs {LEAST_QUESTIONS_A_THEME} questions.")
    names = [question.id for question in bank]
    for question in bank:
        if names.count(question.id) > 1:
            raise GuideError(f"{path.name}: step {question.id}: two questions have this name.")
        if tokens(question.ask) - {"commitment"} or ("{" in question.ask) != bool(tokens(question.ask)):
            raise GuideError(
                f"{path.name}: step {question.id}: only {{commitment}} can stand in a question of the bank."
            )
    return bank


def _sentence(path: Path, raw: Mapping[str, Any], error: ValidationError) -> str:
    """The first thing that is wrong, and where, in the words of the file."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = [each for each in first["loc"] if each != "steps"]
    what = first["msg"].removeprefix("Value error, ")
    if place and isinstance(place[0], int):
        rows = raw.get("steps")
        row = rows[place[0]] if isinstance(rows, list) and place[0] < len(rows) else None
        name = row.get("id") if isinstance(row, dict) else None
        rest = ".".join(str(each) for each in place[1:])
        return f"{path.name}: step {name or place[0] + 1}: {rest + ': ' if rest else ''}{what}."
    file = path.name
    if place and place[0] == COMMON:
        file, place = f"{COMMON}.yml", place[1:]
    return f"{file}: {'.'.join(str(each) for each in place)}{': ' if place else ''}{what}."
