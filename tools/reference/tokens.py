"""Token ids of Python's transformers for folders of many kinds: libs/compute/model/fixtures/tokens.json.

Needs transformers 5 (no PyTorch):  python tools/reference/tokens.py libs/compute/model/fixtures/tokens.json

A folder is what its files say; a text that begins with "$" stands for one of "parts". Of every text the first 4
hexadecimal digits of SHA-256 of the ids as JSON are kept, because the ids themselves are megabytes.
"""

import hashlib
import itertools
import json
import os
import random
import sys
import tempfile
import unicodedata

os.environ["HF_HUB_OFFLINE"] = "1"
import tokenizers  # noqa: E402
import transformers  # noqa: E402
from tokenizers.models import BPE, Unigram  # noqa: E402
from tokenizers.trainers import BpeTrainer, UnigramTrainer  # noqa: E402

transformers.logging.set_verbosity_error()
generator = random.Random(16)

SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "accents": "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÉÎÕÜÇŁłŻżğıİŞşǅﬁﬀ",
    "combining": "aeiouAEIOU\u0300\u0301\u0308\u0323\u0327",
    "vietnamese": "ảạắằặấầậẻẹếềệỉịỏọốồộớờợủụứừựỳỵđĐ",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГЁёЙЇїЎў",
    "greek": "αβγδεζηθικλμνξοπρσςτυφχψωΑΣΩάέήίόύώΐΰ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي\u064b\u064e\u0651\u0670ﻻ٠١٢٣",
    "hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת\u05b0\u05b8\u05bc",
    "devanagari": "अआइईउकखगघचजटडतदनपबमयरलवशसह\u093e\u093f\u0940\u0947\u094d\u0902०१२",
    "thai": "กขคงจชซดตถทนบปผพมยรลวสหอะาำิีึืุูเแโใไ\u0e48\u0e49\u0e4c",
    "cjk": "日本語中文漢字東京都学生人大山川田\U00020000\U0002a700\uf900豈〇",
    "kana": "あいうえおかがきぎはばぱんアイウカガパヴー･ｶﾞ",
    "hangul": "가나다라마바사한국어서울\u1112\u1161\u11abㄱㅏ",
    "emoji": "😀🎉👍🏽👩\u200d👧🇩🇪❤\ufe0f☃",
    "digits": "0123456789½²①Ⅳ٣",
    "symbols": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¿¡«»„“”…–—·§©™€£¥°±×÷→∑√、。「」！？",
    "controls": "ab \t\n\r\x00\x01\x0b\x0c\x1f\x7f\x85\xa0\xad\u1680\u2003\u2028\u200b\u200e\u202f\u2060\u3000\ufeff\ufffd\ufffe\ue000",
}
SPACES = [" ", " ", " ", "  ", "\t", "\u00a0", "\u3000", "\n", ""]


def words(alphabet: str, count: int) -> str:
    text = ""
    for _ in range(count):
        text += "".join(generator.choice(alphabet) for _ in range(generator.randint(1, 7)))
        text += generator.choice(SPACES)
    return text


def corpus() -> list[str]:
    texts = ["", " ", "a", "x\u0085y z\ufeffw", "NAÏVE Café RÉSUMÉ İstanbul ΟΔΥΣΣΕΥΣ ΣΑΣ", "1,000.50 $ 3½", "don't can't 'tis O'Brien"]
    for alphabet in SCRIPTS.values():
        texts += [words(alphabet, 6) for _ in range(3)]
    everything = "".join(SCRIPTS.values())
    texts += [words(everything, 8) for _ in range(6)]
    texts += ["w" * 120 + " é" * 3, "lo" * 50, "lo" * 51]
    added = ["[MASK]", "[E11]", "[e11]", "movie", "Movie", "[UNK]", "[CLS]", "café", "CAFÉ", "two words", "日本", "##a", "<x>", "É"]
    glue = ["", " ", "  ", ".", "x", "X", "é", "_", "本", "-", "\t", "\u0301", "7"]
    for _ in range(40):
        texts.append("".join(generator.choice(glue) + generator.choice(added) for _ in range(4)) + generator.choice(glue))
    return texts


TEXTS = corpus()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def vocabulary() -> list[str]:
    forms = "".join(TEXTS)
    forms += forms.lower() + forms.upper()
    forms += "".join(unicodedata.normalize(form, forms) for form in ("NFD", "NFKC", "NFKD"))
    letters = sorted({c for c in forms if not c.isspace() and unicodedata.category(c)[0] != "C"} | set(map(chr, range(0x100, 0x144))))
    # Some letters are left out, so that there are unknown words too.
    letters = [letter for place, letter in enumerate(letters) if place % 23]
    pieces = ["the", "mo", "##vie", "##ing", "x85y", "日本", "caf", "##é", "▁the", "don", "##'", "Straße"]
    return list(dict.fromkeys([*SPECIAL, *pieces, *letters, *["##" + letter for letter in letters]]))


VOCABULARY = vocabulary()
PARTS = {"$VOCABULARY": {word: id for id, word in enumerate(VOCABULARY)}, "$LINES": "\n".join(VOCABULARY) + "\n"}
WORDPIECE = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": "$VOCABULARY"}
BERT_NORMALIZER = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}


def added(content: str, id: int = 0, **flags: bool) -> dict:
    token = {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False}
    token |= {"normalized": not flags.get("special", False), "special": False}
    return token | flags


PARTS["$SPECIALS"] = [added(token, id, special=True) for id, token in enumerate(SPECIAL)]
SPECIALS = "$SPECIALS"


def template() -> dict:
    bound = lambda id, type: {"SpecialToken": {"id": id, "type_id": type}}
    sequence = lambda id, type: {"Sequence": {"id": id, "type_id": type}}
    single = [bound("[CLS]", 0), sequence("A", 0), bound("[SEP]", 0)]
    ids = {token: {"id": token, "ids": [SPECIAL.index(token)], "tokens": [token]} for token in ("[CLS]", "[SEP]")}
    return {"type": "TemplateProcessing", "single": single, "pair": [*single, sequence("B", 1), bound("[SEP]", 1)], "special_tokens": ids}


def tokenizer_json(normalizer=BERT_NORMALIZER, splitter={"type": "BertPreTokenizer"}, model=WORDPIECE, tokens=SPECIALS, **rest) -> dict:
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer,
        "pre_tokenizer": splitter, "post_processor": "$TEMPLATE", "decoder": None, "model": model,
    } | rest


PARTS["$TEMPLATE"] = template()


def sequence(kind: str, *parts: dict) -> dict:
    return {"type": "Sequence", kind: list(parts)}


def split(pattern: dict, behavior: str, invert: bool = False) -> dict:
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
METASPACES = [{"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": cut} for scheme in ("always", "never", "first") for cut in (True, False)]
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def bert_normalizers() -> list[dict]:
    names = ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
    values = itertools.product((True, False), (True, False), (True, False, None), (True, False))
    return [{"type": "BertNormalizer", **dict(zip(names, value))} for value in values]


NORMALIZERS = [
    None, *bert_normalizers(), *({"type": type} for type in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt")),
    {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Replace", "pattern": {"String": "a"}, "content": "o"}, {"type": "Replace", "pattern": {"Regex": r"\w{2,}"}, "content": "the"},
    {"type": "Prepend", "prepend": "▁"}, sequence("normalizers", {"type": "NFC"}, {"type": "Lowercase"}),
    sequence("normalizers", {"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "Strip", "strip_left": True, "strip_right": True}),
    sequence("normalizers", {"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, BERT_NORMALIZER),
]
SPLITTERS = [
    None, *({"type": type} for type in ("BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts")),
    *({"type": "Punctuation", "behavior": behavior} for behavior in BEHAVIORS),
    {"type": "Digits", "individual_digits": True}, {"type": "Digits", "individual_digits": False},
    {"type": "CharDelimiterSplit", "delimiter": "."}, {"type": "FixedLength", "length": 3}, *METASPACES,
    *(split({"Regex": pattern}, behavior, invert) for pattern in (r"\w+", r"\s+|\p{P}", r"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}") for behavior, invert in (("Isolated", False), ("Removed", True))),
    *(split({"String": "a"}, behavior) for behavior in BEHAVIORS),
    sequence("pretokenizers", {"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Isolated"}),
    sequence("pretokenizers", {"type": "Whitespace"}, {"type": "Digits", "individual_digits": True}),
    sequence("pretokenizers", {"type": "UnicodeScripts"}, {"type": "BertPreTokenizer"}),
]


def models() -> dict[str, dict]:
    def trained(model, trainer, splitter):
        tokenizer = tokenizers.Tokenizer(model)
        tokenizer.pre_tokenizer = splitter
        tokenizer.train_from_iterator(TEXTS, trainer)
        return json.loads(tokenizer.to_str())["model"]

    whitespace = tokenizers.pre_tokenizers.WhitespaceSplit()
    bytes_ = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    quiet = {"special_tokens": SPECIAL, "show_progress": False}
    def kept(name, model):
        """With what is long in it as parts."""
        for key in {"vocab", "merges"} & model.keys():
            PARTS[f"${name} {key}"] = model[key]
            model[key] = f"${name} {key}"
        return model

    bpe = kept("BPE", trained(BPE(unk_token="[UNK]"), BpeTrainer(vocab_size=700, limit_alphabet=300, **quiet), whitespace))
    byte_bpe = kept("byte BPE", trained(BPE(), BpeTrainer(vocab_size=420, initial_alphabet=alphabet, **quiet), bytes_))
    unigram = kept("Unigram", trained(Unigram(), UnigramTrainer(vocab_size=700, unk_token="[UNK]", **quiet), whitespace))
    return {
        "WordLevel": {"type": "WordLevel", "vocab": "$VOCABULARY", "unk_token": "[UNK]"}, "BPE": bpe, "byte BPE": byte_bpe,
        "BPE that fuses": bpe | {"fuse_unk": True}, "BPE that ignores merges": bpe | {"ignore_merges": True}, "Unigram": unigram,
        "WordPiece of ten letters": WORDPIECE | {"max_input_chars_per_word": 10}, "WordPiece without prefix": WORDPIECE | {"continuing_subword_prefix": ""},
    }


MODELS = models()
CONFIG = {"model_type": "bert"}
FAST = {"tokenizer_class": "PreTrainedTokenizerFast"} | {f"{name[1:-1].lower()}_token": name for name in SPECIAL}
BERT = {"tokenizer_class": "BertTokenizer"}
FLAGS = ("single_word", "lstrip", "rstrip", "normalized", "special")


def folders():
    """Name, files."""
    whole = lambda config, json=None, **others: {
        "config.json": CONFIG, "tokenizer_config.json": config, "tokenizer.json": json or tokenizer_json(), "vocab.txt": "$LINES",
    } | others
    bare = lambda config, **others: {"config.json": CONFIG, "tokenizer_config.json": config, "vocab.txt": "$LINES"} | others
    named = lambda part: json.dumps(part)
    for part in NORMALIZERS:
        yield f"normalizer {named(part)}", whole(FAST, tokenizer_json(normalizer=part))
    for part in SPLITTERS:
        yield f"splitter {named(part)}", whole(FAST, tokenizer_json(splitter=part))
        yield f"splitter {named(part)} and no normalizer", whole(FAST, tokenizer_json(None, part))
    for name, model in MODELS.items():
        splitter = BYTES if name == "byte BPE" else {"type": "WhitespaceSplit"}
        yield f"model {name}", whole(FAST, tokenizer_json(None, splitter, model))
    yield "model Unigram after Metaspace", whole(FAST, tokenizer_json({"type": "NFKC"}, METASPACES[0], MODELS["Unigram"]))
    yield "BPE with dropout", whole(FAST, tokenizer_json(None, {"type": "WhitespaceSplit"}, MODELS["BPE"] | {"dropout": 0.5}))
    # Added tokens, within BERT's pipeline and within another.
    for values in itertools.product((False, True), repeat=5):
        flags = dict(zip(FLAGS, values))
        tokens = [added(content, 3000 + place, **flags) for place, content in enumerate(("[E11]", "movie", "café", "日本", "two words"))]
        for config in (BERT, FAST):
            yield f"{config['tokenizer_class']}, added {named(flags)}", whole(config, tokenizer_json(tokens=PARTS["$SPECIALS"] + tokens))
    yield "tokens that are added twice", whole(FAST, tokenizer_json(tokens=PARTS["$SPECIALS"] + [added("movie", 9, single_word=True), added("movie", 9), added("", 10), added("<x>", 11)]))
    yield "ids with gaps", whole(BERT, tokenizer_json(tokens=PARTS["$SPECIALS"] + [added("<x>", 5000), added("[E11]", 4000)]))
    # Switches of tokenizer_config.json, against those of tokenizer.json.
    for name in ("do_lower_case", "strip_accents", "tokenize_chinese_chars"):
        for value in (True, False, None, "true", 1):
            for config in (BERT, FAST):
                yield f"{config['tokenizer_class']}, {name} {value!r}", whole(config | {name: value})
            yield f"{name} {value!r}, vocab.txt alone", bare({name: value})
    for lower, strip, chinese in itertools.product((True, False), (True, False, None), (True, False)):
        normalizer = BERT_NORMALIZER | {"lowercase": not lower, "strip_accents": strip, "handle_chinese_chars": chinese}
        for config in (BERT, FAST, {}, BERT | {"do_lower_case": lower}, BERT | {"do_lower_case": False, "strip_accents": None}):
            yield f"{named(config)} against {named(normalizer)}", whole(config, tokenizer_json(normalizer))
    yield "BertTokenizer of other parts", whole(BERT, tokenizer_json({"type": "NFC"}, {"type": "Whitespace"}, WORDPIECE | {"max_input_chars_per_word": 10, "unk_token": "the"}))
    yield "BertTokenizer of BPE", whole(BERT, tokenizer_json(None, {"type": "WhitespaceSplit"}, MODELS["BPE"]))
    yield "BertTokenizer and an unknown part", whole(BERT, tokenizer_json({"type": "Novel"}))
    yield "no template", whole(FAST, tokenizer_json(post_processor=None))
    yield "BertTokenizer without a template", whole(BERT, tokenizer_json(post_processor=None))
    yield "truncation and padding", whole(FAST, tokenizer_json(
        truncation={"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
        padding={"strategy": {"Fixed": 30}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "<x>"},
    ))
    for processor in ({"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}, {"type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2], "trim_offsets": True, "add_prefix_space": False}):
        yield f"template {processor['type']}", whole(FAST, tokenizer_json(post_processor=processor))
    # Classes.
    for name in ("BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast", "ElectraTokenizer", "ElectraTokenizerFast", "MobileBertTokenizer", "PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend", "BertJapaneseTokenizer", "KoBertTokenizer", "BertweetTokenizer", "HerbertTokenizerFast", "MPNetTokenizer", "XLMRobertaTokenizer", "RobertaTokenizer", ""):
        cased = tokenizer_json(BERT_NORMALIZER | {"lowercase": False})
        yield f"class {name}", whole({"tokenizer_class": name}, cased)
        yield f"class {name} in config.json", whole({}, cased, **{"config.json": CONFIG | {"tokenizer_class": name}})
        yield f"class {name}, vocab.txt alone", bare({"tokenizer_class": name})
        yield f"class {name} in config.json, vocab.txt alone", bare({}, **{"config.json": CONFIG | {"tokenizer_class": name}})
    both = {"config.json": CONFIG | {"tokenizer_class": "BertJapaneseTokenizer"}}
    yield "two classes", whole(BERT, **both)
    for auto_map in ({"AutoTokenizer": ["kobert.KoBertTokenizer", None]}, ["kobert.KoBertTokenizer", None], {"AutoModel": "x.Y"}, {"AutoTokenizer": None}):
        yield f"auto_map {named(auto_map)}", bare(BERT | {"auto_map": auto_map})
        yield f"auto_map {named(auto_map)} in config.json", bare(BERT, **{"config.json": CONFIG | {"auto_map": auto_map}})
    yield "no class", whole({})
    yield "no tokenizer_config.json", {name: file for name, file in whole({}).items() if name != "tokenizer_config.json"}
    yield "no configuration", {name: file for name, file in whole({}, tokenizer_json(BERT_NORMALIZER | {"lowercase": False})).items() if "config" not in name}
    yield "no config.json", {name: file for name, file in whole(BERT).items() if name != "config.json"}
    # Files beside vocab.txt.
    extra = {"additional_special_tokens": ["[E11]", "<x>"]}
    properties = {"content": "[E11]", "single_word": True, "lstrip": True, "rstrip": False, "normalized": False}
    beside = {
        "nothing": {}, "added_tokens.json": {"added_tokens.json": {"[E11]": len(VOCABULARY), "movie": len(VOCABULARY) + 1}},
        "added_tokens.json with a gap": {"added_tokens.json": {"movie": 9000, "[E11]": 8000}},
        "added_tokens.json of a word that is there": {"added_tokens.json": {"the": 5, "[MASK]": 4}},
        "special_tokens_map.json": {"special_tokens_map.json": extra},
        "special_tokens_map.json of extra ones": {"special_tokens_map.json": {"extra_special_tokens": ["[E11]", properties]}},
        "special_tokens_map.json of extra ones, marked special": {"special_tokens_map.json": {"extra_special_tokens": [properties | {"special": True}]}},
        "special_tokens_map.json of names": {"special_tokens_map.json": {"extra_special_tokens": {"e_token": "[E11]"}, "f_token": "<x>"}},
        "special_tokens_map.json with properties": {"special_tokens_map.json": {"mask_token": properties, "additional_special_tokens": ["<x>"]}},
        "special_tokens_map.json with properties in a list": {"special_tokens_map.json": {"additional_special_tokens": [properties]}},
        "both": {"special_tokens_map.json": extra, "added_tokens.json": {"[E11]": 9000, "<x>": 9001, "movie": 9002}},
        "another unknown token": {"special_tokens_map.json": {"unk_token": "the"}},
        "other bounds": {"special_tokens_map.json": {"cls_token": "mo", "sep_token": "the"}},
        "bounds that are not in the vocabulary": {"special_tokens_map.json": {"cls_token": "<s>", "sep_token": "</s>"}},
    }
    decoder = {"0": {"content": "[PAD]", "special": True}, "9": properties | {"special": True}, "7": {"content": "movie", "single_word": True}}
    configs = {
        "{}": {}, "cased": {"do_lower_case": False}, "extra": extra, "decoder": {"added_tokens_decoder": decoder} | extra,
        "extra names": {"extra_special_tokens": {"e_token": "[E11]"}}, "a name": {"e_token": "<x>"},
        "marked": {"mask_token": properties | {"__type": "AddedToken"}, "additional_special_tokens": [{"content": "<x>", "__type": "AddedToken"}]},
        "marked without properties": {"mask_token": {"content": "movie", "__type": "AddedToken"}, "added_tokens_decoder": {"7": {"content": "café"}}, "e_token": "café"},
        "not marked": {"mask_token": properties}, "nothing for [MASK]": {"mask_token": None}, "nothing for [CLS]": {"cls_token": None},
        "nothing extra": {"additional_special_tokens": None}, "bos": {"bos_token": "[E11]", "eos_token": "[E11]"},
        "split": {"split_special_tokens": True}, "bad decoder": {"added_tokens_decoder": {"9": "[E11]"}},
    }
    for (what, files), (name, config) in itertools.product(beside.items(), configs.items()):
        yield f"{name} beside {what}", bare(BERT | config, **files)
        if what in ("nothing", "both", "special_tokens_map.json with properties"):
            yield f"tokenizer.json and {name} beside {what}", whole(BERT | config, tokenizer_json(tokens=PARTS["$SPECIALS"] + [added("café", 6000, rstrip=True)]), **files)
            yield f"PreTrainedTokenizerFast and {name} beside {what}", whole(FAST | config, tokenizer_json(tokens=PARTS["$SPECIALS"][:3] + [added("café", 6000, rstrip=True)]), **files)
    yield "lines with spaces, returns and the same word twice", bare({}, **{"vocab.txt": "\r\n".join(SPECIAL) + "\nthe \u3000\n\na\ufeff\nthe\nb\x85\n##b\n"})
    yield "a vocabulary without [MASK]", bare({}, **{"vocab.txt": "\n".join([*SPECIAL[:4], "a", "b", "##b"])})
    yield "a vocabulary without [CLS]", bare({}, **{"vocab.txt": "\n".join(["[PAD]", "[UNK]", "a", "b", "##b"])})


def tokenised(files: dict) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            if name == "vocab.txt":
                text = PARTS["$LINES"] if content == "$LINES" else content
            else:
                text = json.dumps(content)
                for key, part in PARTS.items():
                    text = text.replace(json.dumps(key), json.dumps(part))
            with open(f"{folder}/{name}", "w", encoding="utf-8", newline="") as file:
                file.write(text)
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
            rows = [tokenizer(text)["input_ids"] for text in TEXTS]
        except BaseException:
            return None
    return "".join(hashlib.sha256(json.dumps(row, separators=(",", ":")).encode()).hexdigest()[:4] for row in rows)


def main() -> None:
    rows = [{"name": name, "files": files, "ids": tokenised(files)} for name, files in folders()]
    versions = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
    with open(sys.argv[1], "w", encoding="ascii") as file:
        json.dump({**versions, "texts": TEXTS, "parts": PARTS, "folders": rows}, file, separators=(",", ":"))
    print(len(TEXTS), "texts", len(rows), "folders", sum(row["ids"] is None for row in rows), "refused")


main()
