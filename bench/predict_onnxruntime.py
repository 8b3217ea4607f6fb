"""Time of predictions by onnxruntime on one thread, in the columns of `cargo bench -p nn-core --bench inference`.

usage: python3 bench/predict_onnxruntime.py MODEL.onnx ...
"""

import pathlib
import sys
import time

import numpy as np
import onnxruntime

SECONDS = 0.6

print(f"{'onnxruntime ' + onnxruntime.__version__:<28} {'one image us':>12} {'five views us':>13} {'batch of 64 us':>14} {'images/s':>9}")
for path in map(pathlib.Path, sys.argv[1:]):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    model_input = session.get_inputs()[0]
    times = []
    for batch in (1, 5, 64):
        shape = [batch] + [size for size in model_input.shape[1:]]
        x = {model_input.name: np.random.default_rng(1).random(shape, dtype=np.float32)}
        start, best = time.perf_counter(), float("inf")
        while time.perf_counter() - start < SECONDS:
            begin = time.perf_counter()
            session.run(None, x)
            best = min(best, time.perf_counter() - begin)
        times.append(best)
    one, five, many = (seconds * 1e6 for seconds in times)
    print(f"{path.stem:<28} {one:>12.1f} {five:>13.1f} {many:>14.0f} {64 / times[2]:>9.0f}", flush=True)
