#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what torch.save makes of the same tensors in its formats, and the tensors as safetensors beside it.

usage: make_torch_files.py OUT_DIR      (needs torch and safetensors; the files here: torch 2.14.1)
"""
import collections, os, sys
import torch
from safetensors.torch import save_file

out = sys.argv[1]
g = torch.Generator().manual_seed(3)
base = torch.randn(6, 8, generator=g)
tensors = collections.OrderedDict()
tensors["f32"] = torch.randn(3, 5, generator=g)
tensors["half"] = torch.randn(7, generator=g).half()
tensors["bf16"] = torch.randn(4, 3, generator=g).bfloat16()
tensors["f64"] = torch.randn(2, 2, generator=g).double()
tensors["i64"] = torch.arange(9)
tensors["i32"] = torch.arange(-4, 4, dtype=torch.int32)
tensors["i16"] = torch.arange(5, dtype=torch.int16)
tensors["i8"] = torch.arange(-3, 4, dtype=torch.int8)
tensors["u8"] = torch.arange(5, dtype=torch.uint8)
tensors["bool"] = torch.tensor([True, False, True])
tensors["base"] = base
tensors["tied"] = base
tensors["view"] = base[2:5]
tensors["transposed"] = base.t()
tensors["strided"] = base[:, ::2]
tensors["expanded"] = torch.randn(1, 4, generator=g).expand(3, 4)
tensors["scalar"] = torch.tensor(2.5)
tensors["none"] = torch.empty(0, 4)
tensors["param"] = torch.nn.Parameter(torch.randn(2, 3, generator=g))
tensors._metadata = collections.OrderedDict([("", {"version": 1})])
save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, os.path.join(out, "all.safetensors"))


def save(name, value, **options):
    torch.save(value, os.path.join(out, name + ".bin"), **options)


save("zip-all", tensors)
save("old-all", tensors, _use_new_zipfile_serialization=False)
save("zip-nested", {"epoch": 3, "best": 0.25, "name": "x", "state_dict": dict(tensors), "none": None})
save("old-proto5", dict(tensors), _use_new_zipfile_serialization=False, pickle_protocol=5)


class Evil:
    def __reduce__(self):
        return (os.system, ("touch lathe-was-here",))


save("evil", {"a": torch.ones(2), "b": Evil()})
save("evil-old", {"a": torch.ones(2), "b": Evil()}, _use_new_zipfile_serialization=False)
module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.LayerNorm(4))
save("whole-module", module)
save("no-tensors", {"epoch": 3})
torch.jit.script(module).save(os.path.join(out, "script.bin"))
