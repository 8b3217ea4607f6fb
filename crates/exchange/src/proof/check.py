"""Checks that an exported model answers here as it does in Barnacle. Needs onnxruntime and numpy:

    pip install onnxruntime
    python check.py

Exits with 1 and names the pictures on any difference.
"""

import json
import pathlib
import sys

import numpy
import onnxruntime

folder = pathlib.Path(__file__).resolve().parent
proof = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
session = onnxruntime.InferenceSession(str(folder / proof["model"]), providers=["CPUExecutionProvider"])
pixels = numpy.stack([numpy.array(case["pixels"], numpy.float32).reshape(case["shape"]) for case in proof["cases"]])
found = session.run([proof["output"]], {proof["input"]: pixels})[0]
expected = numpy.array([case["probabilities"] for case in proof["cases"]], numpy.float32)

differences = numpy.abs(found - expected).max(axis=1)
for case, difference in zip(proof["cases"], differences):
    if not difference <= proof["tolerance"]:
        print(f"{case['picture']}: a probability differs by {difference:.6f}")
print(f"{len(differences)} pictures, largest difference {differences.max():.2e}")
sys.exit(0 if (differences <= proof["tolerance"]).all() else 1)
