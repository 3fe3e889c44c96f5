### The pictures of the view Method: what is written in them, and what is said of them. Layers, tokens and experts are counted
### from 1.

## What several say

corner-token = Token
corner-expert = Expert
corner-domain = Domain
# $first (Number)
# $last (Number)
# $all (Number) tokens of the text
tokens-drawn = Tokens { $first } to { $last } of { $all } are drawn.
# $text (String) what the cell shows
cell-chosen = { $text } chosen
# $text (String) what the cell shows
cell-wanted = { $text } wanted
# $rest (Number)
more = + { $rest } more
weight = weight
# $weight (String)
weight-of = weight { $weight }
not-chosen = not chosen
score = score s

## The order in which a text was routed

ahead-training = balanced, as in training
ahead-published = as published
routed-balanced = Routed balanced, as in training: later tokens took part.
routed-published = Routed as published: later tokens took part.
routed-written = What the model wrote came left to right, without them.
routed-greedy = Routed left to right, each token to its best expert: no later token took part.
routed-causal = Routed left to right, by a causal variant of the method: no later token took part.
writes-greedy = Writing always goes left to right: each token takes its best expert, and nothing is balanced.
writes-causal = Writing always goes left to right, by the causal variant of this method, also where a text is routed as published.

## BASE: who wanted whom

# $layer (Number)
assignment = Assignment of tokens to the experts of layer { $layer }
assignment-went = all, as they went
assignment-wanted = all, by themselves
# $tokens (Number)
# $moved (Number)
assignment-balanced = Affinity of each token with each expert. Balanced, as many tokens to every expert: of all { $tokens } tokens { $moved } went elsewhere than to their best one (dashed).
assignment-greedy = Affinity of each token with each expert. Greedy: each token takes its best one.
assignment-below = Below them, counts over the whole text.

## Soft MoE: slots

# $layer (Number)
mixing = Which tokens the slots of layer { $layer } are mixed of
mixing-told = The share that each token has in the inputs of an expert’s slots, their mean; over all tokens of a group the shares of an expert add up to 100 %.

## DeepSeek: scores and biases

# $layer (Number)
biases = Scores and biases of the experts of layer { $layer }
biases-told = The bias takes part in the choice and not in the weight. Dashed: chosen by score alone, but not with the bias. The shared expert sees every token.
bias = bias b
# $number (Number)
shared = shared { $number }
always-on = always on

## Tables and hashes

# $layer (Number)
buckets-of-places = Which places of this text go to which expert of layer { $layer }
buckets-of-places-told = Each expert’s bucket: the places whose hash it is. There is no table; the hash is the same in every layer.
# $layer (Number)
buckets-of-table = The table of layer { $layer }, as far as this text uses it
buckets-of-table-told = Each expert’s bucket: the tokens that the table sends there, and how often in this text. A token is in the buckets of all its experts; the gate only weighs them.
# $layer (Number)
buckets-of-hash = The hash table of layer { $layer }, as far as this text uses it
buckets-of-hash-told = Each expert’s bucket: what leads to it, and how often in this text. The table is fixed and the same in every layer.
key-beginning = the beginning
# $place (Number)
key-place = place { $place }
bucket-beginning = (beginning)

## Routing networks: the policies

policy = The policy: the most likely block for each domain and depth
# $domain (String)
# $layer (Number)
# $entropy (String)
# $pool (String) the blocks among which it chooses
# $most (String) the largest probability
policy-of-domain = One policy for each domain that the model was trained on. This text is said to be of the domain { $domain }, so its policy decides, for all tokens alike. How decided they are in layer { $layer }: entropy { $entropy } (1 is undecided among the { $pool }, 0 is certain), mean of all domains; the largest probability in any of them is { $most }.
# $layer (Number)
# $entropy (String)
# $pool (String) the blocks among which it chooses
# $most (String) the largest probability
policy-of-mean = One policy for each domain that the model was trained on. Nobody says which domain this text is of, so the mean of all policies decides, for all tokens alike. How decided they are in layer { $layer }: entropy { $entropy } (1 is undecided among the { $pool }, 0 is certain), mean of all domains; the largest probability in any of them is { $most }.
# $number (Number)
task = task { $number }
# $name (String) the domain
used-here = { $name }, used here
mean = mean
mean-used-here = mean, used here
entropy-mean = entropy, mean
largest-probability = largest π
# $layer (Number)
column-layer = layer { $layer }

## The cut of a gate

importance = importance
load = load
mean-score = mean score P
share = share f
# $loss (String)
balance-loss = E Σ f P = { $loss }; even: 1
# $tokens (Number)
beside-shares = Beside them, over all { $tokens } tokens: P, the mean probability, and f, the share of the choices. Training keeps the balance loss E Σ f P small; dashed: the mean.
# $tokens (Number)
beside-importance = Beside them, over all { $tokens } tokens: importance, the sum of an expert’s weights, and load, the tokens that chose it. Training keeps both CV² small (variance over squared mean; 0 is even), load there as a smooth estimate from the noise; dashed: the mean. Routing a text adds no noise, so the scores are clean; the size of the noise in training is not in a trace, and is not drawn.
# $layer (Number)
# $token (String)
cut = What the gate of layer { $layer } keeps of “{ $token }”
# $count (Number)
# $cut (String)
cut-told = Each expert’s score. The { $count } best are kept, those from the cut at { $cut } upwards; the others are not computed.
cut-none = Each expert’s score. None is kept: no expert is computed for this token.
# $tokens (Number)
beside-plain = Beside them, over all { $tokens } tokens: importance, the sum of an expert’s weights, and load, the tokens that chose it; dashed: the mean.
# $weight (String)
cut-kept = kept, weight { $weight }
# $distance (String)
cut-below = { $distance } below the cut
# $score (String)
cut-line = cut { $score }
all-experts = all

## Queues

# $capacity (Number)
room-unknown-group = Each expert has room for { $capacity }; how many tokens share it is not recorded.
# $capacity (Number)
# $group (Number)
# $factor (String)
# $experts (Number)
room = Each expert has room for { $capacity } in a group of { $group } tokens ({ $factor } × { $group } / { $experts }).
# $filled (Number)
room-text-fills = This text fills { $filled } of them.
room-text-fills-all = This text fills it.
# $first (Number)
# $last (Number)
# $filled (Number)
room-group-fills = This one, tokens { $first } to { $last }, has { $filled } of them.
# $first (Number)
# $last (Number)
room-group = This one is tokens { $first } to { $last }.
# $count (Number)
# $dropped (Number)
queue-count = { $count }, { $dropped } out
# $capacity (Number)
queue-capacity = capacity { $capacity }
# $layer (Number)
# $first (Number)
# $last (Number)
queues = Queues before the experts of layer { $layer }, tokens { $first } to { $last }
queues-told = Each expert’s tokens in the order of their places.
queues-none-dropped = No queue is longer than that, and nothing was dropped.
# $dropped (Number)
queues-dropped = Behind the line { $dropped } were dropped.
# $taken (Number)
# $capacity (Number)
queue-taken = { $taken } of { $capacity }
head-taken = Taken
head-tokens = Tokens
head-dropped = Dropped

## Expert choice: what each took

# $layer (Number)
picks = What each expert of layer { $layer } took
# $count (Number)
picks-none = none { $count }
picks-ahead = Each expert’s tokens with their scores, as many for every expert; the last row are tokens that none took.
picks-causal = Left to right a token takes its own best experts, so the experts’ numbers differ; as published each would take as many.
# $first (Number)
# $last (Number)
# $all (Number) tokens of the text
picks-group = These are tokens { $first } to { $last } of { $all }, one group.

## A tree of gates

# $layer (Number)
tree = The tree of gates of layer { $layer } at the selected token
tree-told = The first gate’s share of a branch times the second gate’s share of a leaf is the leaf’s share.
# $branch (Number)
# $share (String)
tree-branch = branch { $branch }: { $share }
# $product (String)
# $weight (String)
tree-product = = { $product }, weight { $weight }
# $product (String)
tree-product-not-chosen = = { $product }, not chosen
head-branch = Branch
head-share = Its share
head-within = Share in the branch
head-product = Product
head-weight = Weight

## Shares as bars

# $experts (Number)
# $layer (Number)
shares = Each token’s shares of the { $experts } experts in layer { $layer }
shares-told = A bar for each token, cut into the experts’ shares, which add up to 1.
