### The page: what it says of its workers, its engine, the text and the device.

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

## The engine and its device

engine-starts-again = The engine starts again; your text and settings are as they were.
# $times (Number)
engine-given-up = It was started again { $times } times without success. Your text is kept: choose “Try again” or another device in the device menu, or reload the page. If a file of the page is missing, only whoever serves it can help.
# $detail (String) what the browser says
engine-no-worker = This browser did not start a web worker ({ $detail }), so no text can be routed here. The recording still works. Allow workers for this page, or open it in a current Chrome, Edge, Firefox or Safari.
# $detail (String) what cannot be read
engine-unreadable = The engine's message could not be read ({ $detail }): page and engine are of different versions. Reload the page.
# $detail (String) what the browser says
engine-unreachable = The engine could not be reached ({ $detail }). Reload the page.
engine-not-ready = The engine is not ready yet; the device menu says how far it is.
# $device (String)
device-stays = { $device } stays in use.
# $device (String)
device-again = { $device } is opened again.

## A model that cannot be had

# $model (String)
model-not-opened = { $model } could not be opened.
model-trained-elsewhere = It was trained in a page, which a link does not hold and a reload ends. In the browser that trained it, “Go on with your last run” and “Explore” on the Train screen bring it back; anywhere else, ask for the exported run.
model-not-kept = It was opened from files, which a link does not hold and this tab does not keep, or no longer: open its config.json, tokenizer.json and model.safetensors again.
# $model (String)
model-stays = { $model } stays in use.
# $model (String)
model-instead = { $model } is opened instead.
# $model (String)
fetching = Fetching { $model }

## The text

# $sign (String) what stands in its place
half-pair = The text held half of a character pair (an unpaired surrogate), which is not text. It was replaced by { $sign }.
# $chars (Number)
# $kept (Number)
# $most (Number)
cut-by-chars = The text has { $chars } characters; the first { $kept } are routed and the rest is left out: at most { $most } characters are routed.
# $chars (Number)
# $kept (Number)
# $tokens (Number)
cut-by-tokens = The text has { $chars } characters; the first { $kept } are routed and the rest is left out: they are { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
}, and more do not fit.
cut-in-field = The field shows its beginning until you ask for the rest below it, and “select all” means all of it.
cut-route-another = Delete from the beginning to route another part.
# $why (String) without a full stop
token-not-added = A generated token could not be added: { $why }. Generate again.
text-ended = The model ended the text here.
blocked-no-engine = There is no engine: see the device menu.
blocked-no-text = Write a text to continue.
blocked-at-limit = The text is at its limit: shorten it to continue.
blocked-loading = The engine is still loading.

## The bundled recording

recording-unread = The bundled recording could not be read.
# $why (String) without a full stop
recording-no-trace = The bundled recording could not be read ({ $why }).
routes-your-text = The engine routes your text, as soon as it is ready.
routes-a-sample = The engine routes a sample in its place, as soon as it is ready.

## The device menu

device-starting = The engine is starting.
# $task (String) what is done
# $done (String) bytes with their unit
device-so-far = { $task } { $done }
# $task (String) what is done
# $done (String) bytes with their unit
# $total (String) bytes with their unit
device-of = { $task } { $done } of { $total }
# $task (String) what is done
device-loading = { $task } loading
# $device (String) its name
# $why (String) a sentence
device-in-use = { $device }. { $why }
# $file (String)
device-file = Opened file { $file }.
device-recording = A recording of Mixtral.
# $device (String)
device-recording-on = A recording of Mixtral, made on { $device }.
device-recording-stays = It stays until your text is routed here.
device-not-routed = Your text is not routed.
device-choose = Compute on
device-auto = Automatic
device-auto-note = WebGPU where it is safe and real, else the CPU
device-gpu-note = Compute shaders on the graphics card
device-cpu-note = Works everywhere
device-private = Your text stays on this machine. Nothing is sent anywhere.

## The same in a word, in the header

chip-starting = starting
chip-loading = loading
chip-no-engine = no engine
chip-file = file
chip-recording = recording
