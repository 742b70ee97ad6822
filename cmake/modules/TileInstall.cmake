# TileInstall.cmake - what `cmake --install` copies, and the package that
# find_package(Tile) finds there.
#
# Each component (Development, Tools, Plugin) has its own file of targets, so
# that it can be installed without the others.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(TILE_INSTALL_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/tile)
# A name that find_package does not look into: in the build tree, the package
# would have no targets.
set(TILE_PACKAGE_DIR ${TILE_BINARY_DIR}/package)
set(TILE_COMPONENTS Development Tools Plugin)

# tile_install_target(NAME COMPONENT): the target is Tile::NAME in the package.
function(tile_install_target name component)
  if(NOT TILE_INSTALL)
    return()
  endif()
  set_target_properties(${name} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS ${name} EXPORT Tile${component}Targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Tile${component}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Tile${component}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT Tile${component})
  set_property(GLOBAL APPEND PROPERTY TILE_INSTALLED_COMPONENTS ${component})
endfunction()

# tile_install_headers(): those of the source tree, the .td files that other .td
# files may include, and what was generated from them.
function(tile_install_headers)
  foreach(root ${TILE_SOURCE_DIR} ${TILE_BINARY_DIR})
    install(DIRECTORY ${root}/include/
      DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT TileDevelopment
      FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.inc"
      PATTERN CMakeFiles EXCLUDE)
  endforeach()
endfunction()

# tile_install_package(): the headers and the CMake files; to be called when all
# targets are known.
function(tile_install_package)
  if(NOT TILE_INSTALL)
    return()
  endif()
  tile_install_headers()
  get_property(TILE_MLIR_LIBRARIES GLOBAL PROPERTY TILE_MLIR_LIBRARIES)
  configure_package_config_file(${TILE_SOURCE_DIR}/cmake/TileConfig.cmake.in
    ${TILE_PACKAGE_DIR}/TileConfig.cmake
    INSTALL_DESTINATION ${TILE_INSTALL_CMAKE_DIR}
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR)
  write_basic_package_version_file(${TILE_PACKAGE_DIR}/TileConfigVersion.cmake
    VERSION ${TILE_VERSION} COMPATIBILITY SameMinorVersion)
  install(FILES ${TILE_PACKAGE_DIR}/TileConfig.cmake
    ${TILE_PACKAGE_DIR}/TileConfigVersion.cmake
    ${TILE_SOURCE_DIR}/cmake/modules/TileFindMLIR.cmake
    DESTINATION ${TILE_INSTALL_CMAKE_DIR} COMPONENT TileDevelopment)
  get_property(components GLOBAL PROPERTY TILE_INSTALLED_COMPONENTS)
  list(REMOVE_DUPLICATES components)
  foreach(component ${components})
    install(EXPORT Tile${component}Targets NAMESPACE Tile::
      DESTINATION ${TILE_INSTALL_CMAKE_DIR} COMPONENT Tile${component})
  endforeach()
endfunction()
