"""Fit the projection to the catalogue's names, then the ranking and the verdict to the tuning questions."""

from __future__ import annotations

import argparse
from pathlib import Path

from knowledge.cases import load_cases
from knowledge.fingerprints import OUTSIDE, PROJECTION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cases", type=Path, help="thư mục hoặc tệp câu hỏi để chỉnh (.yml, .jsonl)")


def run(arguments: argparse.Namespace) -> int:
    from knowledge.commands.paths import index_folder
    from knowledge.commands.services import load_search
    from knowledge.fitting import fit_ranking, fit_verdict, write_fit
    from knowledge.index import VECTORS, put_projection
    from knowledge.projection_fitting import fit_projection, learning_set
    from knowledge.search import Search
    from knowledge.vector_index import VectorIndex

    tuning = load_cases(arguments.cases)
    if not tuning:
        print(f"Không có câu hỏi nào trong {arguments.cases}")
        return 1
    cases = [*tuning, *load_cases(OUTSIDE)]
    search, folder = load_search(), index_folder()
    names = learning_set(search, VectorIndex.load(folder / VECTORS).rows())
    print(f"Học từ {len(names.to_learn):,} cách gọi và {len(cases):,} câu hỏi …", flush=True)
    projection = fit_projection(names, search.encoder)
    put_projection(folder, projection)
    search = load_search()
    ranking = fit_ranking(search, tuning)
    fitted = Search(search.index, search.encoder, ranking, leaves_itself_out=True)
    verdict = fit_verdict(fitted, cases)
    # All three belong together: cut short before this, a fit leaves the project's files as they were.
    projection.save(PROJECTION)
    write_fit(ranking, verdict, len(cases))
    put_projection(folder, projection)
    print("Đã ghi projection.npz, ranking.yml và verdict.yml")
    return 0
