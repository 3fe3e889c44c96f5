### The pictures: what is written in them, and what is said of them to who cannot see them. Layers, tokens and experts are
### counted from 1.

## Names and numbers

not-recorded = not recorded
# The choice to pass a layer by.
pass = pass
# $experts (Number)
pool = { $experts ->
    [one] { $experts } expert
   *[other] { $experts } experts
}
# $blocks (Number)
pool-or-pass = { $blocks ->
    [one] { $blocks } block or pass
   *[other] { $blocks } blocks or pass
}
# $layer (Number)
layer = Layer { $layer }
# $value (String)
max-over-mean = max/mean { $value }
# What a layer's largest load over its mean load is where nothing was chosen.
passed-by = passed by
# $choice (String) an expert with its weight
dropped-choice = { $choice } (dropped)
# $title (String) without a full stop
# $words (String) sentences
titled = { $title }. { $words }

## What is selected or pointed at

# $token (Number)
# $tokens (Number)
# $text (String)
# $layer (Number)
# $choices (String) in a list
of-token = Token { $token } of { $tokens } “{ $text }” · layer { $layer }: { $choices }
# $layer (Number)
# $expert (String)
expert-passed = Layer { $layer } · { $expert } · the whole text goes by this layer
# $layer (Number)
# $expert (String)
expert-not-chosen = Layer { $layer } · { $expert } · not chosen for this text
# $layer (Number)
# $expert (String)
expert-no-token = Layer { $layer } · { $expert }: no token yet
# $layer (Number)
# $expert (String)
# $share (String)
# $even (String)
expert-blended = Layer { $layer } · { $expert } · works for every token · { $share } of the weight (even: { $even })
# $layer (Number)
# $expert (String)
# $load (Number)
# $choices (Number)
# $share (String)
# $even (String)
# $score (String)
expert = Layer { $layer } · { $expert } · { $load } of { $choices } choices, { $share } (even: { $even }) · mean score { $score }
# $layer (Number)
layer-no-token = Layer { $layer }: no token yet
# $layer (Number)
layer-passed = Layer { $layer } · the whole text passed it by: no expert has a load
# $layer (Number)
# $largest (String)
# $cv (String)
# $entropy (String)
layer-blended = Layer { $layer } · by weight, since every expert works for every token: max/mean { $largest } (even: 1) · CV { $cv } (even: 0) · entropy { $entropy } of 1
# $layer (Number)
# $largest (String)
# $cv (String)
# $entropy (String)
# $dead (String)
# $dropped (String)
layer-alone = Layer { $layer }: max/mean { $largest } · CV { $cv } · entropy { $entropy } · dead { $dead } · dropped { $dropped }
# $layer (Number)
# $largest (String) with the best in brackets, as the others
# $cv (String)
# $entropy (String)
# $dead (String)
# $dropped (String)
layer-best = Layer { $layer } (best): max/mean { $largest } · CV { $cv } · entropy { $entropy } · dead { $dead } · dropped { $dropped }
# $layer (Number)
# $largest (String) with the best and random ones in brackets, as the others
# $cv (String)
# $entropy (String)
# $dead (String)
# $dropped (String)
layer-best-random = Layer { $layer } (best, random): max/mean { $largest } · CV { $cv } · entropy { $entropy } · dead { $dead } · dropped { $dropped }

## The flow: title and description

# $model (String)
# $tokens (Number)
# $layers (Number)
# $experts (Number) of a layer
title = How { $model } routes { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
} through { $layers ->
    [one] { $layers } layer
   *[other] { $layers } layers
} of { $experts ->
    [one] { $experts } expert
   *[other] { $experts } experts
}
# The same where a layer may be passed by.
# $model (String)
# $tokens (Number)
# $layers (Number)
# $blocks (Number) of a layer
title-or-pass = How { $model } routes { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
} through { $layers ->
    [one] { $layers } layer
   *[other] { $layers } layers
} of { $blocks ->
    [one] { $blocks } block
   *[other] { $blocks } blocks
} or pass
# $model (String)
# $layers (Number)
# $experts (Number) of a layer
title-counted = How often { $model } chose each expert in { $layers ->
    [one] { $layers } layer
   *[other] { $layers } layers
} of { $experts ->
    [one] { $experts } expert
   *[other] { $experts } experts
}: counts, without tokens
# The same where a layer may be passed by.
# $model (String)
# $layers (Number)
# $blocks (Number) of a layer
title-counted-or-pass = How often { $model } chose each expert in { $layers ->
    [one] { $layers } layer
   *[other] { $layers } layers
} of { $blocks ->
    [one] { $blocks } block
   *[other] { $blocks } blocks
} or pass: counts, without tokens
text-goes = The whole text goes to one block a layer, or passes it by; its output is added to every lane.
# $experts (Number)
tokens-go = { $experts ->
    [one] Each token goes to { $experts } expert a layer; their outputs are added to its lane.
   *[other] Each token goes to { $experts } experts a layer; their outputs are added to its lane.
}
# $token (Number)
# $text (String)
# $way (String) through the layers, in a list
way = Token { $token }, “{ $text }”: { $way }.
# $layer (Number)
# $choices (String) in a list
way-in-layer = layer { $layer }: { $choices }
# $loads (String) of the layers, in a list
largest-loads = Largest over mean load: { $loads }.
# $weights (String) of the layers, in a list
largest-weights = Largest over mean weight: { $weights }.
# $layer (Number)
# $value (String)
largest-in-layer = layer { $layer } { $value }

## The flow: what is written in it

shared-every-token = shared: every token
shared = shared
# $many (Number)
shared-many = { $many } shared
# $full (String)
# $even (String)
# $tag (String) one of those below
key-choices = A full bar is { $full } of the choices (dashed: even, { $even }) · { $tag }
# $full (String)
# $even (String)
# $tag (String) one of those below
key-weights = A full bar is { $full } of the weight (dashed: even, { $even }) · { $tag }
# $full (String)
# $tag (String) one of those below
key-choices-short = full bar: { $full } of choices · dashed: even · { $tag }
# $full (String)
# $tag (String) one of those below
key-weights-short = full bar: { $full } of weight · dashed: even · { $tag }
tag-counted = counted, without tokens
tag-weighed = ribbon and tag: the token’s weight
tag-weighed-short = tag: weight
tag-alike = weights are not recorded: ribbons are alike
tag-alike-short = weights: not recorded
# $tokens (Number)
# $bundles (Number)
bundled = { $tokens } tokens in { $bundles } bundles
# $bundles (Number)
bundles = { $bundles } bundles
from-the-top = experts count from the top
sum = ⊕: added to its lane
# $name (String) an expert of the second layer, such as 2·E1
# $expert (String) such as E1
second-layer = { $name }: layer 2’s { $expert }, not layer 1’s
# $layer (Number)
layer-selected = layer { $layer } selected
# $device (String)
routed-on = routed on { $device }

## Several models' choices, token above token

# $models (Number)
difference = First experts and losses of { $models } models, token by token
# $layer (Number)
# $tokens (Number)
difference-of = Layer { $layer }, { $tokens } tokens.
# $model (String)
difference-dense = { $model } is dense: it has one expert.
# $model (String)
# $tokens (Number) that go elsewhere
# $first (String) the model that it is compared with
difference-sends = { $model } sends { $tokens } of them elsewhere than with the tokens that share their expert in { $first }.
loss = loss
all = all
none = none

## A transformer block, drawn to scale

# $model (String)
block = One block of { $model }, its parts drawn by their parameters
attention = attention
router = router
experts = experts
output = output
feed-forward = feed-forward
all-of-it = all of it
cost-unknown = Cost: the model’s card does not record it
# $total (String)
# $active (String)
block-parameters = Parameters: { $total } in total, { $active } active for a token
# $total (String)
# $active (String)
block-parameters-published = Parameters: { $total } in total, { $active } active for a token as published
# $all (String)
# $experts (String)
block-operations = Operations a token: { $all } MFLOP, experts’ { $experts }
# $all (String)
# $experts (String)
block-operations-published = Operations a token as published: { $all } MFLOP, experts’ { $experts }
# $attention (String)
# $router (String)
# $experts (Number)
# $each (String)
block-parts = Attention has { $attention } parameters, the router { $router }, each of { $experts } experts { $each }.
# $text (String)
# $experts (String) with their weights, in a list
block-token = The token “{ $text }” uses { $experts }.

## A run's curves: what is written in them

# $step (Number)
run-step = step { $step }
run-loss = Loss
run-loss-what = nats per token
# $nats (String)
# $bits (String)
run-held-out-loss = held-out { $nats } nats · { $bits } bits per byte
run-train = train
run-held-out = held-out
run-stripes = share of the choices by expert; stripes: single steps, where load jumps
run-stripes-short = stripes: single steps
run-streams = share of the choices by expert; dashed: even
run-max-over-mean = Max/mean
run-max-over-mean-what = busiest expert over its even share, worst layer; 1 is even
run-load-entropy = Entropy of load
run-load-entropy-what = worst layer; 1 is even, 0 one expert
run-router-entropy = Router entropy
run-router-entropy-what = mean of the layers; 1 does not care, 0 is sure
run-saturation = Saturation
run-saturation-what = held-out choices that are as at the evaluation before
run-dropped = Dropped
run-dropped-what = choices that found their expert full, worst layer
run-table-decides = a table decides
# $value (String)
# $held (String)
run-beside-held-out = { $value } · held-out { $held }
run-dashed-in-use = dashed: held-out text, as in use
# $step (Number)
run-dashed-against = dashed: as at step { $step }

## A run's curves: description

# $experts (Number)
# $layers (Number)
# $steps (Number)
# $step (Number)
run-picture = Loss, shares of { $experts } experts in { $layers } layers and metrics over { $steps } steps, at step { $step }.
# $branches (Number)
# $names (String) in a list
run-branches = { $branches } branches: { $names }.

## What one sees in a run at a step

run-nothing-learned = Nothing is learned yet: the weights are random.
run-not-recorded = This step was not recorded.
run-branch-begins = This branch begins here: load and training loss of this step are still its parent’s.
run-table-token = A fixed table of tokens decides: there is no router, and the routes never change.
run-table-previous = A fixed table of the token before decides: there is no router, and the routes never change.
run-table-place = The place in the text decides: there is no router, and the routes never change.
run-table-next = The token that comes next decides, which the model is asked to predict: its loss, on held-out text too, tells what knowing it is worth, and not how well it would do without.
# $times (String)
# $layer (Number)
run-assigned = Training assigns tokens, so its load is exactly even. In use, as for the probe sentence, each token goes to the expert that it prefers: on held-out text the busiest one then has { $times } times its even share (layer { $layer }).
# $lower (Number) a branch
# $nats (String)
# $higher (Number) a branch
# $step (Number)
run-lower = On held-out text branch { $lower } is { $nats } nats lower than branch { $higher } (step { $step }).
# $first (Number) a branch
# $second (Number) a branch
# $step (Number)
run-close = On held-out text branches { $first } and { $second } are less than 0.01 nats apart (step { $step }).
run-one-expert = There is one expert only, so nothing is chosen.
# $count (Number) of the layers
# $layers (String) their numbers
# $share (String)
run-jumps = { $count ->
    [one] Load jumps in layer { $layers }: about { $share } of it goes to other experts from one step to the next.
   *[other] Load jumps in layers { $layers }: about { $share } of it goes to other experts from one step to the next.
}
# $experts (String) with their shares, in a list
run-nearly-all-every = Nearly every choice goes to one expert in every layer ({ $experts }): the others learn next to nothing.
# $count (Number) of the layers
# $layers (String) their numbers
# $experts (String) with their shares, in a list
run-nearly-all = { $count ->
    [one] Nearly every choice goes to one expert in layer { $layers } ({ $experts }): the others learn next to nothing.
   *[other] Nearly every choice goes to one expert in layers { $layers } ({ $experts }): the others learn next to nothing.
}
# $count (Number) of the layers
# $layers (String) their numbers
# $experts (String) with their shares, in a list
run-most = { $count ->
    [one] Most choices go to one expert in layer { $layers } ({ $experts }).
   *[other] Most choices go to one expert in layers { $layers } ({ $experts }).
}
# $count (Number) of the layers
# $layers (String) their numbers
# $experts (String) with their shares, in a list
run-half = { $count ->
    [one] Half of the choices go to one expert in layer { $layers } ({ $experts }).
   *[other] Half of the choices go to one expert in layers { $layers } ({ $experts }).
}
# $others (String) all but the last, in a list
# $last (String)
run-and = { $others } and { $last }
run-passed-by = Every layer was passed by: no expert has a load.
# $times (String)
run-even = Load is close to even: no expert has more than { $times } times its even share.
# $expert (String)
# $times (String)
run-uneven-alike = Load is uneven, alike in every layer: { $expert } has { $times } times its even share.
# $layer (Number)
# $expert (String)
# $times (String)
run-uneven = Load is uneven, most in layer { $layer }: { $expert } has { $times } times its even share.
run-no-layer = No layer was recorded.
# $share (String)
run-choices-dropped = { $share } of the choices in one layer found their expert full and were dropped.
run-unsure = The routers hardly prefer any expert.
run-sure = The routers are sure of nearly every choice.
# $dead (Number)
# $all (Number)
run-dead = { $dead ->
    [one] { $dead } of { $all } experts was never asked on held-out text.
   *[other] { $dead } of { $all } experts were never asked on held-out text.
}
# $share (String)
run-settled = Routes have settled: { $share } of the held-out choices are as at the evaluation before.
# $share (String)
run-moving = Routes still move: only { $share } of the held-out choices are as at the evaluation before.
# $now (String) nats
# $began (String) nats
run-above = The loss is above where it began: { $now } nats on held-out text, { $began } with random weights. The steps are too large: lower the learning rate, or go back and branch from an earlier step.
# $now (String) nats
# $began (String) nats
run-far-above = The loss is far above where it began: { $now } nats on held-out text, { $began } with random weights. The steps are too large: lower the learning rate, or go back and branch from an earlier step.
# $now (String) nats
# $lowest (String) nats
# $step (Number)
run-risen = The loss has risen: { $now } nats on held-out text, { $lowest } at step { $step }.

## A chart of lines

# $upwards (String) what is upwards
# $along (String) what is along
chart = { $upwards } against { $along }
# $line (String) its name
# $from (String)
# $start (String)
# $to (String)
# $end (String)
chart-line = { $line } falls from { $from } at { $start } to { $to } at { $end }.
