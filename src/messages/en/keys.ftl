### What the keys do, in the list of keys.

## On “Explore” and “Compare”

along = token before, token after; with Shift, ten of them
layers = layer before, layer after
ten-along = once the picture has the keyboard: ten tokens before, after
ends = likewise: first token, last token
play = play or pause
digits = pick out the tokens of an expert, 1 2 those of E12; again lets go
experts = pick out the next expert; with Shift, the one before
edit = edit the text
views = picture, table or method
let-go = back to the page; lets an expert go in the picture; leaves tour, menus and this list

## On “Train”

train = train or pause
step = train by one step
steps-along = recorded step before, after; with Shift, ten of them
steps-ten-along = ten recorded steps before, after
beginning = look at the beginning
newest = follow the newest step
branch = branch from the step that is looked at; again begins it
train-let-go = no branch; leaves menus and this list

## Everywhere

list = this list

## What is written on keys that have a name

cap-space = Space
cap-page-up = PgUp
cap-page-down = PgDn
cap-home = Home
cap-end = End
cap-escape = Esc
