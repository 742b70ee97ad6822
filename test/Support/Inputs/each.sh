# Runs the file on each array named, all of which must fail.
file=$1
shift
for name; do
  not tile-run "$file" --device=cpu "$name.npy" --out 0=bad.npy || exit 1
done
