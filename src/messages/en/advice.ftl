### What to do about a fault: each stands behind the sentence that says what was wrong.

fetch-file = Fetch the file again.
fetch-to-the-end = Fetch the file again, and wait until the download has ended.
fetch-folder = Fetch the folder again.
fetch-or-write = Fetch or write the file again.
other-model = Fetch the folder again, or take another model.

## The same on the page, where another try is one press away.

fetch-file-after-a-try = Try again; if that does not help, fetch the file again.
fetch-to-the-end-after-a-try = Try again; if that does not help, fetch the file again, and wait until the download has ended.
fetch-folder-after-a-try = Try again; if that does not help, fetch the folder again.
fetch-or-write-after-a-try = Try again; if that does not help, fetch or write the file again.
other-model-after-a-try = Try again; if that does not help, fetch the folder again, or load another model.

## Where another try brings the same.

open-again = Open the files again.
open-together = Open it together with the others.
check-path = Check that it is there and that you may read it.
pull-lfs = Run `git lfs pull` in the folder that it came from, or download the file itself from the model’s page.
download-resolved = Download the file itself: on Hugging Face the address has /resolve/ in it, not /blob/.
download = Download the file itself from the model’s page.
take-safetensors = Take the model’s safetensors files instead.
unpack-or-take = Unpack it, or take the model’s safetensors files.
unpack = Unpack it first.
fetch-weights = Fetch the model’s safetensors files into it.
own-tokenizer = What opens here: byte-level BPE whose pieces are cut as `moescope tokenizer` does it, with the file that it writes. A model needs the tokenizer that it learned with, so take a model that learned with such a one.
what-opens = What opens here: Mixtral as transformers saves it (model_type `mixtral`, MixtralForCausalLM) with an output matrix that is the embedding, and what `moescope train` and the Train screen make (model_type `moescope`).
take-out = If it changes nothing, take it out of the file.
earlier-step = Take an earlier step of the run, or train it anew with a lower learning rate.
other-step = Take another model, or an earlier step of its run.
choose-cpu = Choose the CPU, or let moescope choose.
left-to-right = Choose the CPU in the device menu, or route left to right.
type-something = Type at least one character.
load-first = Load a model first.
reload = Reload the page.
check-connection = Check the connection, then try again.
check-folder = Check that the model’s folder is there; then try again, or load another model.
try-again = Try again.
