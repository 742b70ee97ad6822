#!/bin/sh
# contains.sh - interesting (1) when tile-opt takes the last argument, and prints
# every one of the others.
while [ $# -gt 1 ]; do
  patterns="$patterns$1
"
  shift
done
text=$(tile-opt "$1" 2>/dev/null) || exit 0
while IFS= read -r pattern; do
  [ -z "$pattern" ] && continue
  printf '%s\n' "$text" | grep -q -e "$pattern" || exit 0
done <<END
$patterns
END
exit 1
