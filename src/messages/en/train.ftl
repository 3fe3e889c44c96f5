### What training itself cannot do, in the page and in the terminal.

# $tensor (String)
# $dtype (String)
moment-type = moments.safetensors: `{ $tensor }` has the type { $dtype }, not F32.
# $tensor (String)
# $shape (String)
moment-shape = moments.safetensors: `{ $tensor }` has the shape { $shape }, and not three sizes.
# $tensor (String)
no-moment = moments.safetensors: `{ $tensor }` is not a moment.
no-embeddings = Clusters of tokens are made from a trained model’s embeddings: name a checkpoint folder with --embeddings.
# $numbers (Number)
# $tokens (Number)
# $width (Number)
other-tokenizer = The embeddings hold { $numbers } numbers, which is not { $tokens } tokens of width { $width }: they must come from a model with the same tokenizer.
# $tokens (Number)
# $experts (Number)
too-few-tokens = { $tokens } tokens cannot be cut into { $experts } clusters.
# $method (String)
untrained = { $method } cannot be trained by itself: choose another method.
