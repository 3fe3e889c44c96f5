### The view Method: how a method decides in the selected layer. What each method is says src/methods, what its picture shows src/scene.

## The view

view = How this method decides
# $layer (Number)
head = How it decides in layer { $layer }
token = For the selected token
no-token = There is no token whose numbers could be followed.
not-recorded = Scores or weights are not recorded, so how this layer decided cannot be shown.
no-picture = This trace does not hold what a picture of its method needs.
nobody-queues = No expert is full on this text, so nobody has to queue.
load-long = Load a long text
ahead-published = As published (looks ahead)
ahead-training = Balanced, as in training (looks ahead)
ahead-note = Generation always goes left to right.
ahead-on-host = The balanced assignment is found on the processor: choose the CPU in the device menu.
score = Score
choice = Choice
weight = Weight
balance = Balance
look = What to look at
cannot = What it cannot do
looks-ahead = What looks ahead
as-table = The same as a table
# $title (String)
# $description (String) sentences
picture = { $title }. { $description }

## What it costs

costs = What it costs
costs-no-card = Not recorded: this trace comes without its model’s card.
cost-held = Total parameters
cost-used = active parameters
cost-operations = Operations a token
# $number (String)
cost-millions = { $number } million
cost-bits = Bits per byte
cost-measured = measured
cost-told = told each text’s domain
cost-dropped = Dropped
cost-dropped-causal = Dropped, left to right
cost-unknown = not recorded

## A dense model

dense-fetching = Fetching the shapes of both models…
dense-fault = Its block cannot be drawn beside a sparse one.
dense-none = One network and no gate: no token has a choice. Drawn is what that means, beside a sparse model: one block of each, every box as large as its parameters are many.
# $model (String)
dense-filled = Filled is what the selected token uses: of the dense block all. Of { $model } it uses some experts only; which, that model’s gate alone can say.
dense-compare = Route this text through both

## Today's conventions

conventions = The same scores under today’s conventions
convention-mixtral = top k, then softmax
convention-gpt-oss = scores + bias b, top k, then softmax
convention-qwen = softmax, top k, renormalised
convention-olmoe = softmax, top k
order = Order
order-label = Order of softmax and choice
order-choice-first = top k, then softmax
order-softmax-first = softmax, then top k
kept = Experts kept
renormalise = Renormalise
yes = yes
no = no
bias = Bias
bias-label = Bias on the scores
bias-none = none
softmax-of-kept = Softmax over the kept adds up to 1 by itself: to renormalise changes nothing in this order.
weights = Weights by convention
# $row (String) the model whose convention it is
weights-caption = Weights of the kept experts; the model in this page uses the row “{ $row }”. A gpt-oss router adds a bias b to each score before it chooses.
bias-learnt = Its bias was learnt; the other rows leave it out.
bias-unknown = How large the learnt one is, this trace does not say: it is in the scores of every row.
bias-yours = The router here has none: with b on, one expert gets a bias of yours.
convention = Convention

## A bias of the visitor's

bias-of = b of
# $expert (String)
bias-slider = Bias of { $expert }
same-experts = The same experts are kept as without b.
# $come (String) names of experts
# $gone (String) names of experts
other-experts = With b this token has { $come } in place of { $gone }.
# $expert (String)
# $now (String)
# $before (String)
weight-both = The weight of { $expert } is { $now }, without b { $before }.
# $expert (String)
# $now (String)
weight-now = The weight of { $expert } is { $now }.
# $expert (String)
# $before (String)
weight-before = Without b the weight of { $expert } is { $before }.
# $expert (String)
weight-none = { $expert } is not among them, with b or without.
bias-counts = This b counts in the weight too; DeepSeek’s counts in the choice alone.
# $first (String) names of experts
# $last (String) a name
names = { $first } and { $last }

## Its gradient

gradient = Derivatives of the weights
gradient-caption = What it does to the gradient: how the weight of each kept expert (row) changes with each score (column), dw/ds.
gradient-one = Every entry is 0: a single weight divided by itself is always 1, and the loss tells the gate nothing.
gradient-far = Every entry is 0: these scores lie so far apart that a small change of one changes no weight, and the loss tells the gate nothing by this token.
gradient-all = All experts are kept, so every score has a part in the weights.
gradient-pull = The experts that were not kept still pull on the weights, so the gate learns about them from this token too.
gradient-zero = What was not kept has 0 in every row: nothing tells the gate how those experts would have done.
gradient-small = What was not kept has 0 in every row here, for its probabilities are too small to be told from 0.
