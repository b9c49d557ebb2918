"""Opens a folder as a user of Python would and prints what it computes, as one JSON object.

usage: check_folder.py FOLDER encoder|classifier < {"ids": [[…], …], "types": [[…], …]}

Rows are run one by one, without padding. encoder → {"hidden": last hidden state of each row}, classifier →
{"logits": […], "labels": {…}}; both with the loading report: {"missing": […], "unexpected": […]}.
"""

import json
import sys

import torch
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

folder, kind = sys.argv[1:]
rows = json.load(sys.stdin)
auto = AutoModel if kind == "encoder" else AutoModelForSequenceClassification
model, report = auto.from_pretrained(folder, output_loading_info=True)
model.eval()
AutoTokenizer.from_pretrained(folder)
result = {
    "class": type(model).__name__,
    "dtype": str(next(model.parameters()).dtype),
    "missing": sorted(report["missing_keys"]),
    "unexpected": sorted(report["unexpected_keys"]),
}
outputs = []
with torch.no_grad():
    for ids, types in zip(rows["ids"], rows["types"]):
        outputs.append(model(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])))
if kind == "encoder":
    result["hidden"] = [output.last_hidden_state[0].tolist() for output in outputs]
else:
    result["logits"] = [output.logits[0].tolist() for output in outputs]
    result["labels"] = model.config.id2label
print(json.dumps(result))
