"""Which of the 250,002 multilingual pieces a Vietnamese service needs, and a tokenizer over just those.

A piece stays when Vietnamese text uses it (with and without diacritics, in both cases) or when it is short or
numeric, so that any Latin word can still be spelled. The embeddings of the pieces that stay do not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from knowledge.vietnamese import fold, nfc

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
_CHARACTERS = frozenset(_LETTERS + _LETTERS.upper() + "▁" + "".join(map(chr, range(32, 127))) + "–—“”‘’…•°²³½×%€")


def vietnamese_lines() -> Iterable[str]:
    """Yield the word lists and news sentences that the package underthesea carries."""
    import underthesea

    home = Path(underthesea.__file__).parent
    for name in ("corpus/data/Viet74K.txt", "corpus/data/Viet22K.txt"):
        with open(home / name, encoding="utf8") as lines:
            yield from (nfc(line.strip()) for line in lines)
    words: list[str] = []
    tagged = home / "pipeline/pos_tag/models/pos_crf_vlsp2013_20230303/test_output.txt"
    with open(tagged, encoding="utf8") as lines:
        for line in lines:
            if line.strip():
                words.append(line.split("\t")[0].replace("_", " "))
            elif words:
                yield nfc(" ".join(words))
                words = []


def build_tokenizer(pieces: Sequence[str], scores: Sequence[float], unknown_id: int) -> Tokenizer:
    """Return a tokenizer that splits as XLM-RoBERTa's SentencePiece model does, over the pieces given."""
    ids = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=unknown_id, byte_fallback=False)
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])]
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return tokenizer


def needed_pieces(tokenizer: Tokenizer, pieces: Sequence[str], lines: Iterable[str]) -> list[int]:
    """Return the ids to keep, ascending; the four special tokens are always the first."""
    texts = {"query: ", "passage: "}
    for line in lines:
        for form in (line, line.lower()):
            texts |= {form, fold(form)}
        for word in line.split():
            for form in (word, word.lower(), word.capitalize(), word.upper()):
                texts |= {form, fold(form), "x" + fold(form)}
    keep = set(range(len(SPECIAL)))
    ordered = sorted(texts)
    for start in range(0, len(ordered), 5000):
        for encoding in tokenizer.encode_batch(ordered[start : start + 5000]):
            keep.update(encoding.ids)
    keep.update(index for index, piece in enumerate(pieces) if _always_useful(piece))
    return sorted(keep)


def _always_useful(piece: str) -> bool:
    if not piece or not _CHARACTERS.issuperset(piece):
        return False
    bare = piece.lstrip("▁")
    return len(bare) <= 2 or bare.isdigit() or any(ord(c) > 127 for c in bare)
