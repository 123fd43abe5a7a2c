"""A sentence-transformers input module that runs an ONNX graph on the CPU."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import onnxruntime as ort
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer


class OnnxModule(InputModule):
    """Tokenizes and encodes: text in, L2-normalised sentence vectors out (pooling is inside the graph).

    `SentenceTransformer(folder)` builds it from the folder's `modules.json`, so the rest of the project sees an
    ordinary sentence-transformers model.
    """

    config_file_name = "onnx_module.json"
    config_keys: list[str] = ["file", "threads", "max_tokens", "dimension"]  # noqa: RUF012
    save_in_root = True

    def __init__(self, folder: str, file: str, threads: int, max_tokens: int, dimension: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.folder, self.file, self.threads = folder, file, threads
        self.max_tokens, self.dimension = max_tokens, dimension
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(str(Path(folder) / file), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
        self.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self.tokenizer.enable_truncation(max_tokens)

    def tokenize(self, texts: list[str], **_: Any) -> dict[str, torch.Tensor]:
        encodings = self.tokenizer.encode_batch(list(texts))
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        return self.tokenize([(prompt or "") + text for text in inputs])

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        feed = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        features["sentence_embedding"] = torch.from_numpy(self.session.run(None, feed)[0])
        return features

    def get_embedding_dimension(self) -> int:
        return self.dimension

    def get_sentence_embedding_dimension(self) -> int:
        return self.dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        Path(output_path).mkdir(parents=True, exist_ok=True)
        for name in (self.file, "tokenizer.json"):
            shutil.copy(Path(self.folder) / name, output_path)
        settings = {key: getattr(self, key) for key in self.config_keys}
        (Path(output_path) / self.config_file_name).write_text(json.dumps(settings), encoding="utf8")

    @classmethod
    def load(
        cls, model_name_or_path: str, subfolder: str = "", *args: Any, threads: int | None = None, **kwargs: Any
    ) -> OnnxModule:
        folder = Path(model_name_or_path) / subfolder
        settings = json.loads((folder / cls.config_file_name).read_text(encoding="utf8"))
        return cls(folder=str(folder), **settings | ({"threads": threads} if threads else {}))
