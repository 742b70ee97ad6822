# Stands for the MLIR of another release.
set(LLVM_VERSION_MAJOR 21)
set(LLVM_PACKAGE_VERSION 21.1.0)
set(LLVM_DIR /opt/llvm-21/lib/cmake/llvm)
