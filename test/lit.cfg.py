# Configuration of the test suite for lit.
#
# TILE_VERIFY_ROUNDTRIP=1 runs every tile-opt with --verify-roundtrip.

import os
import shutil
import subprocess

import lit.formats

config.name = "tile"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
# The folder xyz holds another project, which xyz.test builds.
config.excludes = ["Inputs", "benchmarks", "xyz"]
config.test_source_root = os.path.join(config.tile_source_dir, "test")
config.test_exec_root = os.path.join(config.tile_binary_dir, "test")

path = [config.tile_tools_dir, config.llvm_tools_dir, os.environ.get("PATH", "")]
config.environment["PATH"] = os.pathsep.join(path)
for name in ("CUDA_HOME", "LD_LIBRARY_PATH", "TILE_PTXAS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

tile_opt = "tile-opt"
if os.environ.get("TILE_VERIFY_ROUNDTRIP"):
    tile_opt += " --verify-roundtrip"
config.substitutions.append((r"\btile-opt\b", tile_opt))
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%examples",
                             os.path.join(config.tile_source_dir, "docs", "examples")))
config.substitutions.append(("%source_dir", config.tile_source_dir))
config.substitutions.append(("%binary_dir", config.tile_binary_dir))
config.substitutions.append(("%plugin", config.tile_plugin))
config.substitutions.append(("%mlir_include_dir", config.mlir_include_dir))
config.substitutions.append(("%mlir_dir", config.mlir_dir))
config.substitutions.append(("%tools_dir", config.tile_tools_dir))
config.substitutions.append(("%cmake", config.cmake))
# What configures another project to be built like this one. ccache, where there
# is one, keeps what did not change since the last run.
compilers = [f"-DCMAKE_CXX_COMPILER={config.cxx}", f"-DCMAKE_C_COMPILER={config.cc}"]
if config.cxx_launcher:
    compilers.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={config.cxx_launcher}")
config.substitutions.append(("%compilers", " ".join(compilers)))
config.substitutions.append(("%launcher", config.cxx_launcher))
for name in ("CCACHE_DIR", "HOME", "XDG_CACHE_HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.substitutions.append(("%cxx", config.cxx))
config.substitutions.append(("%cc", config.cc))


def succeeds(*command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


if shutil.which("ptxas", path=config.environment["PATH"]) and succeeds("ptxas", "--version"):
    config.available_features.add("ptxas")
if succeeds(config.python, "-c", "import numpy"):
    config.available_features.add("numpy")
if os.path.exists("/etc/debian_version"):
    config.available_features.add("debian")
if succeeds("nvidia-smi", "-L"):
    config.available_features.add("gpu")
if config.sanitize:
    config.available_features.add("sanitize")
    # LLVM keeps what it allocated until the process ends. Its bump allocator
    # marks memory as unused only where it was inlined into our own code, and
    # LLVM's libraries, which are not instrumented, never mark it as used again.
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0:allow_user_poisoning=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
