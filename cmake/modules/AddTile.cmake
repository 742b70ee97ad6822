# AddTile.cmake - thin wrappers that also collect what the tools link and what
# the package exports.

# add_tile_library(NAME SOURCES... [DEPENDS targets] [LINK_LIBS targets])
# A static library against the shared libMLIR / libLLVM.
function(add_tile_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "DEPENDS;LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_library(Tile::${name} ALIAS ${name})
  target_link_libraries(${name} PRIVATE
    $<BUILD_INTERFACE:TileCompileOptions>)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${TILE_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${TILE_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:include>)
  if(NOT ARG_NO_MLIR)
    target_compile_options(${name} PRIVATE ${TILE_RTTI_FLAG})
    target_link_libraries(${name} PUBLIC ${TILE_LLVM_LIBRARIES})
    target_include_directories(${name} SYSTEM PUBLIC
      "$<BUILD_INTERFACE:${MLIR_INCLUDE_DIRS};${LLVM_INCLUDE_DIRS}>")
    add_dependencies(${name} TileGenerated)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(NOT ARG_NO_MLIR)
    set_property(GLOBAL APPEND PROPERTY TILE_MLIR_LIBRARIES ${name})
  endif()
  tile_install_target(${name} Development)
endfunction()

# add_tile_tool(NAME SOURCES... [LINK_LIBS targets])
# A program that finds the shared libMLIR also where it is installed to.
function(add_tile_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_compile_options(${name} PRIVATE ${TILE_RTTI_FLAG})
  target_link_libraries(${name} PRIVATE TileCompileOptions ${ARG_LINK_LIBS}
    ${TILE_LLVM_LIBRARIES})
  add_dependencies(${name} TileGenerated)
  set_property(GLOBAL APPEND PROPERTY TILE_TOOLS ${name})
  tile_install_target(${name} Tools)
endfunction()

# add_tile_tablegen(OUT.inc FLAGS...): runs mlir-tblgen on LLVM_TARGET_DEFINITIONS
# and makes TileGenerated depend on the result.
macro(add_tile_tablegen out)
  mlir_tablegen(${out} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY TILE_GENERATED
    ${CMAKE_CURRENT_BINARY_DIR}/${out})
endmacro()

# add_tile_text(FILE): makes FILE.inc, a C++ string literal with the file's text.
function(add_tile_text file)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${file}.inc)
  set(script ${TILE_SOURCE_DIR}/cmake/modules/TileTextToLiteral.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${file}
      -DOUTPUT=${out} -P ${script}
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${script}
    VERBATIM)
endfunction()
