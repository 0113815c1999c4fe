# SPDX-License-Identifier: GPL-3.0-or-later
# lathe::options: the flags of every target of ours, in one place, so that precompiled headers can be shared.

# Dev: optimised enough to train with, assertions kept, little debug information (link time on small machines).
set(CMAKE_CXX_FLAGS_DEV "-O2 -g1" CACHE STRING "" FORCE)
set(CMAKE_EXE_LINKER_FLAGS_DEV "" CACHE STRING "" FORCE)
set(CMAKE_SHARED_LINKER_FLAGS_DEV "" CACHE STRING "" FORCE)
set(CMAKE_MODULE_LINKER_FLAGS_DEV "" CACHE STRING "" FORCE)
mark_as_advanced(CMAKE_CXX_FLAGS_DEV)
set(CMAKE_MAP_IMPORTED_CONFIG_DEV "NONE;RelWithDebInfo;Release;")

find_program(LATHE_CCACHE ccache)
if(LATHE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LATHE_CCACHE} CACHE STRING "" FORCE)
endif()

find_program(LATHE_MOLD mold)
add_library(lathe_options INTERFACE)
add_library(lathe::options ALIAS lathe_options)
target_compile_features(lathe_options INTERFACE cxx_std_20)
target_include_directories(lathe_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(lathe_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wimplicit-fallthrough
  $<$<BOOL:${LATHE_WERROR}>:-Werror>)
# gcc 12 needs this for PCH to be usable with ccache
target_compile_options(lathe_options INTERFACE $<$<AND:$<BOOL:${LATHE_PCH}>,$<CXX_COMPILER_ID:GNU>>:-fpch-preprocess>)
if(LATHE_SANITIZE)
  target_compile_options(lathe_options INTERFACE -fsanitize=${LATHE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(lathe_options INTERFACE -fsanitize=${LATHE_SANITIZE})
endif()
if(LATHE_FUZZ)
  # Every library of ours tells the fuzzer which branches a run took.
  target_compile_options(lathe_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(LATHE_MOLD AND NOT LATHE_SANITIZE)
  target_link_options(lathe_options INTERFACE -fuse-ld=mold)
endif()

# lathe_library(core [LINK ...] [PRIVATE_LINK ...] [EXCLUDE regex]): static library lathe_core, alias lathe::core, of all
# .cpp files at and below the current folder but main.cpp. Globbed, so that something new is a file and nothing else.
function(lathe_library name)
  cmake_parse_arguments(arg "" "EXCLUDE" "LINK;PRIVATE_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${arg_EXCLUDE}")
  endif()
  add_library(lathe_${name} STATIC ${sources})
  set_target_properties(lathe_${name} PROPERTIES LINKER_LANGUAGE CXX)
  add_library(lathe::${name} ALIAS lathe_${name})
  target_link_libraries(lathe_${name} PUBLIC lathe::options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
endfunction()

# lathe_torch_pch(target): the shared precompiled header of the folders that may see tensors.
function(lathe_torch_pch target)
  if(NOT LATHE_PCH)
    return()
  endif()
  if(target STREQUAL "lathe_nn")
    target_precompile_headers(lathe_nn PRIVATE <torch/torch.h> <string> <vector> <memory> <nlohmann/json.hpp> <fmt/format.h>)
  else()
    target_precompile_headers(${target} REUSE_FROM lathe_nn)
  endif()
endfunction()

# lathe_qt(target): what every Qt target of ours has.
function(lathe_qt target)
  set_target_properties(${target} PROPERTIES AUTOMOC ON AUTOUIC ON AUTOUIC_SEARCH_PATHS ${PROJECT_SOURCE_DIR}/ui)
  target_compile_definitions(${target} PRIVATE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CONTEXTLESS_CONNECT
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER)
  if(LATHE_PCH AND NOT target STREQUAL "lathe_session" AND NOT target STREQUAL "lathe_plots")
    target_precompile_headers(${target} PRIVATE <QtCore> <QtGui> <QtWidgets>)
  elseif(LATHE_PCH AND target STREQUAL "lathe_session")
    target_precompile_headers(${target} PRIVATE <QtCore>)
  endif()
endfunction()
