### The arithmetic of routing methods with the numbers of one token (lessons stand with their method, in src/methods).

## Families

family-blend = Every expert has a share
family-top-k = The gate picks the best k
family-capacity = Experts take only so many
family-assigned = Tokens are assigned
family-hash = A hash decides
family-experts = Experts choose, or nobody does
family-dense = Dense, to compare with

## What several methods say

nothing-chosen = No expert was chosen.
# $list (String) the chosen experts with their scores
chosen-scores = Chosen, with their scores p: { $list }.
# $expert (String)
# $weight (String)
weight-is-score = The weight is the score itself: { $weight } for { $expert }.
# $expert (String)
# $weight (String)
weight-of = The weight of { $expert } is { $weight }.
# $list (String) the kept expert with its score
kept-one = Kept is the largest score: { $list }.
# $count (Number)
# $list (String) the kept experts with their scores
kept-many = Kept are the { $count } largest scores: { $list }.
tie-lower = Of equal ones the lower number is kept.
tie-equal = Others are equal to the last of these.
# $expert (String)
# $score (String)
# $powers (String) e to the kept scores, as a sum
# $weight (String)
softmax-over-those = Softmax over those: w of { $expert } = e^{ $score } / ({ $powers }) = { $weight }.
# $p (String)
# $sum (String) the kept probabilities, as a sum
# $share (String)
from-probabilities = From the probabilities: { $p } / ({ $sum }) = { $share }. Divided by the sum of the kept, the weights add up to 1.
# $list (String) the kept expert with its probability
softmax-kept-one = p = softmax(s) over all experts: kept is the largest, { $list }.
# $count (Number)
# $list (String) the kept experts with their probabilities
softmax-kept-many = p = softmax(s) over all experts: kept are the { $count } largest, { $list }.
softmax-too-small = Where p is too small to be told from 0, the score s decides.
# $expert (String)
# $p (String)
# $sum (String) the kept probabilities, as a sum
# $weight (String)
divided-by-sum = Divided by their sum: w of { $expert } = { $p } / ({ $sum }) = { $weight }.
# $expert (String)
# $weight (String)
weight-is-p = The weight is p itself, for { $expert } { $weight }; nothing is divided.
# $sum (String)
alone-whole = It is { $sum }: as much as weights that add up to 1.
# $sum (String)
alone-less = It is { $sum }: the layer’s output is that much smaller than with weights that add up to 1.
# $sum (String)
together-whole = Together they are { $sum }: as much as weights that add up to 1.
# $sum (String)
together-less = Together they are { $sum }: the layer’s output is that much smaller than with weights that add up to 1.
shared-expert = The shared expert is added with weight 1, whatever the gate says.
weights-unknown = How these weights follow from the scores is not known for this method.
weights-differ = The weights are as recorded; they do not follow from these scores alone.

## Queues: GShard and Switch

no-capacity = The capacity is not recorded.
# $expert (String)
# $place (Number)
queue-full = In the queue of { $expert } this token is number { $place }: the expert is full, the choice is dropped and its weight is 0. The residual stream carries the token on.
# $expert (String)
# $place (Number)
queue-room = In the queue of { $expert } this token is number { $place }: there is room.
# $first (String) an expert
# $p (String) its probability
# $second (String) another
# $q (String) its probability
gshard-largest = p = softmax(s): the two largest are { $first } { $p } and { $second } { $q }.
# $p (String)
# $q (String)
# $first (String) the first weight
# $second (String) the second
gshard-divided = Divided by their sum: { $p } / ({ $p } + { $q }) = { $first }, and { $second }.
# $expert (String)
# $p (String)
switch-largest = p = softmax(s): the largest is { $expert } with { $p }.
# $p (String)
switch-gradient = The weight is p itself, { $p }, and not p / p = 1: so the router gets a gradient.
# $p (String)
switch-no-gradient = The weight is p itself, { $p }, and not p / p = 1: the router would get a gradient by it, but where p is 1 no score changes it.

## Dense

dense = There is one network and no gate: nothing is scored, and the weight is 1.

## Biases: gpt-oss, DeepSeek, DeepSeek-V4

gpt-oss-no-bias = A learnt bias b is in the scores; how large it is, is not recorded.
# $expert (String)
# $before (String) the score without the bias
# $bias (String)
# $score (String)
gpt-oss-bias = A learnt bias b is added before anything is chosen: s of { $expert } = { $before } + ({ $bias }) = { $score }.
deepseek-no-bias = The bias is not recorded.
# $score (String)
# $bias (String)
# $sum (String)
deepseek-bias = For the choice the bias counts: { $score } + ({ $bias }) = { $sum }.
# $expert (String)
# $logit (String)
# $score (String)
deepseek-score = s of { $expert } = σ({ $logit }) = { $score }.
# $score (String)
# $sum (String) the chosen scores, as a sum
# $weight (String)
deepseek-weight = In the weight the bias has no part: { $score } / ({ $sum }) = { $weight }.
# $weight (String)
deepseek-scoreless = In the weight the bias has no part: { $weight }: the scores of all that were chosen are 0, so none has a share.
# $rule (String) a whole sentence: how the table was made
# $key (String) what the token is looked up by
# $experts (String)
v4-table = { $rule } For { $key } it has { $experts }; their scores have no part in that.
v4-no-bias = The bias that counts for the choice is not recorded.
# $score (String)
# $bias (String)
# $sum (String)
v4-bias = For the choice a bias counts: { $score } + ({ $bias }) = { $sum }.
# $expert (String)
# $logit (String)
# $score (String)
v4-score = s of { $expert } = √ln(1 + e^({ $logit })) = { $score }.
# $factor (String)
# $score (String)
# $sum (String) the chosen scores, as a sum
# $weight (String)
v4-weight = The weight is { $factor } · { $score } / ({ $sum }) = { $weight }.
# $score (String)
# $sum (String) the chosen scores, as a sum
# $weight (String)
v4-weight-unscaled = The weight is { $score } / ({ $sum }), times a factor that is not recorded: { $weight }.
# $weight (String)
v4-scoreless = The weight is { $weight }: the scores of all that were chosen are 0, so none has a share.

## BASE

# $expert (String)
base-best = The balanced assignment leaves the token with its best expert, { $expert }.
# $best (String) the expert that the token would take
# $wish (String) its affinity
# $expert (String) the one that it got
# $affinity (String)
base-sent = By itself the token would take { $best } (h·w = { $wish }); the balanced assignment sends it to { $expert } ({ $affinity }), for the sake of the others.
# $expert (String)
# $affinity (String)
base-greedy = Greedy: { $expert } has the largest affinity, h·w = { $affinity }.
# $affinity (String)
# $weight (String)
base-weight = The weight is σ(h·w) = σ({ $affinity }) = { $weight }.

## Hash layers

# $key (String)
# $expert (String)
hash-of = No score is computed: the hash of { $key } is { $expert }.
# $key (String)
# $expert (String)
hash-table = No score is computed: the table has { $expert } for { $key }.
hash-weight = The weight is 1, and there is nothing to learn about whom to ask.

## Mixtures

# $expert (String)
# $p (String)
jacobs-most = p = softmax(s) is the weight of every expert: { $expert } has most, { $p }.
# $experts (Number)
# $sum (String)
jacobs-blend = All { $experts } experts are computed and blended; their shares add up to { $sum }.
tree-not-recorded = How the tree branches is not recorded.
# $expert (String)
# $branch (Number)
# $share (String)
# $within (String)
# $product (String)
tree-leaf = { $expert } is in branch { $branch }: g = { $share } for the branch times { $within } for the leaf = { $product }.
# $weight (String)
tree-kept = After the cut each gate’s shares are divided by the sum of the kept ones: the weight is { $weight }. No noise is added outside training.

## Routing networks

policy-not-recorded = The policies themselves are not recorded.
# $domain (Number)
policy-domain = The text is said to be of domain { $domain }: that policy decides.
# $tasks (Number)
policy-mean = Nobody says of which domain the text is: the mean of { $tasks } policies decides.
# $expert (String)
# $p (String)
policy-block = The most likely block is { $expert } with { $p }, for every token of the text.
policy-pass = It is “pass”: nothing is computed, and the residual stream carries the text on.
policy-weight = Its weight is 1.

## Expert choice

expert-choice-none = No expert took this token: it was among the best of none. The residual stream carries it on.
# $list (String) the experts, each with the rank that it gave the token
expert-choice-taken = Taken by { $list }.
# $expert (String)
# $rank (Number)
# $of (Number)
expert-choice-rank = { $expert } (its number { $rank } of { $of })
# $count (Number)
# $list (String)
expert-choice-own = Left to right: the token takes its own { $count } best experts, { $list }.
# $weight (String)
# $expert (String)
expert-choice-weight = The weight is the score itself, { $weight } for { $expert }, not renormalised.

## Soft MoE

soft-sum = What was computed is y = Σ_s C_s E(x̃_s), over all slots s.
# $expert (String)
# $share (String)
soft-most = { $expert } gives most, { $share }; the shares of all experts add up to 1.
soft-alone = Left to right every slot holds just this token, so its experts’ outputs are blended by these shares.
# $slots (Number)
# $expert (String)
# $share (String)
soft-mixtures = No expert computed this token by itself: each computed { $slots } mixtures x̃ of the group’s tokens, one for every slot. C says how much of each this token takes; over the slots of { $expert } it adds up to { $share }.
# $expert (String)
# $share (String)
soft-mixtures-unknown = No expert computed this token by itself: each computed mixtures x̃ of the group’s tokens, one for every slot. C says how much of each this token takes; over the slots of { $expert } it adds up to { $share }.
