"""Prints the tables of bindings/text/characters.js: the classes that the Rust tokenizers put each character in.

Run by hand, with `pip install tokenizers`, when that package changes its tables; not part of the tests."""
import sys
import textwrap

from tokenizers import normalizers, pre_tokenizers


def bert(**options):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **options}).normalize_str


strip, clean, spread = bert(strip_accents=True), bert(clean_text=True), bert(handle_chinese_chars=True)
split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str

tests = {
    'MARKS': lambda c: strip(c) == '',
    'REMOVED': lambda c: clean(f'a{c}b') == 'ab',
    'SPACES': lambda c: c != ' ' and clean(f'a{c}b') == 'a b',
    'SEPARATORS': lambda c: [word for word, _ in split(f'a{c}b')] == ['a', 'b'],
    'IDEOGRAPHS': lambda c: spread(c) != c,
    'PUNCTUATION': lambda c: [word for word, _ in split(f'a{c}b')] == ['a', c, 'b'],
}
for name, belongs in tests.items():
    ranges = []
    for point in range(sys.maxunicode + 1):
        if 0xD800 <= point <= 0xDFFF or not belongs(chr(point)):
            continue
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    text = ' '.join(f'{a:x}' if a == b else f'{a:x}-{b:x}' for a, b in ranges)
    print(f'{name}:', *textwrap.wrap(text, 100, break_on_hyphens=False), sep='\n  ')
