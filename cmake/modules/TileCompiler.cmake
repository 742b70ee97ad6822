# TileCompiler.cmake - language level, warnings, sanitizers.

if(NOT DEFINED CMAKE_CXX_STANDARD)
  set(CMAKE_CXX_STANDARD 17)
endif()
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(TILE_STANDALONE)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
  endif()
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
  set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
  # GNU ld spends seconds on every tool; lld does not.
  find_program(TILE_LLD NAMES ld.lld-22 ld.lld)
  if(TILE_LLD AND NOT CMAKE_EXE_LINKER_FLAGS MATCHES "fuse-ld")
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      add_link_options(--ld-path=${TILE_LLD})
    endif()
  endif()
endif()

# What our own targets compile with; a parent project keeps its own flags.
add_library(TileCompileOptions INTERFACE)
target_compile_options(TileCompileOptions INTERFACE -Wall -Wextra
  -Wno-unused-parameter)
if(TILE_WARNINGS_AS_ERRORS)
  target_compile_options(TileCompileOptions INTERFACE -Werror)
endif()
if(TILE_SANITIZE)
  list(JOIN TILE_SANITIZE "," sanitizers)
  target_compile_options(TileCompileOptions INTERFACE
    -fsanitize=${sanitizers} -fno-omit-frame-pointer)
  if(TILE_SANITIZE MATCHES "undefined")
    # The vptr check needs type information of classes that libMLIR keeps to
    # itself.
    target_compile_options(TileCompileOptions INTERFACE -fno-sanitize=vptr
      -fno-sanitize-recover=undefined)
  endif()
  target_link_options(TileCompileOptions INTERFACE -fsanitize=${sanitizers})
endif()
