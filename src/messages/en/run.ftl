### The settings of a training run. A setting is called as at its control.

# $setting (String)
# $least (Number)
# $most (Number)
# $value (Number)
bounds = “{ $setting }” must be from { $least } to { $most }, not { $value }.

# $width (Number)
width = The width must be a multiple of 16, not { $width }.

# $method (String)
# $experts (Number)
odd-experts = { $method } needs an even number of experts, not { $experts }.

# $method (String)
# $tokens (Number)
# $batch (Number)
# $len (Number)
# $experts (Number)
uneven = { $method } gives every expert the same number of tokens, and the { $tokens } of a step (batch { $batch } times length { $len }) do not divide by { $experts } experts.

# $method (String)
only-pass = { $method } needs a block beside "pass", so at least 2 experts.

# $method (String)
# $chosen (Number)
# $k (Number)
exactly = { $method } chooses { $chosen } for a token, so k is not { $k }.

# $method (String)
# $chosen (Number)
too-few-experts = { $method } chooses { $chosen } for a token, so there must be { $chosen } experts or more.

# $experts (Number)
# $k (Number)
chosen = k must be from 1 to the { $experts } experts, not { $k }.

# $method (String)
# $experts (Number)
# $k (Number)
pairs = { $method } chooses in pairs: k must be even, from 2 to the { $experts } experts, not { $k }.

# $method (String)
# $experts (Number)
# $k (Number)
all = With { $method } every expert may have a share in a token, so k is { $experts }, not { $k }.

# $experts (Number)
# $factor (Number)
capacity = The capacity factor must be above 0 and at most the { $experts } experts, not { $factor }.

no-file = Choose a file: a link cannot hold a text of your own.

# $method (String)
needs-cpu = { $method } decides on the host in every step, which a browser cannot do for a GPU. Choose the CPU.

other-text = A branch must read the same text as the run. Start a new run for another text.

# $setting (String)
# $step (Number)
must-keep = A branch that begins at step { $step } must keep “{ $setting }” as it is. Branch at step 0, or start a new run.

## What cannot be read as a setting

# $setting (String)
listed-empty = “{ $setting }” must be one of the list: nothing is written there.
# $setting (String)
# $value (String)
listed-misread = “{ $setting }” must be one of the list, not “{ $value }”.
# $setting (String)
# $least (Number)
# $most (Number)
whole-empty = “{ $setting }” must be a whole number from { $least } to { $most }: nothing is written there.
# $setting (String)
# $least (Number)
# $most (Number)
# $value (String)
whole-misread = “{ $setting }” must be a whole number from { $least } to { $most }, not “{ $value }”.
# $setting (String)
# $least (Number)
# $most (Number)
real-empty = “{ $setting }” must be a number from { $least } to { $most }: nothing is written there.
# $setting (String)
# $least (Number)
# $most (Number)
# $value (String)
real-misread = “{ $setting }” must be a number from { $least } to { $most }, not “{ $value }”.
# $setting (String)
any-whole-empty = “{ $setting }” must be a whole number from 1 to the number of experts: nothing is written there.
# $setting (String)
# $value (String)
any-whole-misread = “{ $setting }” must be a whole number from 1 to the number of experts, not “{ $value }”.
# $setting (String)
# $most (String) in digits that can be copied
natural-empty = “{ $setting }” must be a whole number from 0 to { $most }: nothing is written there.
# $setting (String)
# $most (String) in digits that can be copied
# $value (String)
natural-misread = “{ $setting }” must be a whole number from 0 to { $most }, not “{ $value }”.
# $setting (String)
up-to-experts-empty = “{ $setting }” must be a number above 0, and at most the number of experts: nothing is written there.
# $setting (String)
# $value (String)
up-to-experts-misread = “{ $setting }” must be a number above 0, and at most the number of experts, not “{ $value }”.

## What a setting may be, at its control

# $least (Number)
# $most (Number)
may-whole = It is a whole number from { $least } to { $most }.
# $least (Number)
# $most (Number)
may-real = It is a number from { $least } to { $most }.
may-any-whole = It is a whole number from 1 to the number of experts.
# $most (String) in digits that can be copied
may-natural = It is a whole number from 0 to { $most }.
may-up-to-experts = It is a number above 0, and at most the number of experts.

## Memory: amounts with their unit

# $total (String)
# $most (String)
# $training (String)
# $parameters (String)
# $step (String)
# $snapshots (String)
memory-of-run = These settings need about { $total }, and { $most } are the most that is tried: { $training } for weights, gradients and moments of { $parameters } parameters, { $step } for a step, { $snapshots } for snapshots. Take fewer or narrower experts, or fewer tokens a step.

# $branches (Number)
# $total (String)
# $most (String)
# $training (String)
# $parameters (String)
# $step (String)
# $snapshots (String)
memory-of-branches = With this branch, the run’s { $branches } need about { $total }, and { $most } are the most that is tried: { $training } for weights, gradients and moments of { $parameters } parameters, { $step } for a step, { $snapshots } for snapshots. Forget a branch first, or begin a smaller run.

# $branches (Number)
# $total (String)
# $most (String)
# $training (String)
# $parameters (String)
# $step (String)
# $snapshots (String)
memory-of-file = The { $branches } branches of the file need about { $total }, and { $most } are the most that is tried: { $training } for weights, gradients and moments of { $parameters } parameters, { $step } for a step, { $snapshots } for snapshots. Export the run again with fewer of them.

## A text of the visitor's

# $file (String)
# $at (Number)
# $byte (String) in hexadecimal
text-not-utf8 = { $file } cannot be used: byte { $at } (0x{ $byte }) is not UTF-8 text. Choose a text file, or save it as UTF-8.
# $file (String)
# $byte (Number) counted from 1
text-unpaired = { $file } cannot be used: it is UTF-16, but byte { $byte } begins half of a character pair that stands alone. Choose a text file, or save it as UTF-8.
# $file (String)
# $bytes (Number)
text-odd = { $file } cannot be used: it is UTF-16, but it has { $bytes } bytes, an odd number, so its end is missing. Choose a text file, or save it as UTF-8.
# $file (String)
# $at (Number)
# $byte (String) in hexadecimal
text-control = { $file } cannot be used: byte { $at } is the control character 0x{ $byte }, so it is binary data. Choose a text file.
# $file (String)
# $have (Number)
# $least (Number)
text-short = { $file } cannot be used: it holds { $have } bytes of text, and at least { $least } are needed to train on. Choose a longer text.

## The file of a run

archive-broken = The file is not a whole ZIP archive.
# $name (String)
archive-compressed = { $name } in the file is compressed: only archives as moescope writes them can be read.
# $name (String)
archive-damaged = { $name } in the file is damaged: its checksum is wrong.

## What the settings are called at their controls, what they mean, and their short names in a list of changes

method = Routing method
against = Beside it
experts = Experts
experts-what = In every layer, E.
k = Chosen per token
k-what = k of the E experts.
layer-width = Width
layer-width-what = Numbers that a token carries; a multiple of 16.
layers = Layers
layers-what = Blocks.
inner = Width inside an expert
batch = Sequences a step
len = Tokens a sequence
len-what = Also the window that a token sees, and the group that shares a capacity.
vocabulary = Vocabulary
vocabulary-what = At most so many tokens, learned from the text.
seed = Seed
seed-what = The same seed and settings give the same run.
text = Read
rate = Learning rate
rate-what = How far AdamW moves the weights in a step.
rate-short = learning rate
balance = Balancing coefficient α
balance-what = Weight of the loss that punishes uneven load.
balance-short = balance
z = Router z-loss
z-what = Weight of the loss that keeps the router’s outputs small.
z-short = z-loss
noise = Router noise
noise-what = Times the method’s own noise; 1 is as published.
noise-short = noise
room = Capacity factor
room-what = How many tokens an expert takes, over its even share.
room-short = capacity
bias = Bias-update speed
bias-what = How far the bias of an over- or underloaded expert moves in a step.
bias-short = bias speed

## Runs worth watching

collapse = No balancing: watch it collapse
collapse-watch = A few experts get better because they are used, and are used because they are better; within a second or two the others starve. Left alone for long, some of them come back.
balanced = Switch with a balancing loss
balanced-watch = The same model and text with the balancing loss, and nothing else changed: load stays near its even share.
loss-free = Loss-free bias
loss-free-watch = No loss balances anything: a bias moves a little after every step until load is even.
bias-too-fast = Bias too fast: watch it oscillate
bias-too-fast-watch = The same bias, moved too far in every step: load jumps from expert to expert.
base = BASE: balanced assignment
base-watch = In training tokens are assigned, equally many to every expert, so the bands are flat. In use each token goes to its best expert: watch how uneven held-out text is at first, and that it never becomes quite even.
hash = Hash against learned
hash-watch = Two branches: a fixed table of tokens beside a router that learns; no expert is ever full. Which held-out loss is lower?

## What is to be known of a run with its settings

# $method (String) of the branch that it is about
# $note (String) one of the following
note-of-branch = { $method }: { $note }
note-lone = With one choice a token its weight is always the same, whatever its score: the model’s loss teaches the gate nothing. From two on it does.
note-lone-group = Groups have two experts here. With two choices a token has one group, whose weight is always 1, whatever its score: the model’s loss teaches the first gate nothing. From four on it does.
note-clustered = Tokens with similar neighbours in this text share an expert. The paper takes a trained model’s embeddings; a run that begins here has none.
note-dispersed = Tokens with similar neighbours in this text go to different experts. The paper takes a trained model’s embeddings; a run that begins here has none.
note-oracle = It cheats: the token that is to be predicted chooses the expert, in training and on held-out text. When the model writes, it cannot know it, and the token itself chooses.
note-first-layer = In the first layer a random table chooses by the token alone, and the gate only weighs whom it names; in the later ones the gate chooses. Beside the experts in the picture every layer has one more, which sees every token.
note-shared = Beside the experts in the picture every layer has one more, which sees every token.
note-on-host = It decides on the processor in every step, so a GPU cannot train it in a browser.
