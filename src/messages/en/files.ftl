### Files into the page and out of it, and what stands at a notice.

## What a file is: each stands behind “it is”, and behind a file's name in brackets

kind-empty = empty
kind-trace = a trace
kind-config = a checkpoint’s configuration
kind-tokenizer = a tokenizer
kind-card = a checkpoint’s card
kind-index = a list of weight files
kind-weights = weights (safetensors)
kind-json = JSON
kind-zip = a ZIP archive
kind-text = a text
kind-web-page = a web page
kind-lfs-pointer = a Git LFS pointer, three lines in the place of the real file
kind-png = a PNG picture
kind-jpeg = a JPEG picture
kind-gif = a GIF picture
kind-webp = a WebP picture
kind-avif = an AVIF picture
kind-heic = a HEIC picture
kind-tiff = a TIFF picture
kind-icon = an icon
kind-svg = an SVG picture
kind-pdf = a PDF
kind-rtf = an RTF document
kind-old-office = an old Office document
kind-office = an Office document
kind-open-document = an OpenDocument or EPUB document
kind-gguf = a GGUF file, weights for llama.cpp
kind-hdf5 = an HDF5 file, as Keras saves weights
kind-numpy = a NumPy array
kind-numpy-arrays = NumPy arrays
kind-old-pickle = a Python pickle, as PyTorch saves weights
kind-pickle = a Python pickle
kind-pytorch = a PyTorch checkpoint
kind-gzip = a gzip archive
kind-zstandard = a Zstandard archive
kind-xz = an xz archive
kind-bzip2 = a bzip2 archive
kind-seven-zip = a 7-Zip archive
kind-rar = a RAR archive
kind-tar = a tar archive
kind-java = a Java archive
kind-video = a video
kind-sound = a sound
kind-font = a font
kind-sqlite = an SQLite database
kind-parquet = a Parquet table
kind-program = a program
kind-wasm = a WebAssembly program
kind-unknown = a binary file of an unknown kind

## What to do with a file of such a kind

mend-document = Copy its text and paste it into the page.
mend-archive = Unpack it first, then open the files in it.
mend-weights = Weights are read as safetensors: take the model’s config.json, tokenizer.json and model.safetensors.
mend-download = A download that was refused or needs a login left this in its place: fetch the file itself (on Hugging Face the small arrow beside its name).
mend-web-page = For its words, copy them there and paste them here; to route its markup, let its name end in .txt. If another file was wanted, a download that was refused or needs a login left this in its place: fetch the file itself (on Hugging Face the small arrow beside its name).
mend-lfs-pointer = Fetch the file itself: “git lfs pull” in its folder, or the download button of its page.
mend-as-text = To read its characters as a text, let its name end in .txt.
opens = Opened are traces (JSON), texts, saved runs (ZIP), and a checkpoint’s config.json, tokenizer.json and model.safetensors together.

## What is not opened

# $file (String)
# $kind (String) one of those above
refused = { $file } cannot be opened: it is { $kind }.
# $file (String)
# $kind (String) one of those above
refused-cut = { $file } cannot be opened: it is { $kind }, and not whole: its end is missing. Fetch or save it again.
# $file (String)
refused-archive = { $file } cannot be opened: it is a ZIP archive, but no run that “Export” saved on the Train screen. Unpack it first, then open the files in it.
# $file (String)
text-for-json = { $file } cannot be opened: it is a text and not JSON, as its name says. If it was downloaded, that failed: fetch it again.
# $file (String)
text-for-zip = { $file } cannot be opened: it is a text and not a ZIP archive, as its name says. If it was downloaded, that failed: fetch it again.
# $file (String)
text-for-weights = { $file } cannot be opened: it is a text and not weights, as its name says. If it was downloaded, that failed: fetch it again.
# $file (String)
# $size (String) with its unit
# $most (String) with its unit
large-trace = { $file } cannot be opened: it has { $size }, and a trace has at most { $most }.
# $file (String)
# $size (String) with its unit
# $most (String) with its unit
large-run = { $file } cannot be opened: it has { $size }, and a saved run has at most { $most }.
# $size (String) with its unit
# $most (String) with its unit
large-checkpoint = The checkpoint cannot be opened: it has { $size }, and one has at most { $most }.
# $count (Number)
# $files (String) names, each with what it is in brackets
too-many = { $count } files at once cannot be opened: { $files }. Open one at a time; only the files of a checkpoint belong together.
no-checkpoint = This is no whole checkpoint.
# $files (String) names, each with what it is in brackets
# $lacks (String) names
checkpoint-lacks = No model can be opened from { $files } alone: { $lacks } must come with it.
# $file (String)
two-models = These are files of two models: there is more than one { $file }. Open one model at a time.
# $first (String) names with commas between
# $last (String) a name, or the next message
names = { $first } and { $last }
# $count (Number)
more-names = { $count } more
# $folder (String)
folder = { $folder } is a folder, and this page opens files: drop what is in it. A model’s are config.json, tokenizer.json and model.safetensors, together.

## What cannot be read

# $file (String)
not-opened = { $file } cannot be opened.
# $file (String)
# $why (String) why it is no trace, without a full stop
no-trace = { $file } cannot be opened: { $why }. Open a JSON file saved with Save → Trace.
# $file (String)
# $why (String) why it is no trace, without a full stop
no-trace-but-json = { $file } cannot be opened: { $why }. It is no config.json of a checkpoint either (model_type is missing), and no run (those are ZIP archives). Open a JSON file saved with Save → Trace.
# $why (String) why it is no trace, without a full stop
read-no-trace = It cannot be read: { $why }.
# $detail (String) what the browser says
read-not = The browser could not read it ({ $detail }).
# $detail (String) what the browser says
read-no-worker = This browser did not start a web worker to read it ({ $detail }).
# $detail (String) what cannot be read
read-other-version = Page and reader are of different versions ({ $detail }).
read-memory = It may be too large for this browser’s memory.
read-silent = The reader said nothing.
# $file (String)
# $detail (String) what the browser says
unread = { $file } cannot be read ({ $detail }). Choose it again.
# $detail (String) what the browser says
model-unread = The model’s files cannot be read ({ $detail }). Choose them again.
# $file (String)
# $detail (String) what is wrong in it
misread = { $file } cannot be read ({ $detail }).
card-no-parameters = Its card does not say how many parameters it holds.
unsaid = the browser does not say why

## On the way to be opened

# $file (String)
# $size (String) with its unit
reading = Reading { $file } ({ $size })…
# $file (String)
fetching-opener = Fetching what opens { $file }…
# $detail (String) what the browser or the server says
no-opener = What opens files could not be fetched ({ $detail }).
# $detail (String) what the browser or the server says
no-compare = The Compare screen could not be fetched ({ $detail }).
# $detail (String) what the browser or the server says
no-train = The Train screen could not be fetched ({ $detail }).
# $detail (String) what the browser or the server says
no-method = The view “Method” could not be fetched ({ $detail }).
choose-again = Check the connection, then choose it again.
coming = Fetching this part of the page…

## Kept over a reload

# $file (String)
not-kept = This browser does not keep { $file } over a reload: open it again then.
model-not-kept = This browser does not keep the model over a reload: open it again then.
kept-insecure = The page is not on a secure address.
kept-no-storage = There is no session storage.
# $size (String) with its unit
# $most (String) with its unit
kept-too-large = It has { $size }, and at most { $most } are kept.
kept-gone = This browser no longer keeps it.
# $detail (String) what the browser says
kept-refused = The browser’s storage refused it ({ $detail }).
# $file (String)
not-again = { $file } could not be opened again.
# $file (String)
shown-before = { $file }, which was shown here before, could not be opened again.
choose-once-more = Choose it once more.

## Saving

save = Save
save-trace = Trace
# $model (String)
save-trace-of = Trace of { $model }
save-json = JSON, opens here again
save-choices = Choices
save-choices-form = CSV, one line a choice
save-picture = Picture
save-sharp = SVG, sharp at any size
save-numbers = Picture in numbers
save-text = Text
save-plain = plain
open-file = Open a file…
open-what = a trace, a text, a saved run or a checkpoint’s files; or drop them on the page
part-method = Method
part-flows = Side by side
part-differences = Token by token
part-blocks = One block of each
part-curves = Curves
part-numbers = In numbers
part-results = Results
# $part (String)
# $layer (Number)
part-in-layer = { $part }, layer { $layer }
# $device (String)
routed-on = routed on { $device }
# $detail (String) why, without a full stop
not-saved-because = The file could not be saved ({ $detail }).
# $part (String) a part of the page
no-table = The file could not be saved: there is no table of “{ $part }” on the screen yet.
# $part (String) a part of the page
no-picture = The file could not be saved: there is no picture of “{ $part }” on the screen yet.
nothing-routed = The file could not be saved: no model has routed the text yet.

## On paper

# $first (Number)
# $last (Number)
not-on-paper = Tokens { $first } to { $last } are not on this paper: the trace under “Save” has all of them.

## Sharing

copied = The link is on the clipboard.
link-run = It starts the same run; a text of your own is not in it.
link-whole = It holds the text and the selection; nothing was sent.
# $most (Number) letters
copied-without-text = The link is on the clipboard, without the text, which is too long for a link (at most { $most } letters when it is compressed). Save the trace to share it.
# $file (String)
link-lacks-file = It cannot hold { $file }.
# $model (String)
link-lacks-opened = It cannot hold { $model }, which was opened from files.
# $model (String)
link-lacks-trained = It cannot hold { $model }, which was trained in this page.
# $model (String)
link-holds-text = It holds only the text and the selection: whoever opens it sees what { $model } makes of that, not these numbers.
# $model (String)
link-holds-selection = It holds only the selection, but not the text, which is too long: whoever opens it sees what { $model } makes of that, not these numbers.
send-file = Send the file along, to be opened with Save → Open a file.
send-files = Send those files along, to be opened with Save → Open a file.
send-run = Save its run on the Train screen (Run → Export) and send that file along, to be opened there.
not-copied = The browser did not allow copying. The address bar holds the link: copy it there.
link-without-text = This link does not hold the text: it was too long for a link, or the link lost a part on its way. Ask for the saved trace and open it with Save → Open a file.
text-stays = The text on the screen stayed as it was.
# $model (String)
# $there (String) digits of a hash
# $here (String) digits of a hash
other-checkpoint = { $model } ({ $there }… there, { $here }… here)
# $first (String) one or more of the above
# $last (String) one of the above
other-checkpoints = { $first } and of { $last }
# $models (String) the above
link-differs = The link was made with another checkpoint of { $models }: choices and numbers may differ from what was shared.

## Notices

# $count (Number)
notices-behind = { $count } more behind this.
try-again = Try again
use-cpu = Use the CPU
route-left-to-right = Route left to right
dismiss = Dismiss
