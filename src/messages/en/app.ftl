### The page: what it says of its workers.

## Where code of the page cannot be had

code-missing = The server lacks a file of this page, or cannot be reached: reload the page, or tell whoever serves it.
code-updating = The server is being updated, or something between it and here keeps old copies: wait a moment and, with a connection, reload the page.
code-type = Browsers run scripts that are sent as text/javascript only: whoever serves the page must set that type for .js files.
other-version = the page and it are of different versions
engine-no-code = Your text is kept, and “Try again” or another device can be chosen in the device menu.
trainer-no-code = Your settings and curves are kept: press Start to try again.

## The engine

# $detail (String) what the browser says
engine-not-started = The engine’s code could not be started ({ $detail }).
engine-not-loaded = The engine’s code could not be loaded, or it stopped.
# $detail (String) what the error says
engine-stopped = The engine stopped unexpectedly ({ $detail }).
engine-misheard = The engine stopped unexpectedly (a message could not be read).
engine-ended = The engine’s worker ended without a word; there may have been too little memory.
engine-silent = The engine’s worker did not answer for two minutes.

## The trainer

# $detail (String) what the browser says
trainer-not-started = The trainer’s code could not be started ({ $detail }).
trainer-never-came = The trainer’s code could not be loaded.
trainer-not-loaded = The trainer’s code could not be loaded, or it stopped.
# $detail (String) what the error says
trainer-stopped = The trainer stopped unexpectedly ({ $detail }).
trainer-misheard = The trainer stopped unexpectedly (a message could not be read).
trainer-ended = The trainer’s worker ended without a word; there may have been too little memory.
trainer-silent = The trainer’s worker did not answer for two minutes.

## The reader of opened files

# $detail (String) what the browser says
reader-not-started = The reader’s code could not be started ({ $detail }).
reader-not-loaded = The reader’s code could not be loaded, or it stopped.
# $detail (String) what the error says
reader-stopped = The reader stopped unexpectedly ({ $detail }).
reader-misheard = The reader stopped unexpectedly (a message could not be read).
reader-ended = The reader’s worker ended without a word; there may have been too little memory.
reader-silent = The reader’s worker did not answer for two minutes.
