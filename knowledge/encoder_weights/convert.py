"""Writes the encoder folder: a SentenceTransformer whose one module runs an int8 ONNX graph."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from knowledge.encoder_weights.packed_file import PackedModel, read_packed_model
from knowledge.encoder_weights.vocabulary import build_tokenizer, needed_pieces, vietnamese_lines

GRAPH_FILE = "model_int8.onnx"
MAX_TOKENS = 128
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def convert(packed: Path, out: Path, report: Callable[[str], None] = print) -> None:
    """Write the encoder folder `out` from the packed file; `out` appears only when it is complete.

    Raises:
        PackedFileError: the packed file has another format.
    """
    model = read_packed_model(packed)
    report("  chọn các mảnh từ tiếng Việt cần (Vietnamese pieces)")
    full = build_tokenizer(model.pieces, model.scores, model.shape.unknown_id)
    keep = needed_pieces(full, model.pieces, vietnamese_lines())
    tokenizer = build_tokenizer(
        [model.pieces[i] for i in keep], [model.scores[i] for i in keep], keep.index(model.shape.unknown_id)
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        folder = Path(scratch) / "encoder"
        folder.mkdir()
        report(f"  chuyển mô hình sang ONNX int8 ({len(keep):,} of {len(model.pieces):,} pieces)")
        _export(_bert(model, keep), folder, model.shape.heads, model.shape.hidden)
        tokenizer.save(str(folder / "tokenizer.json"))
        _describe(folder, model.shape.hidden)
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)


def _bert(model: PackedModel, keep: list[int]) -> torch.nn.Module:
    from transformers import BertConfig, BertModel

    shape = model.shape
    config = BertConfig(
        vocab_size=len(keep),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=1,
        attn_implementation="eager",  # type: ignore[call-arg]
    )
    bert = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in _weights(model, keep).items()}
    missing, unexpected = bert.load_state_dict(state, strict=False)
    if unexpected or any("position_ids" not in name for name in missing):
        raise RuntimeError(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    bert.train(False)
    return bert


def _weights(model: PackedModel, keep: list[int]) -> dict[str, NDArray[np.float32]]:
    hidden, feed_forward = model.shape.hidden, model.shape.feed_forward
    types = np.zeros((model.shape.token_types, hidden), np.float32)
    stored = model.rows_of("emb.type", hidden)
    types[:stored] = model.matrix("emb.type", stored, hidden)
    weights = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word", model.shape.vocabulary, hidden)[keep],
        "embeddings.position_embeddings.weight": model.matrix("emb.pos", model.shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": types,
        "embeddings.LayerNorm.weight": model.vector("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": model.vector("emb.ln.b", hidden),
    }
    for layer in range(model.shape.layers):
        prefix = f"encoder.layer.{layer}"
        for short, name in _LAYER.items():
            rows = feed_forward if short == "fi" else hidden
            columns = feed_forward if short == "fo" else hidden
            weights[f"{prefix}.{name}.weight"] = model.matrix(f"l{layer}.{short}.w", rows, columns)
            weights[f"{prefix}.{name}.bias"] = model.vector(f"l{layer}.{short}.b", rows)
        for short, name in _NORMS.items():
            weights[f"{prefix}.{name}.weight"] = model.vector(f"l{layer}.{short}.w", hidden)
            weights[f"{prefix}.{name}.bias"] = model.vector(f"l{layer}.{short}.b", hidden)
    return weights


class _MeanPooled(torch.nn.Module):
    """The encoder with mean pooling and L2 normalisation inside the graph."""

    def __init__(self, bert: torch.nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(pooled, dim=-1)


def _export(bert: torch.nn.Module, folder: Path, heads: int, hidden: int) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    example = (torch.tensor([[0, 5, 6, 2], [0, 5, 2, 1]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]))
    plain, fused = folder / "plain.onnx", folder / "fused.onnx"
    with torch.no_grad():
        torch.onnx.export(
            _MeanPooled(bert),
            example,
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding"],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "tokens"},
                "attention_mask": {0: "batch", 1: "tokens"},
                "sentence_embedding": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
    optimised = optimizer.optimize_model(
        str(plain), model_type="bert", num_heads=heads, hidden_size=hidden, opt_level=1
    )
    optimised.save_model_to_file(str(fused))
    quantize_dynamic(
        fused,
        folder / GRAPH_FILE,
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    for step in (plain, fused):
        step.unlink()


def _describe(folder: Path, hidden: int) -> None:
    module = {"idx": 0, "name": "0", "path": "", "type": "knowledge.onnx_module.OnnxModule"}
    settings = {"file": GRAPH_FILE, "threads": 1, "max_tokens": MAX_TOKENS, "dimension": hidden}
    prompts = {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None}
    for name, content in (
        ("modules.json", [module]),
        ("onnx_module.json", settings),
        ("config_sentence_transformers.json", prompts),
    ):
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf8")
