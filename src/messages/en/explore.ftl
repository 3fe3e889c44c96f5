### The page around the text: its header, the panels of “Explore”, and the tours. An expert is written as `E3`, or as `2·E3` where
### its layer has to be said; layers, tokens and experts count from 1.

## On several panels

# $names (String) one or more
# $name (String) the one that follows them
and-more = { $names } and { $name }
max-mean = max/mean
keys = Keys
close = Close

## The gate, as a fact about the model

gate-one-network = none: one network takes every token
# $hidden (Number)
# $scores (Number)
gate-linear = one linear layer, { $hidden } numbers in, { $scores } scores out
# $scores (Number)
gate-linear-unsized = one linear layer, { $scores } scores out
# $hidden (Number)
# $scores (Number)
gate-linear-table = one linear layer, { $hidden } numbers in, { $scores } scores out; a fixed table chooses
# $scores (Number)
gate-linear-table-unsized = one linear layer, { $scores } scores out; a fixed table chooses
# $hidden (Number)
# $scores (Number)
# $layers (Number) those with a table
gate-linear-tables = { $layers ->
    [one] one linear layer, { $hidden } numbers in, { $scores } scores out; in 1 layer a fixed table chooses
   *[other] one linear layer, { $hidden } numbers in, { $scores } scores out; in { $layers } layers a fixed table chooses
}
# $scores (Number)
# $layers (Number) those with a table
gate-linear-tables-unsized = { $layers ->
    [one] one linear layer, { $scores } scores out; in 1 layer a fixed table chooses
   *[other] one linear layer, { $scores } scores out; in { $layers } layers a fixed table chooses
}
# $scores (Number)
gate-tree = two linear layers, one for groups of experts and one inside them; { $scores } scores
# $shares (Number)
gate-slots = likeness to learnt slots, shown as { $shares } shares, one for each expert
# $blocks (Number)
gate-policy = { $blocks ->
    [one] a learnt list of scores for 1 block or pass, the same for the whole text
   *[other] a learnt list of scores for { $blocks } blocks or pass, the same for the whole text
}
gate-hash = none: a hash of the token’s place
gate-table = none: a fixed table

## The gate, in sentences

explained-one-network = There is nothing to choose: one network takes every token.
explained-choices-only = Recorded is which experts this token went to. What the gate is and what it scored is not.
# $hidden (Number)
# $scores (Number)
explained-linear = { $hidden ->
    [one] The gate is one linear layer: from this token’s 1 number x it makes { $scores } scores s, one for each expert.
   *[other] The gate is one linear layer: from this token’s { $hidden } numbers x it makes { $scores } scores s, one for each expert.
}
# $scores (Number)
explained-linear-unsized = The gate is one linear layer: from this token’s numbers x it makes { $scores } scores s, one for each expert.
# $scores (Number)
explained-tree = The gate has two steps: one linear layer scores groups of experts, another the experts of each group. Together they give { $scores } scores s.
# $scores (Number)
explained-slots = Nothing is chosen: every expert works on a few mixtures of tokens. The { $scores } scores s say how much of each expert’s output this token takes.
# $scores (Number)
# $blocks (Number)
explained-policy = There is no gate for each token: the layer has learnt { $scores } scores s for the whole text, one for each of { $blocks } blocks and one for “pass”, which lets the text go by the layer.
explained-hash = There is no gate and no table: a hash, a fixed rule of arithmetic, turns the token’s place in the text into the number of an expert. There are no scores; p is 1 for that expert and 0 for the others.
explained-table = There is no gate: a fixed table says which expert this token goes to, so there are no scores. p is 1 for that expert and 0 for the others.
explained-unknown = The file does not say by which known method its scores s became p.
explained-softmax = Softmax turns them into probabilities p that add up to 1.
# $most (Number)
# $function (String) its name
# $formula (String) the score of s
explained-each = Each becomes a score p from 0 to { $most } by itself ({ $function }: p = { $formula }); they need not add up to 1.
# $function (String) its name
# $formula (String) the score of s
explained-each-unbound = Each becomes a score p of 0 or more by itself ({ $function }: p = { $formula }); they need not add up to 1.
explained-weighed-only = They only weigh its experts: who those are, a fixed table says by the token alone.

## The gate, in the tour

tour-gate-one-network = In this model there is no gate: one network takes every token.
# $place (Number)
# $token (String) in quotes
# $experts (String)
tour-gate-hash = This method has no gate: in every layer the hash of its place says where a token goes. Place { $place }, { $token }, goes to { $experts }.
# $token (String) in quotes
# $experts (String)
tour-gate-table = This method has no gate: in every layer a fixed table says where a token goes. { $token } goes to { $experts }.
# $blocks (Number)
tour-gate-policy = { $blocks ->
    [one] In every layer a learnt policy scores 1 block or pass, for the whole text alike.
   *[other] In every layer a learnt policy scores { $blocks } blocks or pass, for the whole text alike.
}
# $hidden (Number)
# $experts (Number)
tour-gate-slots = { $hidden ->
    [one] In every layer a token’s 1 number decides what it takes of each of { $experts } experts.
   *[other] In every layer a token’s { $hidden } numbers decide what it takes of each of { $experts } experts.
}
# $experts (Number)
tour-gate-slots-unsized = In every layer a token’s numbers decide what it takes of each of { $experts } experts.
# $hidden (Number)
# $experts (Number)
tour-gate-scores = { $hidden ->
    [one] In every layer a gate reads the token’s 1 number and scores { $experts } experts.
   *[other] In every layer a gate reads the token’s { $hidden } numbers and scores { $experts } experts.
}
# $experts (Number)
tour-gate-scores-unsized = In every layer a gate reads the token’s numbers and scores { $experts } experts.
# $expert (String)
# $p (String)
tour-gate-weighed-only = In this layer a fixed table says which of them work, and the scores only weigh them: { $expert } has most, { $p }.
# $expert (String)
# $p (String)
tour-gate-highest-probability = It gives { $expert } the highest probability here: { $p }.
# $expert (String)
# $p (String)
tour-gate-highest-score = It gives { $expert } the highest score here: { $p }.
# $expert (String)
# $p (String)
tour-gate-first-probability = The first choice here is { $expert }, with probability { $p }.
# $expert (String)
# $p (String)
tour-gate-first-score = The first choice here is { $expert }, with score { $p }.

## The scores of the experts

no-token-counted = There is no token to inspect: the file holds how often each expert was chosen, and no tokens.
no-token-empty = There is no token to inspect: the text is empty.
scores = Scores of the experts
# $expert (String)
# $logit (String)
# $p (String)
score-probability = { $expert }: s { $logit }, probability p { $p }
# $expert (String)
# $logit (String)
# $p (String)
score-alone = { $expert }: s { $logit }, score p { $p }
scores-absent = Scores: not recorded. These are the experts that the token went to.
# $experts (Number)
scores-more = { $experts } more
# $token (Number)
# $tokens (Number)
token-of = token { $token } of { $tokens }
# $token (Number)
# $tokens (Number)
# $characters (String)
token-of-bytes = token { $token } of { $tokens } · some bytes of { $characters }
layers = Layer
layer-before = Layer before
layer-after = Layer after

## The cut between the experts that were chosen and the rest

cut-table = those above are in the table for this token; their scores only weigh them
# $k (String)
cut-bias = top-{ $k } cut of p plus each expert’s balancing bias, which the weights leave out
cut-every = every expert is used
cut-none = no expert is used
cut-by-experts = experts choose tokens: those above chose this one
cut-tree = a group is chosen first, then experts in it: those above are used
cut-varies = those above are used: how many they are, the scores say
cut-other = those above are used: the choice does not go by the score alone
cut-policy = only what stands above is done
cut-one-asked = only the expert above was asked for
cut-one = only the expert above is used
# $k (String)
cut-asked = top-{ $k } cut: only the experts above were asked for
# $k (String)
cut-used = top-{ $k } cut: only the experts above are used

## Weights, and what was computed

weights-absent = Weights: not recorded.
# $choices (Number)
choices-dropped-full = { $choices ->
    [one] 1 choice dropped: the expert was full.
   *[other] { $choices } choices dropped: the expert was full.
}
# $what (String) one of the facts below
computed-here = Computed: { $what }.
# $what (String) one of the facts below
recorded-there = Recorded: { $what }.
# $device (String)
# $what (String) one of the facts below
recorded-on = Recorded on { $device }: { $what }.
computed-network = the one network
# $experts (Number)
computed-mixtures = all { $experts } experts, on mixtures of tokens
# $experts (Number)
computed-all = all { $experts } experts
computed-chosen = only the experts that were chosen for this token
computed-taking = only the experts that took this token
# $blocks (Number)
computed-policy = at most one of { $blocks } blocks for the whole text; the others cost nothing
computed-dropped = no expert for this token, for its choice was dropped
# $used (Number)
# $experts (Number)
# $shared (Number)
computed-sparse = { $shared ->
    [0] { $used } of { $experts } experts for this token; the others cost nothing
    [one] { $used } of { $experts } experts and the shared one for this token; the others cost nothing
   *[other] { $used } of { $experts } experts and the { $shared } shared ones for this token; the others cost nothing
}
# $experts (Number)
computed-dense = all { $experts } experts; those not chosen were multiplied by zero
computed-unknown = the file does not say which experts

## The balance

balance = Balance
balance-no-tokens = No tokens, no load.
# $expert (String)
# $layer (Number)
# $share (String)
balance-bar-weight = { $expert } in layer { $layer }: { $share } of the weight
# $expert (String)
# $layer (Number)
# $share (String)
# $load (Number)
balance-bar-choices = { $expert } in layer { $layer }: { $share } of the choices ({ $load })
# $layer (Number)
balance-chart-passed = Layer { $layer }: the whole text passed it by, so no expert has a share
# $layer (Number)
# $experts (Number)
# $times (String)
balance-chart-weight = Layer { $layer }: share of the weight that each of { $experts } experts takes; the largest is { $times } times the even share
# $layer (Number)
# $experts (Number)
# $times (String)
balance-chart-choices = Layer { $layer }: share of the choices that each of { $experts } experts takes; the largest is { $times } times the even share
balance-passed-policy = The policy lets this text pass the layer by: no block works, so there is no load to spread.
balance-passed-nobody = No token of this text has an expert in this layer, so there is no load to spread.

## Beside a number of the balance

beside-table = set by the table
# $best (String)
# $random (String)
beside-both = best { $best }, random { $random }
# $best (String)
beside-construction = best { $best }, by construction
# $best (String)
beside-best = best { $best }
# $even (String)
beside-even = even { $even }
beside-name = best, random
beside-dealt = The most even load that so many choices can reach; the method deals them out so.
beside-picked = The most even load that so many choices can reach, and what is expected if every token of this text picks its experts at random: exact means, for CV the root mean square, for Jain its value there. Only the fullest expert (max/mean, MaxVio) has no formula: ≈ marks the mean of a simulation, for long texts and where tokens choose groups first.

## The numbers of the balance, and what they mean

balance-loss = Balance loss
balance-loss-meaning = E times the sum over experts of share times mean score: what methods with a balance loss keep small. Where the load is even, and on average where choices are random, it is the sum of the mean scores, which is 1 for a softmax.
balance-cv = CV
balance-cv-meaning = Coefficient of variation: standard deviation of the loads over their mean.
balance-maxvio = MaxVio
balance-maxvio-meaning = How far the fullest expert is above the mean, in means.
balance-entropy = Entropy
balance-entropy-meaning = Entropy of the shares over its largest possible value.
balance-jain = Jain
balance-jain-meaning = Jain’s fairness index: 1 when all experts take the same.
balance-dead = Dead
balance-dead-meaning = Experts that no token of this text chose.
balance-bars = Bars
balance-bars-weight = Each expert’s mean share of the weight: counted by choices the load is even by construction (max/mean 1, CV 0, none dead), and says nothing; the dashed line is the even share. All layers have one scale.
balance-bars-choices = Share of the choices; the dashed line is the even share. All layers have one scale.
balance-meanings = What they mean
balance-by-weight = By weight: every token uses every expert, so choices would be even.
balance-pass = Pass is no block: it takes no load.
# $choices (Number)
balance-dropped = { $choices ->
    [one] 1 choice dropped
   *[other] { $choices } choices dropped
}
# $tokens (Number)
# $choices (Number) of each token, on average
batch-counted = counted: { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
} × { $choices ->
    [one] 1 choice
   *[other] { $choices } choices
}
# $tokens (Number)
# $choices (Number) of each token, on average
batch-recorded = recorded text: { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
} × { $choices ->
    [one] 1 choice
   *[other] { $choices } choices
}
# $tokens (Number)
# $choices (Number) of each token, on average
batch-here = this text: { $tokens ->
    [one] 1 token
   *[other] { $tokens } tokens
} × { $choices ->
    [one] 1 choice
   *[other] { $choices } choices
}
# $tokens (Number)
batch-counted-weight = { $tokens ->
    [one] counted: 1 token, by weight
   *[other] counted: { $tokens } tokens, by weight
}
# $tokens (Number)
batch-recorded-weight = { $tokens ->
    [one] recorded text: 1 token, by weight
   *[other] recorded text: { $tokens } tokens, by weight
}
# $tokens (Number)
batch-here-weight = { $tokens ->
    [one] this text: 1 token, by weight
   *[other] this text: { $tokens } tokens, by weight
}

## The tour

tour = Tour
# $step (Number)
# $steps (Number)
tour-step-of = { $step } of { $steps }
tour-back = Back
tour-next = Next
tour-done = Done
tour-leave = Leave the tour

## The tour of “Explore”

tour-tokens-name = Tokens
tour-gate-name = The gate
tour-experts-name = Experts
tour-weights-name = Weights
tour-balance-name = Balance
tour-next-name = Next token
# $characters (Number)
# $tokens (Number)
# $token (String) in quotes
tour-tokens = { $tokens ->
    [one] The model does not read letters but tokens. This text of { $characters } characters is 1 token; the selected one is { $token }. Click another, or type: everything follows.
   *[other] The model does not read letters but tokens. This text of { $characters } characters is { $tokens } tokens; the selected one is { $token }. Click another, or type: everything follows.
}
# $characters (Number)
# $tokens (Number)
# $token (String) in quotes
tour-tokens-recorded = The model does not read letters but tokens. The picture is a recording of another text than yours, of { $characters } characters and { $tokens } tokens; the selected one is { $token }. Yours is routed once the engine is there.
# $blocks (Number)
tour-experts-policy = { $blocks ->
    [one] One of 1 block or pass works on the whole text.
   *[other] One of { $blocks } blocks or pass works on the whole text.
}
# $experts (Number)
tour-experts-varies = How many of the { $experts } experts work on a token differs from token to token.
# $experts (Number)
tour-experts-all = All { $experts } experts work on every token.
# $k (Number)
# $experts (Number)
tour-experts-some = Only { $k } of { $experts } experts work on a token.
# $layer (Number)
# $token (String) in quotes
# $experts (String)
# $layers (Number)
tour-experts-flow = In layer { $layer } { $token } goes to { $experts }; the loud ribbon is its way through all { $layers } layers.
# $layer (Number)
# $token (String) in quotes
# $experts (String)
# $layers (Number)
tour-experts-table = In layer { $layer } { $token } goes to { $experts }; its row is its way through all { $layers } layers.
# $layer (Number)
# $token (String) in quotes
# $experts (String)
tour-experts-method = In layer { $layer } { $token } goes to { $experts }; the picture shows how that was decided.
# $layer (Number)
# $token (String) in quotes
tour-experts-none = In layer { $layer } { $token } goes to no expert.
tour-weights-absent = What the chosen experts say is mixed by weight and added to the token. The weights are not recorded here.
# $sum (String) such as `0.72 × 1·E3 + 0.28 × 1·E5`
tour-weights = What the chosen experts say is mixed by weight, { $sum }, and added to the token.
tour-weights-none = What the chosen experts say is mixed by weight and added to the token; here no expert took it.
tour-weights-flow = Thicker ribbons weigh more.
tour-balance-no-tokens = With no tokens there is no load.
# $layer (Number)
tour-balance-passed = The policy lets this text pass layer { $layer } by, so no block of it has a load.
# $expert (String)
# $layer (Number)
# $times (String)
tour-balance-weight = Every expert works for every token, so the bars count weight (dashed: the even share). On this text { $expert } has most in layer { $layer }, { $times } times its even share.
tour-balance-table = A fixed table decides, so the load is as even as the table makes it (dashed: the even share).
tour-balance-policy = One block takes the whole text, so no load can be even (the dashed line).
tour-balance-trained = Training pushes the load to be even (the dashed line).
# $layer (Number)
# $expert (String)
# $times (String)
# $dead (Number)
# $experts (Number)
tour-balance-busiest = { $dead ->
    [0] On this text the busiest expert of layer { $layer } is { $expert }, with { $times } times its even share; none of the { $experts } took nothing.
   *[other] On this text the busiest expert of layer { $layer } is { $expert }, with { $times } times its even share; { $dead } of the { $experts } took nothing.
}
# $dead (Number)
tour-balance-short = So short a text leaves { $dead } without work at best.
tour-next-purpose = All this serves one purpose: to say what comes next.
# $token (String) in quotes
# $candidate (String)
# $p (String)
tour-next-expected = After { $token } it expects “{ $candidate }” most, with probability { $p }.
tour-next-continue = “Continue” lets it go on.

## The tour of “Compare”

tour-models-name = Models
# $models (String) each with its letter
tour-models = The same text goes through { $models }. Choose others here, three at most; what you type above goes through all.
tour-beside-name = Side by side
tour-beside-flows = Each picture is the text’s way through one model, layer by layer.
# $token (String) in quotes
tour-beside-token = Selected in all of them is { $token }.
tour-beside-numbers = Numbers of experts mean nothing from model to model.
tour-difference-name = Token by token
# $layer (Number)
tour-difference = Where the models part, in layer { $layer }: a token is outlined where a model sends it elsewhere than most tokens that share its expert in the first. The bars are losses.
tour-block-name = One block
tour-block = What a model holds and what a token uses of it, all on one scale: a sparse block holds much and uses little.
tour-curves-name = Curves
tour-curves = How the losses fell in training, by steps, by operations and by seconds: what wins by one need not win by another.
tour-results-name = Results
tour-results = What all trained methods reach, with the spread over their seeds, and which of the papers’ claims hold here.

## The tour of “Train”

tour-watch-name = What to watch
# $beginnings (Number)
tour-watch = A small model learns to route here, in this page, from nothing. { $beginnings } beginnings are worth watching: choose one, or set everything yourself.
tour-start-name = Start
tour-start = Start trains, Step does a single step. Slower speeds let you follow; arrows go back to any recorded step.
tour-streams-name = Curves
tour-streams = Above, the loss. Below, for each layer, every expert’s share of the tokens as a stream: where one stream eats the others, routing collapses.
tour-now-name = At this step
tour-now = What the model does at the step you look at: where it sends a sentence of yours, what it writes, and its loads in numbers.
tour-branch-name = Branch
tour-branch = “Branch here” goes on from the step you look at with another method or other coefficients; both ways stay, on one time axis.
tour-keep-name = Keep it
tour-keep = “Run” saves curves, numbers and the run itself as a file that opens here again; “Explore” shows the model as it is now with a text of yours.

## The header

model-loading = loading the recording
theme-system = Theme: as the system
theme-light = Theme: light
theme-dark = Theme: dark
share = Share
share-what = Copy a link to this text, model and selection
tour-what = What is where on this screen
keys-what = Keys (?)
skip-to-table = Skip to the table
skip-to-method = Skip to the method
skip-to-picture = Skip to the picture
screens = Screen
screen-explore = Explore
screen-compare = Compare
screen-train = Train
screen-explore-what = one model routes your text
screen-compare-what = several models route the same text
screen-train-what = watch a model learn to route
views = View
view-flow = Flow
view-table = Table
view-method = Method

## The header’s menu where it is narrow

more = More
more-flow = the picture
more-table = the same in numbers
more-method = how it decides
more-share = a link to this text, model and selection
more-tour = what is where on this screen
more-model = The model
more-model-what = what it is and what was measured

## A model’s shape, behind its name

shape-network = 1 network
# $blocks (Number)
shape-policy = 1 of { $blocks } blocks or pass
# $experts (Number)
shape-experts-pick = { $experts } experts pick
# $experts (Number)
shape-varies = any number of { $experts }
# $experts (Number)
shape-all = all of { $experts }
# $k (Number)
# $experts (Number)
# $shared (Number)
shape-shared = top { $k } of { $experts } + { $shared } shared
# $k (Number)
# $experts (Number)
shape-top = top { $k } of { $experts }
# $layers (Number)
shape-layers = { $layers ->
    [one] 1 layer
   *[other] { $layers } layers
}

## What a model is

# $model (String)
about = About { $model }
about-model = Model
about-gate = Gate
about-weights = Weights
about-recorded = Recorded
about-computed = Computed
# $millions (String) with one digit behind the point
millions = { $millions } million
# $all (String)
# $used (String)
card-size = { $all } parameters; a token uses { $used } of them.
# $all (String)
card-size-all = { $all } parameters; every token uses all of them.
# $all (String)
# $used (String)
# $kind (String) of numbers, as the card calls it
card-size-kept = { $all } parameters, kept as { $kind }; a token uses { $used } of them.
# $all (String)
# $kind (String) of numbers, as the card calls it
card-size-kept-all = { $all } parameters, kept as { $kind }; every token uses all of them.
# $tokens (String)
card-trained = Trained from scratch on { $tokens } tokens.
# $tokens (String)
# $corpus (String) as the card describes it
card-trained-on = Trained from scratch on { $tokens } tokens: { $corpus }.
# $tokens (String)
# $steps (Number)
card-trained-steps = { $steps ->
    [one] Trained from scratch on { $tokens } tokens in 1 step.
   *[other] Trained from scratch on { $tokens } tokens in { $steps } steps.
}
# $tokens (String)
# $steps (Number)
# $corpus (String) as the card describes it
card-trained-steps-on = { $steps ->
    [one] Trained from scratch on { $tokens } tokens in 1 step: { $corpus }.
   *[other] Trained from scratch on { $tokens } tokens in { $steps } steps: { $corpus }.
}
# $tokens (Number)
card-limits = It is no assistant: it continues text, and was trained on little of it, so it writes words and syntax, not sense. It has learnt from pieces of { $tokens } tokens.
card-bits = Bits per byte on held-out text
card-bits-meaning = How many bits it takes to write a byte of such text with the model’s help; lower is better, and 8 is no help.
card-mean = mean
card-balance = Balance: the largest load of an expert over the mean
card-balance-meaning = 1 is even.
# $layer (Number)
card-layer = layer { $layer }
# $layer (Number)
# $share (String)
card-layer-dropped = layer { $layer } · { $share } % dropped
# $name (String)
# $theirs (String)
# $ours (String)
card-compared = Trained alike, “{ $name }” reaches { $theirs } bits per byte; this model { $ours }.
# $name (String)
# $what (String) as the card describes it
# $theirs (String)
# $ours (String)
card-compared-with = Trained alike, “{ $name }” ({ $what }) reaches { $theirs } bits per byte; this model { $ours }.

## Domains of text; programming languages are called alike everywhere

domain-english = English
domain-french = French
domain-german = German
domain-japanese = Japanese
domain-spanish = Spanish
domain-markup = markup
domain-maths = maths

## The list of models

models-absent = The list of models is not here (yet).
models-lost = The list of models could not be had.
models-year = Year
models-method = Method
models-bits = bits/byte
models-bits-what = On held-out text; lower is better.
models-not-measured = not measured
# $size (String)
models-to-fetch = { $size } to fetch
models-larger = Larger than the others and trained on more text, so its number does not compare.
model-mixtral-small = Mixtral, common size
model-dense-active = Dense, equal active parameters
model-dense-total = Dense, equal total parameters

## The text

text = Text
text-to-route = Text to route
text-placeholder = Type a text…
text-hint-empty = Type or paste a text, or take a sample: every token of it will be routed.
text-hint-unrouted = Underlines come once this text is routed.
# $expert (String)
# $layer (Number)
text-hint-expert = Underlined are the tokens that chose { $expert } in layer { $layer }.
# $expert (String)
# $layer (Number)
# $model (String)
text-hint-expert-model = Underlined are the tokens that chose { $expert } in layer { $layer } of { $model }.
# $layer (Number)
text-hint-first = Each token is underlined by its first expert in layer { $layer }.
# $layer (Number)
# $model (String)
text-hint-first-model = Each token is underlined by its first expert in layer { $layer } of { $model }.
# $characters (Number)
text-folded = { $characters ->
    [one] … and 1 character more, kept and not shown here; “select all” means them too.
   *[other] … and { $characters } characters more, kept and not shown here; “select all” means them too.
}
text-unfold = Show them too
text-unfold-slower = (typing becomes slower)
# $kept (Number)
# $characters (Number)
text-cut-characters = The first { $kept } of { $characters } characters are routed
# $kept (Number)
# $characters (Number)
# $tokens (Number)
text-cut-tokens = The first { $kept } of { $characters } characters ({ $tokens } tokens) are routed
# $tokens (Number)
# $most (Number)
text-room-tokens = { $tokens } of { $most } tokens
# $characters (Number)
# $most (Number)
text-room-characters = { $characters } of { $most } characters
text-white-space = Show white space
text-empty = Empty the text
text-clear = Clear
text-unkept = This text is too long for a link, and this browser does not keep it over a reload: copy it before you leave the page.
samples = Samples
domain = The text’s domain
domain-not-said = not said
domain-policy = Its policy picks the block of every layer.
domain-mean = Nobody says it, so the mean of all domains’ policies picks the block of every layer.

## Continuing the text

# $made (Number)
# $wanted (Number)
generate-stop = Stop · { $made } of { $wanted }
# $model (String)
generate-what = { $model } continues the text, token by token
# The model's name follows.
generate = Continue with
sampling = How
sampling-what = How the next token is chosen
sampling-temperature = Temperature
sampling-temperature-what = Logits are divided by it. 0 always takes the likeliest token; higher is bolder.
sampling-top-k = Top-k
sampling-top-k-what = Only the k likeliest tokens may come; 0 means all.
sampling-top-p = Top-p
sampling-top-p-what = Only the likeliest tokens whose probabilities add up to this.
sampling-tokens = Tokens
sampling-tokens-what = How many tokens to add.
sampling-seed = Seed
sampling-seed-what = The same seed, text and settings give the same continuation.
sampling-usual = As it was

## The stage

# $file (String)
stage-opening = Opening { $file } again…
stage-first = The picture appears with your first routed text.
stage-loading = Loading a recording…
stage-empty = No text, no tokens, nothing to route. Type something above, or begin with a sample.
stage-counted = The file holds how often each expert was chosen, and no tokens: the flow and the balance show that.
# $model (String)
source-unrouted = Recording of { $model }; your text is not routed: the message above says why
# $model (String)
# $wanted (String) another model
source-recording-until = Recording of { $model }, until { $wanted } is loaded
# $model (String)
# $wanted (String) another model
source-until = { $model }, until { $wanted } is loaded
source-other-text-failed = Recording of another text; without an engine yours is not routed
source-other-text = Recording of another text, until yours is routed
source-recording = Recording
# $file (String)
source-file = Opened file: { $file }
source-live = Route it here
# $model (String)
method-coming-model = How { $model } decides is shown here as soon as it has routed your text.
method-coming = How the model decides is shown here as soon as it has routed your text.
order-change = Choose the order

## The picture and its time

flow-role = routing picture
# $detail (String) what the browser says
flow-failed = The picture could not be drawn ({ $detail }). The tables have the same numbers.
playback = Playback
playback-play = Play
playback-pause = Pause
playback-back = One token back
playback-token = One token on
playback-layer = One layer on
playback-place = Selected token
playback-speed = Speed
picture-without-fonts = The picture is saved without the page’s fonts, and will look as its reader’s fonts do.
# $detail (String) what the browser says
picture-unsaved = The file could not be saved ({ $detail }).

## The table

table = Every token's experts and weights
# $first (Number)
# $last (Number)
# $tokens (Number)
table-caption = Experts and weights of tokens { $first } to { $last } of { $tokens }
table-token = Token
table-earlier = Earlier
table-later = Later
# $page (Number)
# $pages (Number)
table-page = page { $page } of { $pages }
wide-right = Scroll sideways: there is more to the right →
wide-left = ← Scroll back: there is more to the left

## The next token

inspector = Inspector
inspector-more = More about this token
next-token = Next token
# $token (String)
next-after = after “{ $token }”
next-absent = Not recorded for this token.
# $p (String)
next-probability = probability { $p }
# $token (String)
next-came = What came: “{ $token }”.
# $token (String)
next-came-unlisted = What came: “{ $token }”, not among these.
loss-absent = The loss was not recorded.
# $token (String) in quotes
loss-first = { $token } is the first token: nothing came before it, so nothing predicted it.
# $token (String) in quotes
# $nats (String)
# $bits (String)
loss-of-unlikely = { $token } itself had been given probability below 0.001: a loss of { $nats } nats, or { $bits } bits of surprise.
# $token (String) in quotes
# $p (String)
# $nats (String)
# $bits (String)
loss-of-token = { $token } itself had been given probability { $p }: a loss of { $nats } nats, or { $bits } bits of surprise.

## The expert’s card

# $expert (String)
# $layer (Number)
expert-in-layer = { $expert } in layer { $layer }
# $taken (Number)
# $tokens (Number)
# $share (String)
expert-takes = { $tokens ->
    [one] takes { $taken } of 1 token ({ $share })
   *[other] takes { $taken } of { $tokens } tokens ({ $share })
}
expert-sent = What the table sends here
expert-kinds-tokens = Tokens against chance, the surest first
expert-kinds = Kinds of token
expert-chance = ×1 is what a shuffle gives. Behind it, between which values the truth lies with 95 % confidence.
# $taken (Number)
# $total (Number)
expert-taken = { $taken } of { $total }
# $low (String)
# $high (String)
expert-interval = { $low } to { $high }
expert-pick = Pick out its tokens
expert-let-go = Show all experts again
verdict-one-network = One network works for every token. Nothing chooses, so there is no speciality.
# $taken (Number)
# $tokens (Number)
verdict-table = A fixed table sends { $taken } of the { $tokens } tokens here. Nothing was learnt: what stands below is what the table says.
verdict-policy = The policy sends the whole text one way. No token chooses, so there is no speciality.
# $tokens (Number)
verdict-unused = Took none of the { $tokens } tokens.
# $tokens (Number)
verdict-every-token = Took all { $tokens } tokens, so no kind of token can stand out.
# $taken (Number)
# $tokens (Number)
verdict-chance = No clear speciality: no kind of token strays far from a shuffle of its { $taken } of { $tokens } tokens, beyond what luck explains.
# A kind of token with its numbers, as the verdicts below name it.
# $kind (String)
# $taken (Number)
# $total (Number)
# $lift (String)
# $interval (String)
verdict-kind = { $kind } ({ $taken } of { $total }, ×{ $lift }; { $interval })
# $more (String) a kind with its numbers
# $fewer (String) a kind with its numbers
# $comparisons (Number)
verdict-clear = Takes more { $more } and fewer { $fewer } than a shuffle deals, even after { $comparisons } comparisons.
# $more (String) a kind with its numbers
# $comparisons (Number)
verdict-clear-more = Takes more { $more } than a shuffle deals, even after { $comparisons } comparisons.
# $fewer (String) a kind with its numbers
# $comparisons (Number)
verdict-clear-fewer = Takes fewer { $fewer } than a shuffle deals, even after { $comparisons } comparisons.
# $more (String) a kind with its numbers
# $fewer (String) a kind with its numbers
# $comparisons (Number)
verdict-leans = Leans to { $more } and away from { $fewer }: not beyond doubt, for { $comparisons } comparisons find some such by luck.
# $more (String) a kind with its numbers
# $comparisons (Number)
verdict-leans-to = Leans to { $more }: not beyond doubt, for { $comparisons } comparisons find some such by luck.
# $fewer (String) a kind with its numbers
# $comparisons (Number)
verdict-leans-away = Leans away from { $fewer }: not beyond doubt, for { $comparisons } comparisons find some such by luck.
# $share (String)
blend-works = works for every token, with { $share } of the weight
blend-verdict = It takes no tokens and leaves none: in this method every expert works for every token. What differs is its weight.
blend-tokens = Tokens with the most of its weight
# $token (Number)
blend-token = token { $token }

## Kinds of token

kind-word-start = word beginnings
kind-word-part = word parts
kind-capital = capitalised words
kind-other-script = letters beyond the Latin script
kind-digits = digits
kind-signs = punctuation and signs
kind-space = white space
kind-bytes = pieces of characters
kind-mixed = mixed tokens
