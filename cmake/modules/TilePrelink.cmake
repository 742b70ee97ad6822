# TilePrelink.cmake - a static library that needs nothing but the C library.
#
# A C program that links compiled kernels should not have to know that the
# runtime is written in C++. So the runtime and what it uses of the C++ library
# become one object file that shows the runtime's own functions only.

# tile_prelink_runtime(): libtile-runtime.a of TileRuntime, with a package and a
# pkg-config file for those who link it.
function(tile_prelink_runtime)
  if(TILE_SANITIZE)
    return() # the sanitizers' own runtimes cannot be put inside
  endif()
  find_program(TILE_OBJCOPY NAMES llvm-objcopy-22 llvm-objcopy objcopy
    HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
  find_program(TILE_LLD NAMES ld.lld-22 ld.lld)
  set(linker ${TILE_LLD})
  if(NOT linker)
    set(linker ${CMAKE_LINKER})
  endif()
  set(archives "")
  foreach(name libstdc++.a libgcc_eh.a libgcc.a)
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${name}
      OUTPUT_STRIP_TRAILING_WHITESPACE OUTPUT_VARIABLE file)
    list(APPEND archives ${file})
  endforeach()
  add_library(TileDsoHandle OBJECT DsoHandle.c)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/tile-runtime.o)
  set(library ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY})
  if(NOT library)
    set(library ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  string(APPEND library /libtile-runtime.a)
  add_custom_command(OUTPUT ${library}
    COMMAND ${linker} -r --force-group-allocation -o ${object}
      $<TARGET_OBJECTS:TileDsoHandle>
      --whole-archive $<TARGET_FILE:TileRuntime> --no-whole-archive
      --start-group ${archives} --end-group
    COMMAND ${TILE_OBJCOPY} --wildcard --strip-unneeded
      --keep-global-symbol=tile* --keep-global-symbol=memrefCopy
      --keep-global-symbol=__trunc?f?f2 --keep-global-symbol=__extendhfsf2
      ${object}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${library}
    COMMAND ${CMAKE_AR} rcs ${library} ${object}
    DEPENDS TileRuntime TileDsoHandle $<TARGET_OBJECTS:TileDsoHandle>
    VERBATIM)
  add_custom_target(tile-runtime ALL DEPENDS ${library})
  set_property(GLOBAL PROPERTY TILE_RUNTIME_LIBRARY ${library})
  tile_install_runtime(${library})
endfunction()

# tile_install_runtime(LIBRARY): the component TileRuntime, for programs that
# link kernels and know nothing of MLIR.
function(tile_install_runtime library)
  if(NOT TILE_INSTALL)
    return()
  endif()
  install(FILES ${library} DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT TileRuntime)
  install(FILES ${TILE_SOURCE_DIR}/include/tile/Runtime/Runtime.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tile/Runtime COMPONENT TileRuntime)
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/TileRuntime)
  configure_package_config_file(
    ${TILE_SOURCE_DIR}/cmake/TileRuntimeConfig.cmake.in
    ${TILE_PACKAGE_DIR}/TileRuntimeConfig.cmake
    INSTALL_DESTINATION ${folder}
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
  write_basic_package_version_file(
    ${TILE_PACKAGE_DIR}/TileRuntimeConfigVersion.cmake
    VERSION ${TILE_VERSION} COMPATIBILITY SameMinorVersion)
  install(FILES ${TILE_PACKAGE_DIR}/TileRuntimeConfig.cmake
    ${TILE_PACKAGE_DIR}/TileRuntimeConfigVersion.cmake
    DESTINATION ${folder} COMPONENT TileRuntime)
  file(RELATIVE_PATH relative /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" relative "${relative}")
  configure_file(${TILE_SOURCE_DIR}/cmake/tile-runtime.pc.in
    ${TILE_PACKAGE_DIR}/tile-runtime.pc @ONLY)
  install(FILES ${TILE_PACKAGE_DIR}/tile-runtime.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT TileRuntime)
endfunction()
