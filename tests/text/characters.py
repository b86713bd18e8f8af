"""Prints the tables of bindings/text/characters.js: the classes that the Rust tokenizers put each character in, and where
they differ from the engine's, whose Unicode is newer.

Run by hand, with `pip install tokenizers` and Node 24 on PATH, when that package changes its tables; not part of the tests."""
import json
import subprocess
import sys
import textwrap

from tokenizers import normalizers, pre_tokenizers

FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD']
POINTS = [point for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]
ENGINE = """
const forms = %s;
const found = { marks: [], moved: [], changed: Object.fromEntries(forms.map((form) => [form, {}])) };
for (let point = 0; point < 0x110000; point++) {
  if (point >= 0xd800 && point <= 0xdfff) continue;
  const c = String.fromCodePoint(point);
  if (/\\p{M}/u.test(c)) found.marks.push(point);
  if (('a\\u0345' + c).normalize('NFD').endsWith('\\u0345')) found.moved.push(point);
  for (const form of forms) if (c.normalize(form) !== c) found.changed[form][point] = c.normalize(form);
}
console.log(JSON.stringify(found));
""" % FORMS


def bert(**options):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **options}).normalize_str


def show(name, points):
    ranges = []
    for point in sorted(points):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    text = ' '.join(f'{a:x}' if a == b else f'{a:x}-{b:x}' for a, b in ranges)
    print(f'{name}:', *textwrap.wrap(text, 100, break_on_hyphens=False), sep='\n  ')


def newer(engine):
    """Characters with other normal forms, those they come apart into, and marks that trade places with others."""
    rust = {form: getattr(normalizers, form)().normalize_str for form in FORMS}
    found = set()
    for form in FORMS:
        for point in POINTS:
            changed = engine['changed'][form].get(str(point), chr(point))
            if changed == rust[form](chr(point)):
                continue
            found.add(point)
            if form == 'NFD':
                found.update(ord(c) for c in changed if ord(c) > 0x2FFF)
    moves = lambda c: rust['NFD'](f'a\u0345{c}').endswith('\u0345')
    return found | {point for point in engine['moved'] if point != 0x345 and not moves(chr(point))}


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
    show(name, [point for point in POINTS if belongs(chr(point))])
engine = json.loads(subprocess.run(['node', '-e', ENGINE], capture_output=True, check=True, text=True).stdout)
strip_all = normalizers.StripAccents().normalize_str
marks = {point for point in POINTS if strip_all(chr(point)) == ''}
show('LATER', newer(engine))
show('LATER_MARKS', set(engine['marks']) - marks)
show('MORE_MARKS', marks - set(engine['marks']))
