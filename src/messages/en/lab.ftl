### The train screen: what stands on it, and what its state has to say. Branches are counted from 1.

skip = Skip to the run

## The bar below

pause = ❙❙ Pause
start = ▶ Start
train-on = ▶ Continue
step-once = Step
step-once-what = Train by one step
speed = Speed
speed-full = Full speed
# $steps (Number)
speed-limit = { $steps ->
    [one] { $steps } step/s
   *[other] { $steps } steps/s
}
back = One recorded step back (←)
on = One recorded step on (→)
newest = Newest
newest-what = Follow the newest step (End)
settings = Settings
branch-here = Branch here
branch-here-what = From the step that is looked at, another way: with another method or other coefficients (B)
explore = Explore
explore-what = Open the model as it is now in the explorer
share = Share
share-what = Copy a link that starts the same run

# $task (String) what goes on, such as Reading the text
progress-begun = { $task }…
# $task (String) what goes on, such as Reading the text
# $done (Number)
# $total (Number)
progress = { $task }: { $done } of { $total }
trainer-loading = The trainer is loading…
# $steps (String)
rate = { $steps } steps/s
# $used (String) bytes with their unit
# $limit (String) bytes with their unit
history = history { $used } of { $limit }
# $limit (String) bytes with their unit
# $steps (Number)
history-what = At most { $limit } of recorded weights and routing are kept: when they are full, those between near neighbours go first. Of a branch's curve at most { $steps } steps are kept: then only every second pair of neighbours.

## The menu “Run”

run = Run
export = Export
export-what = settings, curves, checkpoints of all branches, traces: one ZIP
curves = Curves
curves-svg = SVG, as they are drawn now
curves-png = PNG
curves-csv = Curves in numbers
curves-csv-what = CSV of the selected branch: losses, load and every expert’s share
probe-flow-save = Probe’s flow
probe-flow-svg = SVG, as it is drawn now
probe-flow-png = PNG
probe-routes-save = Probe’s routes
probe-routes-csv = CSV, one line a choice
open-file = Open a file…
open-file-what = a run exported here, a text, a trace, a checkpoint’s files; or drop them
reset = Reset
reset-what = the same run again from its beginning, with the settings it began with: changes on the way and branches are forgotten
background = Train on while this tab is hidden
background-what = otherwise it pauses and goes on when you return

## The branches, and how the curves are shown

branches = Branches
trained = What is trained
train-all = Train all
train-selected = Selected only
shown-as = Shown as
table = Table
# $step (Number)
step = step { $step }
# $branch (Number)
forget-branch = Forget branch { $branch }

## What a branch is called

# $branch (Number)
# $method (String) with its year
branch-of-method = { $branch }: { $method }
# $branch (Number)
# $step (Number)
# $method (String) with its year
branch-other-method = { $branch }: from step { $step }, { $method }
# $branch (Number)
# $step (Number)
# $method (String) with its year
branch-opened = { $branch }: { $method }, opened at step { $step }
# $branch (Number)
# $step (Number)
branch-copy = { $branch }: copy from step { $step }
# $branch (Number)
# $step (Number)
# $changes (String) what it does otherwise, in a list
branch-changed = { $branch }: from step { $step }, { $changes }
# $setting (String) short, such as learning rate
# $value (String)
change = { $setting } { $value }

## What waits for an answer, above the curves

# $step (Number)
# $rate (Number)
go-back = Go back to step { $step } and branch with learning rate { $rate }
broken-stays = The broken branch stays to be looked at.
# $branches (Number)
sure = Reset forgets all { $branches } branches and begins the run again.
keep-branches = Keep the branches
export-saves = Run → Export saves them.
new-branch = New branch
# $step (Number)
new-branch-from = New branch from step { $step }.
# $changes (String) what it does otherwise, in a list
otherwise = It goes its own way with: { $changes }.
# $branch (Number)
otherwise-what = What shall it do otherwise? Choose another routing method or coefficient in the settings. Unchanged, it would do the same as branch { $branch } again.
# $step (Number)
branch-at = Branch at step { $step }
make-copy = Make a copy
no-branch = No branch

## Before the first run

start-from = Start from
own-settings = Settings of your own
begin = Start
getting-ready = Getting ready…
# $run (String) its method and its step
go-on = Go on with your last run ({ $run })
forget = Forget it
# $size (String) bytes with their unit
kept-here = This browser kept its newest saved step, { $size }, on this machine.
# $method (String) with its year
# $step (Number)
# $others (Number) further branches in the same file
kept-run = { $others ->
    [0] { $method }, step { $step }
    [one] { $method }, step { $step }, and another branch
   *[other] { $method }, step { $step }, and { $others } other branches
}
nothing-is-sent = A small language model begins with random weights and learns from the text, in this page. Nothing is sent anywhere.

## The settings

settings-close = Close the settings
too-fast = Too fast to follow? The bar below has lower speeds, and every recorded step can be gone back to.
settings-when = change while it runs
model = Model
model-when = for a new run; the method also for a branch
text = Text
text-when = for a new run
nothing = nothing
text-mixed = All bundled texts
text-stories = Short stories
text-arithmetic = Sums and differences
text-code = A small programming language
text-own = Your own file
choose-file = Choose a file…
drop-file = or drop one here. It stays on this machine.
# $file (String)
run-reads = The run reads { $file }.
# $value (String)
# $setting (String)
take = Take { $value } for “{ $setting }”

not-in-force = Not yet in force.
not-in-force-past = Chosen while looking at the past: not yet in force.
apply = Apply now
start-new = Start a new run
undo = Undo
new-takes-place = A new run takes the place of this one: export it first to keep it.

# $parameters (Number)
# $memory (String) bytes with their unit
needs = { $parameters } parameters · about { $memory } of memory
# $branches (Number)
# $memory (String) bytes with their unit
# $limit (String) bytes with their unit
needs-together = All { $branches } branches: about { $memory } of memory, { $limit } at most
# $read (String) bytes with their unit
# $train (Number)
# $held (Number)
text-read = Read: { $read } of text, { $train } tokens to train on, { $held } held out
# $read (String) bytes with their unit
# $train (Number)
# $held (Number)
# $all (String) bytes with their unit
text-read-part = Read: { $read } of text, { $train } tokens to train on, { $held } held out (the file has { $all })

## Why nothing can begin

first-a-file = First choose a file to read, or a bundled text.
first-mend = First mend the setting that is marked.

## The right column

at-this-step = At this step
probe = Probe
probe-what = A sentence of yours, and the experts that its tokens go to, anew as the model learns.
writes = It writes
writes-what = What the model writes at that step: first noise, then letters, then words.
at-this-step-what = Load, router entropy and dead experts of every layer at the step that you look at.
probe-sentence = Probe sentence
not-computed = not computed yet
# $step (Number)
at-step = at step { $step }
# $step (Number)
nearest-kept = nearest kept step: { $step }
routes = Routes
flow = Flow
routes-of-probe = Routes of the probe sentence
token = Token
# $tokens (Number)
show-all = Show all { $tokens } tokens
full = full
write-now = Write now
nothing-written = Nothing yet.

# $train (String) nats
losses-unmeasured = Train loss { $train } nats · held-out not measured yet
# $train (String) nats
# $held (String) nats
# $bits (String) bits per byte
# $step (Number)
losses = Train loss { $train } nats · held-out { $held } nats, { $bits } bits per byte (step { $step })
layers-at-step = Layers at this step
of-batch = this step’s batch
of-held-out = held-out text
layer = Layer
busiest = busiest
max-over-mean = max/mean
max-over-mean-what = Largest load over mean load
router-entropy = router H
router-entropy-what = Mean entropy of a token's scores over ln E
router-fixed = fixed
full-what = Choices that found their expert full
max-over-mean-held-out = Largest load over mean load, routed as in use
dead = dead
dead-what = Experts that nobody asked for
same = same
same-what = Choices that are as at the evaluation before

# $layers (String) the losses of each layer, in a list
auxiliary = Auxiliary losses, without their coefficients: { $layers }.
# $layer (Number)
# $losses (String) in a list
auxiliary-of-layer = layer { $layer }: { $losses }
# $value (String)
auxiliary-balance = balance { $value }
# $value (String)
auxiliary-z = z { $value }
# $value (String)
auxiliary-importance = importance { $value }
# $value (String)
auxiliary-load = load { $value }

# $batch (String) one number, or two as in best-and-random
# $held (String) one number, or two as in best-and-random
# $dead (String)
# $random (String)
baseline = The best that so many choices can reach, and what random choices would give: max/mean { $batch } in a batch; { $held } on held-out text, where { $dead } and { $random } experts are dead.
# $batch (String) one number, or two as in best-and-random
# $held (String) one number, or two as in best-and-random
# $dead (String)
# $random (String)
baseline-dealt = The best that so many choices can reach, and what random choices would give: max/mean { $batch } in a batch, where BASE deals the tokens out itself; { $held } on held-out text, where { $dead } and { $random } experts are dead.
# $best (String)
# $random (String)
best-and-random = { $best } and { $random }
simulated = ≈: the mean of a simulation.

## The curves in numbers

curves-in-numbers = Curves in numbers
# $branch (String) its name
# $rows (Number)
# $all (Number)
table-what = { $branch }: { $rows } of { $all } recorded steps. Loss in nats per token; H is entropy over ln E. All numbers are in the export.
table-step = Step
table-train = Train
table-held-out = Held-out
# $layer (Number)
table-max-over-mean = L{ $layer } max/mean
table-load-entropy = load H

## The curves, and what is saved of them

ruler = Step
# $seed (String)
# $k (Number)
# $experts (Number)
# $layers (Number)
picture-about = seed { $seed } · { $k } of { $experts } experts in each of { $layers } layers
# $device (String)
picture-made = trained on { $device }
# $step (Number)
probe-at = probe at step { $step }
# $detail (String) what the browser says
not-drawn = The curves could not be drawn ({ $detail }). The table has the same numbers.
no-canvas = no canvas
# $detail (String) what the browser says
numbers-not-saved = The numbers could not be saved ({ $detail }).
# $detail (String) what the browser says
run-not-saved = The run could not be saved ({ $detail }).
# $detail (String) what the browser says
not-kept = This browser keeps no copy of the run ({ $detail }): only an export survives the page.
insecure = the page is not on a secure address

## Texts of the visitor's

# $file (String)
# $byte (Number) counted from 1
text-unpaired = { $file } is UTF-16, but byte { $byte } begins half of a character pair that stands alone. Save it as plain text in UTF-8, or choose another file.
# $file (String)
# $bytes (Number)
text-odd = { $file } is UTF-16, but it has { $bytes } bytes, an odd number, so its end is missing. Save it as plain text in UTF-8, or choose another file.
# $file (String)
# $byte (Number) counted from 1
text-zero = { $file } is no text: byte { $byte } is zero, as in pictures, programs and archives. Choose a plain text file in UTF-8.
# $file (String)
# $at (Number) counted from 1
# $byte (String) in hexadecimal
text-not-utf8 = { $file } is not UTF-8 at byte { $at } (0x{ $byte }). Save it as plain text in UTF-8, or choose another file.
# $file (String)
text-empty = { $file } is empty: there is nothing to learn. Choose a file with text in it.
# $file (String)
# $all (String) bytes with their unit
# $used (String) bytes with their unit
text-cut = { $file } has { $all }: its first { $used } are read, the rest is not.
# $file (String)
# $order (String) little-endian or big-endian
text-utf16 = { $file } is UTF-16 ({ $order }) and is read as that.
# $file (String)
# $bytes (Number)
# $least (Number)
text-short = { $bytes ->
    [one] { $file } holds { $bytes } byte of text, and a run needs at least { $least } to learn from: it is routed here instead.
   *[other] { $file } holds { $bytes } bytes of text, and a run needs at least { $least } to learn from: it is routed here instead.
}

## What was chosen, and what became of it

# $preset (String) its title
# $lost (String) in a list, each as in replaced-one
replaced = “{ $preset }” took the place of what you had set: { $lost }.
# $setting (String) its name in links
# $value (String)
# $now (String)
replaced-one = { $setting } { $value } (now { $now })
# $asked (String) in a list, each in quotes
link-unknown = The link asks for { $asked }, which is not known here; the usual setting stands in its place.
# $piece (String)
quoted = “{ $piece }”
# $preset (String) its title
again-preset = The run is at its beginning again, with the values of “{ $preset }”.
# $preset (String) its title
# $changes (String) in a list
again-preset-changed = The run is at its beginning again, with the values of “{ $preset }”: again { $changes }.
again-own = The run is at its beginning again, with the settings that it began with.
# $changes (String) in a list
again-own-changed = The run is at its beginning again, with the settings that it began with: again { $changes }.
still-chosen = What you chose since then is still chosen, and not in force.
link-lacks-all = The link starts the run as it began: coefficients were changed and branches begun on the way, which it does not hold. Export (in the menu “Run”) does.
link-lacks-changes = The link starts the run as it began: coefficients were changed on the way, which it does not hold. Export (in the menu “Run”) does.
link-lacks-branches = The link starts the run as it began: branches were begun on the way, which it does not hold. Export (in the menu “Run”) does.

## What the trainer told

# $branch (Number)
export-holds-one = All branches together are too large for one file: it holds branch { $branch }, and the curves of all. To keep another one, select and export it.
only-last = Only the branch that was trained last could go on: all together were too large to keep. An export in time keeps the others.
# $step (Number)
goes-on-at = The run goes on at step { $step }, with its curves.
# $branches (Number)
all-here = All { $branches } branches of the file are here.
# $branches (Number)
without-weights = { $branches ->
    [one] The file holds no weights of one other branch: only its curves, in metrics.csv.
   *[other] The file holds no weights of { $branches } other branches: only their curves, in metrics.csv.
}
not-brought-back = The routing, weights and texts of earlier steps are not brought back: a branch can begin at its newest step or at step 0.
goes-on-recorded = The run goes on from its last recorded step.
started-again = The trainer was started again.
goes-on-saved = The run goes on from its last saved step.

## Where there is no trainer

# $detail (String) what the browser says
no-worker = This browser did not start a web worker ({ $detail }), so nothing can be trained here. Allow workers for this page, or open it in a current Chrome, Edge, Firefox or Safari.
# $detail (String) what the library says
misheard = The trainer's message could not be read ({ $detail }): page and trainer are of different versions. Reload the page.
# $detail (String) what the browser says
unreachable = The trainer could not be reached ({ $detail }). Reload the page.
# $times (Number)
given-up = It was tried { $times } times. Your settings and curves are kept: press Start to try again, or reload the page.
# $times (Number)
given-up-unheard = It was tried { $times } times. Check the connection, then press Start: your settings and curves are kept. If a file of the page is missing, only whoever serves it can help.
