### Why a file is no text: each follows on “cannot be read:” or the like, without a full stop.

# $byte (Number) counted from 1
unpaired = byte { $byte } begins half of a character pair that stands alone
# $bytes (Number)
odd = it has { $bytes } bytes, an odd number, so its end is missing
# $fault (String) one of the above
but = it is UTF-16, but { $fault }
# $at (Number) counted from 1
# $byte (String) in hexadecimal
not-utf8 = it is not UTF-8 at byte { $at } (0x{ $byte })
