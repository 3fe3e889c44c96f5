### What is wrong with a trace that somebody opens. People count layers and tokens from 1, places in the file count from 0.

# $place (String)
# $fault (String)
at = { $place }: { $fault }

## Places

# $layer (Number)
# $path (String)
layer = layer { $layer } ({ $path })
# $layer (Number)
# $token (Number)
# $path (String)
layer-token = layer { $layer }, token { $token } ({ $path })
# $layer (Number)
# $row (Number)
# $path (String)
layer-row = layer { $layer }, row { $row } ({ $path })
# $token (Number)
# $path (String)
token = token { $token } ({ $path })
# $token (Number)
# $path (String)
# $start (Number)
# $end (Number)
token-bytes = token { $token } ({ $path }), bytes { $start } to { $end }

## Files

# $size (Number)
# $most (Number)
too-large = the file has { $size } MB; traces up to { $most } MB can be opened
# $bytes (Number)
cut-off = this is not a whole moescope trace: it breaks off after { $bytes } bytes
# $detail (String)
unreadable = this is not a moescope trace ({ $detail })
# $entries (Number)
list = it is JSON, but no moescope trace: it is a list of { $entries } and not an object
# $field (String)
lacks = it is JSON, but no moescope trace: { $field } is missing
# $fields (String)
# $last (String)
lacks-many = it is JSON, but no moescope trace: { $fields } and { $last } are missing
# $detail (String)
unwritable = the trace cannot be written ({ $detail })
other-shape = the new token’s routing has another shape than the trace
# $schema (String)
# $first (String)
# $second (String)
schema = this is “{ $schema }”, and only “{ $first }” and “{ $second }” can be read
# $schema (String)
missing = it is missing, and only { $schema } may leave it out

## Numbers of the model and of a layer

# $value (Number)
# $least (Number)
# $most (Number)
bounds = { $value }, but it must be between { $least } and { $most }
# $k (Number)
# $experts (Number)
top-k = { $k } of { $experts } experts cannot be chosen
# $groups (Number)
# $experts (Number)
groups = { $groups } must divide the { $experts } experts
no-token = a group must have at least 1 token
no-slot = an expert must have at least 1 slot
# $value (Number)
# $most (Number)
at-most = { $value }, but it must be at most { $most }
# $most (String)
scaling = what weights add up to must be above 0 and at most { $most }
no-room = an expert must be able to take at least 1 token
# $layers (Number)
# $said (Number)
layers = there are { $layers }, but model.layers says { $said }
# $experts (Number)
# $k (Number)
most-of-layers = they say { $experts } and { $k }, which must be the most that any of layers[..].info says
# $value (Number)
# $most (Number)
layer-experts = { $value }, but it must be between 1 and the { $most } that model.experts says
# $value (Number)
# $most (Number)
# $experts (Number)
# $k (Number)
layer-top-k = { $value }, but it must be between 1 and { $most }, for there are { $experts } experts and model.top_k says { $k }
# $block (Number)
# $blocks (Number)
block = { $block }, but model.blocks says { $blocks }, and they count from 0
# $method (String)
method = “{ $method }” is no method that is known here; leave the field out where it is another
duration = a duration must be a number of milliseconds, 0 or more

## Tokens

# $tokens (Number)
# $most (Number)
too-many-tokens = { $tokens } are too many; at most { $most } can be read
backwards = it ends before it begins
out-of-order = it lies before the token in front of it
# $bytes (Number)
behind-the-end = the text has only { $bytes } bytes
inside-a-character = it begins or ends inside a character
# $token (String)
# $text (String)
other-text = it says “{ $token }”, and the text has “{ $text }” there
# $entries (Number)
# $tokens (Number)
entries = { $entries } entries for { $tokens } tokens; give one each, or leave the field out

## Matrices

# $rows (Number)
# $columns (Number)
# $tokens (Number)
# $want (Number)
rows-of-experts = { $rows } rows of { $columns }, but { $tokens } tokens and { $want } experts need { $tokens } rows of { $want }
# $rows (Number)
# $columns (Number)
# $tokens (Number)
# $want (Number)
rows-of-choices = { $rows } rows of { $columns }, but { $tokens } tokens and { $want } choices need { $tokens } rows of { $want }
# $rows (Number)
# $columns (Number)
# $tokens (Number)
rows-of-tokens = { $rows } rows of { $columns }, but { $tokens } tokens need { $tokens } rows of { $tokens }
# $columns (Number)
# $experts (Number)
columns = rows of { $columns }, but there are { $experts } experts
# $entry (Number)
not-finite = entry { $entry } is not a finite number

## Choices, weights and scores

# $expert (Number)
# $experts (Number)
# $last (Number)
no-expert = expert { $expert } does not exist; the { $experts } experts are 0 to { $last }
# $expert (Number)
twice = expert { $expert } is chosen twice
unordered = the chosen experts are not in descending order of weight
# $entry (Number)
# $weight (String)
# $most (String)
no-weight = entry { $entry } is { $weight }; no rule makes a weight below 0 or above { $most }
# $weight (String)
dropped = a choice was dropped and has the weight { $weight }; it must be 0
# $expert (Number)
# $entry (Number)
# $score (String)
no-root = the score of expert { $expert } (entry { $entry }) is { $score }; no score of this convention is below 0
# $expert (Number)
# $entry (Number)
# $score (String)
no-probability = the score of expert { $expert } (entry { $entry }) is { $score }; no rule makes that a probability, which lies between 0 and 1
# $sum (String)
more-than-one = the probabilities add up to { $sum }, which is more than 1
candidate = a probability must be between 0 and 1
# $sum (String)
# $convention (String)
scores-sum = the scores add up to { $sum } and not to 1, as the convention “{ $convention }” has it
# $score (String)
# $exact (String)
# $convention (String)
other-score = a score is { $score } where its logit makes { $exact }, as the convention “{ $convention }” has it
# $sum (String)
# $convention (String)
weights-sum = the weights add up to { $sum } and not to 1, as the convention “{ $convention }” has it
# $choice (Number)
# $weight (String)
# $exact (String)
# $convention (String)
other-weight = the weight of choice { $choice } is { $weight } where its score makes { $exact }, as the convention “{ $convention }” has it

## Attention

# $entry (Number)
# $share (String)
no-share = entry { $entry } is { $share }; a share lies between 0 and 1
# $entry (Number)
# $share (String)
later = entry { $entry } is { $share }, but that token comes later
# $sum (String)
shares-sum = the shares add up to { $sum }, which is more than 1

## Counts

counts-and-tokens = a recording that holds its tokens is counted by them; leave the counts out
# $counts (Number)
# $experts (Number)
counts = { $counts } counts for { $experts } experts
# $expert (Number)
# $entry (Number)
# $load (Number)
# $tokens (Number)
overloaded = expert { $expert } (load[{ $entry }]) was chosen { $load } times by { $tokens } tokens
# $made (String)
# $k (Number)
# $tokens (Number)
too-many-choices = { $made } choices are more than { $k } of each of { $tokens } tokens

## Predictions

no-loss = a loss must be a finite number
# $loss (String)
loss-below-zero = a loss cannot be below 0, and this is { $loss }
# $loss (String)
# $prob (String)
# $predicted (String)
other-loss = a loss of { $loss } is a probability of { $prob }, but the token in front predicts it with { $predicted }
