### What can be wrong with a tokenizer.

# $what (String)
unreadable = tokenizer.json cannot be read ({ $what }).
# $what (String)
unsupported = tokenizer.json asks for something that moescope’s tokenizer does not do ({ $what }).
# $what (String)
vocabulary = The vocabulary in tokenizer.json is damaged ({ $what }).
# $index (Number)
# $what (String)
merge = Merge { $index } in tokenizer.json is damaged ({ $what }).
# $what (String)
training = The tokenizer cannot be trained: { $what }.
