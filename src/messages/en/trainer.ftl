### What the trainer does, and what it cannot do. Branches are counted from 1.

## Progress, beside a bar

reading-text = Reading the text
reading-file = Reading the file
# $step (Number)
going-back = Going back to step { $step }

## The same where something else must wait

reading-text-first = Reading the text comes first.
reading-file-first = Reading the file comes first.
# $step (Number)
going-back-first = Going back to step { $step } comes first.

## The device and the worker

no-device = No device is open. Open one first.
# $detail (String) what Burn says
no-numbers = The device did not give its numbers back: { $detail }.
too-few-numbers = The device gave back fewer numbers than it was asked for.
# $detail (String) where and why
panicked = The trainer stopped because of a fault in it ({ $detail }). It can be started again from its last saved step.
unreadable = The page sent something that the trainer cannot read: they are of different versions. Reload the page.
# $detail (String) what the browser says
unsupported = This browser’s workers lack what the trainer needs: { $detail }.
gpu-lost = The GPU was lost. Training can go on from the last saved step.
# $detail (String) what the browser says
gpu-lost-because = The GPU was lost ({ $detail }). Training can go on from the last saved step.
# $detail (String) what the browser says
gpu-refused = The GPU refused an operation, so its results cannot be trusted ({ $detail }).

## Texts

no-text = There is no text of your own yet: choose a file, or a bundled text.
# $len (Number)
# $shortest (Number)
text-short = The text is too short for sequences of { $len } tokens: a tenth of it is held out, and one part has { $shortest } tokens. Choose a longer text or shorter sequences.

## A loss that is no number

# $step (Number)
# $branch (Number)
# $loss (String)
# $rate (Number)
diverged = Step { $step } of branch { $branch } was stopped: its loss is { $loss }, because the step before made weights that are no numbers, with a learning rate of { $rate }. Go back to an earlier step and lower the learning rate.
# $step (Number)
# $branch (Number)
# $loss (String)
# $size (String)
# $rate (Number)
diverged-grown = Step { $step } of branch { $branch } was stopped: its loss is { $loss }, because the weights have grown to { $size }, with a learning rate of { $rate }. Go back to an earlier step and lower the learning rate.

## The file of a run

file-moved = The run’s file cannot be read: it may have been changed or moved since it was chosen. Open it again.
# $name (String)
file-lacks = The file cannot be opened: it holds no { $name }, so it is no run of the training lab.
# $detail (String) what the library says
file-not-json = The file cannot be opened: run.json in it cannot be read: { $detail }.
# $layout (String)
# $known (String)
file-layout = The file cannot be opened: run.json has the layout { $layout }, not { $known }.
file-no-branch = The file cannot be opened: run.json does not tell of the checkpoint’s branch.
# $most (Number)
file-branches = The file cannot be opened: run.json has more than { $most } branches, or two of one number.
file-other-tokenizer = The file cannot be opened: its tokenizer is not the one that its text gives, so it cannot be trained on.
file-other-texts = The file cannot be opened: its branches do not read the same text.
# $name (String)
file-columns = The file cannot be opened: { $name } in it has other columns.
# $name (String)
# $line (Number)
file-line = The file cannot be opened: line { $line } of { $name } in it cannot be read.
# $detail (String) what the library says
file-not-written = The export cannot be written: { $detail }.

## Requests

no-run = There is no run yet. Start one first.
# $branch (Number)
no-branch = There is no branch { $branch }.
last-branch = The last branch cannot be dropped. Start a new run.
# $most (Number)
too-many-branches = There are { $most } branches already. Drop one first.
# $branch (Number)
# $done (Number)
# $step (Number)
not-that-far = Branch { $branch } has done { $done } steps only, not { $step }.
interrupted = Going back was interrupted.
# $branch (Number)
# $step (Number)
not-kept = The weights of branch { $branch } at step { $step } are not kept: it begins later, or was opened from a file. Choose a later step.
# $most (Number)
# $chars (Number)
probe = The sentence to show must have 1 to { $most } characters, not { $chars }.
# $branch (Number)
not-measured = Branch { $branch } was not measured yet. Train it first.
# $check (String)
nothing-to-check = { $check } has no outputs to check.
# $detail (String) what the library says
unrecorded = The routing at this step could not be recorded: { $detail }.
