"""Makes libs/compute/model/fixtures/types.safetensors: every element type of the format, as Python's library writes it.

usage: make_safetensors_types.py FILE      (needs torch and safetensors)

`f32` holds values on which conversions go wrong (ties, subnormals of every width, overflow, infinities); `as_f16` and
`as_bf16` are PyTorch's conversions of them, and `from_f16`, `from_bf16` what PyTorch reads those back as.
"""

import sys

import torch
from safetensors.torch import save_file

generator = torch.Generator().manual_seed(1)
bits = torch.randint(-(2**31), 2**31 - 1, (512,), generator=generator, dtype=torch.int64).to(torch.int32)
random = bits.view(torch.float32)
scales = torch.randn(256, generator=generator) * 2.0 ** torch.randint(-26, 17, (256,), generator=generator)
awkward = torch.tensor(
    [0.0, -0.0, 1.0, -1.0, 65504.0, 65519.99, 65520.0, 1e6, -1e6, float("inf"), -float("inf"), 6e-8, 2.98e-8, 2.99e-8]
    + [1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-8, 1 + 3 * 2**-9, 2**-14, 2**-15, 2**-24, 2**-25, 3 * 2**-25, 1e-40, 3.4e38]
)
f32 = torch.cat([random[~torch.isnan(random)], scales, awkward])
tensors = {
    "f32": f32,
    "as_f16": f32.half(),
    "as_bf16": f32.bfloat16(),
    "from_f16": f32.half().float(),
    "from_bf16": f32.bfloat16().float(),
    "f64": torch.tensor([[0.1, -2.5], [1e-300, 3.0]], dtype=torch.float64),
    "i64": torch.tensor([-(2**31), -1, 0, 2**31 - 1]),
    "i64_large": torch.tensor([2**31]),
    "i32": torch.tensor([-7, 2**31 - 1], dtype=torch.int32),
    "i16": torch.tensor([-300, 300], dtype=torch.int16),
    "i8": torch.tensor([-3, 3], dtype=torch.int8),
    "u8": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
}
save_file(tensors, sys.argv[1], metadata={"format": "pt", "made by": "make_safetensors_types.py"})
