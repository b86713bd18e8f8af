"""Random texts, and what the Rust tokenizers (Python package tokenizers 0.23.3) make of them, as lines of JSON: for each
component of components.py first {name, tokenizer} (the tokenizer of a golden by its name), then its records.

  python references.py SEED COUNT [NAME...]    COUNT records for each component whose name contains a NAME

A record is [text, ids, offsets, tokens]; [text, pair, options, ...] for post-processors; [ids, skip, text] for decoders.
Offsets are in UTF-16 units. references.jsonl was printed with SEED 1 and COUNT 24; make test-all draws more."""
import json
import random
import sys
import unicodedata

from tokenizers import Tokenizer

from components import components, golden

CHARSMAP = golden('unigram-xlmr')['normalizer']['precompiled_charsmap']
FIXED = ['<s>', '</s>', '[MASK]', '[CLS]', '<unk>', '<mask>', '<|endoftext|>', 'the', 'The', 'ab', 'abc', 'É', '##a', '  ', "'s", "'T", "'ReLl", '``',
         '\r\n', '<0x41>', '▁', 'Ġ', 'ΑΣ', 'İ', 'ſ', '日本', '한국', '한', '👩\u200d👧', '🇫🇷', 'e\u0301\u0327', 'ﬁ', 'ﾊﾞ', '\u0344', '१२', '3.14', 'don\'t',
         '©\u200d©', '©\u200d', '\u0600a', 'ก็', 'क्ष', '\u1100\u1161\u0301', '\u0958', 'ǆ', 'ﷺ', '\u00a0', '\u2581a']
RANGES = [(0x20, 0x7f), (0x61, 0x66), (0x61, 0x66), (0x41, 0x5b), (0x30, 0x3a), (0xa0, 0x180), (0x300, 0x370), (0x370, 0x530), (0x590, 0x700),
          (0x900, 0xe80), (0x1100, 0x1200), (0x1e00, 0x2070), (0x2070, 0x2c00), (0x3000, 0x3200), (0x4e00, 0x4f00), (0xac00, 0xad00), (0xf900, 0xfb00),
          (0xfb50, 0x10000), (0x1d400, 0x1d800), (0x1f300, 0x1f700), (0x20000, 0x20100), (0, 0x21), (0x7f, 0xa1), (0, 0x110000)]


def character(rng):
    while True:
        point = rng.randrange(*rng.choice(RANGES))
        # What was assigned later is in one engine's tables and not in another's.
        if not 0xd800 <= point < 0xe000 and unicodedata.category(chr(point)) != 'Cn':
            return chr(point)


def draw_text(rng):
    simple = rng.random() < 0.4
    parts = []
    for _ in range(rng.randint(0, 14)):
        kind = rng.random()
        if kind < 0.25:
            parts.append(rng.choice([' ', ' ', ' ', '  ', '\n', '\t', '\u3000']))
        elif kind < 0.45:
            parts.append(rng.choice(FIXED))
        elif simple or kind < 0.6:
            parts.append(''.join(rng.choice('abcdeé😀') for _ in range(rng.randint(1, 6))))
        else:
            parts.append(''.join(character(rng) for _ in range(rng.randint(1, 4))))
    return ''.join(parts)


def utf16(text, offsets):
    if text.isascii():
        return [place for pair in offsets for place in pair]
    units = [0]
    for letter in text:
        units.append(units[-1] + (2 if letter > '\uffff' else 1))
    return [units[min(place, len(text))] for pair in offsets for place in pair]


def draw_options(rng, least, overflows):
    length = rng.randint(max(least, 1), least + 14)
    options = {'addSpecialTokens': rng.random() < 0.8, 'returnOverflowingTokens': overflows}
    if rng.random() < 0.8:
        options |= {'truncation': rng.choice(['longest_first'] * 3 + ['only_first', 'only_second']), 'maxLength': length,
                    'stride': rng.choice([0, 0, 0, 1, 2]), 'truncationSide': rng.choice(['right', 'right', 'left'])}
    if rng.random() < 0.4:
        options |= {'padding': 'max_length', 'maxLength': length, 'paddingSide': rng.choice(['right', 'left'])}
    return options


def apply_options(tokenizer, options):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if 'truncation' in options:
        tokenizer.enable_truncation(options['maxLength'], stride=options['stride'], strategy=options['truncation'], direction=options['truncationSide'])
    if 'padding' in options:
        tokenizer.enable_padding(direction=options['paddingSide'], pad_id=0, pad_token='<unk>', length=options['maxLength'])


def window(texts, encoding):
    # Without a post-processor Rust counts padding to the text.
    sequences = [value if value is not None and mask else -1 for value, mask in zip(encoding.sequence_ids, encoding.attention_mask)]
    offsets = []
    for which, offset in zip(sequences, encoding.offsets):
        offsets += utf16(texts[which], [offset]) if which >= 0 else [0, 0]
    return [encoding.ids, encoding.type_ids, encoding.attention_mask, encoding.special_tokens_mask, offsets, sequences]


def pair_record(tokenizer, rng):
    texts = [draw_text(rng)] + [draw_text(rng)] * (rng.random() < 0.7)
    # With less room than special tokens take, Rust counts below 0.
    options = draw_options(rng, tokenizer.num_special_tokens_to_add(len(texts) > 1), tokenizer.post_processor is not None)
    try:
        apply_options(tokenizer, options)
        encoding = tokenizer.encode(*texts, add_special_tokens=options['addSpecialTokens'])
    except BaseException:  # Rust panics where no token fits
        return [texts[0], texts[1] if len(texts) > 1 else None, options, None]
    # Without a post-processor Rust forgets which text the tokens of windows are of.
    overflow = encoding.overflowing if tokenizer.post_processor else []
    windows = [window(texts, one) for one in [encoding, *overflow]]
    return [texts[0], texts[1] if len(texts) > 1 else None, options, windows]


def record(kind, tokenizer, rng):
    if kind == 'pair':
        return pair_record(tokenizer, rng)
    if kind == 'ids':
        ids = [rng.randrange(tokenizer.get_vocab_size()) for _ in range(rng.randint(1, 12))]
        return [ids, tokenizer.decode(ids, skip_special_tokens=False)]
    text = draw_text(rng)
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return [text, encoding.ids, utf16(text, encoding.offsets), encoding.tokens]


def show(value):
    line = json.dumps(value, separators=(',', ':'), ensure_ascii=False)
    # The map of characters of a golden is long: its place is told. Two characters would end the line.
    print(line.replace(CHARSMAP, 'unigram-xlmr').replace('\u2028', '\\u2028').replace('\u2029', '\\u2029'))


def main(seed, count, *names):
    # Other tables would draw characters that Rust's do not have yet.
    assert '14' <= unicodedata.unidata_version < '16', f'Unicode {unicodedata.unidata_version}; run Python 3.11 to 3.13'
    for name, kind, parts in components(random.Random(seed)):
        if names and not any(part in name for part in names):
            continue
        rng = random.Random(f'{seed} {name}')
        told = name.removeprefix('golden ') if name.startswith('golden ') else parts
        show({'name': name, 'kind': kind, 'tokenizer': told})
        tokenizer = Tokenizer.from_str(json.dumps(parts))
        for _ in range(int(count)):
            show(record(kind, tokenizer, rng))


main(*sys.argv[1:])
