### Files over the network.

# $address (String)
# $detail (String) what the browser says
unreachable = { $address } could not be fetched ({ $detail }).

# $address (String)
# $status (String) such as 404
# $words (String) such as Not Found
refused = { $address } could not be fetched: the server says { $status } { $words }.

# $address (String)
# $status (String) such as 404
refused-wordless = { $address } could not be fetched: the server says { $status }.

# $address (String)
# $most (Number)
too-large = { $address } is larger than { $most } MiB, which is more than the engine takes.

# $address (String)
# $have (Number)
# $whole (Number)
broke-off = { $address } broke off after { $have } of { $whole } bytes.

# $address (String)
nowhere = { $address } cannot be fetched: nothing can be from here.
