# TileFindMLIR.cmake - find LLVM and MLIR 22 and the tools that go with them.
#
# No version is requested: the version file that Debian ships accepts only
# major.minor, so the version is checked afterwards.

set(TILE_LLVM_MAJOR 22)
set(TILE_DEBIAN_PACKAGES "libmlir-22-dev mlir-22-tools llvm-22-dev \
llvm-22-tools clang-22 lld-22 ninja-build cmake ccache libzstd-dev zlib1g-dev \
libxml2-dev libedit-dev libcurl4-openssl-dev")

set(TILE_MLIR_HELP
  "On Debian: apt-get install ${TILE_DEBIAN_PACKAGES}\n"
  "Elsewhere: set MLIR_DIR to the folder that holds MLIRConfig.cmake.")
string(CONCAT TILE_MLIR_HELP ${TILE_MLIR_HELP})

if(NOT MLIR_FOUND)
  # CMake itself would pass over a wrong folder and take another MLIR.
  if(MLIR_DIR AND NOT EXISTS "${MLIR_DIR}/MLIRConfig.cmake")
    message(FATAL_ERROR
      "tile cannot use MLIR_DIR='${MLIR_DIR}': expected MLIRConfig.cmake there, "
      "found none.\n${TILE_MLIR_HELP}")
  endif()
  find_package(MLIR QUIET CONFIG
    HINTS $ENV{MLIR_DIR} /usr/lib/llvm-${TILE_LLVM_MAJOR}/lib/cmake/mlir)
endif()
if(NOT MLIR_FOUND)
  set(reason "")
  if(MLIR_NOT_FOUND_MESSAGE)
    set(reason " (${MLIR_NOT_FOUND_MESSAGE})")
  endif()
  message(FATAL_ERROR
    "tile needs the MLIR ${TILE_LLVM_MAJOR} development files, and CMake found "
    "none${reason}.\n${TILE_MLIR_HELP}")
endif()
if(NOT LLVM_VERSION_MAJOR EQUAL TILE_LLVM_MAJOR)
  message(FATAL_ERROR
    "tile needs LLVM ${TILE_LLVM_MAJOR}, found ${LLVM_PACKAGE_VERSION} in "
    "${LLVM_DIR}.\n${TILE_MLIR_HELP}")
endif()
if(NOT TARGET MLIR OR NOT TARGET LLVM)
  message(FATAL_ERROR
    "tile links the shared libMLIR and libLLVM, which ${MLIR_DIR} lacks; "
    "build LLVM with LLVM_BUILD_LLVM_DYLIB=ON and LLVM_LINK_LLVM_DYLIB=ON")
endif()
message(STATUS "Using MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")

list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
if(NOT LLVM_ENABLE_RTTI)
  set(TILE_RTTI_FLAG -fno-rtti)
endif()
