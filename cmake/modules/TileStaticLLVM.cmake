# TileStaticLLVM.cmake - MLIR and LLVM inside of what is linked.
#
# A wheel has to run where there is no LLVM, so its extension holds what it uses
# of them. Their CMake targets would bring the shared libraries along; the
# archives alone do not. lld takes from them what is needed, in any order.

# tile_add_static_llvm(NAME): an interface library with the archives of MLIR, of
# LLVM for this machine and for NVIDIA GPUs, and of the libraries below them.
function(tile_add_static_llvm name)
  if(NOT TILE_LLD)
    message(FATAL_ERROR "TILE_STATIC_LLVM needs ld.lld, and CMake found none.")
  endif()
  set(archives "")
  get_property(mlir GLOBAL PROPERTY MLIR_ALL_LIBS)
  foreach(target ${mlir} ${LLVM_AVAILABLE_LIBS})
    if(TARGET ${target} AND target MATCHES "^MLIR|^LLVM" AND NOT target MATCHES
       "^MLIRTest|^MLIRCAPI|^LLVM(AArch64|AMDGPU|ARC|ARM|AVR|BPF|CSKY|DirectX|\
Hexagon|Lanai|LoongArch|M68k|MSP430|Mips|PowerPC|RISCV|SPIRV|Sparc|SystemZ|VE|\
WebAssembly|XCore|Xtensa)")
      get_target_property(type ${target} TYPE)
      if(type STREQUAL STATIC_LIBRARY)
        list(APPEND archives $<TARGET_FILE:${target}>)
      endif()
    endif()
  endforeach()
  foreach(library z zstd)
    find_library(TILE_STATIC_${library} lib${library}.a REQUIRED)
    list(APPEND archives ${TILE_STATIC_${library}})
  endforeach()
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${archives} ${CMAKE_DL_LIBS})
  target_link_options(${name} INTERFACE -static-libstdc++ -static-libgcc
    LINKER:--exclude-libs,ALL LINKER:-Bsymbolic LINKER:--gc-sections
    LINKER:--icf=all LINKER:--strip-all)
endfunction()
