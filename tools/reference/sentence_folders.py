"""What sentence-transformers makes of folders that say how texts are read: lengths, lower case, prompts.

    python tools/reference/sentence_folders.py > libs/data/embeddings/fixtures/sentence-folders.json

Each folder is the committed BERT with modules.json, mean pooling and the files under "files".
"""

import json
import shutil
import tempfile
from pathlib import Path

import sentence_transformers
from sentence_transformers import SentenceTransformer

BERT = Path(__file__).parents[2] / "libs/compute/model/fixtures/bert"
TEXTS = ["The Lamp lit the RIVER", "a river and a lamp and a river and a lamp " * 3, "[SEP] Ein ΣΟΦΟΣ", ""]
MODULES = [
    {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
    for i, (kind, path) in enumerate([("Transformer", ""), ("Pooling", "1_Pooling")])
]
SETTINGS = "config_sentence_transformers.json"
TRANSFORMER = "sentence_bert_config.json"
CASES = {
    "plain": {},
    "max_seq_length": {TRANSFORMER: {"max_seq_length": 7, "do_lower_case": False}},
    "an older name of the file": {"sentence_roberta_config.json": {"max_seq_length": 9}},
    "the tokeniser's length": {TRANSFORMER: {"max_seq_length": None}, "tokenizer_config.json": {"model_max_length": 6}},
    "do_lower_case": {TRANSFORMER: {"max_seq_length": 40, "do_lower_case": True}},
    "default_prompt_name": {SETTINGS: {"prompts": {"query": "river : "}, "default_prompt_name": "query"}},
    "a prompt that is no default": {SETTINGS: {"prompts": {"query": "river : "}, "default_prompt_name": None}},
    "all": {
        TRANSFORMER: {"max_seq_length": 11, "do_lower_case": True},
        SETTINGS: {"prompts": {"q": "The RIVER "}, "default_prompt_name": "q"},
    },
}


def vectors(files):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "encoder"
        shutil.copytree(BERT, folder)
        everything = {
            "modules.json": MODULES,
            "1_Pooling/config.json": {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True},
            **files,
        }
        for file, content in everything.items():
            path = folder / file
            path.parent.mkdir(exist_ok=True)
            if path.exists() and isinstance(content, dict):
                content = {**json.loads(path.read_text()), **content}
            path.write_text(json.dumps(content))
        encoded = SentenceTransformer(str(folder), device="cpu").encode(TEXTS)
        return [[float(f"{value:.8g}") for value in row] for row in encoded]


cases = [{"name": name, "files": files, "vectors": vectors(files)} for name, files in CASES.items()]
print(json.dumps({"version": sentence_transformers.__version__, "texts": TEXTS, "cases": cases}, ensure_ascii=False))
