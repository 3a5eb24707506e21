"""The words are those of the field: a short list of words that once were ours alone stays out of what people read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONCE = {
    "judgement": "DiscriminatorOutput",
    "wishes": "ConditionRequest",
    "wish": "what is asked for",
    "watcher": "Callback",
    "keeper": "Checkpointer",
    "painter": "SampleGrid",
    "plotter": "CurvePlot",
    "examiner": "EvaluationCallback",
    "checker": "AuxiliaryClassifier",
    "swift": "fast",
}
"""What something was called here, and what the field calls it."""
FORMER = {"src/gansmith/recipes/former.py", "benchmarks/same_weights.py"}
"""What reads files of before must know its words."""
PLACES = ["src", "docs", "examples", "benchmarks", "README.md", "CONTRIBUTING.md", "SECURITY.md"]
FILES = [
    path
    for place in PLACES
    for path in ([ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*")))
    if path.suffix in (".py", ".md", ".sh", ".js", ".html", ".css", ".ipynb")
]
WORD = re.compile(rf"(?<![a-z])({'|'.join(ONCE)})s?(?![a-z])")


def told(text):
    """Return the words of a text that are on the list; names in capitals and underscores are words too."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[\w+/=]{200,}", "", text)).lower()  # but for pictures in text
    return set(WORD.findall(re.sub("type checker|file watcher", "", words)))


def test_words_of_the_field_stand_where_ours_did():
    found = {
        path.relative_to(ROOT).as_posix(): told(f"{path.stem} {path.read_text(encoding='utf-8')}")
        for path in FILES
        if path.relative_to(ROOT).as_posix() not in FORMER
    }
    assert {path: {word: ONCE[word] for word in words} for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "text", ["class Judgement:", "def wishes(self)", "A watcher looks on.", "the_keeper", "SwiftLayer"]
)
def test_such_a_word_is_seen_wherever_it_stands(text):
    assert told(text)


@pytest.mark.parametrize("text", ["what type checkers import", "swiftly", "a discriminator's output"])
def test_others_are_left_alone(text):
    assert not told(text)
