### Devices: why there is no GPU, and what a device did not do.

no-webgpu = This browser has no WebGPU.
no-adapter = No GPU is available to WebGPU.
software = WebGPU is only emulated in software, which is slower than the CPU.
no-timestamps = The GPU offers no timestamps (`timestamp-query`), which Burn needs.
# $why (String) what the browser or Burn says
refused = The GPU could not be opened ({ $why }).
not-fetched = The engine’s build for GPUs could not be fetched.
not-built = This build has no GPU support (it was compiled without the `gpu` feature).

# $detail (String) what Burn says
no-results = The device did not give its results back: { $detail }.
other-results = The device gave back other results than it was asked for.
other-shape = The device gave back results of another shape than the model’s.
# $detail (String) what Burn says
no-weights = The device did not give the weights back: { $detail }.

## Why a device was taken

cpu-chosen = The CPU was chosen.
small-model = A model this small is faster on the CPU: a GPU would spend its time on starting its many small steps.
available = WebGPU is available.
forced = WebGPU in software was forced.
