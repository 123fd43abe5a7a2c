"""The work of a build: copies the data, checks it, makes index and model, measures both beside those in service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from channels.teaching.errors import BuildFailed
from channels.teaching.figures import compare, measure_intents, measure_search, together
from channels.teaching.job import LOG, PROGRESS, SOURCES, STEPS, Job, put_json
from channels.teaching.releases import INDEX
from knowledge.cases import load_cases
from knowledge.checks.report import check_data
from knowledge.encoder import Encoder, load_encoder
from knowledge.errors import KnowledgeError
from knowledge.index import VECTORS, build_index, load_index
from knowledge.search import Search
from knowledge.vector_index import VectorIndex
from knowledge.verdict import Judge
from knowledge.vietnamese import fold

#: What a model and an index are made of.
_COPIED = ("bot", "knowledge", "nlu_data", "config.yml")
_LEFT_OUT = frozenset({"overlay", "__pycache__", "encoder_weights"})
_QUESTIONS_KEPT = 200


class KnowingEncoder(Encoder):
    """An encoder that has the vectors of an earlier index at hand: only new texts are encoded."""

    def __init__(self, encoder: Encoder, index: Path) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        try:
            passages = load_index(index, encoder.fingerprint).passages
            stored = VectorIndex.load(index / VECTORS).rows()
        except KnowledgeError:
            passages, stored = (), np.zeros((0, encoder.dimension), np.float32)
        self._known = {passage.text: row for passage, row in zip(passages, stored, strict=True)}

    def encode_question(self, text: str) -> NDArray[np.float32]:
        return self._encoder.encode_question(text)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


class Progress:
    """Tells how far the build is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._began: dict[str, float] = {}

    def step(self, name: str) -> None:
        """A step begins."""
        STEPS[name]
        self._began[name] = time.time()
        put_json(self._path, {"step": name, "began": self._began, "pid": os.getpid()})


def run(job: Job) -> dict[str, Any]:
    """Build and measure; return the report.

    Raises:
        BuildFailed: the data have faults, or a program failed.
    """
    folder = Path(job.folder)
    progress = Progress(folder / PROGRESS)
    log = folder / LOG
    progress.step("copy")
    sources = copy_sources(Path(job.root), folder / SOURCES)
    progress.step("check")
    _check(job, sources, log)
    progress.step("index")
    encoder = load_encoder(job.encoder)
    knowing = KnowingEncoder(encoder, Path(job.live_index))
    knowledge = sources / "knowledge"
    build_index(
        folder / INDEX,
        knowing,
        knowledge / "catalogue",
        knowledge / "life_events",
        lambda line: None,
        outside=knowledge / "outside",
    )
    progress.step("train")
    trained, code = _train(job, sources, log)
    progress.step("search")
    judge, cases = Judge.load(), load_cases(Path(job.search_cases))
    if not any(case.in_scope for case in cases):
        raise BuildFailed(f"Không có câu kiểm tra nào trong {job.search_cases}: không đo được thì không đưa vào dùng.")
    before = Search(load_index(Path(job.live_index), encoder.fingerprint), encoder)
    after = Search(load_index(folder / INDEX, encoder.fingerprint), encoder)
    measured = [measure_search(search, judge, cases) for search in (before, after)]
    progress.step("intents")
    right = _intent_cases(Path(job.intent_cases))
    said, said_folded, said_taught = _guess(job, right, log)
    intents = [measure_intents(right, said[at], said_folded[at]) for at in (0, 1)]
    progress.step("compare")
    compared = compare(together((measured[0], intents[0])), together((measured[1], intents[1])), job.tolerance)
    report = compared.plain()
    report["worse"] = report["worse"][:_QUESTIONS_KEPT]
    report["taught"] = [
        {"words": one.words, "learned": _found(after, one.words, one.target)}
        if one.is_name
        else {"words": one.words, "learned": said_taught.get(one.words) == one.target}
        for one in job.taught
    ]
    return report | {"sources": trained, "code": code, "cases": len(cases), "intent_cases": len(right)}


def copy_sources(root: Path, out: Path) -> Path:
    """Copy what a release is made of, so that nothing changes while it is built."""
    out.mkdir(parents=True)
    for name in _COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, out / name, ignore=lambda _, names: _LEFT_OUT.intersection(names))
        else:
            shutil.copyfile(root / name, out / name)
    return out


def _check(job: Job, sources: Path, log: Path) -> None:
    found = check_data(sources / "knowledge" / "catalogue", sources / "knowledge" / "life_events")
    if found.errors:
        first = "; ".join(f"{problem.path.name}:{problem.line}: {problem.message}" for problem in found.errors[:3])
        raise BuildFailed(f"Dữ liệu có {len(found.errors)} lỗi: {first}")
    _rasa(job, ["-m", "bot.validate"], sources, log, "Câu mẫu hoặc câu trả lời có lỗi")


def _train(job: Job, sources: Path, log: Path) -> tuple[str, str]:
    """Train into the release's folder, or take the model in service over; return what identifies data and program."""
    models = sources / "var" / "models"
    models.mkdir(parents=True)
    shutil.copyfile(job.live_model, models / f"{job.live_sources}.tar.gz")
    code = "from bot.train import code_hash, train; print(train()); print(code_hash())"
    told = _rasa(job, ["-c", code], sources, log, "Không huấn luyện được mô hình").strip().splitlines()
    trained = sources / told[-2]
    shutil.move(trained, job.model)
    return trained.name.removesuffix(".tar.gz"), told[-1]


def _guess(
    job: Job, right: Mapping[str, str], log: Path
) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[str, str]]:
    """Return what both models take the cases for, as written and folded, and what the new one takes the taught for."""
    sources = Path(job.folder) / SOURCES
    taught = [one.words for one in job.taught if not one.is_name]
    texts = [*right, *map(fold, right), *taught]
    put_json(sources / "texts.json", texts)
    command = ["-m", "bot.guess", str(sources / "texts.json"), str(sources / "guessed.json"), job.live_model, job.model]
    _rasa(job, command, sources, log, "Mô hình mới không chạy được")
    guessed = json.loads((sources / "guessed.json").read_text(encoding="utf8"))
    count = len(right)
    said = [dict(zip(right, one[:count], strict=True)) for one in guessed]
    folded = [dict(zip(right, one[count : 2 * count], strict=True)) for one in guessed]
    return said, folded, dict(zip(taught, guessed[1][2 * count :], strict=True))


def _rasa(job: Job, arguments: Sequence[str], cwd: Path, log: Path, fault: str) -> str:
    """Run a program of the dialogue side on the copied sources; return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(cwd), "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with log.open("ab") as errors:
        done = subprocess.run(
            [job.rasa_python, *arguments], cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=errors, check=False
        )
    if done.returncode != 0:
        told = [line for line in log.read_text(encoding="utf8", errors="replace").splitlines() if line.startswith("•")]
        raise BuildFailed(f"{fault}: {'; '.join(told[:3]) or f'mã {done.returncode}, xem {log.name}'}")
    return done.stdout.decode("utf8", errors="replace")


def _intent_cases(path: Path) -> dict[str, str]:
    written = yaml.safe_load(path.read_text(encoding="utf8")) if path.is_file() else None
    if not written:
        raise BuildFailed(f"Không có câu kiểm tra ý ở {path}: không đo được thì không đưa vào dùng.")
    return {str(text): str(intent) for intent, texts in written.items() for text in texts}


def _found(search: Search, words: str, code: str) -> bool:
    hits = search.find(words).hits
    return bool(hits) and hits[0].procedure.code == code
