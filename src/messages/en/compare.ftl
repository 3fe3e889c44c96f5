### The Compare screen: several models route the same text.

## The screen

sections = Sections
section-flows = Side by side
section-block = One block
section-curves = Curves
section-results = Results
no-text = Write a text above: every model routes the same.
results-loading = Loading the results…
results-missing = The results cannot be shown.
results-reload = Reload the page to try again.
as-published = As published
as-published-note = where a method sees later tokens; BASE as in training

## Which models

models = Models to compare
# $letter (String)
model = Model { $letter }
# $model (String)
take-away = Take { $model } away
add-label = Add a model
add = add a model
engine-not-ready = The engine is not ready yet: the device menu says how far it is.
# $task (String) what is done
# $done (String) bytes with their unit
# $total (String) bytes with their unit
progress = { $task }: { $done } of { $total }
routing = routing…
# $model (String)
not-listed = There is no model { $model } here.

## A model's kind, in parts beside one another

dense = dense
# $layers (Number)
layers = { $layers ->
    [one] { $layers } layer
   *[other] { $layers } layers
}
# $pool (String) what is chosen from, such as 8 blocks or pass
policy-told = 1 of { $pool }, told the domain
# $pool (String) what is chosen from, such as 8 blocks or pass
policy-not-told = 1 of { $pool }, not told the domain
# $experts (Number)
experts-choose = experts choose, { $experts } of them
# $experts (Number)
all-experts = all { $experts } experts
# $k (Number)
# $experts (Number)
# $shared (Number)
some-and-shared = { $k } of { $experts } experts + { $shared } shared
# $k (Number)
# $experts (Number)
some-experts = { $k } of { $experts } experts

# $experts (Number)
any-of = any number of { $experts } experts

## In which order a text was routed: beside the kind, and in a cell of the table

balanced = balanced, as in training, sees later tokens
published = as published, sees later tokens
best-each = left to right, the best expert each, not balanced
not-published = left to right, not as published
only-order = left to right, as published

## The flows

flows = The text’s way through each model
flow-later = The picture appears when the model has routed the text.
flows-note = A cell fills with its share of the choices; the dashed tick is the even share; a ribbon’s width is the weight, and its outputs are added to the token’s lane.
others-shown = The others are shown.

## Token by token

difference = Differences, token by token
difference-head = Token by token
layer = Layer
# $first (Number)
# $last (Number)
# $all (Number)
difference-part = tokens { $first } to { $last } of { $all }
earlier = Earlier
later = Later
difference-one = The model’s first expert for each token.
# $letter (String) the model that the others are compared with
difference-lead = Each model’s first expert for each token. Expert numbers of different models mean nothing to each other, so a token is outlined where a model sends it elsewhere than most tokens that share its expert in { $letter }.
difference-dense = These models are dense: every token uses the whole network.
# $letter (String) the first model
difference-losses = The bars are losses: what exceeds that of { $letter } is in ink, what it saves is left open.
difference-table = First experts and losses
token = Token
loss = loss, nats
all = all
none = none
differs = differs
# $model (String)
# $tokens (Number)
other-split = { $model } splits the text into { $tokens } other tokens, so its choices cannot be set beside the others’.

## In numbers

numbers = Numbers
numbers-head = In numbers
numbers-title = The models in numbers
tokens = Tokens of this text
order = Routed
trained = Trained on, tokens
bits = Bits per byte, this text
# $layer (Number)
agreement = Agreement, layer { $layer }
agreement-all = Agreement, all layers
balance = Max/mean load by layer
# $layer (Number)
baseline = At best, and at random, layer { $layer }
dropped = Choices dropped
held = Total parameters
used = Active parameters of a token
flops = MFLOP a token
time = Time here, one run
# $time (String) with its unit
# $tokens (Number)
time-for = { $time } for { $tokens }
not-recorded = not recorded
none-dropped = none
no-choice = one expert, no choice
compared-with = compared with
other-tokens = other tokens
undefined = undefined
even = even by construction
# $best (String)
by-construction = { $best }, by construction
by-table = set by the table
note-bits = Bits per byte: the losses of all tokens but the first over their bytes; a model that sees later tokens sees what it has to predict.
note-trained = These models were not trained on equally many tokens, so their losses do not tell which method is better.
note-agreement = Agreement is the adjusted Rand index of the first choices: whether the same tokens go together, whatever the experts are called. 1: the same groups; 0: what shuffled choices give.
note-same-tokens = All models split the text into the same tokens.
note-other-tokens = The models split this text into different tokens.
note-time = Time is of the forward pass with reading back; of a text that only grew, its end. ≈: the mean of a simulation.

## One block of each

figure = One block of each model
figure-head = Holding much, using little
figure-back = ← token
figure-next = token →
figure-lead = One block of each model, every box as large as its parameters are many, all on one scale. Filled is what the selected token uses; what is pale is held for other tokens. A dense block uses all it holds. A sparse one uses a part of it, so that it can hold more for the same operations; the price is the small square, the router.
# $layer (Number)
figure-layer = layer { $layer }
figure-unrouted = not routed here, so no tokens flow
# $model (String)
figure-fault = { $model } cannot be drawn.
# $tokens (Number)
figure-note = Operations (a multiplication with its addition is two) are counted by the code of the model, not estimated; attention as looking back over { $tokens } tokens. Norms are left out.
figure-note-half = Operations (a multiplication with its addition is two) are counted by the code of the model, not estimated; attention as looking back over half a window. Norms are left out.
figure-note-slots = Soft MoE’s parameters used and operations are those of its published form, where slots limit the work; drawn is its form for writing, in which every expert works for every token.

## The same in numbers

blocks = Blocks in numbers
block-attention = Attention, parameters of a block
block-router = Router
block-no-router = none used
block-expert = One expert
block-experts = Experts, and shared ones
block-one = one network
block-held = Total parameters, whole model
block-used = Active parameters of a token
block-flops-attention = MFLOP a token: attention
block-flops-router = MFLOP a token: router
block-flops-experts = MFLOP a token: experts
block-flops-output = MFLOP a token: output
block-flops = MFLOP a token: all

## Curves

curves = Curves
curves-head = Better per step, per operation, per second?
curves-which = Which loss
curves-held-out = Held-out text
curves-training = Training
curves-lead = The same runs three times. What wins per step need not win per operation or per second: that is why all three are drawn.
curves-none = None of these models has a log among the results.
curves-bits = bits per byte, held-out text
curves-loss = training loss, nats per token
axis-steps = steps
axis-operations = training TFLOP
axis-seconds = seconds at measured speed
axis-logged = seconds, as logged
curves-scrub = Step
# $step (Number)
step = step { $step }
curves-table = Curves in numbers
column-model = model
column-step = step
column-seconds = seconds
# $models (String) names in a row
note-missing = No log among the results: { $models }.
# $models (String) names in a row
note-causal = Trained as published and measured here left to right, without later tokens, as it has to write: { $models }. What was never trained so can get worse while the published form, in brackets in the results below, gets better.
# $window (Number)
note-operations = Training operations are three times those of the forward pass, for every token. Training losses are means over { $window } steps.
# $seeds (Number)
note-seeds = Means over up to { $seeds } seeds.
note-measured = Seconds at each method’s own speed, which was measured by turns with the others on one machine.
# $models (String) names in a row
note-logged = Seconds as the runs logged them, each in its own hour: { $models }.
# $models (String) names in a row
note-shared = By the unevenness of their speed these shared the machine: { $models }. Their third curve says nothing about the method.
