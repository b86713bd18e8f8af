"""Small tokenizers, one or a few for each part of a tokenizer.json, for references.py: what is around the part under test
shows all that it does. Vocabularies are drawn by chance, too."""
import json
from pathlib import Path

GOLDENS = Path(__file__).parent.parent / 'goldens' / 'data' / 'tokenizers'
# One token, and any text: a piece is told by its text.
TELLING = {'type': 'Unigram', 'unk_id': 0, 'vocab': [['<unk>', 0.0]], 'byte_fallback': False}
EACH = {'type': 'Split', 'pattern': {'Regex': r'[\s\S]'}, 'behavior': 'Isolated', 'invert': False}
BYTES = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}
BEHAVIORS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']


def tokenizer(**parts):
    usual = dict(version='1.0', truncation=None, padding=None, added_tokens=[], normalizer=None, pre_tokenizer=None,
                 post_processor=None, decoder=None, model=TELLING)
    return {**usual, **parts}


def golden(name):
    return json.loads((GOLDENS / name / 'tokenizer.json').read_text())


def added(id, content, **options):
    usual = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    return {'id': id, 'content': content, **usual, **options}


def bert(**options):
    return {'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': None,
            'lowercase': True, **options}


def normalizers():
    charsmap = golden('unigram-xlmr')['normalizer']
    plain = ['Lowercase', 'StripAccents', 'NFC', 'NFD', 'NFKC', 'NFKD', 'Nmt', 'ByteLevel']
    yield from ((name, {'type': name}) for name in plain)
    yield 'BertNormalizer', bert()
    yield 'BertNormalizer cased', bert(lowercase=False, strip_accents=False)
    yield 'BertNormalizer accents', bert(clean_text=False, strip_accents=True, lowercase=False, handle_chinese_chars=False)
    yield 'Strip', {'type': 'Strip', 'strip_left': True, 'strip_right': True}
    yield 'Strip left', {'type': 'Strip', 'strip_left': True, 'strip_right': False}
    yield 'Strip right', {'type': 'Strip', 'strip_left': False, 'strip_right': True}
    yield 'Replace', {'type': 'Replace', 'pattern': {'String': 'ab'}, 'content': 'é x'}
    yield 'Replace pattern', {'type': 'Replace', 'pattern': {'Regex': r'\s+|[b-d\p{Nd}]{2}'}, 'content': '▁'}
    yield 'Prepend', {'type': 'Prepend', 'prepend': '▁𝒜'}
    yield 'Precompiled', charsmap
    sequence = [{'type': 'NFKD'}, {'type': 'StripAccents'}, {'type': 'Lowercase'}, charsmap,
                {'type': 'Replace', 'pattern': {'String': ' '}, 'content': '▁'}, {'type': 'NFC'}]
    yield 'Sequence', {'type': 'Sequence', 'normalizers': sequence}


def pre_tokenizers():
    plain = ['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit']
    yield from ((name, {'type': name}) for name in plain)
    for behavior in BEHAVIORS:
        yield f'Punctuation {behavior}', {'type': 'Punctuation', 'behavior': behavior}
        for invert in (False, True):
            split = {'type': 'Split', 'pattern': {'Regex': r'a+|[0-9]|\s'}, 'behavior': behavior, 'invert': invert}
            yield f'Split {behavior}{" inverted" * invert}', split
    for digits in (False, True):
        yield f'Digits {digits}', {'type': 'Digits', 'individual_digits': digits}
    yield 'CharDelimiterSplit', {'type': 'CharDelimiterSplit', 'delimiter': 'é'}
    yield 'FixedLength', {'type': 'FixedLength', 'length': 3}
    for scheme in ('always', 'first', 'never'):
        yield f'Metaspace {scheme}', {'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': scheme, 'split': scheme != 'first'}
    yield 'ByteLevel', BYTES
    yield 'ByteLevel prefix', {**BYTES, 'add_prefix_space': True}
    yield 'ByteLevel whole', {**BYTES, 'use_regex': False}
    for name in ('bytebpe-gpt4', 'clip', 'char-wordlevel', 'unigram-xlmr'):
        yield f'of {name}', golden(name)['pre_tokenizer']
    falcon = [{'type': 'Punctuation', 'behavior': 'Contiguous'}, BYTES, {'type': 'Digits', 'individual_digits': False},
              {'type': 'Split', 'pattern': {'Regex': '[0-9][0-9][0-9]'}, 'behavior': 'Isolated', 'invert': False}]
    yield 'ByteLevel amid others', {'type': 'Sequence', 'pretokenizers': falcon}
    case = r"(?i:'s|'t|'re)|\w+|\d{1,3}(?:\.\d)?|[^\S\n]+|.|\n"
    yield 'Split ignoring case', {'type': 'Split', 'pattern': {'Regex': case}, 'behavior': 'Isolated', 'invert': False}


def words(random, letters, count, longest):
    found = dict.fromkeys(letters)
    while len(found) < count:
        found[''.join(random.choice(letters) for _ in range(random.randint(1, longest)))] = None
    return list(found)


def merging(random, letters, count):
    """Merges by chance, of which many make the same token."""
    vocab = list(letters)
    merges = {}
    while len(merges) < count:
        pair = (random.choice(vocab), random.choice(vocab))
        merges[pair] = None
        if pair[0] + pair[1] not in vocab:
            vocab.append(pair[0] + pair[1])
    return {token: id for id, token in enumerate(vocab)}, [list(pair) for pair in merges]


def models(random):
    letters = 'abcdeé😀 '
    tokens = words(random, letters, 60, 4)
    rest = [f'##{token}' for token in words(random, letters, 40, 3)]
    vocab = {token: id for id, token in enumerate(['[UNK]', *tokens, *rest])}
    spaces = {'pre_tokenizer': {'type': 'WhitespaceSplit'}}
    piece = {'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##', 'max_input_chars_per_word': 12, 'vocab': vocab}
    yield 'WordPiece', {**spaces, 'model': piece}
    yield 'WordPiece no prefix', {'model': {**piece, 'continuing_subword_prefix': ''}}
    yield 'WordLevel', {**spaces, 'model': {'type': 'WordLevel', 'unk_token': '[UNK]', 'vocab': vocab}}
    scores = [[token, -random.random() * 10] for token in tokens]
    yield 'Unigram', {'model': {**TELLING, 'vocab': [['<unk>', -3.0], *scores]}}
    bytes = [[f'<0x{byte:02X}>', -20.0] for byte in range(256)]
    yield 'Unigram bytes', {'model': {**TELLING, 'vocab': [['<unk>', 0.0], *scores, *bytes], 'byte_fallback': True}}
    ids, merges = merging(random, letters, 120)
    pair = {'type': 'BPE', 'dropout': None, 'unk_token': None, 'continuing_subword_prefix': None, 'end_of_word_suffix': None,
            'fuse_unk': False, 'byte_fallback': False, 'ignore_merges': False, 'vocab': ids, 'merges': merges}
    yield 'BPE', {'model': pair}
    yield 'BPE unknown', {'model': {**pair, 'unk_token': 'a'}}
    yield 'BPE fused', {'model': {**pair, 'unk_token': 'b', 'fuse_unk': True}}
    yield 'BPE whole', {**spaces, 'model': {**pair, 'ignore_merges': True}}
    some = {**ids, **{f'<0x{byte:02X}>': len(ids) + byte for byte in range(0, 256) if byte % 16 < 14}}
    yield 'BPE bytes', {'model': {**pair, 'unk_token': 'c', 'byte_fallback': True, 'vocab': some}}
    ends, of_ends = merging(random, [*'abcde', 'a</w>', 'b</w>', 'é</w>'], 60)
    yield 'BPE suffix', {**spaces, 'model': {**pair, 'end_of_word_suffix': '</w>', 'unk_token': 'a', 'vocab': ends, 'merges': of_ends}}
    starts = {token: id for id, token in enumerate([*'abcde', *(f'##{letter}' for letter in 'abcde')])}
    for first in 'abcde':
        starts[f'{first}a'] = len(starts)
    prefixed = [[first, '##a'] for first in 'abcde']
    yield 'BPE prefix', {**spaces, 'model': {**pair, 'continuing_subword_prefix': '##', 'unk_token': 'e', 'vocab': starts, 'merges': prefixed}}


def added_tokens():
    special = [added(1, '<s>', special=True), added(2, '[MASK]', special=True, lstrip=True, rstrip=True), added(3, 'the', single_word=True)]
    marks = [added(4, 'É', normalized=True), added(5, '  '), added(6, 'ab', rstrip=True), added(7, 'abc'), added(8, '😀', single_word=True)]
    yield 'added tokens', {'added_tokens': special + marks}
    lowered = {'added_tokens': special + marks, 'normalizer': bert(), 'pre_tokenizer': {'type': 'Whitespace'}}
    yield 'added tokens, lowered', lowered
    metaspace = {'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'first', 'split': True}
    yield 'added tokens, Metaspace', {'added_tokens': special + marks, 'pre_tokenizer': metaspace}


def processors():
    cls, sep = ['<s>', 1], ['</s>', 2]
    tokens = {'added_tokens': [added(id, name, special=True) for id, name in enumerate(['<unk>', '<s>', '</s>'])], 'pre_tokenizer': BYTES}
    roberta = {'type': 'RobertaProcessing', 'sep': sep, 'cls': cls, 'trim_offsets': True, 'add_prefix_space': True}
    special = lambda id, type_id: {'SpecialToken': {'id': id, 'type_id': type_id}}
    text = lambda id, type_id: {'Sequence': {'id': id, 'type_id': type_id}}
    template = {
        'type': 'TemplateProcessing',
        'single': [special('X', 0), text('A', 3), special('</s>', 0)],
        'pair': [text('B', 2), special('X', 1), text('A', 0), special('</s>', 4)],
        'special_tokens': {'X': {'id': 'X', 'ids': [1, 2], 'tokens': ['<s>', '</s>']}, '</s>': {'id': '</s>', 'ids': [2], 'tokens': ['</s>']}},
    }
    found = {
        'BertProcessing': {'type': 'BertProcessing', 'sep': sep, 'cls': cls},
        'RobertaProcessing': roberta,
        'RobertaProcessing untrimmed': {**roberta, 'trim_offsets': False},
        'ByteLevel': {**BYTES, 'add_prefix_space': True},
        'TemplateProcessing': template,
        'Sequence': {'type': 'Sequence', 'processors': [BYTES, template]},
        'none': None,
    }
    yield from ((name, {**tokens, 'post_processor': part}) for name, part in found.items())


def decoders():
    tokens = ['<unk>', '##a', 'b', '▁', '▁c', 'é', 'Ġ', 'Ġd', 'Ã', '©', '<0xC3>', '<0xA9>', '<0x0A>', '</w>', 'x</w>', ' .', "n't", ' do not',
              '|', '<pad>', 'l', 'l', '\ufeff', ' ', "'s", 'Ċ', ',', '😀']
    model = {**TELLING, 'vocab': [[token, 0.0] for token in dict.fromkeys(tokens)]}
    found = {
        'WordPiece': {'type': 'WordPiece', 'prefix': '##', 'cleanup': True},
        'WordPiece as it is': {'type': 'WordPiece', 'prefix': '##', 'cleanup': False},
        'BPEDecoder': {'type': 'BPEDecoder', 'suffix': '</w>'},
        'ByteLevel': BYTES,
        'Metaspace': {'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'always', 'split': True},
        'Metaspace never': {'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'never', 'split': True},
        'CTC': {'type': 'CTC', 'pad_token': '<pad>', 'word_delimiter_token': '|', 'cleanup': True},
        'Sequence': {'type': 'Sequence', 'decoders': [{'type': 'Replace', 'pattern': {'String': '▁'}, 'content': ' '}, {'type': 'ByteFallback'},
                                                      {'type': 'Fuse'}, {'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0}]},
        'none': None,
    }
    yield from ((name, {'model': model, 'decoder': part}) for name, part in found.items())


def components(random):
    """Name, what to draw for it, and the tokenizer."""
    for name, part in normalizers():
        yield f'normalizer {name}', 'text', tokenizer(normalizer=part, pre_tokenizer=EACH)
    for name, part in pre_tokenizers():
        yield f'pre_tokenizer {name}', 'text', tokenizer(pre_tokenizer=part)
    for name, parts in [*models(random), *added_tokens()]:
        yield f'model {name}' if 'model' in parts else name, 'text', tokenizer(**parts)
    for name, parts in processors():
        yield f'post_processor {name}', 'pair', tokenizer(**parts)
    for name, parts in decoders():
        yield f'decoder {name}', 'ids', tokenizer(**parts)
    for folder in sorted(GOLDENS.iterdir()):
        if (folder / 'tokenizer.json').exists():
            yield f'golden {folder.name}', 'text', golden(folder.name)
