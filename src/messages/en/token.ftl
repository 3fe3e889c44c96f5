### What can be wrong with a tokenizer.

# $detail (String) what serde_json says
unreadable = tokenizer.json cannot be read ({ $detail }).
another-file = tokenizer.json holds no tokenizer: it has no vocabulary in `model` (tokenizer_config.json, vocab.json, merges.txt and tiktoken’s lists are other files).
# $bytes (Number)
breaks-off = tokenizer.json cannot be read (it breaks off after { $bytes } bytes).
# $fault (String) one of the next
vocabulary = The vocabulary in tokenizer.json is damaged ({ $fault }).
# $index (Number)
# $fault (String) one of those below
merge = Merge { $index } in tokenizer.json is damaged ({ $fault }).
# $tokens (Number)
# $wanted (Number)
few-repetitions = The tokenizer cannot be trained: the documents have enough repetition for { $tokens } tokens only, not { $wanted }: give more text or ask for a smaller vocabulary.
# $least (Number)
# $end (String)
# $most (Number)
# $wanted (Number)
size = The tokenizer cannot be trained: a vocabulary has { $least } tokens ({ $end } and the 256 bytes) to { $most }, not { $wanted }.

## A vocabulary that contradicts itself: in brackets, behind the above

# $first (String)
# $second (String)
# $id (Number)
vocabulary-twice = tokens "{ $first }" and "{ $second }" are both { $id }
# $token (String)
# $id (Number)
# $tokens (Number)
vocabulary-beyond = token "{ $token }" is { $id }, but there are { $tokens } tokens
# $end (String)
vocabulary-no-end = { $end } is missing
# $end (String)
# $id (Number)
vocabulary-added = added_tokens is not the one special token { $end } of number { $id }
vocabulary-empty = a token is empty
# $token (String)
vocabulary-no-bytes = token "{ $token }" has a character that stands for no byte
# $byte (Number)
# $spelled (String)
vocabulary-no-token = the byte { $byte }, written "{ $spelled }", has no token

## A merge that cannot be: the same

# $text (String)
merge-no-pair = "{ $text }" is not two tokens with a space between
# $token (String)
merge-no-token = there is no token "{ $token }"
# $end (String)
merge-end = { $end } cannot be part of a merge
# $left (String)
# $right (String)
merge-twice = "{ $left }" and "{ $right }" are merged by an earlier one

## Tokenizers of other kinds

# $kind (String) one of the next
other = tokenizer.json is whole, but of another kind than opens here: { $kind }.
# $kind (String) one of the next
# $asks (String) a list of those below
other-asking = tokenizer.json is whole, but of another kind than opens here: { $kind }, with { $asks }.

byte-level-bpe = byte-level BPE
character-bpe = BPE of characters, as SentencePiece makes it
unigram = Unigram, as SentencePiece makes it
word-piece = WordPiece, as in BERT
word-level = WordLevel, which knows whole words only
# $name (String)
named = one called “{ $name }”

ask-version = another layout (version is not 1.0)
# $names (String)
ask-normalizer = a normalizer ({ $names })
ask-gpt2-pieces = pieces cut by the rule of GPT-2 (ByteLevel)
# $names (String)
ask-pieces = pieces cut by another rule ({ $names })
ask-prefix-space = a space before the text (add_prefix_space)
# $names (String)
ask-post-processor = tokens added around the text ({ $names })
# $names (String)
ask-decoder = another decoder ({ $names })
# $name (String) of a field
ask-field = model.{ $name }
# $end (String)
ask-added-tokens = tokens beside the vocabulary other than { $end }
