### A model's files and tensors.

# $file (String)
file-missing = { $file } is missing.

# $file (String)
file-empty = { $file } is empty (0 bytes).

# $file (String)
# $have (Number)
file-breaks-off = { $file } breaks off after { $have } bytes.

# $file (String)
# $have (Number)
# $whole (Number)
file-not-whole = { $file } is not whole: { $have } bytes are here, and the file has { $whole }.

# $file (String)
# $have (Number)
# $detail (String) what safetensors' library says
file-not-safetensors = { $file } ({ $have } bytes) is not a whole safetensors file: { $detail }.

# $file (String)
# $detail (String) what the library or the system says
file-unreadable = { $file } cannot be read: { $detail }.

# $file (String)
# $have (Number)
# $detail (String) what the decoder says
file-not-text = { $file } ({ $have } bytes) is not text: { $detail }.

# $file (String)
file-moved = { $file } cannot be read: it may have been changed or moved since it was chosen.

# $file (String)
# $index (String)
file-not-given = { $file } is missing, which { $index } names.

# $index (String)
# $file (String)
index-names = { $index } names `{ $file }`, which is no safetensors file beside it.

# $index (String)
index-names-nothing = { $index } names no files.

# $file (String)
# $detail (String) what the library says
file-not-written = { $file } cannot be written: { $detail }.

# $file (String)
# $size (Number)
# $whole (Number)
file-lfs-pointer = { $file } is a Git LFS pointer: a note of { $size } bytes in the place of the file, which has { $whole } bytes.

# $file (String)
# $size (Number)
file-lfs-pointer-alone = { $file } is a Git LFS pointer: a note of { $size } bytes in the place of the file.

# $file (String)
# $size (Number)
file-web-page = { $file } is a web page ({ $size } bytes) and not the file: a server that does not have it, or wants a login, answers so.

# $file (String)
file-gguf = { $file } is a GGUF file, as llama.cpp reads them.

# $file (String)
file-sentence-piece = { $file } is a model of SentencePiece, as they are called tokenizer.model, and not the file.

# $file (String)
file-archive = { $file } is a zip archive or a file of PyTorch (pytorch_model.bin).

# $file (String)
file-gzip = { $file } is compressed by gzip.

# $file (String)
# $answer (String)
file-answer = { $file } is not the file but an answer, “{ $answer }”: a server that does not have it, or wants a login, answers so.

## Tensors

# $file (String)
# $tensor (String)
tensor-missing = { $file }: the tensor `{ $tensor }` is missing; config.json asks for it.

# $tensor (String)
# $files (Number)
tensor-missing-everywhere = The tensor `{ $tensor }` is missing in the { $files } weight files; config.json asks for it.

# $file (String)
# $other (String)
# $tensor (String)
tensor-twice = { $file } and { $other } both hold the tensor `{ $tensor }`: they are not parts of one model.

# $file (String)
# $tensor (String)
# $shape (String)
# $wanted (String)
tensor-shape = { $file }: the tensor `{ $tensor }` has the shape { $shape }, but config.json makes it { $wanted }.

# $file (String)
# $tensor (String)
# $dtype (String)
tensor-type = { $file }: the tensor `{ $tensor }` has the type { $dtype }; F32, F16 and BF16 can be read.

# $file (String)
# $tensor (String)
# $value (Number)
# $place (Number)
tensor-not-finite = { $file }: the tensor `{ $tensor }` holds { $value } at place { $place }; weights must be finite numbers.

# $tensor (String)
# $embedding (String)
# $value (Number)
# $other (Number)
# $place (Number)
tensor-other-than-embedding = `{ $tensor }` is another matrix than `{ $embedding }` ({ $value } and { $other } at place { $place }); only a model whose output matrix is its embedding can be computed here.

# $file (String)
# $tensor (String)
tensor-unasked = { $file } holds the tensor `{ $tensor }`, which config.json does not ask for: they do not belong together, or the model has parts that cannot be computed here.

# $tensor (String)
# $value (Number)
# $place (Number)
tensor-too-large = The tensor `{ $tensor }` holds { $value } at place { $place }, which 16 bits cannot hold: they reach from -65,504 to 65,504.

## The model as a whole

# $tokens (Number)
# $vocabulary (Number)
tokens = tokenizer.json has { $tokens } tokens, but config.json says vocab_size { $vocabulary }: they do not belong together.

# $folder (String)
no-weights = { $folder } holds neither model.safetensors nor model.safetensors.index.json.

# $folder (String)
# $others (String) names of files
other-weights = { $folder } holds neither model.safetensors nor model.safetensors.index.json; there is { $others }.

not-finite = The model computed numbers that are not finite on this text: its weights are damaged or too large.
