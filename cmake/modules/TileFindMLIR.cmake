# TileFindMLIR.cmake - find LLVM and MLIR 22 and the tools that go with them.
#
# No version is requested: the version file that Debian ships accepts only
# major.minor, so the version is checked afterwards. The installed package reads
# this file, too.

set(TILE_LLVM_MAJOR 22)
set(TILE_DEBIAN_PACKAGES "libmlir-22-dev mlir-22-tools llvm-22-dev \
llvm-22-tools clang-22 lld-22 ninja-build cmake ccache libzstd-dev zlib1g-dev \
libxml2-dev libedit-dev libcurl4-openssl-dev")

# tile_find_mlir(): does what find_package(MLIR) does, and sets TILE_MLIR_ERROR
# to what is wrong and what helps, or to nothing.
macro(tile_find_mlir)
  set(TILE_MLIR_ERROR "")
  if(NOT MLIR_FOUND)
    # CMake itself would pass over a wrong folder and take another MLIR.
    if(MLIR_DIR AND NOT EXISTS "${MLIR_DIR}/MLIRConfig.cmake")
      set(TILE_MLIR_ERROR "tile cannot use MLIR_DIR='${MLIR_DIR}': expected \
MLIRConfig.cmake there, found none.")
    else()
      find_package(MLIR QUIET CONFIG
        HINTS $ENV{MLIR_DIR} /usr/lib/llvm-${TILE_LLVM_MAJOR}/lib/cmake/mlir)
    endif()
  endif()
  if(TILE_MLIR_ERROR)
    # Said already.
  elseif(NOT MLIR_FOUND)
    set(TILE_MLIR_ERROR "tile needs the MLIR ${TILE_LLVM_MAJOR} development \
files, and CMake found none.")
    if(MLIR_NOT_FOUND_MESSAGE)
      string(APPEND TILE_MLIR_ERROR " (${MLIR_NOT_FOUND_MESSAGE})")
    endif()
  elseif(NOT LLVM_VERSION_MAJOR EQUAL TILE_LLVM_MAJOR)
    set(TILE_MLIR_ERROR "tile needs LLVM ${TILE_LLVM_MAJOR}, found \
${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}.")
  elseif(NOT TARGET MLIR OR NOT TARGET LLVM)
    set(TILE_MLIR_ERROR "tile links the shared libMLIR and libLLVM, which \
${MLIR_DIR} lacks; build LLVM with LLVM_BUILD_LLVM_DYLIB=ON and \
LLVM_LINK_LLVM_DYLIB=ON.")
  endif()
  if(TILE_MLIR_ERROR)
    string(APPEND TILE_MLIR_ERROR
      "\nOn Debian: apt-get install ${TILE_DEBIAN_PACKAGES}"
      "\nElsewhere: set MLIR_DIR to the folder that holds MLIRConfig.cmake.")
  endif()
endmacro()
