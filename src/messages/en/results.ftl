### What our runs gave: the tables that the page shows. docs/results.md shares the words of claims and of their numbers.

## Numbers

unit-bits = bits per byte
unit-max-over-mean = max/mean
unit-dropped = dropped
unit-on-the-way = bits per byte, mean on the way
unit-sharing = experts that share a token in the last layer
unit-by-domain = choices that differ by domain
# $value (String)
value-bits = { $value } bits per byte
# $value (String)
value-max-over-mean = { $value } max/mean
# $value (String)
value-dropped = { $value } dropped
# $value (String)
value-on-the-way = { $value } bits per byte, mean on the way
# $value (String)
value-sharing = { $value } experts that share a token in the last layer
# $value (String)
value-by-domain = { $value } choices that differ by domain
# $middle (String)
# $low (String)
# $high (String)
interval = { $middle } ({ $low } to { $high })
# $least (String)
# $most (String)
range = { $least } to { $most }
# $of (String) a model or a comparison
# $value (String)
finding = { $of }: { $value }
# $low (String)
# $high (String)
pair = { $low }, { $high }
one-seed = one seed, and no spread is known
none = none
# $active (String) millions
# $all (String) millions
# $steps (String)
models = { $active } M active of { $all } M parameters, { $steps } steps

## What becomes of a claim

not-measured = not measured yet
shared = not judged: a run shared the machine
holds = holds
does-not-hold = does not hold
undecided = undecided

## The methods side by side

methods = Results, told straight
# $tokens (String) millions
# $steps (Number)
methods-lead = All trained on the same { $tokens } million tokens in { $steps } steps; bits per byte on held-out text, lower is better. In brackets: routed as published where that looks at later tokens, which a method that predicts them must not; for BASE as in training, balanced.
head-method = method
head-total = total
head-active = active
head-flops = MFLOP a token
head-bits = bits per byte, equal tokens
head-bits-at-flops = equal FLOPs
head-max-over-mean = max/mean
head-cv = CV
head-entropy = entropy
head-dead = dead
head-dropped = dropped
head-speed = tokens/s
head-seeds = seeds
# $flops (String) in units of 10^12
methods-note = Equal FLOPs: read off each run’s curve where training had cost { $flops } TFLOP (three times the forward pass for every token), all that the cheapest run cost. For a costlier run that is a point of a longer schedule, not a run of its own: its learning rate had not fallen to the end yet, so it looks worse there than a run planned for so many steps would; a loss that rose since then is left out (–). Balance is of the worst layer on held-out text, of what the gate asked for, dropped choices included; dead experts are those of all layers. Routing networks are told the domain of every text, as no other model is; to pass a layer by is no expert and takes no load. Where every expert computes every token (Jacobs, the tree of 1994, Soft MoE) loads are even by construction. Capacities are of groups of 256 tokens of one text, and so of one domain, which overflow more often than the papers’ mixed batches.
speed-by-turns = Tokens a second are medians of a few steps of each method, all by turns on one machine (`results/speed.csv`).
speed-of-logs = Tokens a second are those of the runs’ logs, each of its own hour.
speed-of-logs-shared = Tokens a second are those of the runs’ logs, each of its own hour, and some runs shared the machine.
# $logged (String) methods, in a list
speed-of-both = Tokens a second are medians of a few steps of each method, all by turns on one machine (`results/speed.csv`); those of { $logged } are of their logs.
# $logged (String) methods, in a list
speed-of-both-shared = Tokens a second are medians of a few steps of each method, all by turns on one machine (`results/speed.csv`); those of { $logged } are of their logs, and some runs shared the machine.

## Bits per byte by domain

domains = Bits per byte by domain
# $step (String) in per cent
# $shades (Number)
domains-note = The stronger the ground, the more bits than the domain’s best method needs: a shade for every { $step } % more, { $shades } at most.

## What papers claim

claims = What papers claim, and what small models do
# $effects (String) the smallest that matter, in a list
claims-lead = The sign is tested, not the size: our models are far smaller than those of the papers since 2017. Numbers are mean ± standard deviation over the seeds. Below each verdict stands the difference that decides, in the claim’s own quantity, with its 95 % interval (Welch’s t; a number of one seed is taken to spread as others of its kind do). A claim holds where the interval lies above 0. It does not where the interval lies below the smallest effect that matters here: { $effects }; so also where it lies around 0, within that effect. Else it is undecided. “At least as well” allows for that effect. Each row says how large its models are (parameters that a token uses, and that are held, in millions) and how long they were trained; bits per byte compare only within a row.
# $value (String)
effect-max-over-mean = { $value } in max/mean
# $value (String) in per cent
effect-dropped = { $value } % of the choices dropped
# $value (String) in per cent
effect-by-domain = { $value } % of the choices by domain
# $value (String)
effect-sharing = { $value } experts that share a token
head-paper = paper
head-claims = claims that
head-here = here
head-verdict = verdict
head-but = but
head-models = models
claims-note = Every number here was made by `moescope results` from the logs of training.

## The claims, each behind “claims that”

equal-steps = after equal steps, a sparse model beats the dense one of the same active size
equal-flops = after equal training FLOPs, a sparse model beats the dense one of the same active size
equal-seconds = after equal seconds, a sparse model beats the dense one of the same active size
few-take-most = without balancing losses a few experts take most tokens
loss-worse = without balancing losses the loss is worse
hash-as-well = a balanced hash of tokens does at least as well as a learned Switch router
larger-capacity = a larger capacity factor drops fewer tokens
few-dropped = with a capacity factor of 1.25 few tokens are dropped, typically less than 1 %
more-experts = more experts at the same cost of a token lower the loss
bias-balances = a bias balances better than a loss does, at no cost in quality
assigned-even = balanced assignment is exactly even
greedy-even = the greedy choice after training with balanced assignment is nearly even (below 1.5 here)
assigned-as-well = balanced assignment does at least as well as Switch at equal cost
hashes-rank = hashes rank: oracle, balanced, random, clustered, previous token, position
similar-worse = sending similar tokens to the same expert is worse than sending them to different ones
competing-faster = a mixture of competing experts learns faster than one network of the same size
competing-divide = experts that compete divide the cases among them; experts that learn together share every case
tree-faster = a tree of gates learns faster than one network of the same size
by-task = blocks chosen by task are more accurate than one network for all tasks
choosing-faster = experts that choose learn faster than Switch and GShard
slots-beat = soft slots beat experts that choose, and tokens that choose
fine-beat = fine-grained and shared experts beat GShard’s at equal cost
no-topic = which experts are asked does not follow the topic of the text
specialise = experts specialise in domains

## What is not as in the paper, or not alike on both sides

equal-steps-but = Tried with Mixtral’s gate, top 2 without noise, not the paper’s.
equal-flops-but = Tried with Mixtral’s gate, top 2, not the paper’s top 1; read where the cheaper run ended: the other is then a few steps before the end of its schedule.
equal-seconds-but = Tried with Mixtral’s gate, top 2, not the paper’s top 1; read where the faster run ended: the other is then a point of a longer schedule.
larger-capacity-but = Judged by the drop rates’ line through all factors; the paper’s balanced experts drop less than 1 %; ours are not balanced after so few steps, and drop far more.
few-dropped-but = A capacity is shared by 256 tokens of one text here, and so of one domain; in the paper by a large mixed batch.
more-experts-but = Judged by the line through all numbers of experts.
bias-balances-but = Not like for like: the bias goes with sigmoid scores and the loss with softmax scores, so more than the balancing differs.
assigned-as-well-but = Judged by the small models, which have three seeds; the larger ones have one, and their Switch drops tokens.
competing-faster-but = Our experts compete in the last layer only, where they have a target; the paper’s are whole networks.
competing-divide-but = Our experts compete in the last layer only; of eight, so 8 is all.
tree-faster-but = The paper fits the tree by expectation and maximisation, here it learns by the gradient.
by-task-but = The routed model is told the domain of every text, the other is not.
choosing-faster-but = As published, where experts that choose see later tokens, and with them what has to be predicted; Switch holds more, GShard as much.
slots-beat-but = The paper’s models see images; as published the first two see later tokens, and soft slots cost more.
fine-beat-but = Our fine experts are routed as in DeepSeek-V3, by sigmoids and a bias; the paper’s by softmax, with balancing losses. GShard has a capacity.
topics-but = Our domains are languages, code and markup, further apart than the paper’s; the hash shows what the tokens alone bring.

## The models beside a claim

with-balancing = with balancing
without-balancing = without
bias = bias on sigmoid scores
bias-fast = bias, ten times faster
loss = loss on softmax scores
gate-of-mixtral = Mixtral’s gate
random-hash-of-tokens = a random hash of tokens
random-hash = random hash
balanced-hash = balanced hash
# $factor (String)
factor = factor { $factor }
gshard-two-choices = GShard, factor 1, two choices
# $experts (Number)
experts = { $experts ->
    [one] { $experts } expert
   *[other] { $experts } experts
}
assigned = assigned
greedy = greedy
larger-base = larger: BASE
larger-switch = larger: Switch
oracle = oracle
balanced = balanced
random = random
clustered = clustered
dispersed = dispersed
previous = previous
position = position
competing = competing
one-network = one network
together = learning together
larger-together = larger: learning together
larger-one-network = larger: one network
tree = tree
larger-tree = larger: tree
by-domain = routed by domain
expert-choice = expert choice
expert-choice-causal = expert choice left to right
soft = soft
experts-choose = experts choose
tokens-choose = tokens choose
fine-and-shared = fine and shared
fine-experts = 16 fine experts
