"""Finds names of people: after "tôi là …", "con tôi tên …", and wherever surname, middle and given name stand together.

Rules and word lists, no model: a clerk can say why a word was hidden, and add one (words.yml). Where letters carry no
marks or no capitals, the words around decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from channels.masking.lexicon import Word, WordList, word_list, words_of
from channels.masking.spans import Span
from knowledge.vietnamese import fold

_BLANK = re.compile(r"[ \t\u00a0]{1,3}")
_MAX_NAME = 5
#: How a person is spoken of; in a folded text.
_SELF = r"(?:toi|tui|tau|toa|choa|minh|em|chau|con|anh|chi|chung toi)"
_KIN = (
    r"(?:chong|vo|bo|ba|me|ma|cha|ong|oong|on|anh|chi|em|con|chau|bac|chu|co|o|mu|me|di|cau|mo|ban|sep|be|hang xom|"
    r"nguoi yeu|ban gai|ban trai|giam doc)"
)
_WHICH = r"(?: (?:trai|gai|noi|ngoai|ruot|ho|re|dau|lon|ut|nuoi|chong|vo|be|nho|cua))*"
_WHOSE = rf"(?: (?:cua )?{_SELF}| no| nha {_SELF})?"
_PERSON = rf"(?:{_KIN}{_WHICH}{_WHOSE}|{_SELF})"
_TITLE = r"(?:(?:ong|ba|anh|chi|co|chu|bac|chau|em|be|con)[ ]+)?"
_GAP = r"[ :,]*"
#: What follows is a name, unless it is one of the words that never are.
_STRONG = re.compile(
    rf"\b(?:{_PERSON} ten(?: la)?(?![ ]*(?:la gi|gi|ai|trong|tren|bi|sai))|ten (?:cua )?{_PERSON}(?: la| ?:)"
    rf"|ten (?:khai sinh|thuong goi|that|o nha|goi|moi|cu|day du)(?: cua {_PERSON})?(?: la| ?:|(?= [^\W\d_]))"
    rf"|ten(?: la| ?:)|dat ten (?:cho )?(?:con|chau|be) la|nguoi (?:mat|chet|nop|khai) ten"
    rf"|ho (?:va )?ten(?: {_KIN}{_WHOSE})?(?: la| ?:))(?=[ :,]){_GAP}{_TITLE}"
)
#: What follows may be a name: it must look like one.
_WEAK = re.compile(
    rf"\b(?:{_PERSON} la|ten (?:cua )?{_PERSON}|ho (?:va )?ten(?: {_KIN}{_WHOSE})?|ky ten|dung ten(?: la)?"
    rf"|nguoi (?:nop|mat|chet|duoc uy quyen|uy quyen|yeu cau|khai)(?: la| ?:)?|chu (?:ho so|ho|dat|nha|xe)(?: la)?"
    rf"|giam doc(?: la)?|liet si|thuong binh|(?:nguyen|bi) don(?: la)?|thanh|sang|tu|cho|cua|voi|ghi|xin|gap|nho"
    rf"|{_PERSON}|toi(?=,))(?=[ :,]){_GAP}{_TITLE}"
)
#: The same, where even a single given name without a capital is one.
_I_AM = re.compile(rf"\b(?:{_SELF}) la[ ]+(?=\S)")
_CALLED = re.compile(r"\b(?:ong|ba|anh|chi|co|chu|bac)[ ]+(?=\S)")
_CALLING = re.compile(r"[ ]*(?:oi\b|huong dan (?:em|toi)|(?:bao|nho) (?:toi|em|minh|hoi)\b)")
_TITLES = WordList.of("ông bà anh chị cô chú bác cháu bé")
_LIKE_PERSONS = ("co", "bo", "con", "ma", "di", "ban", "vo", "em")
_FAMILY = WordList.of("vợ chồng bạn con cha mẹ nước người ông")
_INTRODUCING = WordList.of("là tên nhờ gặp")
_INTRODUCED = re.compile(rf"\b(?:{_PERSON} la|ten(?: {_PERSON})?(?: la)?|ky ten|nho|gap)[ :,]*{_TITLE}$")
_BOUNDARY = re.compile(
    r"[ ]*(?:$|[,.;!?\n]|(?:day|a|o|muon|can|xin|hoi|ben|dang|nam nay|sinh nam|sinh vien|hoc sinh)\b)"
)


def name_spans(text: str) -> list[Span]:
    """Return the stretches of a text (NFC) that name people."""
    return _Names(text).spans()


class _Names:
    """One text and what was found in it."""

    def __init__(self, text: str) -> None:
        self._words = words_of(text)
        self._folded = "".join(fold(letter)[:1] or letter for letter in text)
        self._at = {word.start: number for number, word in enumerate(self._words)}
        self._found: list[Span] = []

    def spans(self) -> list[Span]:
        for position in _starts(_STRONG, self._folded):
            self._keep(position, self._after_strong)
        for position in _starts(_WEAK, self._folded):
            self._keep(position, self._after_weak)
        for match in _I_AM.finditer(self._folded):
            self._keep_given(match.end(), _BOUNDARY, is_sure=False)
        for match in _CALLED.finditer(self._folded):
            self._keep_given(match.end(), _CALLING, is_sure=True)
        for number in range(len(self._words)):
            if (end := self._unannounced(number)) > number:
                self._add(number, end)
        return self._found

    def _keep(self, position: int, rule: Callable[[int], int]) -> None:
        number = self._at.get(position)
        if number is None:
            return
        end = rule(number)
        if end > number:
            self._add(number, end)

    def _keep_given(self, position: int, tail: re.Pattern[str], is_sure: bool) -> None:
        """Take one or two given names in small letters, when the sentence goes on as it does after names."""
        number = self._at.get(position)
        if number is None:
            return
        for end in (number + 2, number + 1):
            words = self._words[number:end]
            ordinary = not is_sure and words[0].within(word_list("givens_weak"))
            together = all(word.within(word_list("givens")) and not _is_no_name(word) for word in words)
            if together and (len(words) == 2 or not ordinary) and tail.match(self._folded, words[-1].end):
                if not self._is_ordinary(number) or end == number + 1:
                    self._add(number, number + len(words))
                return

    def _add(self, number: int, end: int) -> None:
        self._found.append(Span(self._words[number].start, self._words[end - 1].end))

    def _after_strong(self, number: int) -> int:
        """Return the end of the name after "tên là"."""
        word = self._words[number]
        if (_is_no_name(word) and not self._surname(number)) or self._only_looks_like_a_cue(number):
            return number
        if word.is_capital:
            return max(self._capitals(number), self._after_surname(number, announced=True))
        if (end := self._after_surname(number, announced=True)) > number:
            return end
        end = number + 1
        while end < len(self._words) and end - number < _MAX_NAME and self._goes_on(end):
            end += 1
        return number if self._is_ordinary(number) and not self._names_follow(number, 1) else end

    def _only_looks_like_a_cue(self, number: int) -> bool:
        """Tell whether "có tên", "bỏ tên", "còn tên" stands before, which without marks look like "cô tên"."""
        names = [place for place in range(max(0, number - 4), number) if self._words[place].folded == "ten"]
        if not names or not names[-1] or not self._joined(names[-1]):
            return False
        before = self._words[names[-1] - 1]
        return before.by_marks and before.folded in _LIKE_PERSONS and not before.within(word_list("persons"))

    def _after_weak(self, number: int) -> int:
        """Return the end of the name after "tôi là", "bà", "cho"."""
        word = self._words[number]
        if (end := self._after_surname(number, announced=True)) > number:
            if word.is_capital:
                return max(end, self._capitals(number))
            return end if self._is_sure(number, end) else number
        if not word.is_capital or word.within(word_list("not_names")) or word.is_acronym:
            return number
        if self._folded[word.end : word.end + 1].isdigit():
            return number  # the beginning of a code
        end = self._capitals(number)
        if not self._spoken_of(number, end - number) or self._is_ordinary(number) or self._is_place(number, end):
            return number
        return end

    def _is_sure(self, number: int, end: int) -> bool:
        """Tell whether a name in small letters is long enough to be one, or follows "tôi là"."""
        middle = any(word.within(word_list("middles_strong")) for word in self._words[number + 1 : end])
        called = number > 0 and self._words[number].by_marks and self._words[number - 1].within(_TITLES)
        if self._introduced(number) or middle or called:
            return True
        ordinary = any(self._is_ordinary(place) for place in range(number + 1, end))
        rest = self._words[number + 1 : end]
        if self._is_unsure(number) and not all(word.within(word_list("givens")) for word in rest):
            return False
        return end - number >= 3 and not ordinary

    def _can_begin(self, number: int) -> bool:
        """Tell whether a name may begin with a surname that nothing announces."""
        if number and self._is_ordinary(number - 1) and not self._words[number].is_capital:
            return False
        if not self._is_unsure(number) or number + 2 >= len(self._words):
            return True
        if self._words[number + 1].folded != "thi":
            return True
        given = self._words[number + 2]
        return (
            given.within(word_list("givens")) and not _ends_a_name(given) and not given.within(word_list("not_names"))
        )

    def _is_unsure(self, number: int) -> bool:
        word = self._words[number]
        return not word.by_marks and not word.is_capital and word.within(word_list("surnames_unsure"))

    def _introduced(self, number: int) -> bool:
        return bool(_INTRODUCED.search(self._folded[: self._words[number].start]))

    def _spoken_of(self, number: int, length: int) -> bool:
        """Tell whether a person is named or introduced just before; "Bà Triệu", "Bố Trạch" are streets and communes."""
        if number == 0:
            return False
        before = self._words[number - 1]
        if before.within(_INTRODUCING):
            return self._introduced(number)
        foreign = word_list("nations") if before.within(_FAMILY) else word_list("not_names")
        if self._words[number].within(foreign):
            return False
        return before.within(word_list("persons")) and not (before.is_capital and length == 1 and number > 1)

    def _unannounced(self, number: int) -> int:
        """Return the end of a name that stands for itself: by its capitals, or by "văn" and "thị" in it."""
        if not self._surname(number):
            return number
        word = self._words[number]
        end = self._capitals(number) if word.is_capital else number
        if end - number >= 2:
            is_name = end - number >= 3 or self._words[number + 1].within(word_list("givens"))
            return end if is_name and not self._is_ordinary(number) and not self._is_place(number, end) else number
        following = number + 1
        if following + 1 >= len(self._words) or not self._joined(following) or not self._joined(following + 1):
            return number
        if word.folded in ("nguyen", "huynh") and not self._is_place(number, following + 2):
            end = self._after_surname(number, announced=False)
            return end if end - number >= 3 else number
        if not self._words[following].within(word_list("middles_strong")) or self._is_ordinary(following):
            return number
        if self._is_place(number, following + 2):
            return number
        return self._after_surname(number, announced=False)

    def _after_surname(self, number: int, announced: bool) -> int:
        """Return the end of surname, middle and given names; the number itself when there is no surname."""
        if not self._surname(number):
            return number
        after_in = number > 0 and self._words[number - 1].within(word_list("place_prepositions"))
        introduced = announced and not after_in and self._introduced(number)
        if self._is_ordinary(number) and not (introduced and self._names_follow(number, 2)):
            return number
        if not introduced and not self._can_begin(number):
            return number
        end = number + 1
        while end < len(self._words) and end - number < _MAX_NAME:
            after_middle = self._words[end - 1].within(word_list("middles_strong")) and end - number == 2
            middle = end == number + 1 and self._words[end].within(word_list("middles_strong"))
            taken = (after_middle or middle) and self._joined(end) and (announced or not self._is_ordinary(end))
            if not taken and not self._goes_on(end) and not (introduced and self._rare_goes_on(number, end)):
                break
            end += 1
        sure = self._words[number].folded in ("nguyen", "huynh", "trinh") and announced
        if end == number + 1 and sure and end < len(self._words) and self._joined(end):
            return number if _ends_a_name(self._words[end]) else end + 1
        return end if end - number >= 2 and not self._is_place(number, end) else number

    def _goes_on(self, number: int) -> bool:
        word = self._words[number]
        if not self._joined(number) or word.within(word_list("stops")) or self._is_ordinary(number):
            return False
        if _ends_a_name(word) and not self._name_goes_on_after(number):
            return False
        if word.folded == "nam" and re.match(r"[ ]*\d", self._folded[word.end :]):
            return False
        return word.within(word_list("middles")) or word.within(word_list("givens"))

    def _names_follow(self, number: int, count: int) -> bool:
        """Tell whether a text without marks has so many syllables of names after this word."""
        following = self._words[number + 1 : number + 1 + count]
        return len(following) == count and all(
            not word.by_marks
            and _BLANK.fullmatch(word.before) is not None
            and not _ends_a_name(word)
            and (word.within(word_list("givens")) or word.within(word_list("middles")))
            for word in following
        )

    def _rare_goes_on(self, number: int, end: int) -> bool:
        """Tell whether a syllable that no list has belongs to a name: after a surname, before a name or the end."""
        word = self._words[end]
        if not self._joined(end) or end - number > 2 or _ends_a_name(word) or word.within(word_list("not_names")):
            return False
        if self._is_ordinary(end):
            return False
        if end + 1 >= len(self._words) or not self._joined(end + 1):
            return True
        following = self._words[end + 1]
        return _ends_a_name(following) or (end == number + 1 and following.within(word_list("givens")))

    def _name_goes_on_after(self, number: int) -> bool:
        """Tell whether an ordinary word ("bảo", "anh") stands where only a name can: before a name, or at the end."""
        if number + 1 >= len(self._words) or not self._joined(number + 1):
            return True
        following = self._words[number + 1]
        return following.within(word_list("givens")) and not _ends_a_name(following)

    def _capitals(self, number: int) -> int:
        """Return the end of the words with capitals that stand together."""
        end = number + 1
        while end < len(self._words) and end - number < _MAX_NAME and self._joined(end) and self._words[end].is_capital:
            end += 1
        return end

    def _joined(self, number: int) -> bool:
        return bool(_BLANK.fullmatch(self._words[number].before))

    def _surname(self, number: int) -> bool:
        word = self._words[number]
        if word.within(word_list("surnames")):
            return word.is_capital or not word.within(word_list("surnames_weak"))
        # A name typed without marks in a text that has some.
        follows = number + 1 < len(self._words) and self._words[number + 1]
        typed_bare = word.is_bare and word.is_capital and follows and follows.is_bare and follows.is_capital
        return bool(typed_bare and word.folded in word_list("surnames").folded)

    def _is_ordinary(self, number: int) -> bool:
        """Tell whether the word and the next one are an ordinary word together."""
        if number + 1 >= len(self._words) or not self._joined(number + 1):
            return False
        one, two = self._words[number], self._words[number + 1]
        list_ = word_list("compounds")
        return (
            f"{one.lower}_{two.lower}" in list_.marked if one.by_marks else f"{one.folded}_{two.folded}" in list_.folded
        )

    def _is_place(self, number: int, end: int) -> bool:
        whole = self._words[number:end]
        famous = word_list("famous")
        name = "_".join(word.folded for word in whole)
        if name in famous.folded and (not whole[0].by_marks or "_".join(w.lower for w in whole) in famous.marked):
            return True
        before = self._words[number - 1] if number and self._joined(number) else None
        if before is None:
            return False
        if before.within(word_list("place_cues")) or (
            before.by_marks and before.within(word_list("place_cues_marked"))
        ):
            return True
        return len(whole) <= 2 and before.within(word_list("place_prepositions"))


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return where something may begin after a cue; cues may overlap."""
    ends: list[int] = []
    position = 0
    while match := pattern.search(text, position):
        ends.append(match.end())
        position = match.start() + 1
    return ends


def _ends_a_name(word: Word) -> bool:
    """Tell whether a name cannot go on with the word; without marks fewer words are sure not to."""
    return word.within(word_list("stops")) or (word.by_marks and word.within(word_list("stops_marked")))


def _is_no_name(word: Word) -> bool:
    """Tell whether no name begins with the word; without marks a name may look like it."""
    return word.within(word_list("not_names")) and (word.by_marks or not word.within(word_list("givens")))
