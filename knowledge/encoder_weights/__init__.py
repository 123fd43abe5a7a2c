"""From a pinned package to an encoder folder: multilingual-e5-small, pruned to Vietnamese, as int8 ONNX."""
