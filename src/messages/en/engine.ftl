### What the engine does, and what it cannot do.

no-text = There is no text to continue.
no-model = No model is loaded, so nothing can be routed.
nothing-open = No device is open, so nothing can be compared.
base-on-gpu = BASE finds its balanced assignment on the processor, and the model is on the graphics card.
# $model (String)
not-compared = { $model } cannot be compared.

## Progress, beside a bar

opening-device = Opening the device
reading-model = Reading the model
# $file (String)
reading = Reading { $file }
# $file (String)
fetching = Fetching { $file }

## What is left out

passed-over-truncation = tokenizer.json also asks for truncation, which moescope leaves out: every text is routed at its own length.
passed-over-padding = tokenizer.json also asks for padding, which moescope leaves out: every text is routed at its own length.
passed-over-both = tokenizer.json also asks for truncation and padding, which moescope leaves out: every text is routed at its own length.

## The end of the engine

# $detail (String) where and why
panicked = The engine stopped because of a fault in it ({ $detail }). It can be started again.
unreadable = The page sent something that the engine cannot read: they are of different versions.
# $detail (String) what the browser says
unsupported = This browser’s workers lack what the engine needs: { $detail }.
gpu-lost = The GPU was lost.
# $detail (String) what the browser says
gpu-lost-because = The GPU was lost ({ $detail }).
# $detail (String) what the browser says
gpu-refused = The GPU refused an operation, so its results cannot be trusted ({ $detail }).
