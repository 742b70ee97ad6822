# TileTextToLiteral.cmake - writes the text of INPUT to OUTPUT as a C++ literal.
#
# One literal a line: compilers limit the length of one, not of a sequence.

file(READ ${INPUT} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REGEX REPLACE "([^\n]*)\n" "\"\\1\\\\n\"\n" text "${text}")
file(WRITE ${OUTPUT} "${text}")
